"""The one table from refusal to HTTP status."""

from app.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionRequired,
    Stale,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)

# Stale stands before Conflict, of which it is a kind; pages answer it with 409, the API with 412.
STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Unauthenticated: 401,
    Forbidden: 403,
    Stale: 409,
    Conflict: 409,
    PreconditionRequired: 428,
    TooLarge: 413,
    TooMany: 429,
    Unavailable: 503,
    Invalid: 422,
}


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))
