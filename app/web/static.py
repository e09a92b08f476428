"""Our own files: each address holds a hash of the bytes, so browsers keep them for good.

Comments and indentation of style sheets and scripts stay here: on a slow line they are a sixth of them.
"""

import hashlib
import re
from functools import cache
from os import PathLike, stat_result
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent.parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"


WRITTEN = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
"""What is written here by hand, and so may lose its comments: none holds `/*` in a text."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@cache
def served(file: str) -> bytes:
    """One of our files as it travels."""
    path = STATIC / file
    if path.suffix not in WRITTEN:
        return path.read_bytes()
    lines = (line.strip() for line in _COMMENT.sub("", path.read_text(encoding="utf-8")).splitlines())
    return "\n".join(line for line in lines if line).encode()


@cache
def static_path(file: str) -> str:
    """The address of one of our files, with the first ten digits of the SHA-256 of what is served."""
    return f"/static/{file}?v={hashlib.sha256(served(file)).hexdigest()[:10]}"


class KeptFiles(StaticFiles):
    """Files that may be kept: for good when their address names the bytes, else for five minutes."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path = Path(full_path)
        if path.parent == STATIC and path.suffix in WRITTEN:
            response = Response(served(path.name), status_code, media_type=WRITTEN[path.suffix])
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = FOR_GOOD if scope["query_string"] else SHORTLY
        return response
