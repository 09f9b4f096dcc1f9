"""Bulk import: read, map, store batch by batch, resume, rehearse, take back. No door's concerns."""
