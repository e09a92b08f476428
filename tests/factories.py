"""Rows that a slice under test needs from slices before it, made directly and without their actions.

Every word that names somebody holds "canary"; every proposal's own text holds "orchardword",
so that a test of blindness can look for both.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from app.applications.codes import free_code
from app.models.applications import Application, History, Packet, Sending, Status
from app.models.calls import CallKind
from app.models.people import Applicant, Identity, Person
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, ReviewVersion, Tie
from app.random_codes import random_code
from app.reviews.queue import queue_key
from tests.world import CLOSES, NOW, World

REVIEWING = CLOSES + timedelta(days=2)
"""An instant between closing and the reviewers' due date."""

OWN_WORD = "orchardword"

Scores = dict[str, int | None]
"""By criterion code; None is a declared "cannot judge"."""


def packet_data(title: str, kind: CallKind = CallKind.GRANT) -> dict[str, Any]:
    """What the sections of a whole, believable proposal hold, in the half that reviewers may read."""
    if kind is CallKind.SELECTION:
        return {
            "motivation": {
                "why": f"I want to learn how a city listens ({OWN_WORD}).",
                "experience": "Two years of evening courses for neighbours.",
            }
        }
    return {
        "brief": {
            "title": title,
            "title_second": "",
            "summary": f"We plant an apple {OWN_WORD} with 60 neighbours, so that a bare yard becomes a garden.",
            "theme": "ecology",
            "districts": ["medeu", "bostandyk"],
            "place": "The yard behind the library",
        },
        "need": {
            "problem": f"The yard has no shade and nowhere to sit ({OWN_WORD} of 40 trees was felled in 2011).",
            "evidence": "We asked 140 residents: 96 want to grow something near their home.",
            "beneficiaries": [
                {
                    "id": "b1",
                    "group": "pensioners",
                    "direct": 60,
                    "indirect": 200,
                    "help": "A place to meet",
                    "part": "They water",
                },
                {
                    "id": "b2",
                    "group": "schoolchildren",
                    "direct": 120,
                    "indirect": 480,
                    "help": "Lessons outdoors",
                    "part": "They plant",
                },
            ],
            "stakeholders": [
                {
                    "id": "s1",
                    "kind": "akimat",
                    "role": "must_permit",
                    "state": "talking",
                    "gives": "A permit to dig",
                },
                {
                    "id": "s2",
                    "kind": "residents",
                    "role": "helps",
                    "state": "agreed",
                    "gives": "Saturday mornings",
                },
            ],
            "priorities": ["clean"],
            "priority_why": "Trees hold dust.",
        },
        "work_plan": {
            "result": "Forty trees and a watering rota stand in the yard.",
            "starts": "2026-06",
            "ends": "2026-11",
            "activities": [
                {
                    "id": "a1",
                    "title": "Dig and plant",
                    "does": f"Neighbours dig forty pits and plant the {OWN_WORD}.",
                    "from_month": "2026-06",
                    "to_month": "2026-08",
                    "lead": "gardener",
                    "output_number": 40,
                    "output_unit": "trees",
                    "place": "The yard",
                },
                {
                    "id": "a2",
                    "title": "Teach pruning",
                    "does": "Six open Saturdays.",
                    "from_month": "2026-09",
                    "to_month": "2026-11",
                    "lead": "teacher",
                    "output_number": 6,
                    "output_unit": "workshops",
                    "place": "The library",
                },
            ],
            "milestones": [
                {"id": "m1", "name": "Trees stand", "month": "2026-08", "activity": "a1", "proof": "photo"},
                {"id": "m2", "name": "Rota agreed", "month": "2026-10", "activity": "a2", "proof": "list"},
            ],
            "resources": [
                {
                    "id": "r1",
                    "kind": "hours",
                    "what": "Work of neighbours",
                    "value": 12_000_000,
                    "certainty": "sure",
                }
            ],
            "strengths": "We have kept a smaller garden for five years.",
            "risks": [{"id": "k1", "risk": "A dry summer", "response": "Barrels under the roof"}],
        },
        "budget": {
            "lines": [
                {
                    "id": "l1",
                    "activity": "a1",
                    "category": "materials",
                    "what": "Seedlings",
                    "unit": "tree",
                    "quantity": 40,
                    "price": 1_500_000,
                    "payer": "grant",
                    "source": "Nursery's list",
                },
                {
                    "id": "l2",
                    "activity": "a2",
                    "category": "services",
                    "what": "Teacher",
                    "unit": "day",
                    "quantity": 6,
                    "price": 2_500_000,
                    "payer": "grant",
                    "source": "An offer",
                },
            ],
            "prices_found": "Three nurseries were asked.",
            "other_money": "",
            "unsure": "",
        },
        "sustainability": {
            "stays": f"The {OWN_WORD} stays; the rota keeps it alive.",
            "funding": ["own_income"],
            "month_income": [{"id": "i1", "what": "Apples sold", "amount": 3_000_000}],
            "month_costs": [{"id": "c1", "what": "Water", "amount": 800_000}],
            "growth": "Two more yards have asked.",
            "ownership": "The residents' council owns the tools.",
            "access": "Paths are wide enough for a wheelchair.",
            "measures": [{"id": "e1", "what": "Living trees", "now": "0", "goal": "36", "how": "Counted"}],
        },
    }


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
) -> Application:
    """An application that counts: one sending with both halves, and the person who stands behind it."""
    who = world.people[person]
    grant = world.call.kind is CallKind.GRANT
    application = Application(
        call_id=world.call.id,
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
        application_id=application.id,
        number=1,
        language=language,
        sent_at=sent_at,
        sent_by=who.id,
        sha256="0" * 64,
    )
    session.add(sending)
    session.flush()
    data = packet_data(title, world.call.kind)
    session.add_all(
        [
            Packet(
                sending_id=sending.id,
                title=title,
                summary=f"An {OWN_WORD} for everybody.",
                theme="ecology" if grant else "",
                districts=["medeu", "bostandyk"] if grant else [],
                language=language,
                requested_minor=requested_minor if grant else None,
                data=data,
            ),
            Identity(sending_id=sending.id, data=identity_data(who), display_name=f"{who.name} and friends"),
            Applicant(application_id=application.id, person_id=who.id, joined_at=sent_at),
            History(application_id=application.id, move="send", at=sent_at, by=who.id),
        ]
    )
    session.flush()
    return application


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
    """The call's reviewing is open since `at`, without the action that opens it."""
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
        call_id=world.call.id,
        application_id=application.id,
        member_id=member.id,
        organisation_id=member.organisation_id,
        queue_key=queue_key(member.code, application.code),
        created_at=at,
        tie=tie,
        tie_at=at if tie is not None else None,
    )
    session.add(assignment)
    session.flush()
    return assignment


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
        assignment_id=assignment.id,
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
    rows = {
        code: {
            "score": score,
            "cannot_judge": score is None,
            "reason": f"A reason for {code} that is long enough to be sent.",
        }
        for code, score in given.items()
    }
    session.add_all(
        ReviewScore(assignment_id=assignment.id, criterion_id=world.criteria[code].id, **row)
        for code, row in rows.items()
    )
    if sent:
        data = {
            "scores": rows,
            "convinced": review.convinced,
            "stronger": review.stronger,
            "private_note": "",
        }
        session.add(ReviewVersion(assignment_id=assignment.id, version=1, data=data, at=at))
    session.flush()
    return review


def count_of(session: Session, table: Any, *where: Any) -> int:
    """How many rows a table has."""
    return int(session.exec(select(func.count()).select_from(table).where(*where)).one())
