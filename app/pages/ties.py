"""Ties of people on the panel with applications: what to decide, what stands, and who takes over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.calls.panel import panel_of
from app.calls.titles import call_title
from app.errors import Conflict, Invalid
from app.messages import label, sentence
from app.messages.answers import in_language
from app.messages.labels import choices
from app.models.reviews import TieGround
from app.pages.forms import FieldView, Form, Option, form_of
from app.pages.page import Page, path_to, see_other
from app.reviews import conflicts
from app.reviews.conflicts import (
    KnownTie,
    LiftInput,
    OwnTie,
    SuspectedTie,
    SuspicionInput,
    TieDeclareInput,
    TiePinInput,
)
from app.reviews.progress import organisation_names
from app.reviews.substitutes import open_recusals
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ties")
DecideForm = Annotated[Form[SuspicionInput], Depends(form_of(SuspicionInput, "suspicion"))]
PinForm = Annotated[Form[TiePinInput], Depends(form_of(TiePinInput, "tie_pin"))]
OwnForm = Annotated[Form[TieDeclareInput], Depends(form_of(TieDeclareInput, "own_tie"))]
LiftForm = Annotated[Form[LiftInput], Depends(form_of(LiftInput, "tie_lift"))]


@dataclass(frozen=True, slots=True)
class SuspectedRow:
    """What matched, in words, and where the application is read that it rests on."""

    application: str
    title: str
    matched: str
    people: str
    href: str


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A tie on record, in words."""

    application: str
    who: str
    matched: str
    reason: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """An application whose reviewer may not score it; `proposed` is empty where nobody is free."""

    application: str
    organisation_code: str
    organisation: str
    reviewer: str
    proposed: str
    load: int
    bench: int
    suspected: int


@dataclass(frozen=True, kw_only=True)
class TieList(Page):
    """Everything about ties that this coordinator may know."""

    template = "ties/list.html"
    call: str
    call_title: str
    suspected: list[SuspectedRow]
    recusals: list[RecusalRow]
    standing: list[KnownRow]
    lifted: list[KnownRow]
    own: list[OwnTie]
    alone: bool
    can_lift: bool


@dataclass(frozen=True, kw_only=True)
class TieForm(Page):
    """One form about ties. `to` is where it goes; `warning` is what is in the way."""

    template = "ties/form.html"
    call: str
    call_title: str
    heading: str
    lead: str
    to: str
    press: str
    form: Form[Any]
    fields: Sequence[FieldView]
    empty: str
    warning: str


class Told:
    """The words for people, organisations and what matched, looked up once a page."""

    def __init__(self, session: Session, coordinator: Coordinator, language: str) -> None:
        self.language = language
        self.names = panel_names(session, coordinator)
        self.organisations = {
            code: in_language(language, name)
            for code, name in organisation_names(session, coordinator.call_id).items()
        }
        self.of = conflicts.organisation_of(session, coordinator)

    def who(self, member: str) -> str:
        """A member of the panel with the organisation."""
        name = self.names[member].shown if member in self.names else member
        organisation = self.organisations.get(self.of.get(member, ""), "")
        return f"{name} · {organisation}" if organisation else name

    def matched(self, ground: TieGround, evidence: str) -> str:
        """From what a tie is known or suspected."""
        said = label(self.language, ground)
        match ground:
            case TieGround.ORGANISATION:
                return f"{said}: {self.organisations.get(evidence, evidence)}"
            case TieGround.DOMAIN:
                return f"{said}: {evidence}"
        return said

    def suspected(self, tie: SuspectedTie, call: str) -> SuspectedRow:
        """What matched, in words."""
        return SuspectedRow(
            application=tie.application,
            title=tie.title,
            matched=self.matched(tie.ground, tie.evidence),
            people="; ".join(self.who(member) for member in tie.members),
            href=f"{path_to(self.language, 'desk.applications', call=call)}?q={quote(tie.application)}",
        )

    def known(self, tie: KnownTie) -> KnownRow:
        """A tie on record, in words."""
        return KnownRow(
            application=tie.application,
            who=self.who(tie.member),
            matched=self.matched(tie.ground, tie.evidence),
            reason=tie.reason,
            by=self.names[tie.by].shown if tie.by in self.names else "",
            at=tie.at,
        )


@router.get("", name="ties.list")
def list_ties(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    told, found = Told(session, coordinator, language), conflicts.ties(session, coordinator)
    return TieList(
        call=call,
        call_title=call_title(session, coordinator, language),
        suspected=[told.suspected(each, call) for each in found.suspected],
        recusals=[
            RecusalRow(
                application=each.application,
                organisation_code=each.organisation,
                organisation=told.organisations.get(each.organisation, each.organisation),
                reviewer=told.who(each.reviewer),
                proposed=told.who(each.proposed) if each.proposed else "",
                load=each.load,
                bench=each.bench,
                suspected=each.suspected,
            )
            for each in open_recusals(session, coordinator)
        ],
        standing=[told.known(each) for each in found.standing],
        lifted=[told.known(each) for each in found.lifted],
        own=found.own,
        alone=bool(found.own) and found.alone,
        can_lift=any(each.key for each in found.standing),
    ).response(request)


@router.get("/decide", name="ties.decide")
def deciding(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    form = Form(SuspicionInput, "suspicion", language_of(request))
    return _decide(request, session, coordinator, call, form).response(request)


@router.post("/decide", name="ties.decide_now")
def decide(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: DecideForm
) -> Response:
    try:
        conflicts.decide_suspicions(session, coordinator, form.value(), now)
    except Invalid as error:
        page = _decide(request, session, coordinator, call, form.refused(error))
        return page.response(request, 422)
    except Conflict as error:
        session.rollback()
        page = _decide(request, session, coordinator, call, form, error.code)
        return page.response(request, 409)
    return see_other(request, "ties.list", call=call, done="tie_decided")


def _decide(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    form: Form[SuspicionInput],
    refusal: str = "",
) -> TieForm:
    language = language_of(request)
    told = Told(session, coordinator, language)
    options = []
    for each in conflicts.ties(session, coordinator).suspected:
        row = told.suspected(each, call)
        options.append(Option(each.key, f"{row.application} · {row.title} — {row.matched} — {row.people}"))
    return _form(
        request, session, coordinator, call, "decide", "ties.decide_now",
        form.offering(suspected=options), refusal, empty=not options,
    )  # fmt: skip


@router.get("/pin", name="ties.pin")
def pinning(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    form = Form(TiePinInput, "tie_pin", language_of(request))
    return _pin(request, session, coordinator, call, form).response(request)


@router.post("/pin", name="ties.pin_now")
def pin(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: PinForm
) -> Response:
    try:
        conflicts.pin_tie(session, coordinator, form.value(), now)
    except Invalid as error:
        return _pin(request, session, coordinator, call, form.refused(error)).response(request, 422)
    except Conflict as error:
        return _pin(request, session, coordinator, call, form, error.code).response(request, 409)
    return see_other(request, "ties.list", call=call, done="tie_pinned")


def _pin(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    form: Form[TiePinInput],
    refusal: str = "",
) -> TieForm:
    told = Told(session, coordinator, language_of(request))
    members = [Option(each.code, told.who(each.code)) for each in panel_of(session, coordinator)]
    offered = form.offering(member=members)
    return _form(request, session, coordinator, call, "pin", "ties.pin_now", offered, refusal)


@router.get("/own", name="ties.own")
def declaring(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    form = Form(TieDeclareInput, "own_tie", language_of(request))
    return _form(request, session, coordinator, call, "own", "ties.declare", form).response(request)


@router.post("/own", name="ties.declare")
def declare(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: OwnForm
) -> Response:
    try:
        conflicts.declare_own_tie(session, coordinator, form.value(), now)
    except Invalid as error:
        page = _form(request, session, coordinator, call, "own", "ties.declare", form.refused(error))
        return page.response(request, 422)
    return see_other(request, "ties.list", call=call, done="own_tie_declared")


@router.get("/lift", name="ties.lift")
def lifting(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    form = Form(LiftInput, "tie_lift", language_of(request))
    return _lift(request, session, coordinator, call, form).response(request)


@router.post("/lift", name="ties.lift_now")
def lift(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: LiftForm
) -> Response:
    try:
        conflicts.lift_tie(session, coordinator, form.value(), now)
    except Invalid as error:
        return _lift(request, session, coordinator, call, form.refused(error)).response(request, 422)
    return see_other(request, "ties.list", call=call, done="tie_lifted")


def _lift(
    request: Request, session: Session, coordinator: Coordinator, call: str, form: Form[LiftInput]
) -> TieForm:
    told = Told(session, coordinator, language_of(request))
    known: Mapping[str, KnownTie] = {
        each.key: each for each in conflicts.ties(session, coordinator).standing if each.key
    }
    options: Sequence[Option] = [
        Option(key, f"{each.application} · {told.who(each.member)}") for key, each in known.items()
    ]
    offered = form.offering(tie=options)
    return _form(request, session, coordinator, call, "lift", "ties.lift_now", offered, empty=not options)


def _form(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    code: str,
    to: str,
    form: Form[Any],
    refusal: str = "",
    *,
    empty: bool = False,
) -> TieForm:
    language = language_of(request)
    return TieForm(
        call=call,
        call_title=call_title(session, coordinator, language),
        heading=choices(language, "tie_heading")[code],
        lead=choices(language, "tie_lead")[code],
        to=to,
        press=choices(language, "tie_press")[code],
        form=form,
        fields=list(form.fields.values()),
        empty=choices(language, "tie_empty").get(code, "") if empty else "",
        warning=sentence(language, refusal) if refusal else "",
    )
