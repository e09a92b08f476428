"""The process in which a file is read that a stranger made: it is limited first, and may die.

`python -m app.files.child <picture|document|logo> <file> <folder>` cleans one file into the folder and says
what it found as one line of JSON. Of a document it then paints the first page, and says its size as a second
line: should that be too much for it, the copy is there all the same. Memory, processor time, the size of what
it writes and the number of open files are limited, new programs are refused, and the network is taken away as
far as the system allows.
"""

import ctypes
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 1024 * 1024 * 1024
WRITTEN = 64 * 1024 * 1024
SECONDS = 20

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def limit_myself(seconds: int = SECONDS, memory: int = MEMORY) -> None:
    """From here on this process can do little: no rule of it can be taken back."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        # A network of its own, with nothing in it. Where the system forbids this, the hook below is left.
        system.unshare(_NEW_USER | _NEW_NETWORK)
    sys.addaudithook(_refuse)


def _refuse(event: str, _: Any) -> None:
    """Cleaning needs no network and no other program."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def clean(kind: str, source: Path, folder: Path) -> dict[str, Any]:
    """What was found, or `{"refused": code}`. The parsers are loaded after the limits stand."""
    from app.files.refused import Refused

    try:
        if kind == "picture":
            from app.files.picture import clean_picture

            return clean_picture(source, folder)
        if kind == "logo":
            from app.files.logo import clean_logo

            return clean_logo(source, folder)
        from app.files.document import clean_document

        return clean_document(source, folder)
    except Refused as refused:
        return {"refused": refused.code, "params": refused.params}
    except MemoryError:
        return {"refused": "file.too_heavy", "params": {}}


def first_page(folder: Path) -> dict[str, Any]:
    """The size of the picture of a clean copy's first page; nothing where it cannot be painted."""
    from app.files.first_page import paint

    try:
        return paint(folder)
    except Exception:
        # A copy that a stranger's file became: whatever it does to a painter, it has no preview.
        return {}


def main() -> None:
    """One file, one line; for a document a second one."""
    kind, source, folder = sys.argv[1:4]
    limit_myself()
    said = clean(kind, Path(source), Path(folder))
    _say(said)
    if kind == "document" and "refused" not in said:
        _say(first_page(Path(folder)))
    # Nothing that a parser registered for the end is run.
    os._exit(0)


def _say(found: dict[str, Any]) -> None:
    print(json.dumps(found), flush=True)  # noqa: T201 - how it answers


if __name__ == "__main__":
    main()
