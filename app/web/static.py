"""Our own files: each address holds a hash of the bytes, so browsers keep them for good."""

import hashlib
from functools import cache
from os import PathLike, stat_result
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent.parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"


@cache
def static_path(file: str) -> str:
    """The address of one of our files, with the first ten digits of its SHA-256."""
    return f"/static/{file}?v={hashlib.sha256((STATIC / file).read_bytes()).hexdigest()[:10]}"


class KeptFiles(StaticFiles):
    """Files that may be kept: for good when their address names the bytes, else for five minutes."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = FOR_GOOD if scope["query_string"] else SHORTLY
        return response
