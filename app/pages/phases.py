"""The phases of a call: what has happened, what is left to the clock, and lifting the blind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import PanelName, panel_names
from app.asking import Ask
from app.calls.ledger import full_ledger
from app.calls.lifting import (
    Blind,
    LiftInput,
    ask_to_lift,
    blind_of,
    check_asking,
    confirm_lift,
    turn_down_lift,
)
from app.calls.setup_view import setup_of
from app.errors import Invalid
from app.messages import formats, label, sentence
from app.messages.labels import choices
from app.models.calls import Phase
from app.models.phases import Step
from app.pages.forms import Form, Option, Typed, form_of, one
from app.pages.page import Page, see_other, text_in
from app.pages.setup_forms import Clock, Day, instant, renamed
from app.reviews.planning import BEFORE, Plan, PlanInput, check_planning, plan_step, plans, unplan_step
from app.reviews.stands import Stands, stands_of
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/phases")


class PlanForm(BaseModel):
    """A step with day and time in the call's zone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: Annotated[Step, Ask("radios", choices="steps")]
    at_day: Day = None
    at_time: Clock = None

    def given(self, zone: ZoneInfo) -> PlanInput:
        """The instant; Invalid where day or time is missing."""
        problems: dict[str, tuple[str, dict[str, object]]] = {}
        at = instant(self, "at", zone, problems)
        if at is None and not problems:
            raise Invalid({"at_day": "missing", "at_time": "missing"})
        if problems or at is None:
            raise Invalid(problems)
        return PlanInput(step=self.step, at=at)


Planned = Annotated[Form[PlanForm], Depends(form_of(PlanForm, "plan"))]
LiftForm = Annotated[Form[LiftInput], Depends(form_of(LiftInput, "lift"))]


@dataclass(frozen=True, slots=True)
class ActView:
    """One line of the log in words."""

    words: str
    at: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A step that is left to the clock; `refused` says what stood in the way when it was due."""

    step: str
    words: str
    at: str
    refused: str


@dataclass(frozen=True, slots=True)
class BlindView:
    """How the blind stands, in words; `alone` where there is no second coordinator."""

    open: bool
    too_early: bool
    can_ask: bool
    can_confirm: bool
    waits: bool
    alone: bool
    mine: bool
    said: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PhaseList(Page):
    """Where the call is and how it came there; what one can do about it now."""

    template = "phases/list.html"
    call: str
    call_title: str
    phase: str
    opened: bool
    discussion: bool
    discussing: bool
    talking: bool
    can_discuss: bool
    unsent: int
    plans: Sequence[PlanView]
    plan: Form[PlanForm] | None
    blind: BlindView
    lift: Form[LiftInput]
    acts: Sequence[ActView]


@router.get("", name="phases.list")
def list_phases(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return _page(request, session, coordinator, now, call).response(request)


@router.post("/plans", name="phases.plan")
def plan(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: Planned
) -> Response:
    zone = ZoneInfo(setup_of(session, coordinator).dates.timezone)
    try:
        plan_step(session, coordinator, form.value().given(zone), now)
    except Invalid as error:
        if form.valid:
            check_planning(session, coordinator, form.valid.step, now)
        refused = form.refused(renamed(error, {"at": "at_day"}))
        return _page(request, session, coordinator, now, call, plan=refused).response(request, 422)
    return see_other(request, "phases.list", call=call, done="step_planned")


@router.post("/plans/remove", name="phases.unplan")
def unplan(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    step = one(given, "step")
    if step not in set(Step):
        raise Invalid({"step": "enum"})
    unplan_step(session, coordinator, Step(step), now)
    return see_other(request, "phases.list", call=call, done="step_unplanned")


@router.post("/blind", name="phases.ask_to_lift")
def ask(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: LiftForm
) -> Response:
    try:
        lifted = ask_to_lift(session, coordinator, form.value(), now)
    except Invalid as error:
        check_asking(session, coordinator, now)
        page = _page(request, session, coordinator, now, call, lift=form.refused(error))
        return page.response(request, 422)
    return see_other(request, "phases.list", call=call, done="blind_lifted" if lifted else "blind_asked")


@router.post("/blind/confirm", name="phases.confirm_lift")
def confirm(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    confirm_lift(session, coordinator, now)
    return see_other(request, "phases.list", call=call, done="blind_lifted")


@router.post("/blind/turn-down", name="phases.turn_down_lift")
def turn_down(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    turn_down_lift(session, coordinator, now)
    return see_other(request, "phases.list", call=call, done="blind_stays")


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: Now,
    call: str,
    *,
    plan: Form[PlanForm] | None = None,
    lift: Form[LiftInput] | None = None,
) -> PhaseList:
    language = language_of(request)
    stands = stands_of(session, coordinator, now)
    zone = ZoneInfo(stands.timezone)
    names = panel_names(session, coordinator)
    return PhaseList(
        call=call,
        call_title=text_in(language, stands.title),
        phase=label(language, stands.phase),
        opened=stands.phase is not Phase.PREPARING,
        discussion=stands.discussion,
        discussing=stands.discussing,
        talking=stands.discussing and stands.phase is Phase.REVIEWING,
        can_discuss=stands.phase is Phase.REVIEWING and stands.discussion and not stands.discussing,
        unsent=stands.unsent,
        plans=[_plan(language, zone, each) for each in plans(session, coordinator)],
        plan=_plan_form(language, stands, plan),
        blind=_blind(language, zone, names, blind_of(session, coordinator, now)),
        lift=lift or Form(LiftInput, "lift", language),
        acts=_acts(session, coordinator, language, zone, names),
    )


def _plan_form(language: str, stands: Stands, typed: Form[PlanForm] | None) -> Form[PlanForm] | None:
    """Only what lies ahead can be left to the clock; nothing at all once that is over."""
    ahead = [step for step in Step if stands.phase in BEFORE[step]]
    if not stands.discussion or stands.discussing:
        ahead = [step for step in ahead if step is not Step.DISCUSSION]
    if not ahead:
        return None
    words = choices(language, "steps")
    form = typed or Form(PlanForm, "plan", language, {"step": str(ahead[0])} if len(ahead) == 1 else {})
    return form.offering(step=[Option(str(step), words[step]) for step in ahead])


def _plan(language: str, zone: ZoneInfo, plan: Plan) -> PlanView:
    return PlanView(
        step=str(plan.step),
        words=choices(language, "steps")[plan.step],
        at=formats.moment(language, plan.at, zone),
        refused=sentence(language, plan.refused, {"count": "–"}) if plan.refused else "",
    )


def _blind(language: str, zone: ZoneInfo, names: Mapping[str, PanelName], blind: Blind) -> BlindView:
    def who(code: str, when: datetime | None) -> str:
        name = names[code].shown if code in names else ""
        return f"{name}, {formats.moment(language, when, zone)}" if when else name

    asked = who(blind.asked_by, blind.asked_at)
    confirmed = who(blind.confirmed_by, blind.confirmed_at)
    return BlindView(
        open=blind.open,
        too_early=blind.too_early,
        can_ask=blind.can_ask,
        can_confirm=blind.can_confirm,
        waits=blind.asked_at is not None and blind.confirmed_at is None,
        alone=blind.alone,
        mine=blind.mine,
        said=confirmed
        if blind.asked_by == blind.confirmed_by
        else "; ".join(filter(None, (asked, confirmed))),
        reason=blind.reason,
    )


def _acts(
    session: Session,
    coordinator: Coordinator,
    language: str,
    zone: ZoneInfo,
    names: Mapping[str, PanelName],
) -> list[ActView]:
    words, steps = choices(language, "acts"), choices(language, "steps")
    return [
        ActView(
            words=f"{words[each.act]}: {steps[each.step]}" if each.step else words[each.act],
            at=formats.moment(language, each.at, zone),
            by=names[each.by].shown if each.by in names else "",
            reason=each.reason,
        )
        for each in full_ledger(session, coordinator)
    ]
