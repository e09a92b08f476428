"""The application on a fair of calls, as the contracts have it."""

from tests.contracts.conftest import running

__all__ = ["running"]
