"""Short applications and their reviews: what the demo's calls have in common that ask for little."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Reviewer
from app.calls.creating import default_criteria
from app.calls.inputs import CriteriaInput, MemberInput, ScoringInput, SectionsInput
from app.calls.panel import add_member
from app.calls.setup import save_criteria, save_scoring, save_sections
from app.demo.calls import version
from app.demo.corpus import Proposal
from app.demo.corpus.people import Registry, words
from app.demo.facts import reviewers
from app.demo.scores import invented_review
from app.models.applications import Application
from app.models.keys import key_of
from app.models.panel import PanelMember, PanelRole
from app.models.reviews import Assignment, Tie
from app.reviews.actions import answer_tie, save_review, send_review
from app.reviews.inputs import TieInput
from app.scoring.methods import Method

WEIGHTS: Mapping[str, int] = {"need": 40, "work_plan": 30, "sustainability": 30}
DOUBT = 0.55
"""How far one score is from what the proposal deserves, as a standard deviation in steps."""
STRICTNESS = 0.5


def ask_little(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Three sections, three of the usual criteria, and the plainest method."""
    call = coordinator.call_id
    sections = SectionsInput(sections=["team", "brief", "need"])
    save_sections(session, coordinator, version(session, call), sections, now)
    save_criteria(session, coordinator, version(session, call), _criteria(), now)
    scoring = ScoringInput(method=Method.MEAN_OF_MEANS)
    save_scoring(session, coordinator, version(session, call), scoring, now)


def _criteria() -> CriteriaInput:
    """A short application has no budget to judge."""
    known = {each.code: each for each in default_criteria().criteria}
    return CriteriaInput(
        criteria=[
            known[code].model_copy(
                update={"weight": weight, "tie_position": place, "sections": ["brief", "need"]}
            )
            for place, (code, weight) in enumerate(WEIGHTS.items(), 1)
        ]
    )


def seat_reviewers(session: Session, coordinator: Coordinator, of_each: int, now: datetime) -> None:
    """So many reviewers of each organisation."""
    seated: dict[str, int] = {}
    for organisation, email, _ in reviewers():
        seated[organisation] = seated.get(organisation, 0) + 1
        if seated[organisation] <= of_each:
            given = MemberInput(email=email, role=PanelRole.REVIEWER, organisation=organisation)
            add_member(session, coordinator, given, now)


def short_proposal(key: str, number: int, idea: Mapping[str, Any], registry: Registry) -> Proposal:
    """An idea as somebody of its own would send it."""
    said = sorted(words(" ".join(str(each) for each in idea.values())))
    team = registry.applicant(key, idea["language"], idea["district"], ("person", "group"), said)
    brief = {
        "title": idea["title"],
        "summary": idea["summary"],
        "theme": idea["theme"],
        "districts": [idea["district"]],
    }
    helped = {
        "id": f"yardrow{number:02d}",
        "kind": idea["kind"],
        "group": idea["group"],
        "direct": idea["direct"],
        "help": idea["help"],
    }
    need = {
        "problem": idea["problem"],
        "evidence": idea["stays"],
        "beneficiaries": [helped],
        "permit": "no",
        "priorities": ["citizens"],
    }
    sections = {"team": team, "brief": brief, "need": need}
    return Proposal(key, idea["language"], str(team["applicant_kind"]), idea["quality"], sections)


def assigned(session: Session, coordinator: Coordinator) -> Sequence[tuple[str, str, PanelMember]]:
    """Who is to read what: (reference, code, member), in one order on every engine."""
    rows = session.exec(
        select(Application.ref, Application.code, PanelMember)
        .join(Assignment, col(Assignment.application_id) == Application.id)
        .join(PanelMember, col(PanelMember.id) == Assignment.member_id)
        .where(Assignment.call_id == coordinator.call_id, col(Assignment.withdrawn_at).is_(None))
        .order_by(col(PanelMember.organisation_id), col(PanelMember.id), col(Assignment.queue_key))
    ).all()
    return [(ref, code, member) for ref, code, member in rows]


def acting(member: PanelMember) -> Reviewer:
    """A reviewer who acts."""
    return Reviewer(member.person_id, member.call_id, key_of(member.id), key_of(member.organisation_id))


def score_all(
    session: Session,
    coordinator: Coordinator,
    received: Mapping[str, Proposal],
    begin: datetime,
    end: datetime,
    chance: Random,
) -> None:
    """Everybody scores and sends everything, between two instants."""
    before = dict.fromkeys(received, 0)
    for ref, code, member in assigned(session, coordinator):
        proposal, position, reviewer = received[ref], before[ref], acting(member)
        before[ref] += 1
        strict = Random(f"strictness {member.organisation_id}").gauss(0, STRICTNESS)
        own = Random(f"{proposal.key} {member.organisation_id}")
        given = invented_review(proposal, strict, own, position, list(WEIGHTS), DOUBT)
        now = begin + (end - begin) * chance.random()
        answer_tie(session, reviewer, code, TieInput(tie=Tie.NONE), now)
        saved = save_review(session, reviewer, code, given, 0, now)
        send_review(session, reviewer, code, saved.version, now)
