"""Computing a call's order from the reviews that count, and storing it with every figure of the board.

Each computing is a run that stays on record; the lines of the board are those of the newest one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.decisions.canonical import canonical, input_document, input_hash
from app.decisions.counted import IS_COUNTED_REVIEW
from app.decisions.decimals import decimal, rounded, tenths
from app.decisions.firm import (
    Stand,
    board_figures,
    flat,
    influence,
    own_order_figures,
    row_figures,
    stand,
)
from app.decisions.general_line import GeneralLine, Kept, general_line
from app.decisions.published_line import LineOf, PublishedLine, published_line
from app.decisions.seats import members
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import Call, Criterion
from app.models.decisions import RankingEntry, RankingRecord, RankingRun
from app.models.keys import key_of
from app.models.panel import Organisation, PanelMember
from app.models.reviews import Assignment, Review, ReviewScore
from app.scoring.apart import Gap
from app.scoring.methods import Method, Strata
from app.scoring.totals import Weighted
from app.wall import whole_call

if TYPE_CHECKING:
    from app.scoring.lottery import Drawn
    from app.scoring.run import Position, Rules, Run, Sheet


@dataclass(frozen=True, slots=True)
class Candidate:
    """One application that takes part in the order."""

    application_id: int
    code: str
    title: str


def store_order(session: Session, coordinator: Coordinator, call: Call, now: datetime) -> RankingRun:
    """Compute the order of a call that is held, put it in the place of the one before, and keep the run."""
    # The arithmetic brings a large library along, which only who orders should load.
    from app.decisions.written import computed_document
    from app.scoring.pairwise import OwnOrders, own_orders
    from app.scoring.run import drawn_positions, held_draw, run

    candidates = {each.code: each for each in _candidates(session, call)}
    sheets, rules = sheets_of(session, call), rules_of(session, call)
    found = run(list(candidates), [each for each in sheets if each.application in candidates], rules)
    published = published_line(session, key_of(call.id))
    line = line_of(session, published, candidates.values(), found.order[rules.method])
    rules = replace(rules, lines=[line.place] if line.place else [])
    found = replace(found, rules=rules)
    held = held_draw(found)
    order = found.order[rules.method] if held is None else held.order
    positions = {code: each.positions[rules.method] for code, each in found.figures.items()}
    if held is not None:
        positions = drawn_positions(positions, held)
        # Who sits in a kept seat follows from the order that the lots left.
        line = line_of(session, published, candidates.values(), order)
    notes, apart = _notes(session, call), Gap(call.divergence_points, None)
    session.execute(delete(RankingEntry).where(col(RankingEntry.call_id) == call.id))
    own = own_orders(found.ratings)
    figures = {
        code: each | ({"own": own.places[code]} if isinstance(own, OwnOrders) and code in own.places else {})
        for code, each in row_figures(found, sheets, published.most).items()
    }
    lines = [
        _line(call, candidates[code], positions[code], found, notes.get(candidates[code].application_id, 0))
        | {"figures": figures[code], "in_short": flat(found, figures[code])}
        for code in order
    ]
    if lines:
        session.execute(insert(RankingEntry), lines)
    last = session.exec(select(func.max(RankingRun.number)).where(RankingRun.call_id == call.id)).one()
    stored = RankingRun(
        call_id=key_of(call.id),
        number=(last or 0) + 1,
        computed_at=now,
        computed_by=coordinator.person_id,
        method=rules.method,
        input_hash=input_hash(list(candidates), sheets, rules),
        order=[
            [code, each.label, None if each.merit is None else str(each.merit)]
            for code in order
            for each in [positions[code]]
        ],
        summary=_summary(
            found,
            held,
            [each for each in sheets if each.application in candidates],
            line,
            published.of,
            apart,
        )
        | {"own_orders": own_order_figures(own, found.order[rules.method], rules.lines)},
    )
    session.add(stored)
    session.flush()
    record = {
        "input": input_document(list(candidates), sheets, rules),
        "computed": computed_document(found, held),
    }
    session.add(RankingRecord(run_id=key_of(stored.id), document=canonical(record)))
    session.flush()
    return stored


def line_of(
    session: Session, published: PublishedLine, candidates: Iterable[Candidate], order: Sequence[str]
) -> GeneralLine:
    """Where the line runs in an order for whoever has no kept seat."""
    keeping = [pot for pot in published.awarding if pot.reserved_places]
    belongs = members(session, keeping[0].call_id, keeping) if keeping else {}
    codes = {each.application_id: each.code for each in candidates} if belongs else {}
    kept = [
        Kept(pot.reserved_places, {codes[key] for key in belongs[key_of(pot.id)] if key in codes})
        for pot in keeping
    ]
    return general_line(order, published.places, kept)


@whole_call
def order_again(session: Session, coordinator: Coordinator, call: Call, now: datetime) -> None:
    """Store the same order with its figures anew where its line has moved; the call is held.

    The order itself follows from the reviews: it cannot change, but for a draw that is held at the line. Then
    others may draw, each with the ticket that it has in any case.
    """
    rows = session.execute(
        select_columns(
            col(RankingEntry.application_id),
            col(Application.code),
            col(RankingEntry.place),
            col(RankingEntry.figures)["by"],
        )
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(col(RankingEntry.call_id) == call.id)
        .order_by(col(RankingEntry.place))
    ).all()
    newest = select(RankingRun.summary).where(RankingRun.call_id == call.id)
    board = session.exec(newest.order_by(col(RankingRun.number).desc())).first()
    if not rows or board is None:
        return
    before = board.get("board", {})
    candidates = [Candidate(key, code, "") for key, code, *_ in rows]
    published = published_line(session, key_of(call.id))
    # The line is that of the order by the published method: lots are drawn at it, and seats taken after.
    by_method = sorted(rows, key=lambda row: (row[3] or {}).get(call.method.value, [row[2]])[0])
    line = line_of(session, published, candidates, [code for _, code, *_ in by_method])
    seated = line_of(session, published, candidates, [code for _, code, *_ in rows]).seated
    if (line.place or None, list(seated)) != (before.get("line"), before.get("seated", [])):
        store_order(session, coordinator, call, now)


def rules_of(session: Session, call: Call) -> "Rules":
    """What the call published of how its reviews become an order."""
    from app.scoring.run import Rules

    criteria = session.exec(
        select(Criterion).where(col(Criterion.call_id) == call.id).order_by(col(Criterion.position))
    ).all()
    places = published_line(session, key_of(call.id)).places
    return Rules(
        call=call.slug,
        seed=call.draw_seed or "",
        method=call.method,
        criteria=[Weighted(each.code, each.weight, each.scale_min, each.scale_max) for each in criteria],
        tie_order=[each.code for each in sorted(criteria, key=lambda each: each.tie_position)],
        lines=[places] if places else [],
        strata=groups_of(session, call, call.strata) if call.strata else None,
        sorted_by=call.strata,
        impute=call.impute,
        lottery=call.lottery,
    )


def groups_of(session: Session, call: Call, by: Strata) -> Mapping[str, str]:
    """Application -> its group, of all that were sent: a theme's code, "" without one, or a language's."""
    group = {Strata.THEME: col(Packet.theme), Strata.LANGUAGE: col(Packet.language)}[by]
    rows = session.execute(
        select_columns(col(Application.code), group)
        .select_from(Application)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(col(Application.call_id) == call.id)
    )
    return {row[0]: row[1] for row in rows}


def sheets_of(session: Session, call: Call) -> "list[Sheet]":
    """What was sent and counts: not voided by a tie, not taken from its reviewer. Reviewers by their code."""
    from app.scoring.run import Sheet

    rows = session.execute(
        select_columns(
            col(Application.code),
            col(PanelMember.code),
            col(Organisation.code),
            col(Criterion.code),
            col(ReviewScore.score),
        )
        .select_from(Assignment)
        .join(Review, col(Review.assignment_id) == col(Assignment.id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Organisation, col(Organisation.id) == col(Assignment.organisation_id))
        .join(ReviewScore, col(ReviewScore.assignment_id) == col(Assignment.id))
        .join(Criterion, col(Criterion.id) == col(ReviewScore.criterion_id))
        .where(col(Assignment.call_id) == call.id, *IS_COUNTED_REVIEW)
    )
    found: dict[tuple[str, str], tuple[str, dict[str, int]]] = {}
    for application, reviewer, organisation, criterion, score in rows:
        _, scores = found.setdefault((application, reviewer), (organisation, {}))
        if score is not None:
            scores[criterion] = score
    return [
        Sheet(application, reviewer, organisation, scores)
        for (application, reviewer), (organisation, scores) in sorted(found.items())
    ]


def _candidates(session: Session, call: Call) -> list[Candidate]:
    rows = session.exec(
        select(Application.id, Application.code, Packet.title)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .where(col(Application.call_id) == call.id, col(Application.status) == Status.IN_REVIEW)
    )
    return [Candidate(key, code, title) for key, code, title in rows if key is not None]


def _notes(session: Session, call: Call) -> Mapping[int, int]:
    """Application -> how many of the reviews that count have a note to the coordinator."""
    statement = (
        select(Assignment.application_id, func.count())
        .join(Review, col(Review.assignment_id) == Assignment.id)
        .where(Assignment.call_id == call.id, Review.private_note != "", *IS_COUNTED_REVIEW)
        .group_by(col(Assignment.application_id))
    )
    return dict(session.exec(statement).all())


def _line(
    call: Call, candidate: Candidate, decides: "Position", found: "Run", notes: int
) -> dict[str, object]:
    totals = found.figures[candidate.code].totals
    return {
        "application_id": candidate.application_id,
        "call_id": call.id,
        "place": decides.place,
        "label": decides.label,
        "total": None if decides.merit is None else str(decides.merit),
        "shown": {
            "code": candidate.code,
            "title": candidate.title,
            "decided_by": decides.decided_by,
            "total": tenths(decides.total),
            "spread": tenths(totals.spread),
            "reviews": totals.reviews,
            "coverage": len(totals.organisations),
            "notes": notes,
            "means": {code: tenths(mean) for code, mean in decides.means.items()},
        },
        "sheet": {
            "exact": {code: str(mean) for code, mean in decides.means.items()},
            "exact_total": None if decides.total is None else str(decides.total),
            "organisations": {
                organisation: {code: decimal(mean) for code, mean in means.items()}
                for organisation, means in totals.organisations.items()
            },
            "means": {code: decimal(mean) for code, mean in decides.means.items()},
            "total": decimal(decides.total),
        },
    }


def _summary(
    found: "Run",
    held: "Drawn | None",
    sheets: "Sequence[Sheet]",
    line: GeneralLine,
    of: LineOf,
    apart: Gap,
) -> dict[str, Any]:
    """The figures of the whole call; those of the model are absent where nothing could be told apart."""
    from app.scoring.calibration import Calibration
    from app.scoring.connection import components
    from app.scoring.diagnostics import habits
    from app.scoring.divergence import apart_beyond_chance, decision_values

    calibrated = found.calibration
    summary: dict[str, Any] = {
        "board": board_figures(found, sheets, line.seated, held)
        | {"line_of": of.value}
        | ({"below": line.place} if held is not None else {}),
        "applications": len(found.figures),
        "organisations": len({each.organisation for each in sheets}),
        "lines": list(found.rules.lines),
        "incomplete": [list(each) for each in found.incomplete],
        "imputed": [list(each) for each in found.imputed],
        "groups": [sorted(each) for each in components([(r.reviewer, r.application) for r in found.ratings])],
    }
    if found.rules.lines:
        summary["influence"] = influence(found, sheets, found.rules.lines[0])
    if not isinstance(calibrated, Calibration):
        return summary | {"unranked": calibrated.value}
    read = _fewest(sheets)
    values = {place: decision_values(calibrated, place, read) for place in found.rules.lines}
    chances = {place: calibrated.top(place) for place in found.rules.lines}
    return summary | {
        "apart": apart_beyond_chance(found.ratings, apart, calibrated),
        "mean": rounded(calibrated.mean),
        "spreads": {name: rounded(getattr(calibrated, name)) for name in ("tau", "ups", "sigma")},
        "reliability": rounded(calibrated.reliability),
        "hits": {
            str(line): {
                method.value: rounded(calibrated.hit_rate(_ranked(found, method)[:line])) for method in Method
            }
            for line in found.rules.lines
        },
        "worth": {
            str(place): [
                [code, rounded(value)]
                # What is certain by then is offered nowhere, and would take the place of what is not.
                for code, value in sorted(own.items(), key=lambda each: (-each[1], each[0]))
                if stand(chances[place][code]) is Stand.ZONE
            ][:30]
            for place, own in values.items()
        },
        "reviewers": {
            code: {
                "reviews": each.reviews,
                "leniency": rounded(each.leniency.value),
                "interval": [rounded(end) for end in each.leniency.interval],
                "slope": None if each.slope is None else rounded(each.slope),
                "noise": None if each.noise is None else rounded(each.noise),
                "noisy": each.noisy,
                "constant": each.constant,
                "flat": each.flat,
            }
            for code, each in habits(found.ratings, calibrated).items()
        },
    }


def _fewest(sheets: "Sequence[Sheet]") -> dict[str, int]:
    """Application -> how many reviews it has of the organisation that has given it fewest."""
    organisations = {each.organisation for each in sheets}
    counts = Counter((each.application, each.organisation) for each in sheets)
    return {
        code: min(counts[code, each] for each in organisations)
        for code in {each.application for each in sheets}
    }


def _ranked(found: "Run", method: Method) -> list[str]:
    """Those that were calibrated, in the order of a method."""
    return [code for code in found.order[method] if found.figures[code].complete]
