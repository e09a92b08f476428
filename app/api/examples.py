"""A believable body for every operation that takes one: the reference shows them, the tests send them."""

from typing import Any, Final

BODIES: Final[dict[str, Any]] = {}
