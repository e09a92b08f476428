"""The way of an application, stage by stage: what is reached and when, what comes and when it is expected.

Before publication it is made of the call's own dates and of what the team did itself, so that a winner's
reads like everybody else's.
"""

from collections.abc import Iterator
from datetime import datetime

from app.applications.actions.correcting import MOVE as CORRECTED
from app.applications.own_models import OwnApplication, OwnStatus
from app.applications.status import Move
from app.messages import formats, translations
from app.messages.labels import choices
from app.models.applications import Status
from app.models.calls import CallKind, Phase
from app.pages.applications import Step
from app.pages.page import text_in

DECIDED = frozenset({Phase.DECIDED, Phase.PUBLISHED})


def stages_in_words(language: str, own: OwnStatus, now: datetime) -> list[Step]:
    """All stages in their order; the first that is not reached yet is the one that goes on now."""
    stages = list(_stages(language, own, now))
    stopped = _stopped(language, own)
    if stopped is not None:
        return [each for each in stages if each.state == "done"] + [stopped]
    first = next((place for place, each in enumerate(stages) if each.state == "next"), None)
    return [
        Step(each.title, "now", each.status, each.when, each.moment, each.text) if place == first else each
        for place, each in enumerate(stages)
    ]


def _stages(language: str, own: OwnStatus, now: datetime) -> Iterator[Step]:
    gettext = translations(language).ugettext
    application, call, dates = own.application, own.call, own.dates
    sent_at = _received_at(own)
    until = gettext("Send it before the call closes.")
    yield _stage(language, gettext("Received"), sent_at, call.closes_at, until)
    corrected_at = _last(own, CORRECTED)
    if sent_at is not None and corrected_at is not None and corrected_at > sent_at:
        yield _stage(language, choices(language, "moves")[CORRECTED], corrected_at, None, "")
    checks = gettext("After the call has closed, we look whether every application can take part.")
    yield _stage(language, gettext("Checked"), sent_at and dates.checked_at, call.closes_at, checks)
    scores = gettext("Partner organisations score all applications without knowing who sent them.")
    yield _stage(
        language, gettext("Scored by reviewers"), sent_at and dates.scored_at, call.reviews_due_at, scores
    )
    yield from sorted(
        _results(language, own, now), key=lambda each: (each.state != "done", each.moment or "9")
    )
    if call.kind is CallKind.GRANT and application.status is not Status.NOT_SELECTED:
        yield _grant(language, application)


def _results(language: str, own: OwnStatus, now: datetime) -> Iterator[Step]:
    """The event, where there is one, and the result: by their dates, since either can come first."""
    gettext = translations(language).ugettext
    application, dates = own.application, own.dates
    event = text_in(language, dates.event)
    is_held = dates.event_at is not None and dates.event_at <= now and own.call.phase in DECIDED
    # Once all is public nothing is still to be held: it was before its day, or never.
    to_come = application.status is not Status.NOT_SELECTED and own.call.phase is not Phase.PUBLISHED
    if event and (is_held or to_come):
        held = dates.event_at if is_held else None
        yield _stage(
            language, event, held, dates.event_at, gettext("Those who are invited hear from us before.")
        )
    told_at = application.revealed_at or (dates.published_at if application.has_outcome else None)
    words = gettext("We write to you, whatever the result is.")
    yield _stage(language, gettext("Result"), told_at, own.call.results_expected_at, words)


def _grant(language: str, application: OwnApplication) -> Step:
    gettext = translations(language).ugettext
    if application.status is Status.AWARDED:
        words = gettext("We will write to you about the next step within ten working days.")
    else:
        words = gettext("If your application is selected.")
    return Step(gettext("Grant"), "next", "", "", "", words)


def _stage(
    language: str, title: str, reached: datetime | None, expected: datetime | None, words: str
) -> Step:
    gettext = translations(language).ugettext
    if reached is not None:
        return Step(
            title, "done", gettext("done"), formats.moment(language, reached), reached.isoformat(), ""
        )
    when = gettext("Expected: {day}").format(day=formats.day(language, expected)) if expected else ""
    moment = expected.isoformat() if expected else ""
    return Step(title, "next", gettext("expected"), when, moment, words)


def _received_at(own: OwnStatus) -> datetime | None:
    """When what counts was sent by its team; a correction afterwards does not make it late.

    What was sent and no longer counts was received all the same.
    """
    if own.application.sent_at is None:
        return next((step.at for step in own.steps if step.move == Move.SEND), None)
    return _last(own, Move.SEND) or own.application.sent_at


def _last(own: OwnStatus, move: str) -> datetime | None:
    return next((step.at for step in reversed(own.steps) if step.move == move), None)


def _stopped(language: str, own: OwnStatus) -> Step | None:
    """Where the way ended early: withdrawn, cancelled, or never sent."""
    gettext = translations(language).ugettext
    application = own.application
    if application.status is Status.WITHDRAWN:
        at = next((step.at for step in reversed(own.steps) if step.move == Move.WITHDRAW), None)
        return _end(language, gettext("Withdrawn"), at)
    if application.status is Status.REFUSED:
        return _end(language, gettext("Cannot take part"), _last(own, Move.REFUSE))
    if own.cancellation is not None:
        return _end(language, gettext("The call was cancelled"), own.cancellation.at)
    closed = application.phase not in {Phase.PREPARING, Phase.SCHEDULED, Phase.OPEN, Phase.GRACE}
    if closed and application.counts_number is None:
        return _end(language, gettext("Not sent in time"), application.closes_at)
    return None


def _end(language: str, title: str, at: datetime | None) -> Step:
    when = formats.moment(language, at) if at else ""
    return Step(title, "stopped", "", when, at.isoformat() if at else "", "")
