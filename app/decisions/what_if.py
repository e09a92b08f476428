"""What another method, other weights, or reviews left out would make of the order. Nothing of it is saved.

One is computed at a time in a process, and the last ones are kept: whoever asks again and again waits.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.decisions.canonical import canonical
from app.decisions.held import call_of
from app.decisions.ordering import rules_of, sheets_of
from app.decisions.runs import Standing, standing_run
from app.errors import Conflict, Invalid, Problem, TooMany
from app.models.applications import Application
from app.models.decisions import RankingEntry, RankingRun
from app.scoring.methods import Method

if TYPE_CHECKING:
    from app.scoring.run import Rules, Sheet

LARGEST = 20_000
"""Reviews: beyond it a calibration anew takes longer than anybody waits for a page."""
PATIENCE = 8
"""Seconds that one waits for another's."""
KEPT = 32


class TooManyReviews(Conflict):
    """A call of this size is not computed anew while somebody waits."""

    code = "what_if.too_many_reviews"


OWN_ORDERS = "own_orders"
"""Not a method that a call can publish: each reviewer's scores read only as who is above whom."""


class WhatIfInput(BaseModel):
    """Other weights by criterion (all of them), another method, and whose reviews are left out, by code.

    "own_orders" reads each reviewer's scores only as who is above whom; no call can publish it.
    """

    model_config = ConfigDict(extra="forbid")
    method: Method | Literal["own_orders"]
    weights: dict[Annotated[str, Field(max_length=40)], Annotated[int, Field(ge=0, le=100)]]
    reviewer: Annotated[str, Field(max_length=40)] = ""
    organisation: Annotated[str, Field(max_length=20)] = ""


class WhatIf(BaseModel):
    """From the order that stands to the one that would be: who would enter and leave the first `line`.

    `moved` has (code, place now, place then), the farthest moves first, None for no place. `left_out` is how
    many reviews were left out. `ranked` is False where nothing could be told apart; `no_order` then says why
    reviewers' own orders make none ("too_few", "too_many", "not_connected"), and `moved` is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    line: int | None
    enter: list[str]
    leave: list[str]
    moved: list[tuple[str, int | None, int | None]]
    left_out: int
    ranked: bool
    no_order: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What can be changed: the published method and weights, and who reviewed, by code; `lots`: lots were
    drawn, and what would be is compared with the order before them."""

    method: Method
    weights: Mapping[str, int]
    reviewers: Sequence[str]
    organisations: Sequence[str]
    lots: bool


_ORDER = select(col(RankingRun.order)).where(
    col(RankingRun.call_id) == bindparam("call_id"), col(RankingRun.number) == bindparam("number")
)
_BY_METHODS = (
    select(col(Application.code), col(RankingEntry.figures)["by"])
    .join(Application, col(Application.id) == col(RankingEntry.application_id))
    .where(col(RankingEntry.call_id) == bindparam("call_id"))
)
_BUSY = Lock()
_LAST: OrderedDict[str, WhatIf] = OrderedDict()


def published(session: Session, coordinator: Coordinator) -> Published | None:
    """None from whom a part of the order is kept; ReviewingNotClosed where none stands."""
    standing = standing_run(session, coordinator)
    if standing is None:
        return None
    call = call_of(session, coordinator)
    rules, sheets = rules_of(session, call), sheets_of(session, call)
    return Published(
        method=rules.method,
        weights={each.code: each.weight for each in rules.criteria},
        reviewers=sorted({each.reviewer for each in sheets}),
        organisations=sorted({each.organisation for each in sheets}),
        lots="lottery" in standing.board,
    )


def what_if(session: Session, coordinator: Coordinator, given: WhatIfInput) -> WhatIf | None:
    """The order as it would be; None from whom a part of it is kept.

    Invalid for weights that are not the call's or all 0, and for who did not review; TooManyReviews; TooMany
    while another one is being computed.
    """
    standing = standing_run(session, coordinator)
    if standing is None:
        return None
    call = call_of(session, coordinator)
    run = {"call": call.slug, "run": standing.number, "of": standing.input_hash}
    key = canonical(run | given.model_dump(mode="json"))
    if (kept := _LAST.get(key)) is not None:
        return kept
    rules, sheets = rules_of(session, call), sheets_of(session, call)
    _refuse_unknown(given, rules, sheets)
    if len(sheets) > LARGEST:
        raise TooManyReviews
    if not _BUSY.acquire(timeout=PATIENCE):
        raise TooMany(retry_after=PATIENCE)
    try:
        if key not in _LAST:
            before = _before(session, coordinator, standing, rules)
            _LAST[key] = _computed(standing, before, rules, sheets, given)
        while len(_LAST) > KEPT:
            _LAST.popitem(last=False)
        return _LAST[key]
    finally:
        _BUSY.release()


def _before(session: Session, coordinator: Coordinator, standing: Standing, rules: "Rules") -> Sequence[str]:
    """The order that stands; where lots were drawn, as it was before them: what would be has none either."""
    key = {"call_id": coordinator.call_id}
    if "lottery" in standing.board:
        rows = session.execute(_BY_METHODS, key).all()
        return [code for code, _ in sorted(rows, key=lambda row: row[1][rules.method.value][0])]
    order = session.execute(_ORDER, key | {"number": standing.number}).scalar_one()
    return [code for code, *_ in order]


def _refuse_unknown(given: WhatIfInput, rules: "Rules", sheets: "Sequence[Sheet]") -> None:
    problems: dict[str, str | Problem] = {}
    if given.weights.keys() != {each.code for each in rules.criteria} or not any(given.weights.values()):
        problems["weights"] = "what_if.weights"
    if given.reviewer and given.reviewer not in {each.reviewer for each in sheets}:
        problems["reviewer"] = "what_if.nobody"
    if given.organisation and given.organisation not in {each.organisation for each in sheets}:
        problems["organisation"] = "what_if.nobody"
    if problems:
        raise Invalid(problems)


def _computed(
    standing: Standing,
    before: Sequence[str],
    rules: "Rules",
    sheets: "Sequence[Sheet]",
    given: WhatIfInput,
) -> WhatIf:
    # The arithmetic brings a large library along, which only who asks for this should load.
    from app.scoring.moves import moves

    changed = replace(
        rules,
        method=rules.method if given.method == OWN_ORDERS else Method(given.method),
        criteria=[replace(each, weight=given.weights[each.code]) for each in rules.criteria],
    )
    known = set(before)
    kept = [
        each
        for each in sheets
        if each.application in known
        and each.reviewer != given.reviewer
        and each.organisation != given.organisation
    ]
    line = standing.board.get("line")
    if given.method == OWN_ORDERS:
        after, why = _own_order(before, kept, changed)
        ranked = not why
    else:
        (after, ranked), why = _order(before, kept, changed), ""
    found = moves(before, after, line or len(before) or 1)
    moved = [(code, *places) for code, places in found.places.items()]
    return WhatIf(
        line=line,
        enter=list(found.enter) if line else [],
        leave=list(found.leave) if line else [],
        moved=sorted(moved, key=lambda each: -abs((each[1] or 0) - (each[2] or 0))),
        left_out=sum(each.application in known for each in sheets) - len(kept),
        ranked=ranked,
        no_order=why,
    )


def _own_order(before: Sequence[str], sheets: "Sequence[Sheet]", rules: "Rules") -> tuple[Sequence[str], str]:
    """By each reviewer's order alone, equal ones and those whom nobody compared as they stand; and why
    not."""
    from app.scoring.pairwise import NoOrder, own_orders
    from app.scoring.run import ratings_of

    found = own_orders(ratings_of(sheets, rules.criteria, impute=rules.impute))
    if isinstance(found, NoOrder):
        return before, found.value
    last = len(before) + 1
    return sorted(before, key=lambda code: found.places.get(code, last)), ""


def _order(
    applications: Sequence[str], sheets: "Sequence[Sheet]", rules: "Rules"
) -> tuple[Sequence[str], bool]:
    """All of them by the method of these rules, and whether any could be told from another.

    Totals need no calibration, which is what takes time.
    """
    from app.scoring.calibration import Calibration
    from app.scoring.ranking import Line, rank
    from app.scoring.run import run
    from app.scoring.totals import Scored, application_total, mean, median

    if rules.method is Method.CALIBRATED:
        found = run(list(applications), sheets, rules)
        return found.order[rules.method], isinstance(found.calibration, Calibration)
    middle = median if rules.method is Method.MEDIAN else mean
    own: dict[str, list[Scored]] = {code: [] for code in applications}
    for sheet in sheets:
        own[sheet.application].append(Scored(sheet.organisation, sheet.scores))
    totals = {code: application_total(each, rules.criteria, middle) for code, each in own.items()}
    lines = [Line(code, each.total, each.means) for code, each in totals.items()]
    places = rank(lines, tie_order=rules.tie_order, seed=rules.seed, call=rules.call)
    return [each.code for each in places], len({each.total for each in totals.values()}) > 1
