"""Rows under any sequence of presses: never a failure, nothing out of order, nothing lost, nothing twice."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from app.applications.actions import save_section
from app.database import session_on
from app.models.applications import Draft
from app.sections.rows import REMOVED
from tests.applications.steps import begin
from tests.conftest import Client
from tests.world import NOW, World

HTMX = {"HX-Request": "true"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LONG = "9" * 300
KEYS = st.sampled_from(
    ["", ".", "l1", "l1.", "l1.what", "l1.what.more", "l1.id", ".what", "nobody.what", "0.what", "7.what",
     f"{LONG}.what", "-1.what", "A B.what", "ü.what", "l2.price", "l2.nothing", "%00.what", "l1\x00.what"]
)  # fmt: skip
ODD_ACTS = st.sampled_from(
    ["undo", "undo:", "undo:lines:l1", "undo:nothing", "remove:lines", "remove:lines:", "remove:lines:none",
     f"remove:lines:{LONG}", f"up:lines:{LONG}", "add:nothing", "add:prices_found", "copy:lines:none",
     "down:lines:none", "::", "\x00", "continue", "later", "choose", "stay", "", "add:lines:l1"]
)  # fmt: skip
PRESSES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["add", "undo", "undo", "keep the older page"]), st.just(0)),
        st.tuples(st.sampled_from(["remove", "remove", "copy", "up", "down", "stale"]), st.integers(0, 9)),
        st.tuples(st.just("odd"), st.tuples(st.lists(KEYS, max_size=4), ODD_ACTS, st.booleans())),
    ),
    max_size=10,
)


@dataclass
class Writer:
    """Somebody at the budget's lines, and what should be stored: ids in order, each with its own words."""

    browser: TestClient
    engine: Engine
    ref: str
    htmx: bool
    rows: list[str] = field(default_factory=list)
    removed: tuple[int, str] | None = None
    words: dict[str, str] = field(default_factory=dict)
    version: int = 0
    older: list[str] = field(default_factory=list)

    def stored(self) -> tuple[list[dict[str, Any]], int, Any]:
        """The lines, the version, and the row that could come back."""
        with session_on(self.engine, reading=True) as session, session.begin():
            row = session.exec(select(Draft).where(Draft.section == "budget")).one()
            return list(row.data.get("lines", [])), row.version, row.data.get(REMOVED)

    def look(self) -> None:
        """Take what is stored for what should be: after a press whose outcome is nobody's promise."""
        lines, self.version, removed = self.stored()
        self.rows = [line["id"] for line in lines]
        self.words = {line["id"]: line.get("what", "") for line in lines} | (
            {removed["row"]["id"]: removed["row"].get("what", "")} if removed else {}
        )
        self.removed = (removed["place"], removed["row"]["id"]) if removed else None
        assert len(set(self.rows)) == len(self.rows)

    def post(self, act: str, rows: list[str], version: int, more: list[tuple[str, str]] | None = None) -> int:
        """One press with these rows on the page; its status, which is never a failure."""
        typed = [("version", str(version)), ("part", "lines"), ("_action", act), *(more or [])]
        typed += [(f"lines.{row}.what", self.words.get(row, "")) for row in rows]
        answer = self.browser.post(
            f"/en/apply/{self.ref}/budget/lines",
            content=urlencode(typed),
            headers={**FORM, **(HTMX if self.htmx else {})},
        )
        assert answer.status_code < 500, (act, typed)
        shown = self.browser.get(f"/en/apply/{self.ref}/budget/lines")
        assert shown.status_code == 200
        return answer.status_code

    def press(self, act: str, place: Any) -> None:
        """One press, and whether it did what it says."""
        if act == "odd":
            names, pressed, current = place
            more = [(f"lines.{name}", "odd") for name in names]
            self.post(pressed, self.rows, self.version if current else self.version - 1, more)
            self.look()
            return
        if act == "stale":
            before = self.stored()
            assert self.post("undo:lines" if place % 2 else "add:lines", self.rows, self.version - 1) == 409
            assert self.stored() == before
            return
        if act == "keep the older page":
            self._keep_older()
            return
        if act in {"remove", "copy", "up", "down"} and not self.rows:
            return
        row = self.rows[place % len(self.rows)] if self.rows else ""
        self.older = list(self.rows)
        said = f"{act}:lines" if act in {"add", "undo"} else f"{act}:lines:{row}"
        assert self.post(said, self.rows, self.version) == (200 if self.htmx else 303)
        self._expect(act, row)
        self._check()

    def _keep_older(self) -> None:
        """A page from before the last press, whose writer chooses her own: all its rows are back."""
        seen = [("seen", str(self.version))]
        assert self.post("choose", self.older, self.version - 1, seen) in {200, 303, 422}
        self.rows = list(self.older)
        self._check()

    def _expect(self, act: str, row: str) -> None:
        if act == "undo":
            place, back = self.removed or (0, "")
            if back and back not in self.rows:
                self.rows.insert(place, back)
            self.removed = None
        elif act == "remove":
            self.removed = (self.rows.index(row), row)
            self.rows.remove(row)
        elif act in {"add", "copy"}:
            (new,) = {line["id"] for line in self.stored()[0]} - set(self.rows)
            self.words[new] = self.words[row] if act == "copy" else ""
            self.rows.insert(self.rows.index(row) + 1 if act == "copy" else len(self.rows), new)
        else:
            place = self.rows.index(row)
            other = place + (1 if act == "down" else -1)
            if 0 <= other < len(self.rows):
                self.rows[place], self.rows[other] = self.rows[other], self.rows[place]

    def _check(self) -> None:
        lines, self.version, removed = self.stored()
        assert [(line["id"], line.get("what", "")) for line in lines] == [
            (row, self.words[row]) for row in self.rows
        ]
        assert (removed and (removed["place"], removed["row"]["id"])) == self.removed


@pytest.fixture
def writer(client: Client, engine: Engine, world: World) -> Writer:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    return Writer(client("ada"), engine, ref, htmx=False)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_rows_stay_in_order_whatever_is_pressed(
    writer: Writer, engine: Engine, world: World, htmx: bool
) -> None:
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(PRESSES)
    def walk(presses: list[tuple[str, Any]]) -> None:
        fresh = Writer(writer.browser, engine, writer.ref, htmx)
        _, version, _ = fresh.stored()
        lines = [{"id": f"l{number}", "what": f"Line {number}"} for number in (1, 2, 3)]
        with session_on(engine) as session, session.begin():
            save_section(
                session, world.applicant(), writer.ref, "budget", {"lines": lines},
                version=version, now=NOW, whole=True,
            )  # fmt: skip
        fresh.look()
        fresh.older = list(fresh.rows)
        for act, place in presses:
            fresh.press(act, place)

    walk()


def test_a_row_that_came_back_by_itself_is_not_brought_back_twice(writer: Writer) -> None:
    writer.post("add:lines", [], 1)
    writer.look()
    writer.words[writer.rows[0]] = "Soil"
    writer.post("add:lines", writer.rows, writer.version)
    writer.look()
    both, first = list(writer.rows), writer.rows[0]
    assert writer.post(f"remove:lines:{first}", both, writer.version) == 303
    writer.look()
    assert (writer.rows, writer.removed) == (both[1:], (0, first))
    assert writer.post("choose", both, writer.version - 1, [("seen", str(writer.version))]) == 303
    writer.look()
    assert writer.rows == both
    assert writer.post("undo:lines", both, writer.version) == 303
    writer.look()
    assert (writer.rows, writer.removed) == (both, None)
    assert writer.words[first] == "Soil"
