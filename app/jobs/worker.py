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
from app.applications.traces import trace, untraced
from app.blindfold import kept_blind
from app.database import make_engine, session_on
from app.errors import NotFound
from app.files.opening import open_store
from app.files.store import StoreAway
from app.files.sweep import sweep
from app.jobs.erasing import erase_next
from app.jobs.letters import RENDERERS, TO_REVIEWERS, Writing
from app.jobs.rendering import Letter, NothingToSend
from app.jobs.steps import take_due_steps
from app.jobs.transport import deliver
from app.models.keys import key_of
from app.models.outbox import Mail
from app.outbox.claim import claim_mail, mark_cancelled, mark_failed, mark_sent
from app.reviews.looking import keep_matters, look_for_matters
from app.reviews.reminding import waiting_digests
from app.settings import Settings

log = structlog.get_logger()

Prove = Callable[[Engine, Settings, datetime], bool]
POLL_SECONDS = 0.5
CLEAN_EVERY = timedelta(hours=1)
PLAN_EVERY = timedelta(minutes=1)


def work(settings: Settings, prove_next: Prove) -> None:
    """Erase, plan what is to be written, send what is due, clean up and prove, until SIGTERM or SIGINT.

    `prove_next` looks with one reviewer's eyes at the site itself, of which this layer knows nothing.
    """
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    engine = make_engine(settings.database_url, threads=1)
    cleaned_at = planned_at = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        now = datetime.now(UTC)
        try:
            if now - cleaned_at > CLEAN_EVERY:
                clean(engine, settings, now)
                cleaned_at = now
            if now - planned_at >= PLAN_EVERY:
                take_due_steps(engine, now)
                plan(engine, now)
                look(engine, now)
                planned_at = now
                trace_some(engine)
            busy = erase_next(engine, settings, now) or send_next(engine, settings, now)
            if not (busy or prove_next(engine, settings, now)):
                stop.wait(POLL_SECONDS)
        except Exception:
            # A database that is away for a moment must not end the worker; it tries again.
            log.exception("job worker")
            stop.wait(5)
    engine.dispose()


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
    """Queue what is to be written to people with a draft or with reviews to send; how many mails that were.

    It is looked for in a unit that reads: the one that writes is short, and there only when it is needed.
    """
    with session_on(engine, reading=True) as session, session.begin():
        waiting = [*waiting_mails(session, now), *waiting_digests(session, now)]
    if waiting:
        with session_on(engine) as session, session.begin():
            queue_mails(session, waiting, now)
    return len(waiting)


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


def trace_some(engine: Engine) -> int:
    """Keep of what was sent meanwhile by what it is found; how many sendings that were.

    It is looked for in a unit that reads; those that write are short, so that senders need not wait.
    """
    count = 0
    while True:
        with session_on(engine, reading=True) as session, session.begin():
            waiting = untraced(session)
        if not waiting:
            return count
        with session_on(engine) as session, session.begin():
            count += trace(session)


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
