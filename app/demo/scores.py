"""Invented reviews: a proposal's quality, a reviewer's strictness and chance make the scores."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Reviewer
from app.demo.corpus import Proposal
from app.models.applications import Application
from app.models.keys import key_of
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Tie
from app.reviews.actions import answer_tie, save_review, send_review
from app.reviews.inputs import ReviewInput, ScoreInput, TieInput

CRITERIA = ("need", "work_plan", "budget", "sustainability")
NOT_BEGUN, ONLY_DRAFTS = 2, 1
"""Reviews missing from each organisation: of one of its reviewers not begun, of another not sent. Whoever
tries the demo as one of them has something to do, and meets the question about ties first, or a draft."""

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
    rows = session.exec(
        select(Assignment.queue_key, Application.ref, Application.code, PanelMember)
        .join(Application, col(Application.id) == Assignment.application_id)
        .join(PanelMember, col(PanelMember.id) == Assignment.member_id)
        .where(Assignment.call_id == coordinator.call_id, col(Assignment.withdrawn_at).is_(None))
        .order_by(col(PanelMember.id), col(Assignment.queue_key))
    ).all()
    strictness = {row[3].code: chance.gauss(0, 0.45) for row in rows}
    not_begun, drafts = _missing([row[3] for row in rows], chance)
    span = (end - begin).total_seconds()
    before: Counter[str] = Counter()
    for index, (_, ref, code, member) in enumerate(rows):
        reviewer = Reviewer(
            member.person_id, member.call_id, key_of(member.id), key_of(member.organisation_id)
        )
        now = begin + timedelta(seconds=span * chance.random())
        given = invented_review(received[ref], strictness[member.code], chance, before[ref])
        before[ref] += 1
        if index % NOTE_EVERY == 0:
            notes = remarks()[received[ref].language]["private_note"]
            given.private_note = notes[index // NOTE_EVERY % len(notes)]
        if index in not_begun:
            continue
        answer_tie(session, reviewer, code, TieInput(tie=Tie.NONE), now)
        saved = save_review(session, reviewer, code, given, 0, now + timedelta(minutes=9))
        if index not in drafts:
            send_review(session, reviewer, code, saved.version, now + timedelta(minutes=12))


def _missing(members: Sequence[PanelMember], chance: Random) -> tuple[set[int], set[int]]:
    """Which rows of these reviewers, who stand together, are not begun, and which are drafts."""
    of_each: dict[int | None, dict[str, list[int]]] = {}
    for index, member in enumerate(members):
        of_each.setdefault(member.organisation_id, {}).setdefault(member.code, []).append(index)
    not_begun: set[int] = set()
    drafts: set[int] = set()
    for bench in of_each.values():
        idle, late = chance.sample(list(bench.values()), 2)
        not_begun.update(chance.sample(idle, NOT_BEGUN))
        drafts.update(chance.sample(late, ONLY_DRAFTS))
    return not_begun, drafts


def invented_review(proposal: Proposal, strictness: float, chance: Random, position: int) -> ReviewInput:
    """Four scores around the proposal's quality, each with the reason that its level asks for.

    `position` counts the reviewers of this proposal from 0: no two of them write the same sentence.
    """
    sentences = remarks()[proposal.language]
    scores = {}
    for criterion in CRITERIA:
        felt = proposal.quality * 0.75 + 0.9 - strictness + chance.gauss(0, 0.75)
        score = max(1, min(5, round(felt)))
        level = "low" if score <= 2 else "high" if score >= 4 else "middle"
        reason = _own(sentences[criterion][level], f"{proposal.key} {criterion}", position)
        scores[criterion] = ScoreInput(score=score, reason=reason)
    return ReviewInput(
        scores=scores,
        convinced=_own(sentences["convinced"], f"{proposal.key} convinced", position),
        stronger=_own(sentences["stronger"], f"{proposal.key} stronger", position),
    )


def _own(sentences: Sequence[str], place: str, position: int) -> str:
    """The sentence of one reviewer: every place has an order of its own, and every position its sentence."""
    return Random(place).sample(sentences, len(sentences))[position]
