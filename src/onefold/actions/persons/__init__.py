"""Persons of aggregate nodes: placed with every write, merged, split and explained."""
