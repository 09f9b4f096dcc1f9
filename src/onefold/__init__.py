"""onefold: one customer record, every API that you already speak."""
