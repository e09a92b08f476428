"""The board: the order that was stored, every method beside the published one, and how firm each place is.

Nothing is computed here. For whom a part of the order is kept back, places are counted anew, and the figures
of the model, which rest on every review, are absent.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Text, and_, bindparam, case, cast, exists, func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.decisions.firm import InShort, in_short
from app.decisions.holes import OPEN_HOLES
from app.decisions.ranking import last_place, lines_of
from app.decisions.refusals import NeverRanked, ReviewingNotClosed
from app.decisions.resting import AWARDED, INVITED
from app.models.applications import Application, Status
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.decisions import RankingEntry, RankingRun
from app.models.panel import CallOrganisation
from app.reviews.rubric import rubric_of
from app.scoring.methods import Method
from app.wall import is_walled

ZONE_SHOWN = 60
"""So many of the zone stand by themselves above the order; more than a panel talks about are read in it."""


class BoardRow(NamedTuple):
    """One line as it was stored; `short` is None to whom a part of the order is kept from."""

    place: int
    label: str
    shown: Mapping[str, Any]
    withdrawn: bool
    short: InShort | None


class FiguredRow(NamedTuple):
    """One line with all that is known of it (`app.decisions.firm.row_figures`)."""

    place: int
    label: str
    shown: Mapping[str, Any]
    withdrawn: bool
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Lines:
    """Some lines, read when their `rows` are asked for.

    `key` follows from every letter of what is stored of them, so that whoever has laid out the same already
    need not take it apart again. Empty where what is read is of this one reader.
    """

    key: bytes
    read: Callable[[], Sequence[BoardRow]]

    @cached_property
    def rows(self) -> Sequence[BoardRow]:
        """In the order."""
        return self.read()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A part of the order, and what is said of all of it.

    `zoned` are the rows that the reviews cannot tell from the line, in the published order, beside the first
    part alone. `figures` are those of the whole order (`app.decisions.firm.board_figures`); both are empty
    where `hidden`, and so is `input_hash`, against which a guess at what is kept could be tried. `version` is
    the call's; `pitched`: a round of it decides by written and pitch scores. `run` is 0, and `input_hash`
    empty too, for an order of before runs were kept. `criteria` are titles by code.
    """

    lines: Lines
    zoned: Lines
    title: Texts
    criteria: Mapping[str, Texts]
    count: int
    scored: int
    organisations: int
    open_holes: int
    seed: str
    decided: bool
    can_reopen: bool
    awarded: bool
    pitched: bool
    version: int
    method: Method
    run: int
    computed_at: datetime | None
    input_hash: str
    figures: Mapping[str, Any]
    hidden: bool

    @property
    def rows(self) -> Sequence[BoardRow]:
        """The lines themselves."""
        return self.lines.rows

    @property
    def zone(self) -> Sequence[BoardRow]:
        """The lines of the zone."""
        return self.zoned.rows


_EVERY = select(func.count()).where(col(CallOrganisation.call_id) == bindparam("call_id")).scalar_subquery()
_LAST = (
    select(func.max(RankingRun.number))
    .where(col(RankingRun.call_id) == bindparam("call_id"))
    .scalar_subquery()
)
_PITCHED = (
    exists()
    .where(col(AwardRound.call_id) == col(Call.id), col(AwardRound.pitch_weight).is_not(None))
    .correlate(Call)
)
_OPEN = and_(col(Call.decided_at).is_(None), col(Call.cancelled_at).is_(None))
_CALL: Any = (
    select(
        col(Call.title),
        col(Call.reviewing_closed_at),
        func.coalesce(col(Call.draw_seed), "").label("seed"),
        col(Call.decided_at),
        and_(_OPEN, ~AWARDED, ~INVITED).label("at_rest"),
        and_(_OPEN, AWARDED).label("awarded"),
        col(Call.version),
        col(Call.frozen_hash),
        col(Call.method),
        OPEN_HOLES.label("open_holes"),
        func.coalesce(col(Call.reviews_per_application), _EVERY).label("wanted"),
        func.coalesce(col(RankingRun.number), 0).label("run"),
        col(RankingRun.computed_at),
        func.coalesce(col(RankingRun.input_hash), "").label("input_hash"),
        col(RankingRun.summary)["board"].label("figures"),
        _PITCHED.label("pitched"),
    )
    .outerjoin(RankingRun, and_(col(RankingRun.call_id) == col(Call.id), col(RankingRun.number) == _LAST))
    .where(col(Call.id) == bindparam("call_id"))
)
_COLUMNS: Any = (
    select(
        col(RankingEntry.place),
        col(RankingEntry.label),
        col(RankingEntry.shown),
        (col(Application.status) == Status.WITHDRAWN).label("withdrawn"),
    )
    .join(Application, col(Application.id) == col(RankingEntry.application_id))
    .where(col(RankingEntry.call_id) == bindparam("call_id"))
    .order_by(col(RankingEntry.place))
)
_FIGURED = _COLUMNS.add_columns(col(RankingEntry.figures))
# Places run from 1 without a gap: the index finds the first, where OFFSET reads all before it.
_AFTER = col(RankingEntry.place) > bindparam("offset")
_NAMED = col(Application.code).in_(bindparam("codes", expanding=True))
_PART = _FIGURED.where(_AFTER).limit(bindparam("limit"))
_FIGURED_NAMED = _FIGURED.where(_NAMED)
_THINNED = _FIGURED.where((col(RankingEntry.place) - 1) % bindparam("step") == 0)


# Neither stands in JSON, nor in a label.
_FIELD, _LINE = "\x1f", "\x1e"


def _in_one(*where: Any) -> Any:
    """A statement that has so many lines as one text, whose order nobody relies on, and counts them.

    Taking hundreds of rows apart costs more than the query: it is left to whoever has not read them before.
    """
    pieces = (
        cast(col(RankingEntry.place), Text),
        col(RankingEntry.label),
        case((col(Application.status) == Status.WITHDRAWN, "withdrawn"), else_=""),
        cast(col(RankingEntry.shown), Text),
        func.coalesce(cast(col(RankingEntry.in_short), Text), ""),
    )
    line: Any = pieces[0]
    for piece in pieces[1:]:
        line = line.concat(_FIELD).concat(piece)
    each = (
        select(line.label("line"), col(RankingEntry.label).label("label"))
        .select_from(RankingEntry)
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(col(RankingEntry.call_id) == bindparam("call_id"), *where)
        .order_by(col(RankingEntry.place))
        .limit(bindparam("limit"))
        .subquery()
    )
    return select(
        func.coalesce(func.aggregate_strings(each.c.line, _LINE), "").label("lines"),
        func.count().label("number"),
        func.count(func.nullif(each.c.label, "")).label("scored"),
    ).select_from(each)


_SHORT_PART = _in_one(_AFTER)
_SHORT_NAMED = _in_one(_NAMED)


def _taken_apart(text: str) -> list[BoardRow]:
    rows = []
    for line in text.split(_LINE) if text else ():
        place, label, withdrawn, shown, short = line.split(_FIELD)
        known = in_short(json.loads(short)) if short else None
        rows.append(BoardRow(int(place), label, json.loads(shown), bool(withdrawn), known))
    return sorted(rows, key=lambda row: row.place)


def _lines(text: str) -> Lines:
    return Lines(hashlib.blake2b(text.encode(), digest_size=16).digest(), lambda: _taken_apart(text))


_NONE = Lines(b"", tuple)


def board(session: Session, coordinator: Coordinator, *, limit: int = 300, offset: int = 0) -> Board:
    """The stored order; ReviewingNotClosed before there is one."""
    key = {"call_id": coordinator.call_id}
    call = session.execute(_CALL, key).one()
    if call.reviewing_closed_at is None:
        raise ReviewingNotClosed if call.decided_at is None else NeverRanked
    hidden = is_walled(session)
    if hidden:
        lines, count, scored = _seen(session, coordinator, limit, offset)
    else:
        found = session.execute(_SHORT_PART, key | {"offset": offset, "limit": limit}).one()
        lines, count, scored = _lines(found.lines), found.number, found.scored
    figures = {} if hidden else call.figures or {}
    # All of the order are here already, where it is not longer than what was asked for.
    whole = not offset and count < limit
    zoned = _NONE if offset else _zoned(session, coordinator, figures, lines, whole=whole)
    rubric = rubric_of(session, coordinator.call_id, call.version, call.frozen_hash)
    return Board(
        lines=lines,
        zoned=zoned,
        title=call.title,
        criteria={criterion.code: criterion.title for criterion in rubric},
        count=count if whole else last_place(session, coordinator, with_total=False),
        scored=scored if whole else last_place(session, coordinator, with_total=True),
        organisations=call.wanted,
        open_holes=call.open_holes,
        seed=call.seed,
        decided=call.decided_at is not None,
        can_reopen=bool(call.at_rest),
        awarded=bool(call.awarded),
        pitched=bool(call.pitched),
        version=call.version,
        method=call.method,
        run=call.run,
        computed_at=call.computed_at,
        input_hash="" if hidden else call.input_hash,
        figures=figures,
        hidden=hidden,
    )


def _seen(session: Session, coordinator: Coordinator, limit: int, offset: int) -> tuple[Lines, int, int]:
    """The lines as somebody sees them from whom a part is kept, how many, and how many have a total."""
    rows = [
        BoardRow(line[0], line[1], line[2], line[3], None)
        for line in lines_of(session, coordinator, limit=limit, offset=offset)
    ]
    return Lines(b"", lambda: rows), len(rows), sum(bool(row.label) for row in rows)


def _zoned(
    session: Session, coordinator: Coordinator, figures: Mapping[str, Any], lines: Lines, *, whole: bool
) -> Lines:
    codes = figures.get("zone", ())[:ZONE_SHOWN]
    if not codes:
        return _NONE
    if whole:
        # They are among the lines that are there already, and follow from these and the figures.
        return Lines(lines.key, lambda: [row for row in lines.rows if row.shown["code"] in codes])
    given = {"call_id": coordinator.call_id, "codes": list(codes), "limit": ZONE_SHOWN}
    return _lines(session.execute(_SHORT_NAMED, given).one().lines)


def rows_from(session: Session, coordinator: Coordinator, *, limit: int, offset: int) -> list[FiguredRow]:
    """So many lines after a place."""
    given = {"call_id": coordinator.call_id, "offset": offset, "limit": limit}
    return [FiguredRow(*row) for row in session.execute(_PART, given)]


def rows_of(session: Session, coordinator: Coordinator, codes: Sequence[str]) -> list[FiguredRow]:
    """The lines of these applications, in the order."""
    given = {"call_id": coordinator.call_id, "codes": list(codes)}
    return [FiguredRow(*row) for row in session.execute(_FIGURED_NAMED, given)]


def every_row(session: Session, coordinator: Coordinator, *, step: int) -> list[FiguredRow]:
    """Each line, or every second, third, … of so many that a picture could not tell them apart."""
    given = {"call_id": coordinator.call_id, "step": step}
    return [FiguredRow(*row) for row in session.execute(_THINNED, given)]
