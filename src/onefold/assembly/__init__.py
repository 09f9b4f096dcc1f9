"""Puts the house together from settings; the one room that knows every floor."""
