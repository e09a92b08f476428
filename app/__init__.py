"""Baige: grant applications, blind scoring, and announced winners."""

__version__ = "0.1.0"
