"""Computing the order of a round's finalists once, when the scoring of its pitches closes, and keeping it."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.canonical import canonical
from app.decisions.decimals import tenths
from app.decisions.pitched import PitchRules, computed_pitch, pitch_hash, pitch_input
from app.decisions.refusals import NotRecorded
from app.decisions.written import input_of, versions
from app.models.applications import Application
from app.models.calls import AwardRound, Call, Criterion
from app.models.decisions import RankingRecord, RankingRun
from app.models.events import PitchCard
from app.models.jury import Juror, PitchBallot, PitchEntry, PitchRun
from app.models.keys import key_of
from app.models.panel import Organisation
from app.scoring.totals import Weighted, review_total

if TYPE_CHECKING:
    from app.scoring.run import Run

FINISHED, CLOSED = "finished", "closed"
MOST_LINES = 50
"""At so many lines the chances are kept, so that one may be looked at before it is drawn."""


@dataclass(frozen=True, slots=True)
class _Cast:
    """One ballot with whose it is; `juror` is the label."""

    application: str
    juror: str
    organisation: str
    ballot: PitchBallot


def store_pitch_order(
    session: Session, coordinator: Coordinator, call: Call, pot: AwardRound, now: datetime
) -> PitchRun:
    """Compute the order of a round that is held, and put it in the place of the one before.

    NotRecorded where the written order has no record to go by.
    """
    run, written = _written(session, call)
    cards = session.exec(
        select(PitchCard, Application.code)
        .join(Application, col(Application.id) == col(PitchCard.application_id))
        .where(PitchCard.round_id == pot.id)
        .order_by(col(PitchCard.slot))
    ).all()
    rules, cast = _rules(session, call, pot), _cast(session, pot)
    given = pitch_input(
        [code for _, code in cards],
        _sheets(cast, rules),
        [(each.application, each.juror) for each in cast if each.ballot.tie],
        rules,
        run.input_hash,
    )
    computed = computed_pitch(given, written)
    document = {
        "input": given,
        "computed": {"versions": versions(), **computed},
        "jurors": _jurors(session, pot),
        "paper": sorted([each.application, each.juror] for each in cast if each.ballot.on_paper),
        "missed": sorted([each.application, each.juror] for each in cast if each.ballot.missed),
        "run": run.number,
    }
    last = session.exec(select(func.max(PitchRun.number)).where(PitchRun.round_id == pot.id)).one()
    stored = PitchRun(
        round_id=key_of(pot.id),
        number=(last or 0) + 1,
        computed_at=now,
        computed_by=coordinator.person_id,
        input_hash=pitch_hash(given),
        document=canonical(document),
    )
    session.execute(delete(PitchEntry).where(col(PitchEntry.round_id) == pot.id))
    session.add(stored)
    by_code = {code: card for card, code in cards}
    session.add_all(_entries(key_of(pot.id), by_code, computed, cast, rules))
    session.flush()
    return stored


def _written(session: Session, call: Call) -> tuple[RankingRun, "Run"]:
    """The newest run of the written scores, done again from its record."""
    from app.scoring.run import run

    found = session.exec(
        select(RankingRun, RankingRecord.document)
        .join(RankingRecord, col(RankingRecord.run_id) == col(RankingRun.id))
        .where(RankingRun.call_id == call.id)
        .order_by(col(RankingRun.number).desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotRecorded
    applications, sheets, rules = input_of(json.loads(found[1])["input"])
    ranked = set(applications)
    return found[0], run(applications, [each for each in sheets if each.application in ranked], rules)


def _rules(session: Session, call: Call, pot: AwardRound) -> PitchRules:
    criteria = session.exec(
        select(Criterion).where(Criterion.call_id == call.id).order_by(col(Criterion.position))
    ).all()
    named = [each for each in criteria if not pot.pitch_criteria or each.code in pot.pitch_criteria]
    return PitchRules(
        call=call.slug,
        round=pot.code,
        seed=call.draw_seed or "",
        method=call.method,
        weight=pot.pitch_weight or 0,
        criteria=[Weighted(each.code, each.weight, each.scale_min, each.scale_max) for each in named],
        tie_order=[each.code for each in sorted(named, key=lambda each: each.tie_position)],
        lines=sorted({pot.least_places or pot.places, *range(1, min(pot.places, MOST_LINES) + 1)}),
    )


def _cast(session: Session, pot: AwardRound) -> list[_Cast]:
    """The ballots of who is on the jury now, of the finalists."""
    rows = session.execute(
        select_columns(col(Application.code), col(Juror.number), col(Organisation.code), PitchBallot)
        .join(Juror, col(Juror.id) == col(PitchBallot.juror_id))
        .join(Organisation, col(Organisation.id) == col(Juror.organisation_id))
        .join(PitchCard, col(PitchCard.application_id) == col(PitchBallot.application_id))
        .join(Application, col(Application.id) == col(PitchBallot.application_id))
        .where(
            col(Juror.round_id) == pot.id,
            col(PitchCard.round_id) == pot.id,
            col(Juror.removed_at).is_(None),
        )
        .order_by(col(PitchCard.slot), col(Juror.number))
    ).all()
    return [
        _Cast(code, label_of(number), organisation, ballot) for code, number, organisation, ballot in rows
    ]


def label_of(number: int) -> str:
    """How a juror is named on record: "J3"."""
    return f"J{number}"


def _sheets(cast: Sequence[_Cast], rules: PitchRules) -> "list[Any]":
    from app.scoring.run import Sheet

    codes = {each.code for each in rules.criteria}
    return [
        Sheet(each.application, each.juror, each.organisation, scores)
        for each in cast
        if (scores := {code: int(score) for code, score in each.ballot.scores.items() if code in codes})
    ]


def _jurors(session: Session, pot: AwardRound) -> list[dict[str, Any]]:
    rows = session.execute(
        select_columns(Juror, col(Organisation.code))
        .join(Organisation, col(Organisation.id) == col(Juror.organisation_id))
        .where(col(Juror.round_id) == pot.id, col(Juror.removed_at).is_(None))
        .order_by(col(Juror.number))
    ).all()
    return [
        {
            "juror": label_of(row.number),
            "organisation": organisation,
            "ended": FINISHED if row.finished_at else CLOSED,
            "reason": row.closed_reason,
            "at": (row.finished_at or row.closed_at or row.added_at).astimezone(UTC).isoformat(),
        }
        for row, organisation in rows
    ]


def _entries(
    round_id: int,
    cards: Mapping[str, PitchCard],
    computed: Mapping[str, Any],
    cast: Sequence[_Cast],
    rules: PitchRules,
) -> list[PitchEntry]:
    firm = {each["application"]: each for each in computed["firm"]}
    said: dict[str, dict[str, str]] = defaultdict(dict)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in cast:
        said[each.application][each.juror], kind = _in_short(each.ballot, rules)
        counts[each.application][kind] += 1
    return [
        PitchEntry(
            application_id=cards[place["application"]].application_id,
            round_id=round_id,
            place=place["place"],
            label=place["label"],
            total=place["merit"],
            exact_total=place["total"],
            exact=place["means"],
            shown={
                "code": place["application"],
                "title": cards[place["application"]].title,
                "decided_by": place["decided_by"],
                **{name: tenths(_exact(place[name])) for name in ("total", "written", "pitch")},
                "means": {code: tenths(Fraction(mean)) for code, mean in place["means"].items()},
                "jurors": said[place["application"]],
                **{kind: counts[place["application"]][kind] for kind in ("scored", "tied", "missed")},
                **_interval(firm.get(place["application"])),
            },
        )
        for place in computed["order"]
    ]


def _exact(number: str | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _in_short(ballot: PitchBallot, rules: PitchRules) -> tuple[str, str]:
    """A ballot's total in points, or why there is none."""
    if ballot.tie:
        return "tie", "tied"
    if ballot.missed:
        return "missed", "missed"
    scores = {code: int(score) for code, score in ballot.scores.items()}
    return tenths(review_total(scores, rules.criteria)), "scored"


def _interval(firm: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if firm is None else {"inner": firm["inner"], "outer": firm["outer"]}
