"""A file is whole or not there, is known by what it holds, and goes when nothing names it."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from app.files.store import FileAway, LocalStore, pieces_of


def test_what_was_put_is_read_again_and_put_once(tmp_path: Path) -> None:
    store, source = LocalStore(tmp_path / "files"), tmp_path / "source"
    source.write_bytes(b"an orchard" * 50_000)
    key = store.put(source)
    assert store.put(source) == key
    with store.open(key) as handle:
        assert b"".join(pieces_of(handle)) == source.read_bytes()
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == [key]


def test_only_a_hash_becomes_a_path(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    store = LocalStore(tmp_path / "files")
    for key in ("../secret", "/etc/passwd", "", "g" * 64, "a" * 63, "a" * 64):
        with pytest.raises(FileAway):
            store.open(key)


def test_a_workplace_is_gone_however_it_is_left(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    with suppress(OSError), store.workplace() as place:
        (place / "half").write_bytes(b"half a file")
        raise OSError("cut off")
    assert not place.exists()


def test_what_a_killed_process_left_is_cleared_and_what_was_put_again_stays(tmp_path: Path) -> None:
    store, source = LocalStore(tmp_path / "files"), tmp_path / "source"
    source.write_bytes(b"x")
    key = store.put(source)
    left = store.root / "tmp" / "killed"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"half")
    half = store.root / key[:2] / ".half"
    half.write_bytes(b"half")
    old = time.time() - 10_000
    for path in (left, half, store.root / key[:2] / key):
        os.utime(path, (old, old))
    before = time.time() - 5_000
    assert store.clear_workplaces(before) == 1
    assert list(store.older_than(before)) == [key]
    assert not half.exists()
    store.put(source)
    assert not store.remove(key, unless_after=before), "it was put again meanwhile"
    assert list(store.older_than(before)) == []
    assert store.remove(key, unless_after=time.time() + 10)
    assert not store.remove(key, unless_after=time.time() + 10)
