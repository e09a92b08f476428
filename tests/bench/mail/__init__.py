"""A mail that somebody waits for, while a proof of blindness runs."""
