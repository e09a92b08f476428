"""The press: bounded in time and in number, with nothing of ours in the typesetter's hands."""

import subprocess
import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from app.documents import press
from app.documents.press import NotMade, pressed
from app.errors import TooMany

AT = datetime(2026, 3, 10, tzinfo=UTC)


def test_what_cannot_be_made_is_refused_and_says_nothing_of_the_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(NotMade):
        pressed("copy", {"secret": "Canaryword"}, AT)
    assert "Canaryword" not in "".join(capsys.readouterr())


def test_no_more_are_made_at_once_than_there_are_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "WAIT_SECONDS", 0.01)
    held = [press._turns.acquire(blocking=False) for _ in range(press.AT_ONCE)]
    try:
        assert all(held)
        with pytest.raises(TooMany):
            pressed("copy", {}, AT)
    finally:
        for _ in held:
            press._turns.release()


def test_other_threads_work_while_a_document_is_made() -> None:
    """The typesetter is another process: a thread beside it is never held up for long."""
    gaps: list[float] = []
    done = threading.Event()

    def beside() -> None:
        last = time.perf_counter()
        while not done.wait(0.001):
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()

    thread = threading.Thread(target=beside)
    thread.start()
    with pytest.raises(NotMade):
        pressed("copy", {"much": ["Сөз " * 1000] * 100}, AT)
    done.set()
    thread.join()
    assert len(gaps) > 10


def test_typesetter_is_given_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it could tell, it is not told: settings with secrets stand in the environment."""
    seen: dict[str, Any] = {}
    run = subprocess.run

    def watched(*args: Any, **options: Any) -> Any:
        seen.update(options)
        return run(*args, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    with pytest.raises(NotMade):
        pressed("copy", {}, AT)
    assert seen["env"] == {} and seen["timeout"] == press.SECONDS
