"""The JSON bodies of Contacthub, field for field."""
