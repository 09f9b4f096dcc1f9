"""What can be done: permit, load, decide, store, announce; one verb each, one transaction."""
