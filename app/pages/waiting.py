"""What waits for a coordinator in every phase of a call, the most harmful first, with the way there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications.corrections import CORRECTABLE, count_awaited
from app.applications.screened import DeskWaiting, desk_waiting
from app.calls.readiness import readiness
from app.calls.setup_view import setup_of
from app.decisions.factual import count_unanswered
from app.decisions.lacking import count_lacking
from app.decisions.letters_out import count_kept
from app.decisions.publication import waiting_publication
from app.decisions.waiting import coming_up, count_unannounced, waiting
from app.events.ahead import SealStands, evenings_ahead
from app.messages import formats, sentence
from app.models.calls import Phase
from app.outbox.failed import count_failed
from app.pages.page import path_to, text_in
from app.privacy.desk import count_waiting
from app.proof.reports import count_found
from app.reviews.progress import DeskLook, DeskStanding

PANEL_MATTERS = {Phase.SCHEDULED, Phase.OPEN, Phase.GRACE, Phase.CLOSED, Phase.REVIEWING}

HARM = ("err", "warn", "info")
"""Tones: what hurts somebody if it waits, what is late, what comes next."""


class Item(NamedTuple):
    """Code of the words, how many, the route, tone: one line for each matter. `round`: it is about one."""

    code: str
    many: int
    route: str
    tone: str
    round: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits; without an address where nothing on the site can mend it."""

    words: str
    href: str
    tone: str


def todos(
    session: Session,
    coordinator: Coordinator,
    language: str,
    call: str,
    look: DeskLook,
    now: datetime,
) -> list[Todo]:
    """All that waits now, the most harmful first; empty only when nothing does."""
    progress = look.standing
    desk = desk_waiting(session, coordinator, progress.phase)
    found: list[Item] = [
        Item("blindness", count_found(session, desk.finds), "blindness.show", "err"),
        *_by_phase(session, coordinator, look, desk, now),
        *_evenings(session, coordinator, language, progress.phase),
        *_whenever(session, coordinator, look, desk, now),
    ]
    found.sort(key=lambda item: HARM.index(item.tone))
    return [_in_words(language, call, item) for item in found if item.many > 0]


def _in_words(language: str, call: str, item: Item) -> Todo:
    known = {"count": formats.number(language, item.many), "name": item.name}
    place = {"call": call, "pot": item.round} if item.round else {"call": call}
    return Todo(
        sentence(language, f"desk.todo_{item.code}", known),
        path_to(language, item.route, **place) if item.route else "",
        item.tone,
    )


def _whenever(
    session: Session, coordinator: Coordinator, look: DeskLook, desk: DeskWaiting, now: datetime
) -> Iterator[Item]:
    progress = look.standing
    if progress.phase in PANEL_MATTERS:
        yield Item("empty_bench", look.empty, "panel.list", "warn")
        yield Item("requests", desk.requests, "panel.list", "warn")
        yield Item("proposed", desk.seats, "panel.list", "info")
    if progress.phase in CORRECTABLE:
        awaited, overdue = count_awaited(session, coordinator.call_id, now)
        yield Item("corrections_overdue", overdue, "corrections.list", "warn")
        yield Item("corrections", awaited, "corrections.list", "info")
    yield Item("suspected", desk.suspected, "ties.list", "err")
    yield Item("thirds", desk.thirds, "thirds.list", "warn")
    yield Item("refusals", desk.proposed, "screening.queue", "warn")
    yield Item("flags", desk.flags, "flags.list", "warn")
    if progress.phase is not Phase.CLOSED:
        read_already = progress.phase is Phase.REVIEWING
        yield Item("screening", desk.to_check, "screening.queue", "warn" if read_already else "info")
    yield Item("erasures", count_waiting(session, coordinator.call_id), "privacy.list", "warn")
    letters = count_failed(session, coordinator.call_id) if desk.letters else 0
    yield Item("letters", letters, "", "warn")


def _by_phase(
    session: Session, coordinator: Coordinator, look: DeskLook, desk: DeskWaiting, now: datetime
) -> Iterator[Item]:
    progress = look.standing
    match progress.phase:
        case Phase.PREPARING:
            missing = len(readiness(setup_of(session, coordinator), now))
            yield Item("setup", missing, "setup.show", "warn")
            yield Item("to_open", int(not missing), "setup.show", "info")
        case Phase.CLOSED:
            # In the order in which it is done: what is refused need not be cleared, nor given out.
            yield Item("screening", desk.to_check, "screening.queue", "err")
            yield Item("redaction", desk.uncleared, "redaction.list", "err")
            yield from _assigning(progress)
            yield Item("extended", progress.extended, "extensions.list", "info")
            ready = progress.assigned and not (progress.holes or progress.extended or desk.uncleared)
            yield Item("to_review", int(bool(ready)), "desk.opening", "info")
        case Phase.REVIEWING:
            yield from _assigning(progress)
            yield Item("redaction_changed", desk.uncleared, "redaction.list", "warn")
            yield from _reviewing(look)
        case Phase.REVIEWED:
            yield from _deciding(session, coordinator)
        case Phase.DECIDED:
            unannounced = count_unannounced(session, coordinator)
            yield Item("unannounced", unannounced, "awards.list", "info")
            yield from _publication(session, coordinator, all_known=not unannounced)
            lacking = count_lacking(session, coordinator.call_id)
            yield Item("lacking", lacking.applications, "feedback.list", "warn")
        case Phase.PUBLISHED:
            yield from _coming_up(session, coordinator, now)
            lacking = count_lacking(session, coordinator.call_id)
            yield Item("held_back", lacking.applications, "feedback.list", "err")
            yield Item("errors", count_unanswered(session, coordinator.call_id), "factual.list", "warn")
            kept = count_kept(session, coordinator, now)
            yield Item("stopped", kept.stopped, "letters.list", "warn")
            yield Item("held", kept.held, "letters.list", "info")


def _evenings(session: Session, coordinator: Coordinator, language: str, reached: Phase) -> Iterator[Item]:
    """The way to each evening that is still to be held, and to the seal of its results."""
    if reached not in {Phase.REVIEWED, Phase.DECIDED}:
        return
    for each in evenings_ahead(session, coordinator):
        where = (each.round, text_in(language, each.name) or each.round)
        if reached is Phase.DECIDED and each.seal is SealStands.TO_CONFIRM:
            yield Item("seal_to_confirm", 1, "seal.show", "warn", *where)
        if reached is Phase.DECIDED and each.seal is SealStands.UNCONFIRMED:
            yield Item("seal_unconfirmed", 1, "seal.show", "info", *where)
        if reached is Phase.DECIDED and each.seal is SealStands.TO_SEAL:
            yield Item("to_seal", 1, "seal.show", "warn", *where)
        if each.evening:
            yield Item("evening" if each.announced else "finalists", 1, "event.show", "info", *where)


def _publication(session: Session, coordinator: Coordinator, *, all_known: bool) -> Iterator[Item]:
    """Once every winner is announced everybody else waits for their letter."""
    asked_by = waiting_publication(session, coordinator)
    if asked_by is None:
        yield Item("to_publish", int(all_known), "awards.publish", "warn")
    else:
        mine = asked_by == coordinator.person_id
        yield Item("publication_asked", int(mine), "awards.publish", "info")
        yield Item("publication_to_confirm", int(not mine), "awards.publish", "warn")


def _coming_up(session: Session, coordinator: Coordinator, now: datetime) -> Iterator[Item]:
    """Who could have an award waits; who was named out of turn waits for one more person before that."""
    found = coming_up(session, coordinator, now)
    for each in found:
        yield Item("promotion_to_confirm", each.to_confirm, "awards.promote", "warn", each.round)
    yield Item("to_promote", sum(each.promotable for each in found), "awards.list", "warn")
    for each in found:
        yield Item("promotion_unconfirmed", each.unconfirmed, "awards.promote", "info", each.round)


def _assigning(progress: DeskStanding) -> Iterator[Item]:
    ties = len(progress.ties) + progress.more_ties
    yield Item("ties", ties, "ties.list", "err")
    # Where every organisation scores everything, a tie without a substitute is such a review: said once.
    said = ties if progress.wanted == len(progress.organisations) else 0
    yield Item("holes_beside" if said else "holes", progress.holes - said, "assignments.list", "err")


def _reviewing(look: DeskLook) -> Iterator[Item]:
    progress = look.standing
    yield Item("late", progress.overdue, "progress.show", "warn")
    yield Item("missing", progress.missing - progress.overdue, "progress.show", "info")
    yield Item("idle", look.idle, "progress.show", "info")
    yield Item("returned", look.returned, "returns.list", "info")
    finished = progress.assigned > 0 and not progress.missing and not progress.holes
    yield Item("to_close", int(finished), "ranking.closing", "info")


def _deciding(session: Session, coordinator: Coordinator) -> Iterator[Item]:
    found = waiting(session, coordinator)
    yield Item("withdrawn", found.withdrawn, "awards.list", "err")
    yield Item("unexcused", found.open_holes, "ranking.holes", "err")
    yield Item("unexplained", found.unexplained, "awards.list", "warn")
    yield Item("seats", found.seats, "awards.list", "warn")
    yield Item("to_confirm", found.to_confirm, "meeting.show", "warn")
    yield Item("unconfirmed", found.unconfirmed, "meeting.show", "info")
    yield Item("to_award", found.to_award, "awards.list", "info")
    yield Item("pending", found.pending, "awards.list", "info")
