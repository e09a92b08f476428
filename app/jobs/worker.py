"""The job worker: one process beside the web workers."""

import signal
import smtplib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.housekeeping import forget_expired
from app.accounts.messages import keep_message
from app.accounts.recipients import Recipient, recipient_of
from app.applications.actions.reminding import queue_mails, waiting_mails
from app.applications.actions.telling import tell_of_flags, untold_flags
from app.applications.traces import trace, untraced
from app.blindfold import kept_blind
from app.database import make_engine, session_on
from app.errors import NotFound
from app.events.reminding import waiting_reminders
from app.events.telling import waiting_questions
from app.files.opening import open_store
from app.files.store import StoreAway
from app.files.sweep import sweep
from app.jobs.erasing import erase_next
from app.jobs.hooks import queue_hooks, tell_next
from app.jobs.letters import RENDERERS, TO_REVIEWERS, Writing
from app.jobs.proving import Prove, Prover
from app.jobs.rendering import Letter, NothingToSend, NotYet
from app.jobs.steps import take_due_steps
from app.jobs.transport import deliver
from app.models.keys import key_of
from app.models.outbox import Mail
from app.outbox.claim import claim_mail, mark_cancelled, mark_failed, mark_postponed, mark_sent
from app.reviews.looking import keep_matters, look_for_matters
from app.reviews.reminding import waiting_digests
from app.reviews.tallies import calls_to_count, keep_tallies
from app.settings import Settings

log = structlog.get_logger()

POLL_SECONDS = 0.5
CLEAN_EVERY = timedelta(hours=1)
PLAN_EVERY = timedelta(minutes=1)
LOOK_AGAIN = timedelta(minutes=5)
"""For what may not leave yet."""
COUNT_EVERY = timedelta(seconds=1)


def work(settings: Settings, prove: Prove) -> None:
    """Erase, plan what is to be written, send what is due, clean up, have proved, until SIGTERM or SIGINT."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    engine = make_engine(settings.database_url, threads=1)
    cleaned_at = planned_at = counted_at = datetime.min.replace(tzinfo=UTC)
    tracing, prover = False, Prover(settings, prove)
    while not stop.is_set():
        now = datetime.now(UTC)
        try:
            if now - cleaned_at > CLEAN_EVERY:
                clean(engine, settings, now)
                cleaned_at = now
            if now - planned_at >= PLAN_EVERY:
                plan_all(engine, settings, now)
                planned_at, tracing = now, True
            if now - counted_at >= COUNT_EVERY:
                count(engine, now)
                counted_at = now
            # Tracing comes after what somebody waits for: of a whole call at once it takes minutes.
            busy = act_next(engine, settings, now) or (tracing and trace_some(engine) > 0)
            tracing = tracing and busy
            if not busy:
                prover.look(engine, now)
                stop.wait(POLL_SECONDS)
        except Exception:
            # A database that is away for a moment must not end the worker; it tries again.
            log.exception("job worker")
            stop.wait(5)
    prover.end()
    engine.dispose()


def act_next(engine: Engine, settings: Settings, now: datetime) -> bool:
    """One thing that somebody waits for; whether there was one."""
    return (
        erase_next(engine, settings, now)
        or send_next(engine, settings, now)
        or tell_next(engine, settings, now)
    )


def plan_all(engine: Engine, settings: Settings, now: datetime) -> None:
    """Whatever follows from the clock alone: steps that are due, mails, hooks, and what desks are shown."""
    take_due_steps(engine, now)
    plan(engine, now)
    tell(engine, now)
    queue_hooks(engine, settings, now)
    look(engine, now)


def send_due(engine: Engine, settings: Settings, now: datetime) -> int:
    """Send everything that is due; how many mails that were."""
    count = 0
    while send_next(engine, settings, now):
        count += 1
    return count


def send_next(engine: Engine, settings: Settings, now: datetime) -> bool:
    """Claim one mail, render it for its recipient, send it, mark it: each in a unit of its own."""
    with session_on(engine) as session, session.begin():
        mail = claim_mail(session, now)
        if mail is None:
            return False
        session.expunge(mail)
    try:
        recipient, rendered = _render(engine, settings, mail, now)
        if recipient.email is not None:
            deliver(engine, settings, key_of(mail.id), recipient.email, rendered, now)
    except NotYet as waits:
        again, lacks = now + LOOK_AGAIN, str(waits)
        _marking(engine, lambda session: mark_postponed(session, mail, again, lacks))
    except (NothingToSend, NotFound) as nothing:
        why = str(nothing)
        _marking(engine, lambda session: mark_cancelled(session, mail.id, why))
    except (OSError, smtplib.SMTPException) as error:
        failure = str(error)
        log.warning(
            "mail not sent", mail=mail.id, template=mail.template, attempts=mail.attempts, error=failure
        )
        _marking(engine, lambda session: mark_failed(session, mail, failure, now))
    else:
        _marking(engine, lambda session: _sent(session, mail, recipient, rendered, now))
    return True


def _sent(session: Session, mail: Mail, recipient: Recipient, letter: Letter, now: datetime) -> None:
    """It has left, and its reader finds it on the site as well; what was sent to no account is not kept.

    Who has no e-mail finds it on the site alone.
    """
    mark_sent(session, key_of(mail.id), now)
    if mail.person_id is not None:
        keep_message(
            session,
            mail.person_id,
            ref=str(mail.params.get("ref", "")),
            language=recipient.language,
            subject=letter.subject,
            body=letter.body,
            now=now,
        )


def _render(engine: Engine, settings: Settings, mail: Mail, now: datetime) -> tuple[Recipient, Letter]:
    """What a mail says. A reviewer's is written of what the database lets reviewers read alone."""
    with session_on(engine, reading=True) as session, session.begin():
        recipient = recipient_of(session, mail)
        if recipient is None:
            raise NothingToSend("no such recipient")
        if mail.template not in TO_REVIEWERS:
            return recipient, _written(Writing(session, settings, mail, recipient, now))
    with kept_blind(engine) as blind, session_on(blind, reading=True) as session, session.begin():
        return recipient, _written(Writing(session, settings, mail, recipient, now))


def _written(writing: Writing) -> Letter:
    return RENDERERS[writing.mail.template](writing)


def _marking(engine: Engine, mark: Callable[[Session], None]) -> None:
    with session_on(engine) as session, session.begin():
        mark(session)


def plan(engine: Engine, now: datetime) -> int:
    """Queue what is to be written to people with a draft, with reviews to send, or with an evening that is
    near; how many mails that were.

    It is looked for in a unit that reads: the one that writes is short, and there only when it is needed.
    """
    with session_on(engine, reading=True) as session, session.begin():
        waiting = [
            *waiting_mails(session, now),
            *waiting_digests(session, now),
            *waiting_questions(session, now),
            *waiting_reminders(session, now),
        ]
    if waiting:
        with session_on(engine) as session, session.begin():
            queue_mails(session, waiting, now)
    return len(waiting)


def tell(engine: Engine, now: datetime) -> int:
    """Queue what tells coordinators of reviewers' flags; how many there were to tell of."""
    with session_on(engine, reading=True) as session, session.begin():
        untold = untold_flags(session, now)
    if untold:
        with session_on(engine) as session, session.begin():
            tell_of_flags(session, untold, now)
    return len(untold)


def look(engine: Engine, now: datetime) -> int:
    """Keep for the desks what waits and takes long to find; how many times something had changed.

    It is looked for in a unit that reads: the one that writes is short, and there only when it is needed.
    """
    with session_on(engine, reading=True) as session, session.begin():
        found = look_for_matters(session, now)
    if found:
        with session_on(engine) as session, session.begin():
            keep_matters(session, found)
    return len(found)


def count(engine: Engine, now: datetime) -> int:
    """Keep how far reviewing is, of the calls in which something has changed; how many those were.

    Each is a short unit of its own, and nobody who saves a review waits for it but on SQLite.
    """
    with session_on(engine, reading=True) as session, session.begin():
        calls = calls_to_count(session, now)
    for call in calls:
        with session_on(engine) as session, session.begin():
            keep_tallies(session, call, now)
    return len(calls)


def trace_some(engine: Engine) -> int:
    """Keep of some that were sent meanwhile by what each is found; how many sendings that were, 0 at the end.

    It is looked for in a unit that reads; the one that writes is short, so that senders need not wait.
    """
    with session_on(engine, reading=True) as session, session.begin():
        if not untraced(session):
            return 0
    with session_on(engine) as session, session.begin():
        return trace(session)


def clean(engine: Engine, settings: Settings, now: datetime) -> None:
    """Forget sign-ins, sessions, tokens and counters that have ended, and files that nothing names."""
    with session_on(engine) as session, session.begin():
        forget_expired(session, now)
    try:
        with session_on(engine) as session, session.begin():
            # In a writing unit, so that on SQLite no row can be committed between looking and removing; it
            # begins once the store has listed what is old.
            swept = sweep(session, open_store(settings), now)
    except StoreAway:
        # Said in the log; mail goes on, and an hour later it is tried again.
        return
    if swept:
        log.info("files swept", count=swept)
