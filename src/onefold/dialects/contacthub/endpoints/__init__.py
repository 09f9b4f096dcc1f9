"""One function for each operation: read the call, run one action, answer in Contacthub's shape."""
