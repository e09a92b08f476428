"""The code and the link of one sign-in, derived from its nonce and the secret key: neither is ever stored."""

import hashlib
import hmac


def sign_in_code(secret: str, nonce: str) -> str:
    """Six decimal digits."""
    return f"{int.from_bytes(_mac(secret, 'code', nonce)[:8]) % 1_000_000:06d}"


def sign_in_link_key(secret: str, nonce: str) -> str:
    """43 URL-safe characters: 256 bits."""
    return _mac(secret, "link", nonce).hex()


def hashed(token: str) -> str:
    """What is stored of a token that somebody keeps."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mac(secret: str, purpose: str, nonce: str) -> bytes:
    return hmac.new(secret.encode(), f"sign-in/{purpose}\n{nonce}".encode(), hashlib.sha256).digest()
