"""The ways a rule can refuse. Nothing here knows HTTP or a human language."""

from collections.abc import Mapping
from typing import ClassVar

Problem = tuple[str, dict[str, object]]
"""A message code and the parameters its sentence needs."""


class DomainError(Exception):
    """A refusal with a code; `messages.py` has the sentence, `web/status.py` the HTTP status."""

    code: ClassVar[str]

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class NotFound(DomainError):
    """It does not exist, or this actor may not know that it does: the two are the same answer."""

    code = "not_found"


class Unauthenticated(DomainError):
    """Nobody is signed in (or the token is unknown): who asks must first say who they are."""

    code = "unauthenticated"


class Forbidden(DomainError):
    """Refused whoever asks: a cross-site request or a token without the needed scope."""

    code = "forbidden"


class Conflict(DomainError):
    """No longer possible: the state has moved on, or never allowed it."""

    code = "conflict"


class Stale(Conflict):
    """Somebody saved in between. `current` is what is stored now, so that both texts can be shown."""

    code = "stale"

    def __init__(self, *, current: object = None, version: int = 0, **params: object) -> None:
        super().__init__(**params)
        self.current = current
        self.version = version


class PreconditionRequired(DomainError):
    """A write came without saying which version it changes."""

    code = "precondition_required"


class TooLarge(DomainError):
    """More bytes than are taken here; what came after the limit was not read."""

    code = "too_large"


class Unavailable(DomainError):
    """Something that the site needs does not answer now; nothing was done, and later it may be."""

    code = "unavailable"


class TooMany(DomainError):
    """Too many tries; `retry_after` is in seconds."""

    code = "too_many"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


class Invalid(DomainError):
    """The input cannot be accepted as it stands.

    `fields` maps a dotted field name to a code of `messages.py`, or to (code, parameters).
    """

    code = "invalid"

    def __init__(self, fields: Mapping[str, str | Problem]) -> None:
        super().__init__()
        self.fields: dict[str, Problem] = {
            field: problem if isinstance(problem, tuple) else (problem, {})
            for field, problem in fields.items()
        }
