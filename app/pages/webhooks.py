"""The addresses that are told when a call opens, closes and publishes, and what became of each message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls import hooks as rules
from app.calls.hooks import Delivery, HookInput, HookShown
from app.calls.titles import call_title
from app.errors import Invalid
from app.messages import formats
from app.messages.labels import choices
from app.models.public import DeliveryState
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.settings import Settings
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/webhooks")
HookForm = Annotated[Form[HookInput], Depends(form_of(HookInput, "hook"))]


@dataclass(frozen=True, slots=True)
class HookView:
    """One address: of what it is told, since when, and its last messages."""

    code: str
    url: str
    events: str
    since: str
    deliveries: TableView | None


@dataclass(frozen=True, kw_only=True)
class WebhookList(Page):
    """The webhooks of a call. `made` is a new secret, shown this once; `made_for` is its address."""

    template = "webhooks/list.html"
    call: str
    call_title: str
    hooks: Sequence[HookView]
    form: Form[HookInput]
    room: bool
    made: str
    made_for: str


@router.get("", name="webhooks.list")
def list_webhooks(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    return _page(request, session, coordinator, call).response(request)


@router.post("", name="webhooks.add")
def add(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: HookForm
) -> Response:
    settings: Settings = request.state.settings
    try:
        made = rules.add_hook(
            session,
            coordinator,
            form.value(),
            secret_key=settings.secret_key.get_secret_value(),
            private=settings.webhooks_private,
            now=now,
        )
    except Invalid as error:
        return _page(request, session, coordinator, call, form.refused(error)).response(request, 422)
    # Not a redirect: the secret must not be kept anywhere between two requests.
    session.flush()
    return _page(request, session, coordinator, call, made=made).response(request, 201)


@router.post("/{hook}/secret", name="webhooks.new_secret")
def new_secret(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, hook: str
) -> Response:
    key = request.state.settings.secret_key.get_secret_value()
    made = rules.new_secret(session, coordinator, hook, secret_key=key, now=now)
    session.flush()
    return _page(request, session, coordinator, call, made=made).response(request, 201)


@router.post("/{hook}/test", name="webhooks.test")
def test(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, hook: str
) -> Response:
    rules.try_hook(session, coordinator, hook, now)
    return see_other(request, "webhooks.list", call=call, done="hook_tested")


@router.post("/{hook}/end", name="webhooks.end")
def end(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, hook: str
) -> Response:
    rules.end_hook(session, coordinator, hook, now)
    return see_other(request, "webhooks.list", call=call, done="hook_ended")


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    form: Form[HookInput] | None = None,
    made: rules.HookMade | None = None,
) -> WebhookList:
    language = language_of(request)
    found = rules.hooks(session, coordinator)
    return WebhookList(
        call=call,
        call_title=call_title(session, coordinator, language),
        hooks=[_hook(language, each) for each in found],
        form=form or Form(HookInput, "hook", language, {"events": [str(each) for each in rules.TOLD]}),
        room=len(found) < rules.MOST,
        made=made.secret if made else "",
        made_for=next((each.url for each in found if made and each.code == made.code), ""),
    )


def _hook(language: str, hook: HookShown) -> HookView:
    words = choices(language, "hook_events")
    return HookView(
        code=hook.code,
        url=hook.url,
        events=", ".join(words[each] for each in hook.events),
        since=formats.moment(language, hook.made_at),
        deliveries=_log(language, hook) if hook.deliveries else None,
    )


def _log(language: str, hook: HookShown) -> TableView:
    head = choices(language, "hook_log")
    return TableView(
        id=f"log-{hook.code}",
        caption=head["caption"],
        columns=[ColumnView(head[name]) for name in ("event", "queued", "state", "answer")],
        rows=[RowView(_cells(language, each)) for each in hook.deliveries],
    )


def _cells(language: str, each: Delivery) -> list[TextCell]:
    events, states = choices(language, "hook_sent"), choices(language, "hook_state")
    problems, head = choices(language, "hook_problem"), choices(language, "hook_log")
    said = [str(each.status)] if each.status is not None else []
    said += [problems[each.problem]] if each.problem else []
    later = each.state is DeliveryState.QUEUED and each.attempts and each.next_at
    note = f"{head['again']}: {formats.moment(language, each.next_at)}" if later and each.next_at else ""
    return [
        TextCell(events[each.event]),
        TextCell(formats.moment(language, each.queued_at)),
        TextCell(states[each.state], note=f"{head['attempts']}: {each.attempts}" if each.attempts else ""),
        TextCell(" · ".join(said) or "–", note=note),
    ]
