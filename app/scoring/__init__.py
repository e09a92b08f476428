"""Arithmetic only: plain numbers in, exact fractions out. No database, no clock, no randomness."""
