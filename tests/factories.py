"""Rows that a slice under test needs from slices before it, made directly and without their actions.

Every word that names somebody holds "canary"; every proposal's own text holds "orchardword",
so that a test of blindness can look for both.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.applications.codes import free_code
from app.models.applications import Application, History, Packet, Sending, Status
from app.models.assigning import AssignmentProposal
from app.models.calls import CallKind
from app.models.people import Applicant, Identity, Person
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, ReviewVersion, Tie
from app.random_codes import random_code
from app.reviews.queue import queue_key
from app.scoring.cautions import Caution
from app.sections.catalogue import CATALOGUE
from tests.world import CLOSES, NOW, World, key

REVIEWING = CLOSES + timedelta(days=2)
"""An instant between closing and the reviewers' due date."""

OWN_WORD = "orchardword"

KNOWN = tuple(Caution)
"""Few reviews carry hardly a line: whoever freezes a decision in a test has read all that is said of it."""

Scores = dict[str, int | None]
"""By criterion code; None is a declared "cannot judge"."""


def packet_data(title: str, kind: CallKind = CallKind.GRANT) -> dict[str, Any]:
    """What the sections of a whole, believable proposal hold, in the half that reviewers may read."""
    typed = grant_answers(title) if kind is CallKind.GRANT else _selection(title)
    return {
        code: CATALOGUE[code].model.model_validate(answers).model_dump(mode="json")
        for code, answers in typed.items()
    }


def _selection(title: str) -> dict[str, Any]:
    return {
        "motivation": {
            "title": title,
            "why": f"I want to learn how a city listens ({OWN_WORD}).",
            "experience": "Two years of evening courses for neighbours.",
            "availability": "Every weekend of the summer.",
        }
    }


def grant_answers(title: str) -> dict[str, Any]:
    """What an applicant types in the sections that reviewers may read."""
    return {
        "brief": {
            "title": title,
            "summary": f"We plant an {OWN_WORD} with 60 neighbours, and a bare yard becomes a garden.",
            "theme": "ecology",
            "districts": ["medeu", "bostandyk"],
            "place": "The yard behind the library",
        },
        "need": {
            "problem": f"The yard has no shade and nowhere to sit: the {OWN_WORD} was felled in 2011.",
            "evidence": "We asked 140 residents: 96 want to grow something near their home.",
            "beneficiaries": [
                _row(
                    "b1",
                    kind="older",
                    group="Pensioners",
                    direct="60",
                    indirect="200",
                    help="A place to meet",
                ),
                _row(
                    "b2",
                    kind="children",
                    group="Schoolchildren",
                    direct="120",
                    help="Lessons",
                    part="They plant",
                ),
            ],
            "permit": "yes",
            "stakeholders": [
                _row("s1", kind="akimat", role="permits", state="talking", gives="A permit to dig"),
                _row("s2", kind="residents", role="helps", state="agreed", gives="Saturday mornings"),
            ],
            "priorities": ["clean"],
            "priority_why": "Trees hold dust.",
        },
        "work_plan": {
            "result": "Forty trees and a watering rota stand in the yard.",
            "starts": "2026-06",
            "ends": "2026-11",
            "activities": [
                _row(
                    "a1",
                    title="Dig and plant",
                    does=f"Neighbours dig forty pits and plant the {OWN_WORD}.",
                    from_month="2026-06",
                    to_month="2026-08",
                    lead="gardener",
                    output_number="40",
                    output_unit="trees",
                    place="The yard",
                ),
                _row(
                    "a2",
                    title="Teach pruning",
                    does="Six open Saturdays.",
                    from_month="2026-09",
                    to_month="2026-11",
                    lead="teacher",
                    output_number="6",
                    output_unit="workshops",
                ),
            ],
            "milestones": [
                _row("m1", name="Trees stand", month="2026-08", activity="a1", proof="photo"),
                _row("m2", name="Rota agreed", month="2026-10", activity="a2", proof="list"),
            ],
            "resources": [
                _row("r1", kind="people", what="Work of neighbours", value="120 000", certainty="sure")
            ],
            "strengths": "We have kept a smaller garden for five years.",
            "risks": [_row("k1", risk="A dry summer", response="Barrels under the roof")],
        },
        "budget": {
            "lines": [
                _row(
                    "l1",
                    activity="a1",
                    category="materials",
                    what="Seedlings",
                    unit="tree",
                    quantity="40",
                    price="15 000",
                    payer="grant",
                    source="Nursery's list",
                ),
                _row(
                    "l2",
                    activity="a2",
                    category="fees",
                    what="Teacher",
                    unit="day",
                    quantity="6",
                    price="25 000",
                    payer="grant",
                ),
            ],
            "prices_found": "Three nurseries were asked.",
            "other_money_state": "none",
        },
        "sustainability": {
            "stays": f"The {OWN_WORD} stays; the rota keeps it alive.",
            "funding": ["fees", "volunteers"],
            "month_income": [_row("i1", source="Apples sold", amount="30 000", certainty="likely")],
            "month_costs": [_row("c1", what="Water", amount="8 000")],
            "growth": "Two more yards have asked.",
            "ownership": "The residents' council owns the tools.",
            "access": "Paths are wide enough for a wheelchair.",
            "measures": [_row("e1", number="36", unit="living trees", how="Counted in May")],
        },
    }


def _row(identity: str, **answers: str) -> dict[str, str]:
    return {"id": identity, **answers}


def make_sent_application(
    session: Session,
    world: World,
    person: str = "ada",
    title: str = "Apples in the yard",
    *,
    status: Status = Status.SENT,
    language: str = "en",
    sent_at: datetime = NOW,
    requested_minor: int | None = 280_357,
    cleared: bool = True,
) -> Application:
    """An application that counts: one sending with both halves, and the person who stands behind it.

    Unless told, it was cleared for reviewers as it was sent.
    """
    who = world.people[person]
    grant = world.call.kind is CallKind.GRANT
    application = Application(
        call_id=key(world.call),
        ref=f"{world.call.ref_prefix}-{random_code(6)}",
        code=free_code(session),
        status=status,
        language=language,
        created_at=sent_at - timedelta(days=1),
        counts_number=1,
    )
    session.add(application)
    session.flush()
    sending = Sending(
        application_id=key(application),
        number=1,
        language=language,
        sent_at=sent_at,
        sent_by=key(who),
        sha256="0" * 64,
    )
    session.add(sending)
    session.flush()
    data = packet_data(title, world.call.kind)
    session.add_all(
        [
            Packet(
                sending_id=key(sending),
                title=title,
                summary=f"An {OWN_WORD} for everybody.",
                theme="ecology" if grant else "",
                districts=["medeu", "bostandyk"] if grant else [],
                language=language,
                requested_minor=requested_minor if grant else None,
                data=data,
            ),
            Identity(
                sending_id=key(sending), data=identity_data(who), display_name=f"{who.name} and friends"
            ),
            Applicant(application_id=key(application), person_id=key(who), joined_at=sent_at),
            History(application_id=key(application), move="send", at=sent_at, by=key(who)),
        ]
    )
    session.flush()
    if cleared:
        clear_rows(session)
    return application


def clear_rows(session: Session, at: datetime = NOW) -> None:
    """What counts and was never cleared is cleared as it was sent, without the actions that do it."""
    done = select(ClearedPacket.application_id)
    counted = (
        select(Application, Sending, Packet)
        .join(Sending, col(Sending.application_id) == col(Application.id))
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(Sending.number == Application.counts_number, col(Application.id).not_in(done))
    )
    for application, sending, packet in session.exec(counted).all():
        copied = packet.model_dump(exclude={"sending_id", "requested_minor"})
        session.add(
            ClearedPacket(application_id=key(application), number=sending.number, cleared_at=at, **copied)
        )
    session.flush()


def identity_data(who: Person) -> dict[str, Any]:
    """What the section `team` of this person's sending holds: every word of it a canary."""
    return {
        "team": {
            "applying_as": "person",
            "family_name": who.name.split()[-1],
            "given_name": who.name.split()[0],
            "email": who.email,
            "phone": "+7 701 CANARYPHONE",
            "members": [{"id": "t1", "name": f"Canarymember of {who.name}", "role": "gardener"}],
        }
    }


def open_reviewing_rows(session: Session, world: World, at: datetime = REVIEWING) -> None:
    """The call's reviewing is open since `at`, without the action that opens it; all of it is cleared."""
    clear_rows(session)
    world.call.reviewing_opened_at = at
    world.call.version += 1
    session.add(world.call)
    for application in session.exec(select(Application).where(Application.status == Status.SENT)):
        application.status = Status.IN_REVIEW
        session.add(application)
    session.flush()


def make_assignment(
    session: Session,
    world: World,
    application: Application,
    name: str = "rita",
    *,
    tie: Tie | None = Tie.NONE,
    at: datetime = REVIEWING,
) -> Assignment:
    """This reviewer is to score this application; unless told, has said that there is no tie."""
    member = world.members[name]
    assignment = Assignment(
        call_id=key(world.call),
        application_id=key(application),
        member_id=key(member),
        organisation_id=member.organisation_id or 0,
        queue_key=queue_key(member.code, application.code),
        created_at=at,
        tie=tie,
        tie_at=at if tie is not None else None,
    )
    session.add(assignment)
    session.flush()
    return assignment


def make_proposal(session: Session, world: World, pairs: Sequence[tuple[str, str]] = ()) -> None:
    """These pairs (reviewer, application) are proposed; it rests on nothing, so that it has expired."""
    session.add(
        AssignmentProposal(
            call_id=key(world.call),
            made_at=REVIEWING,
            rules={},
            basis={},
            added=[list(pair) for pair in pairs],
            taken=[],
            kept=[],
            closed=[],
            handed_on=[],
        )
    )
    session.flush()


def make_review(
    session: Session,
    world: World,
    assignment: Assignment,
    scores: Scores | None = None,
    *,
    state: ReviewState = ReviewState.SENT,
    at: datetime = REVIEWING,
) -> Review:
    """A review of this assignment: 4 on every criterion unless told; each cell has its reason."""
    given = scores if scores is not None else dict.fromkeys(world.criteria, 4)
    sent = state is ReviewState.SENT
    review = Review(
        assignment_id=key(assignment),
        state=state,
        version=1,
        convinced="The neighbours are behind it.",
        stronger="Name who waters in August.",
        private_note="",
        updated_at=at,
        sent_at=at if sent else None,
    )
    session.add(review)
    session.flush()
    rows: dict[str, dict[str, Any]] = {
        code: {
            "score": score,
            "cannot_judge": score is None,
            "reason": f"A reason for {code} that is long enough to be sent.",
        }
        for code, score in given.items()
    }
    session.add_all(
        ReviewScore(assignment_id=key(assignment), criterion_id=key(world.criteria[code]), **row)
        for code, row in rows.items()
    )
    if sent:
        data = {
            "scores": rows,
            "convinced": review.convinced,
            "stronger": review.stronger,
            "private_note": "",
        }
        session.add(ReviewVersion(assignment_id=key(assignment), version=1, data=data, at=at))
    session.flush()
    return review


def make_divided(session: Session, world: World, *unsent: str) -> Application:
    """Rita gave it four everywhere and Rolf two; `unsent` have it still to score. Reviewing is open, the call
    wants two reviews and promised a discussion."""
    call = session.merge(world.call)
    call.discussion, call.reviews_per_application = True, 2
    world.call = call
    application = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    low: Scores = dict.fromkeys(world.criteria, 2)
    make_review(session, world, make_assignment(session, world, application, "rita"))
    make_review(session, world, make_assignment(session, world, application, "rolf"), low)
    for name in unsent:
        make_assignment(session, world, application, name)
    return application


def count_of(session: Session, table: Any, *where: Any) -> int:
    """How many rows a table has."""
    return int(session.exec(select(func.count()).select_from(table).where(*where)).one())
