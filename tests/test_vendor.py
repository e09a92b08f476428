"""Only the pinned bytes of htmx ever reach the disk."""

from pathlib import Path

import pytest

from app import vendor
from app.settings import Settings
from app.vendor import Unavailable, fetch_htmx, htmx_path, is_htmx

LOCAL_COPY = htmx_path(Path(__file__).parents[1] / "var")


def _wrong() -> bytes:
    return b"alert(1)"


def _absent() -> bytes:
    raise FileNotFoundError("npm is not installed")


def _right() -> bytes:
    return LOCAL_COPY.read_bytes()


def test_browsers_are_told_the_pinned_bytes() -> None:
    assert is_htmx(_right())
    settings = Settings(_env_file=None)
    assert (settings.htmx_url, settings.htmx_integrity) == (vendor.HTMX_URL, vendor.HTMX_INTEGRITY)


def test_the_next_source_is_asked_until_the_bytes_are_right(tmp_path: Path) -> None:
    path = fetch_htmx(tmp_path, (_absent, _wrong, _right))
    assert path.read_bytes() == _right()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_nothing_is_fetched_twice_but_a_damaged_copy_is_replaced(tmp_path: Path) -> None:
    path = fetch_htmx(tmp_path, (_right,))
    assert fetch_htmx(tmp_path, ()) == path
    path.write_bytes(_wrong())
    assert is_htmx(fetch_htmx(tmp_path, (_right,)).read_bytes())


def test_wrong_bytes_are_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        fetch_htmx(tmp_path, (_wrong, _absent))
    assert str(refusal.value).count("\n") == 0
    assert "_wrong: other bytes than the pinned ones; _absent: FileNotFoundError" in str(refusal.value)
    assert not htmx_path(tmp_path).exists()
