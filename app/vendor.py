"""The one file this site takes from elsewhere: which bytes of htmx, from where, and a local copy of them.

Browsers load it from `HTMX_URL` and refuse any other bytes. `python -m app.vendor` puts the same bytes
into `var/vendor/`, for tests and for machines that cannot reach that address. Standard library only, so
that it runs before anything is installed.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

HTMX_VERSION = "2.0.11"
HTMX_URL = f"https://cdn.jsdelivr.net/npm/htmx.org@{HTMX_VERSION}/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
HTMX_FILE = f"htmx-{HTMX_VERSION}.min.js"

_PACKAGE = f"htmx.org@{HTMX_VERSION}"
_MEMBER = "package/dist/htmx.min.js"
_SECONDS = 15
_LARGEST = 1_000_000

Source = Callable[[], bytes]


class Unavailable(Exception):
    """No source gave the pinned bytes; the message says why, in one line."""


def htmx_path(var: Path) -> Path:
    """Where the local copy lives, under the directory of everything that is made."""
    return var / "vendor" / HTMX_FILE


def is_htmx(content: bytes) -> bool:
    """Whether these are the pinned bytes: the check that a browser makes."""
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return f"sha384-{digest}" == HTMX_INTEGRITY


def from_cdn() -> bytes:
    """The bytes that browsers get."""
    with urllib.request.urlopen(HTMX_URL, timeout=_SECONDS) as answer:
        content: bytes = answer.read(_LARGEST)
    return content


def from_npm() -> bytes:
    """The same file out of its npm package, fetched as this machine's npm is configured; runs no script."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed")
    with tempfile.TemporaryDirectory() as directory:
        command = [npm, "pack", "--ignore-scripts", "--silent", "--pack-destination", directory, _PACKAGE]
        subprocess.run(command, cwd=directory, check=True, capture_output=True, timeout=8 * _SECONDS)  # noqa: S603
        (archive,) = Path(directory).glob("*.tgz")
        with tarfile.open(archive) as package:
            member = package.extractfile(_MEMBER)
            return b"" if member is None else member.read(_LARGEST)


def fetch_htmx(var: Path, sources: tuple[Source, ...] = (from_cdn, from_npm)) -> Path:
    """See that the local copy is there and right, asking each source until one gives the pinned bytes."""
    path = htmx_path(var)
    if path.is_file() and is_htmx(path.read_bytes()):
        return path
    refusals = []
    for source in sources:
        try:
            content = source()
        except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError, ValueError) as error:
            refusals.append(f"{source.__name__}: {type(error).__name__}")
            continue
        if is_htmx(content):
            _put(path, content)
            return path
        refusals.append(f"{source.__name__}: other bytes than the pinned ones")
    raise Unavailable(f"htmx {HTMX_VERSION} could not be fetched ({'; '.join(refusals)})")


def _put(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, also when two processes do it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def main() -> None:
    """Fetch the file into `var/` of the current directory, or leave with one line that says why not."""
    try:
        path = fetch_htmx(Path("var"))
    except Unavailable as unavailable:
        sys.exit(str(unavailable))
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
