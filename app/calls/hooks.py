"""Webhooks: addresses that are told when a call opens, closes, and publishes its results.

They are told only what everybody can read, and what has happened since the address was set. Whether it has is
looked for by the clock and the call's own dates, so that nothing is told before its transaction is there.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.calls.phase import grace_ends_at
from app.calls.reachable import is_public_host
from app.errors import Conflict, Invalid, NotFound
from app.models.calls import Call
from app.models.columns import Texts
from app.models.keys import key_of
from app.models.public import DeliveryState, HookEvent, Webhook, WebhookDelivery
from app.random_codes import random_code, random_token

MOST = 5
"""Of one call: each is an address to which the job worker may have to wait for an answer."""
MOST_TESTS = 20
"""Within an hour, of one call."""
ATTEMPTS = 8
LEASE = timedelta(minutes=2)
SHOWN = 20
TOLD = (HookEvent.OPENED, HookEvent.CLOSED, HookEvent.PUBLISHED)


class TooManyHooks(Conflict):
    """A call has as many webhooks as it may have."""

    code = "hook.too_many"


class TestedEnough(Conflict):
    """The test button was pressed often enough for an hour."""

    code = "hook.tested_enough"


class HookInput(BaseModel):
    """Where to, and of what it is told: nothing chosen means everything."""

    model_config = ConfigDict(extra="forbid")
    url: Annotated[str, Field(min_length=1, max_length=500), Ask("text", spellcheck=False, inputmode="url")]
    events: Annotated[
        list[HookEvent], Field(max_length=3), Ask("checkboxes", choices="hook_events", optional=True)
    ] = []


class Delivery(BaseModel):
    """One message and what became of it. `problem` is a code, "" where there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    event: HookEvent
    state: DeliveryState
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    answered_at: datetime | None
    status: int | None
    problem: str


class HookShown(BaseModel):
    """A webhook and its last messages, the newest first. Its secret is known to its maker alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    url: str
    events: list[HookEvent]
    made_at: datetime
    deliveries: list[Delivery]


class HookMade(BaseModel):
    """A new webhook, or an old one with a new secret: the secret is shown this once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    secret: str


class DueHook(BaseModel):
    """What a webhook is to be told now."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    webhook_id: int
    event: HookEvent
    at: datetime
    call: str
    title: Texts
    opens_at: datetime | None
    closes_at: datetime | None


def secret_of(secret_key: str, webhook: Webhook) -> str:
    """The secret that signs its messages, as Standard Webhooks writes it. It follows from our own key."""
    said = f"webhook\n{webhook.code}\n{webhook.nonce}".encode()
    return "whsec_" + base64.b64encode(hmac.new(secret_key.encode(), said, hashlib.sha256).digest()).decode()


def signature(secret: str, message: str, timestamp: int, body: str) -> str:
    """The signature of Standard Webhooks: HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{message}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def add_hook(
    session: Session,
    coordinator: Coordinator,
    given: HookInput,
    *,
    secret_key: str,
    private: bool,
    now: datetime,
) -> HookMade:
    """Set an address. `private` allows what is not public, and plain http: for trying it out."""
    problem = address_problem(given.url, private=private)
    if problem:
        raise Invalid({"url": problem})
    if HookEvent.TEST in given.events:
        raise Invalid({"events": "enum"})
    # Two at once wait for each other here, so that neither sees one too few.
    session.execute(select(col(Call.id)).where(col(Call.id) == coordinator.call_id).with_for_update())
    live = select(func.count()).select_from(Webhook).where(*_live(coordinator))
    if session.execute(live).scalar_one() >= MOST:
        raise TooManyHooks
    webhook = Webhook(
        code=random_code(),
        call_id=coordinator.call_id,
        url=given.url.strip(),
        events=[str(each) for each in TOLD if each in (given.events or TOLD)],
        nonce=random_token(),
        made_by=coordinator.person_id,
        made_at=now,
    )
    session.add(webhook)
    _note(session, coordinator, "webhook.add", webhook, now)
    return HookMade(code=webhook.code, secret=secret_of(secret_key, webhook))


def new_secret(
    session: Session, coordinator: Coordinator, code: str, *, secret_key: str, now: datetime
) -> HookMade:
    """Another secret for an address: what was signed with the old one is signed so no more."""
    webhook = _own(session, coordinator, code)
    webhook.nonce = random_token()
    webhook.version += 1
    session.add(webhook)
    _note(session, coordinator, "webhook.new_secret", webhook, now)
    return HookMade(code=webhook.code, secret=secret_of(secret_key, webhook))


def end_hook(session: Session, coordinator: Coordinator, code: str, now: datetime) -> None:
    """Tell an address nothing any more; what waited for it is not sent."""
    webhook = _own(session, coordinator, code)
    webhook.ended_at = now
    session.add(webhook)
    session.execute(
        update(WebhookDelivery)
        .where(
            col(WebhookDelivery.webhook_id) == webhook.id, col(WebhookDelivery.state) == DeliveryState.QUEUED
        )
        .values(state=DeliveryState.FAILED, problem="ended")
    )
    _note(session, coordinator, "webhook.end", webhook, now)


def try_hook(session: Session, coordinator: Coordinator, code: str, now: datetime) -> None:
    """Have a message sent that tells nothing, so that whoever receives it can try."""
    webhook = _own(session, coordinator, code)
    tests = (
        select(func.count())
        .select_from(WebhookDelivery)
        .join(Webhook, col(Webhook.id) == col(WebhookDelivery.webhook_id))
        .where(
            col(Webhook.call_id) == coordinator.call_id,
            col(WebhookDelivery.event) == HookEvent.TEST,
            col(WebhookDelivery.queued_at) > now - timedelta(hours=1),
        )
    )
    if session.execute(tests).scalar_one() >= MOST_TESTS:
        raise TestedEnough
    session.add(
        WebhookDelivery(
            code=random_code(),
            webhook_id=key_of(webhook.id),
            event=HookEvent.TEST,
            body="",
            queued_at=now,
            not_before=now,
        )
    )


def hooks(session: Session, coordinator: Coordinator) -> list[HookShown]:
    """The webhooks of the call, the first set first, each with its last messages."""
    rows = session.execute(
        select(
            col(Webhook.id), col(Webhook.code), col(Webhook.url), col(Webhook.events), col(Webhook.made_at)
        )
        .where(*_live(coordinator))
        .order_by(col(Webhook.id))
    ).all()
    sent: dict[int, list[Delivery]] = {row.id: [] for row in rows}
    numbered = (
        select(
            col(WebhookDelivery.id).label("number"),
            func.row_number()
            .over(partition_by=col(WebhookDelivery.webhook_id), order_by=col(WebhookDelivery.id).desc())
            .label("place"),
        )
        .where(col(WebhookDelivery.webhook_id).in_(sent))
        .subquery()
    )
    last = (
        select(WebhookDelivery)
        .join(numbered, numbered.c.number == col(WebhookDelivery.id))
        .where(numbered.c.place <= SHOWN)
        .order_by(col(WebhookDelivery.id).desc())
    )
    for each in session.scalars(last):
        sent[each.webhook_id].append(_delivery(each))
    return [
        HookShown(code=row.code, url=row.url, events=row.events, made_at=row.made_at, deliveries=sent[row.id])
        for row in rows
    ]


def _delivery(row: WebhookDelivery) -> Delivery:
    return Delivery(
        code=row.code,
        event=row.event,
        state=row.state,
        attempts=row.attempts,
        queued_at=row.queued_at,
        next_at=row.not_before if row.state is DeliveryState.QUEUED else None,
        answered_at=row.answered_at,
        status=row.status,
        problem=row.problem,
    )


def address_problem(url: str, *, private: bool) -> str:
    """Why nothing may be sent to an address, as a code; "" where something may. No name is resolved here."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return "hook.no_address"
    plain = url.strip().isascii() and url.strip().isprintable() and " " not in url.strip()
    if not plain or not parts.hostname or port == 0 or "@" in parts.netloc or parts.fragment:
        return "hook.no_address"
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "hook.not_https"
    if not private and not is_public_host(parts.hostname):
        return "hook.private"
    return ""


# ---------------------------------------------------------------- what the job worker does


_LIVE: Any = (
    select(
        col(Webhook.id), col(Webhook.events), col(Webhook.made_at), col(Call.slug), col(Call.title),
        col(Call.opened_at), col(Call.opens_at), col(Call.closes_at), col(Call.grace_minutes),
        col(Call.published_at), col(Call.cancelled_at),
    )
    .join(Call, col(Call.id) == col(Webhook.call_id))
    .where(col(Webhook.ended_at).is_(None), col(Call.opened_at).is_not(None))
    .order_by(col(Webhook.id))
)  # fmt: skip
_TOLD: Any = select(col(WebhookDelivery.webhook_id), col(WebhookDelivery.event)).where(
    col(WebhookDelivery.webhook_id).in_(bindparam("hooks", expanding=True)),
    col(WebhookDelivery.event) != HookEvent.TEST,
)


def due_hooks(session: Session, now: datetime) -> list[DueHook]:
    """What has happened and was not told yet; each is told once, however often this is asked."""
    rows = session.execute(_LIVE).all()
    if not rows:
        return []
    told = {(hook, event) for hook, event in session.execute(_TOLD, {"hooks": [row.id for row in rows]})}
    return [
        DueHook(
            webhook_id=row.id,
            event=event,
            at=at,
            call=row.slug,
            title=row.title,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
        )
        for row in rows
        for event, at in _happened(row)
        if event in row.events and (row.id, event) not in told and row.made_at <= at <= now
    ]


def _happened(row: Any) -> Iterator[tuple[HookEvent, datetime]]:
    """What the dates of a call say that happens, and when; what was cancelled before does not."""
    ends = grace_ends_at(row)
    dated = (
        (HookEvent.OPENED, max(row.opens_at, row.opened_at) if row.opens_at else None),
        (HookEvent.CLOSED, ends),
        (HookEvent.PUBLISHED, row.published_at),
    )
    for event, at in dated:
        if at is not None and (row.cancelled_at is None or at < row.cancelled_at):
            yield event, at


def queue_hook(session: Session, due: DueHook, body: str, now: datetime) -> None:
    """Queue one message; one that is queued already stays as it is."""
    postgres = session.get_bind().dialect.name == "postgresql"
    insert: Any = (postgresql.insert if postgres else sqlite.insert)(WebhookDelivery)
    session.execute(
        insert.values(
            code=random_code(),
            webhook_id=due.webhook_id,
            event=due.event,
            body=body,
            state=DeliveryState.QUEUED,
            attempts=0,
            queued_at=now,
            not_before=now,
            problem="",
        ).on_conflict_do_nothing()
    )


def claim_delivery(session: Session, now: datetime) -> tuple[WebhookDelivery, Webhook, str] | None:
    """The next message that is due, leased to this worker, with its address and the call's slug."""
    due = (
        select(col(WebhookDelivery.id))
        .where(
            col(WebhookDelivery.state) == DeliveryState.QUEUED,
            col(WebhookDelivery.not_before) <= now,
            or_(col(WebhookDelivery.claimed_until).is_(None), col(WebhookDelivery.claimed_until) < now),
        )
        .order_by(col(WebhookDelivery.not_before), col(WebhookDelivery.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(WebhookDelivery)
        .where(col(WebhookDelivery.id) == due.scalar_subquery())
        .values(claimed_until=now + LEASE, attempts=col(WebhookDelivery.attempts) + 1)
        .returning(WebhookDelivery)
    )
    delivery = session.scalars(statement).one_or_none()
    if delivery is None:
        return None
    webhook = session.get_one(Webhook, delivery.webhook_id)
    slug = session.execute(select(col(Call.slug)).where(col(Call.id) == webhook.call_id)).scalar_one()
    return delivery, webhook, slug


def mark_answered(
    session: Session, delivery: WebhookDelivery, status: int | None, problem: str, now: datetime
) -> None:
    """2xx: it has arrived. Else again after 1, 2, 4, … minutes, and given up after eight attempts."""
    values: dict[str, object] = {"status": status, "problem": problem, "claimed_until": None}
    if status is not None:
        values["answered_at"] = now
    if not problem:
        values["state"] = DeliveryState.DELIVERED
    elif delivery.attempts >= ATTEMPTS or delivery.event is HookEvent.TEST:
        values["state"] = DeliveryState.FAILED
    else:
        values["not_before"] = now + timedelta(minutes=2 ** (delivery.attempts - 1))
    session.execute(
        update(WebhookDelivery)
        .where(col(WebhookDelivery.id) == delivery.id, col(WebhookDelivery.state) == DeliveryState.QUEUED)
        .values(**values)
    )


def _live(coordinator: Coordinator) -> tuple[Any, ...]:
    return (col(Webhook.call_id) == coordinator.call_id, col(Webhook.ended_at).is_(None))


def _own(session: Session, coordinator: Coordinator, code: str) -> Webhook:
    webhook = session.scalars(
        select(Webhook).where(*_live(coordinator), col(Webhook.code) == code).with_for_update()
    ).one_or_none()
    if webhook is None:
        raise NotFound
    return webhook


def _note(session: Session, coordinator: Coordinator, act: str, webhook: Webhook, now: datetime) -> None:
    record(
        session,
        act,
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=webhook.code,
    )
