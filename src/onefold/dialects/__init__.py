"""Five customer APIs on one record; each translates and none decides."""
