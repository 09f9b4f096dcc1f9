"""Contacthub: the customer data platform of Contactlab, API 1.299.1."""
