"""What can be done with customers: save, read, search, remove."""
