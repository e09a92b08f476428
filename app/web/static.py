"""Our own files, slim and packed once a process.

Each address holds a hash of the bytes, so that browsers keep them for good.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from os import PathLike, stat_result
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.web.packing import takes_gzip
from app.web.slim import slim

STATIC = Path(__file__).parent.parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"
TOGETHER = {"app.js": ("app.js", "live.js", "local.js")}
"""What is written apart and served as one: three files that share their words pack to far less in one."""
PACKED = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def static_path(file: str) -> str:
    """The address of one of our files, with the first ten digits of the SHA-256 of what is served."""
    served = _served(STATIC / file)
    return f"/static/{file}?v={hashlib.sha256(served).hexdigest()[:10]}"


def _served(file: Path) -> bytes:
    """The bytes of one of our files as browsers get them."""
    parts = (file.with_name(name) for name in TOGETHER.get(file.name, (file.name,)))
    return "".join(slim(each.name, each.read_text(encoding="utf-8")) for each in parts).encode()


@dataclass(frozen=True, slots=True)
class _Kept:
    """One file in both forms, with the tag of its bytes."""

    plain: bytes
    packed: bytes
    etag: str


@cache
def _kept(path: str, changed_at: float) -> _Kept:
    """A file that changed is another one. Only ours are made slim: htmx's bytes are held to their hash."""
    given = Path(path)
    data = _served(given) if given.parent == STATIC else given.read_bytes()
    return _Kept(data, gzip.compress(data, 9, mtime=0), hashlib.sha256(data).hexdigest()[:32])


class KeptFiles(StaticFiles):
    """Files that may be kept: for good when their address names the bytes, else for five minutes."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path = str(full_path)
        keeping = {"Cache-Control": FOR_GOOD if scope["query_string"] else SHORTLY}
        kind = PACKED.get(Path(path).suffix)
        if kind is None:
            response = super().file_response(full_path, stat_result, scope, status_code)
            response.headers.update(keeping)
            return response
        return _answer(_kept(path, stat_result.st_mtime), kind, Headers(scope=scope), keeping, status_code)


def _answer(kept: _Kept, kind: str, asked: Headers, keeping: dict[str, str], status_code: int) -> Response:
    packed = takes_gzip(asked)
    # Two forms of one thing have two tags.
    headers = {**keeping, "Vary": "Accept-Encoding", "ETag": f'"{kept.etag}{"-gz" if packed else ""}"'}
    if headers["ETag"] in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(kept.packed if packed else kept.plain, status_code, headers, media_type=kind)
