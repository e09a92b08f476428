"""Random codes that people may see. They say nothing of order, time or person."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I or O: they are read aloud and copied by hand. 5 bits a character."""


def random_code(length: int = 10) -> str:
    """`length` characters of 5 random bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def random_token() -> str:
    """256 random bits for a secret that a browser or a program keeps."""
    return secrets.token_urlsafe(32)
