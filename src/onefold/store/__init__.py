"""How things are kept: plain SQL, rows in and records out; the only floor that knows the driver."""
