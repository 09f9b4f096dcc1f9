"""What things are and what always holds: frozen records and pure rules, no I/O, no clock."""
