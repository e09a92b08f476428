"""A reviewer's own order of reading."""

import hashlib
import hmac


def queue_key(member_code: str, application_code: str) -> str:
    """Where an application stands in one reviewer's queue: stable, and like chance to everybody else.

    Both codes are random, so that the order follows neither the submissions nor another reviewer's.
    """
    return hmac.new(member_code.encode(), application_code.encode(), hashlib.sha256).hexdigest()
