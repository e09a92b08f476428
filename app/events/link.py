"""The hall's own link: with it the screen follows a rehearsal, too. It is derived, and stored nowhere."""

import hashlib
import hmac


def link_key(secret: str, round_code: str, number: int) -> str:
    """The key in the link; with the next number it is another one, and this one opens nothing."""
    text = f"stage\n{round_code}\n{number}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def is_key(secret: str, round_code: str, number: int, given: str) -> bool:
    """Whether this is the key of the link as it is now."""
    return hmac.compare_digest(link_key(secret, round_code, number).encode(), given.encode())
