"""The key in an invitation's link: derived from its nonce and the secret key, so that it is never stored."""

import hashlib
import hmac


def invitation_key(secret: str, code: str, nonce: str) -> str:
    """Names the invitation, and proves with 256 bits that its mail was read."""
    mac = hmac.new(secret.encode(), f"invitation\n{code}\n{nonce}".encode(), hashlib.sha256)
    return f"{code}-{mac.hexdigest()}"


def code_of(key: str) -> str:
    """Which invitation a key is said to be of; no proof of anything."""
    code = key.partition("-")[0]
    return code if code.isascii() and code.isalnum() else ""


def is_key_of(key: str, secret: str, code: str, nonce: str) -> bool:
    """Whether it is the key that was mailed last."""
    return hmac.compare_digest(key.encode(), invitation_key(secret, code, nonce).encode())
