"""Pure functions between Contacthub's shapes and the record."""
