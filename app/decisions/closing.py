"""Closing reviewing, and the order that follows from it.

Nothing of a score leaves the server for a coordinator before this act. The order and its holes are
computed here, once, and stored: nothing recomputes them silently afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import delete, func, insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.notices import tell_teams
from app.audit.record import record
from app.calls.lifting import end_lift
from app.calls.phase import Phase, phase
from app.decisions.counted import IS_COUNTED_REVIEW
from app.decisions.held import call_of, held_call
from app.decisions.holes import store_holes
from app.decisions.refusals import AwardsExist, ReviewingNotClosed, ReviewingNotOpen
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import AwardRound, Call, Criterion
from app.models.decisions import Award, Departure, RankingEntry
from app.models.keys import key_of
from app.models.panel import Organisation
from app.models.reviews import Assignment, Review, ReviewScore
from app.random_codes import random_token
from app.scoring.ranking import Line, Place, rank
from app.scoring.totals import ApplicationTotal, Scored, Weighted, application_total
from app.wall import whole_call

PLACES = 6


@whole_call
def close_reviewing(session: Session, coordinator: Coordinator, now: datetime) -> int:
    """End reviewing, publish the draw's seed, and store the order; the call's new version."""
    call = held_call(session, coordinator)
    if phase(call, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    call.reviewing_closed_at = now
    call.draw_seed = call.draw_seed or random_token()
    call.version += 1
    session.add(call)
    lines = ranked_lines(session, call)
    if lines:
        session.execute(insert(RankingEntry), lines)
    holes = store_holes(session, call)
    _tell_applicants(session, coordinator, now)
    record(
        session,
        "reviewing.close",
        now=now,
        person_id=coordinator.person_id,
        call_id=call.id,
        detail={"seed": call.draw_seed, "applications": len(lines), "holes": holes},
    )
    return call.version


def _tell_applicants(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Every team hears once that the scoring is over, and nothing else: there is no score in it."""
    scored = select(Application.id, Application.ref).where(
        Application.call_id == coordinator.call_id, Application.status == Status.IN_REVIEW
    )
    rows = [(key_of(key), ref) for key, ref in session.exec(scored)]
    tell_teams(session, "application_scored", rows, now)


@whole_call
def reopen_reviewing(session: Session, coordinator: Coordinator, reason: str, now: datetime) -> int:
    """Let reviewers go on; the stored order and the reasons that rest on it are thrown away.

    What was excused in writing stays excused if the review is still missing at the next closing. Gives the
    call's new version.
    """
    call = held_call(session, coordinator)
    _refuse_to_reopen(session, call, now)
    call.reviewing_closed_at = None
    call.version += 1
    session.add(call)
    end_lift(session, coordinator.call_id, now)
    session.execute(delete(RankingEntry).where(col(RankingEntry.call_id) == call.id))
    session.execute(
        delete(Departure).where(
            col(Departure.round_id).in_(select(AwardRound.id).where(AwardRound.call_id == call.id))
        )
    )
    record(
        session,
        "reviewing.reopen",
        now=now,
        person_id=coordinator.person_id,
        call_id=call.id,
        detail={"reason": reason},
    )
    return call.version


@whole_call
def reopening_reviewing(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse whoever is about to say why, as opening reviewing again itself would."""
    _refuse_to_reopen(session, call_of(session, coordinator), now)


def _refuse_to_reopen(session: Session, call: Call, now: datetime) -> None:
    if phase(call, now) is not Phase.REVIEWED:
        raise ReviewingNotClosed
    awarded = session.exec(
        select(Award.id)
        .join(Application, col(Application.id) == Award.application_id)
        .where(col(Application.call_id) == call.id)
    ).first()
    if awarded is not None:
        raise AwardsExist


@dataclass(frozen=True, slots=True)
class _Candidate:
    application_id: int
    code: str
    title: str


def ranked_lines(session: Session, call: Call) -> list[dict[str, object]]:
    """The rows of `RankingEntry` for every counted application, in order."""
    criteria = session.exec(
        select(Criterion).where(col(Criterion.call_id) == call.id).order_by(col(Criterion.position))
    )
    listed = list(criteria)
    weighted = [Weighted(each.code, each.weight, each.scale_min, each.scale_max) for each in listed]
    tie_order = [each.code for each in sorted(listed, key=lambda each: each.tie_position)]
    reviews, notes = _sent_reviews(session, call), _notes(session, call)
    candidates = {each.code: each for each in _candidates(session, call)}
    totals = {
        code: application_total(reviews[each.application_id], weighted) for code, each in candidates.items()
    }
    places = rank(
        [Line(code, total.total, total.means) for code, total in totals.items()],
        tie_order=tie_order,
        seed=call.draw_seed or "",
        call=call.slug,
    )
    return [
        _line(call, each, place, totals[place.code], notes.get(each.application_id, 0))
        for place in places
        for each in [candidates[place.code]]
    ]


def _candidates(session: Session, call: Call) -> Iterable[_Candidate]:
    rows = session.exec(
        select(Application.id, Application.code, Packet.title)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .where(col(Application.call_id) == call.id, col(Application.status) == Status.IN_REVIEW)
    )
    return (_Candidate(key, code, title) for key, code, title in rows if key is not None)


def _sent_reviews(session: Session, call: Call) -> Mapping[int, list[Scored]]:
    """Application -> what was sent for it, but for reviews voided by a tie or taken from their reviewer."""
    rows = session.execute(
        select_columns(
            col(Assignment.application_id),
            col(Organisation.code),
            col(Assignment.id),
            col(Criterion.code),
            col(ReviewScore.score),
        )
        .join(Review, col(Review.assignment_id) == Assignment.id)
        .join(Organisation, col(Organisation.id) == Assignment.organisation_id)
        .join(ReviewScore, col(ReviewScore.assignment_id) == Assignment.id)
        .join(Criterion, col(Criterion.id) == ReviewScore.criterion_id)
        .where(
            col(Assignment.call_id) == call.id,
            *IS_COUNTED_REVIEW,
        )
    )
    sheets: dict[int, tuple[int, str, dict[str, int]]] = {}
    for application_id, organisation, assignment_id, criterion, score in rows:
        if assignment_id is None:
            continue
        _, _, scores = sheets.setdefault(assignment_id, (application_id, organisation, {}))
        if score is not None:
            scores[criterion] = score
    reviews: dict[int, list[Scored]] = defaultdict(list)
    for application_id, organisation, scores in sheets.values():
        reviews[application_id].append(Scored(organisation, scores))
    return reviews


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
    call: Call, candidate: _Candidate, place: Place, total: ApplicationTotal, notes: int
) -> dict[str, object]:
    return {
        "application_id": candidate.application_id,
        "call_id": call.id,
        "place": place.place,
        "label": place.label,
        "total": str(total.total) if total.total is not None else None,
        "shown": {
            "code": candidate.code,
            "title": candidate.title,
            "decided_by": place.decided_by,
            "total": tenths(total.total),
            "spread": tenths(total.spread),
            "reviews": total.reviews,
            "coverage": len(total.organisations),
            "notes": notes,
            "means": {code: tenths(mean) for code, mean in total.means.items()},
        },
        "sheet": {
            "exact": {code: str(mean) for code, mean in total.means.items()},
            "organisations": {
                organisation: {code: decimal(mean) for code, mean in means.items()}
                for organisation, means in total.organisations.items()
            },
            "means": {code: decimal(mean) for code, mean in total.means.items()},
            "total": decimal(total.total),
        },
    }


def tenths(value: Fraction | None) -> str:
    """One decimal for people to read, halves away from zero; nothing for what does not exist."""
    return "" if value is None else _rounded(value, 1)


def decimal(value: Fraction | None) -> str:
    """Up to six decimals, for whoever computes on: a total of such means is right to four of them."""
    return "" if value is None else _rounded(value, PLACES).rstrip("0").rstrip(".")


def _rounded(value: Fraction, places: int) -> str:
    """That many decimals and a point, halves away from zero."""
    scale = 10**places
    whole = (abs(value * scale) + Fraction(1, 2)).__floor__()
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // scale}.{whole % scale:0{places}}"
