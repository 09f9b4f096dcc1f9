"""How bytes come in and go out: HTTP plumbing that the doors share."""
