"""Telling webhooks: what has happened is queued, and what is queued is signed and sent."""

import json
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Engine

from app.calls.hooks import (
    DueHook,
    address_problem,
    claim_delivery,
    due_hooks,
    mark_answered,
    queue_hook,
    secret_of,
    signature,
)
from app.database import session_on
from app.jobs.hook_sending import NotSent, post
from app.models.public import HookEvent, Webhook, WebhookDelivery
from app.settings import Settings

log = structlog.get_logger()
AGENT = "Baige-Webhooks/1"


def queue_hooks(engine: Engine, settings: Settings, now: datetime) -> int:
    """Queue what is to be told; how many messages that were.

    It is looked for in a unit that reads: the one that writes is short, and there only when it is needed.
    """
    with session_on(engine, reading=True) as session, session.begin():
        due = due_hooks(session, now)
    if due:
        with session_on(engine) as session, session.begin():
            for each in due:
                queue_hook(session, each, _body(settings, each), now)
    return len(due)


def tell_next(engine: Engine, settings: Settings, now: datetime) -> bool:
    """Claim one message, send it, mark it: each in a unit of its own."""
    with session_on(engine) as session, session.begin():
        claimed = claim_delivery(session, now)
        if claimed is None:
            return False
        delivery, webhook, slug = claimed
        session.expunge_all()
    status, problem = _sent(settings, delivery, webhook, slug, now)
    if problem:
        log.warning("webhook not delivered", delivery=delivery.code, attempts=delivery.attempts, why=problem)
    with session_on(engine) as session, session.begin():
        mark_answered(session, delivery, status, problem, now)
    return True


def _sent(
    settings: Settings, delivery: WebhookDelivery, webhook: Webhook, slug: str, now: datetime
) -> tuple[int | None, str]:
    """The status of the answer, and the code of what went wrong."""
    private = settings.webhooks_private
    problem = address_problem(webhook.url, private=private)
    if problem:
        return None, problem.removeprefix("hook.")
    body = delivery.body or _tried(settings, slug, delivery.queued_at)
    timestamp = int(now.timestamp())
    secret = secret_of(settings.secret_key.get_secret_value(), webhook)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": delivery.code,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, delivery.code, timestamp, body),
    }
    try:
        status = post(webhook.url, headers, body.encode(), private=private)
    except NotSent as error:
        return None, error.code
    return status, "" if 200 <= status < 300 else "refused"


def _body(settings: Settings, due: DueHook) -> str:
    base = f"{settings.base_url.rstrip('/')}/en/calls/{due.call}"
    data: dict[str, Any] = {
        "call": due.call,
        "title": due.title,
        "opens_at": due.opens_at and due.opens_at.isoformat(),
        "closes_at": due.closes_at and due.closes_at.isoformat(),
        "url": base,
    }
    if due.event is HookEvent.PUBLISHED:
        data |= {"results_url": f"{base}/results", "awards_url": f"{base}/results/awards.json"}
    return _written(f"call.{due.event}", due.at, data)


def _tried(settings: Settings, slug: str, at: datetime) -> str:
    base = f"{settings.base_url.rstrip('/')}/en/calls/{slug}"
    return _written("test", at, {"call": slug, "url": base})


def _written(kind: str, at: datetime, data: dict[str, Any]) -> str:
    said = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
