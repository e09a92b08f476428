"""Invented reviews: a proposal's quality, a reviewer's strictness and chance make the scores."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Reviewer
from app.demo.corpus import Proposal
from app.demo.facts import facts
from app.models.applications import Application
from app.models.keys import key_of
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Tie
from app.reviews.actions import answer_tie, save_review, send_review
from app.reviews.inputs import ReviewInput, ScoreInput, TieInput

CRITERIA = ("need", "work_plan", "budget", "sustainability")
NOT_BEGUN, ONLY_DRAFTS = 2, 1
"""Reviews missing from each organisation: of one of its reviewers not begun, of another not sent. Whoever
tries the demo as one of them has something to do, and meets the question about ties first, or a draft. Two
of those not begun are of one application, which both of its reviewers have a tie with."""
APART = 1.6
"""How much milder and stricter than themselves the other two of that application are: it needs a third."""

DOUBT = 0.75
"""How far one score of a reviewer is from what the proposal deserves, as a standard deviation in steps."""

NOTE_EVERY = 37
"""Which reviews have a note to the coordinator."""


@cache
def remarks() -> dict[str, Any]:
    """Sentences reviewers might write, by language, criterion and level; all invented."""
    loaded: dict[str, Any] = json.loads(
        (Path(__file__).parent / "data" / "remarks.json").read_text(encoding="utf-8")
    )
    return loaded


def review_all(
    session: Session,
    coordinator: Coordinator,
    received: Mapping[str, Proposal],
    begin: datetime,
    end: datetime,
    chance: Random,
) -> None:
    """Score every assignment between two instants, but for the twelve that stay missing."""
    told = facts()["waiting"]["ties"]
    rows = session.exec(
        select(Assignment.queue_key, Application.ref, Application.code, PanelMember)
        .join(Application, col(Application.id) == Assignment.application_id)
        .join(PanelMember, col(PanelMember.id) == Assignment.member_id)
        .where(Assignment.call_id == coordinator.call_id, col(Assignment.withdrawn_at).is_(None))
        .order_by(col(PanelMember.id), col(Assignment.queue_key))
    ).all()
    strictness = {row[3].code: chance.gauss(0, 0.45) for row in rows}
    missing = _missing([(row[2], row[3]) for row in rows], chance)
    apart = [
        index
        for index, row in enumerate(rows)
        if row[2] == rows[missing.tied[0]][2] and index not in missing.tied
    ]
    span = (end - begin).total_seconds()
    before: Counter[str] = Counter()
    for index, (_, ref, code, member) in enumerate(rows):
        reviewer = Reviewer(
            member.person_id, member.call_id, key_of(member.id), key_of(member.organisation_id)
        )
        now = begin + timedelta(seconds=span * chance.random())
        strict = strictness[member.code] + (APART if index == apart[0] else -APART if index in apart else 0)
        given = invented_review(received[ref], strict, chance, before[ref])
        before[ref] += 1
        if index % NOTE_EVERY == 0:
            notes = remarks()[received[ref].language]["private_note"]
            given.private_note = notes[index // NOTE_EVERY % len(notes)]
        if index in missing.tied:
            note = told[missing.tied.index(index)]
            answer_tie(session, reviewer, code, TieInput(tie=Tie.TIE, note=note), now)
        if index in missing.not_begun or index in missing.tied:
            continue
        answer_tie(session, reviewer, code, TieInput(tie=Tie.NONE), now)
        saved = save_review(session, reviewer, code, given, 0, now + timedelta(minutes=9))
        if index not in missing.drafts:
            send_review(session, reviewer, code, saved.version, now + timedelta(minutes=12))


@dataclass(frozen=True, slots=True)
class _Missing:
    """Which rows are not begun, which are drafts, and of which two of one application there is a tie."""

    not_begun: frozenset[int]
    drafts: frozenset[int]
    tied: tuple[int, int]


def _missing(rows: Sequence[tuple[str, PanelMember]], chance: Random) -> _Missing:
    """Of each organisation one reviewer, all of whose rows stand together, has not begun some, and another
    not sent one."""
    of_each: dict[int | None, dict[str, list[int]]] = {}
    for index, (_, member) in enumerate(rows):
        of_each.setdefault(member.organisation_id, {}).setdefault(member.code, []).append(index)
    first, second, *_ = of_each.values()
    shared = chance.choice(rows)[0]
    tied: list[int] = []
    not_begun: set[int] = set()
    drafts: set[int] = set()
    for bench in of_each.values():
        idle, late = chance.sample(list(bench.values()), 2)
        if bench in (first, second):
            (own,) = (index for each in bench.values() for index in each if rows[index][0] == shared)
            tied.append(own)
            idle = next(each for each in bench.values() if own in each)
            late = chance.choice([each for each in bench.values() if each is not idle])
        left = NOT_BEGUN - (bench in (first, second))
        not_begun.update(chance.sample([index for index in idle if index not in tied], left))
        drafts.update(chance.sample(late, ONLY_DRAFTS))
    return _Missing(frozenset(not_begun), frozenset(drafts), (tied[0], tied[1]))


def invented_review(
    proposal: Proposal,
    strictness: float,
    chance: Random,
    position: int,
    criteria: Sequence[str] = CRITERIA,
    doubt: float = DOUBT,
) -> ReviewInput:
    """A score by each criterion around the proposal's quality, each with the reason that its level asks for.

    `position` counts the reviewers of this proposal from 0: no two of them write the same sentence.
    """
    sentences = remarks()[proposal.language]
    scores = {}
    for criterion in criteria:
        felt = proposal.quality * 0.75 + 0.9 - strictness + chance.gauss(0, doubt)
        score = max(1, min(5, round(felt)))
        scores[criterion] = reasoned(proposal, criterion, score, position)
    return ReviewInput(
        scores=scores,
        convinced=_own(sentences["convinced"], f"{proposal.key} convinced", position),
        stronger=_own(sentences["stronger"], f"{proposal.key} stronger", position),
    )


def reasoned(proposal: Proposal, criterion: str, score: int, position: int) -> ScoreInput:
    """A score with the reason that its level asks for."""
    level = "low" if score <= 2 else "high" if score >= 4 else "middle"
    sentences = remarks()[proposal.language][criterion][level]
    return ScoreInput(score=score, reason=_own(sentences, f"{proposal.key} {criterion}", position))


def _own(sentences: Sequence[str], place: str, position: int) -> str:
    """The sentence of one reviewer: every place has an order of its own, and every position its sentence."""
    return Random(place).sample(sentences, len(sentences))[position]
