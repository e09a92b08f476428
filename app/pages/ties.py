"""Ties of people on the panel with applications: what to decide, what stands, and who takes over."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.calls.panel import panel_of
from app.calls.titles import call_title
from app.database import session_on
from app.errors import Conflict, Invalid
from app.messages import label, sentence, words_of
from app.messages.answers import in_language
from app.messages.labels import choices
from app.models.reviews import TieGround
from app.pages.forms import FieldView, Form, Option, form_of, one
from app.pages.page import Page, path_to, see_other
from app.reviews import conflicts
from app.reviews.conflicts import (
    FoundApplication,
    KnownTie,
    LiftInput,
    OwnLiftInput,
    OwnTie,
    SuspectedTie,
    SuspicionInput,
    TieDeclareInput,
    TiePinInput,
)
from app.reviews.progress import organisation_names
from app.reviews.said import Ground, read_said
from app.reviews.substitutes import open_recusals
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ties")
DecideForm = Annotated[Form[SuspicionInput], Depends(form_of(SuspicionInput, "suspicion"))]
PinForm = Annotated[Form[TiePinInput], Depends(form_of(TiePinInput, "tie_pin"))]
OwnForm = Annotated[Form[TieDeclareInput], Depends(form_of(TieDeclareInput, "own_tie"))]
BackForm = Annotated[Form[OwnLiftInput], Depends(form_of(OwnLiftInput, "own_tie_back"))]
LiftForm = Annotated[Form[LiftInput], Depends(form_of(LiftInput, "tie_lift"))]


@dataclass(frozen=True, slots=True)
class SaidView:
    """What the team answered, beside the question."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class SuspectedRow:
    """What matched, in words, what the team said itself, and where its application is read.

    `named`: whom its words name; `people`: to whom it points, empty where that is said for the whole group.
    """

    application: str
    title: str
    lang: str
    matched: str
    people: str
    named: str
    said: Sequence[SaidView]
    href: str


@dataclass(frozen=True, slots=True)
class SuspectedGroup:
    """All that points to the people of one organisation: one reason and one press decide on it."""

    code: str
    title: str
    people: str
    rows: Sequence[SuspectedRow]
    keys: Sequence[str]
    reason: FieldView
    href: str


@dataclass(frozen=True, slots=True)
class KnownRow:
    """Ties on record that were decided at once for the same reason, in words."""

    applications: str
    matched: str
    who: str
    reason: str
    by: str
    at: datetime | None
    number: int


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A tie of one's own; `href` is where it is taken back, empty where another coordinator is to say so."""

    application: str
    reason: str
    at: datetime
    href: str


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
    suspected: int
    groups: list[SuspectedGroup]
    recusals: list[RecusalRow]
    standing: list[KnownRow]
    lifted: list[KnownRow]
    no_ties: int
    own: list[OwnRow]
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


@dataclass(frozen=True, kw_only=True)
class TieSure(Page):
    """Which application it is, before a tie of one's own hides it."""

    template = "ties/sure.html"
    call: str
    call_title: str
    heading: str
    lead: str
    press: str
    application: str
    reason: str
    found: FoundApplication | None
    choice: FieldView | None


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

    def name(self, member: str) -> str:
        """A member of the panel alone."""
        return self.names[member].shown if member in self.names else member

    def who(self, member: str) -> str:
        """A member of the panel with the organisation."""
        name = self.name(member)
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

    def everybody(self, members: Sequence[str]) -> str:
        """Some of the panel, each once; of one organisation it is named once."""
        told = dict.fromkeys(members)
        of = {self.of.get(member, "") for member in told}
        if len(told) < 2 or len(of) > 1 or of == {""}:
            return "; ".join(self.who(member) for member in told)
        return f"{', '.join(self.name(member) for member in told)} · {self.organisations.get(of.pop(), '')}"

    def group(self, tie: SuspectedTie) -> str:
        """The organisation to whose people alone a suspicion points; empty where it is not one."""
        if tie.ground is TieGround.ORGANISATION:
            return tie.evidence
        found = {self.of.get(member, "") for member in tie.members}
        return found.pop() if len(found) == 1 else ""

    def suspected(self, tie: SuspectedTie, call: str, ground: Ground, known: str = "") -> SuspectedRow:
        """What matched, in words; `known` are the people who need not be named again."""
        people = self.everybody(tie.members)
        return SuspectedRow(
            application=tie.application,
            title=tie.title,
            lang=tie.language,
            matched=self.matched(tie.ground, tie.evidence),
            people="" if people == known else people,
            named=self.everybody(ground.named),
            said=[SaidView(words_of(self.language, each.question).label, each.words) for each in ground.said],
            href=f"{path_to(self.language, 'desk.applications', call=call)}?q={quote(tie.application)}",
        )

    def known(self, ties: Sequence[KnownTie]) -> list[KnownRow]:
        """Ties on record in words; what was decided at once for one reason is one line."""
        together: dict[tuple[Any, ...], list[KnownTie]] = defaultdict(list)
        for each in ties:
            together[each.ground, each.evidence, each.reason, each.by, each.at].append(each)
        return [
            KnownRow(
                applications=", ".join(dict.fromkeys(each.application for each in same)),
                matched=self.matched(same[0].ground, same[0].evidence),
                who=self.everybody([each.member for each in same]),
                reason=same[0].reason,
                by=self.names[same[0].by].shown if same[0].by in self.names else "",
                at=same[0].at,
                number=len({each.application for each in same}),
            )
            for same in together.values()
        ]


@router.get("", name="ties.list")
def list_ties(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    language = language_of(request)
    told, found = Told(session, coordinator, language), conflicts.ties(session, coordinator)
    alone = bool(found.own) and found.alone
    return TieList(
        call=call,
        call_title=call_title(session, coordinator, language),
        suspected=len(found.suspected),
        groups=_groups(request, session, told, coordinator, call, found.suspected, now),
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
        standing=told.known(found.standing),
        lifted=told.known(found.lifted),
        no_ties=len({each.application for each in found.lifted}),
        own=[_own(language, call, each, alone=alone) for each in found.own],
        alone=alone,
        can_lift=any(each.key for each in found.standing),
    ).response(request)


def _own(language: str, call: str, tie: OwnTie, *, alone: bool) -> OwnRow:
    back = f"{path_to(language, 'ties.own_back', call=call)}?application={quote(tie.application)}"
    return OwnRow(tie.application, tie.reason, tie.at, back if alone else "")


def _read(
    request: Request, session: Session, coordinator: Coordinator, ties: Sequence[SuspectedTie], now: datetime
) -> Mapping[str, Ground]:
    """What the teams said may name people: each look is logged, of a GET in a short unit of its own."""
    if not ties:
        return {}
    if request.method == "POST":
        return read_said(session, coordinator, ties, now)
    with session_on(request.state.engine) as own, own.begin():
        return read_said(own, coordinator, ties, now)


def _groups(
    request: Request,
    session: Session,
    told: Told,
    coordinator: Coordinator,
    call: str,
    ties: Sequence[SuspectedTie],
    now: datetime,
) -> list[SuspectedGroup]:
    """By organisation, in the order of their names; what points to several stands last."""
    said = _read(request, session, coordinator, ties, now)
    groups: dict[str, list[SuspectedTie]] = defaultdict(list)
    for each in ties:
        groups[told.group(each)].append(each)
    several = sentence(told.language, "tie.several_organisations")
    decide = path_to(told.language, "ties.decide", call=call)
    people = {code: _in_common(told, groups[code]) if code else "" for code in groups}
    return [
        SuspectedGroup(
            code=code or "other",
            title=told.organisations.get(code, several),
            people=people[code],
            rows=[told.suspected(each, call, said[each.key], people[code]) for each in groups[code]],
            keys=[each.key for each in groups[code]],
            reason=Form(SuspicionInput, "suspicion", told.language)
            .placed(f"{code or 'other'}.")
            .fields["reason"],
            href=f"{decide}?of={quote(code or 'other')}",
        )
        for code in sorted(groups, key=lambda code: (not code, told.organisations.get(code, code)))
    ]


def _in_common(told: Told, ties: Sequence[SuspectedTie]) -> str:
    """To whom most of them point: the people of the organisation."""
    (most, _), *_ = Counter(told.everybody(each.members) for each in ties).most_common(1)
    return most


@router.get("/decide", name="ties.decide")
def deciding(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    of: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    form = Form(SuspicionInput, "suspicion", language_of(request))
    return _decide(request, session, coordinator, now, call, form, of=of).response(request)


@router.post("/decide", name="ties.decide_now")
def decide(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: DecideForm
) -> Response:
    try:
        conflicts.decide_suspicions(session, coordinator, form.value(), now)
    except Invalid as error:
        page = _decide(request, session, coordinator, now, call, form.refused(error))
        return page.response(request, 422)
    except Conflict as error:
        session.rollback()
        page = _decide(request, session, coordinator, now, call, form, error.code)
        return page.response(request, 409)
    return see_other(request, "ties.list", call=call, done="tie_decided")


def _decide(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: datetime,
    call: str,
    form: Form[SuspicionInput],
    refusal: str = "",
    of: str = "",
) -> TieForm:
    """All that waits, or what points to one organisation; beside each what its team said."""
    language = language_of(request)
    told = Told(session, coordinator, language)
    ties = conflicts.ties(session, coordinator).suspected
    ties = [each for each in ties if (told.group(each) or "other") == of] or ties
    said = _read(request, session, coordinator, ties, now)
    options, people = [], dict[str, str]()
    for each in ties:
        row = told.suspected(each, call, said[each.key])
        answers = [f"{answer.question} — {answer.words}" for answer in row.said]
        words = "; ".join([row.matched, *answers, row.people])
        options.append(Option(each.key, f"{row.application} · {row.title}", words))
        people |= {member: told.who(member) for member in each.members}
    offered = form.offering(
        suspected=options,
        members=[Option(code, who) for code, who in people.items()] if len(people) > 1 else [],
    )
    page = _form(
        request, session, coordinator, call, "decide", "ties.decide_now", offered, refusal, empty=not options
    )
    if len(people) > 1:
        return page
    return replace(page, fields=[each for name, each in offered.fields.items() if name != "members"])


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
    """First which application it is, by its title; only once that is confirmed it is hidden."""
    try:
        value = form.value()
        found = conflicts.find_applications(session, coordinator, value.application)
        sure = one(form.given, "sure")
        if sure not in {each.application for each in found}:
            return _sure(request, session, coordinator, call, value, found).response(request)
        chosen = TieDeclareInput(application=sure, reason=value.reason)
        conflicts.declare_own_tie(session, coordinator, chosen, now)
    except Invalid as error:
        page = _form(request, session, coordinator, call, "own", "ties.declare", form.refused(error))
        return page.response(request, 422)
    return see_other(request, "ties.list", call=call, done="own_tie_declared")


def _sure(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    given: TieDeclareInput,
    found: Sequence[FoundApplication],
) -> TieSure:
    language = language_of(request)
    several = [Option(each.application, f"{each.application} · {each.title}") for each in found]
    choice = FieldView(
        id="f-sure",
        name="sure",
        control="radios",
        label=sentence(language, "tie.which_application"),
        options=several,
    )
    return TieSure(
        call=call,
        call_title=call_title(session, coordinator, language),
        heading=choices(language, "tie_heading")["sure"],
        lead=choices(language, "tie_lead")["sure"],
        press=choices(language, "tie_press")["sure"],
        application=given.application,
        reason=given.reason,
        found=found[0] if len(found) == 1 else None,
        choice=choice if len(found) > 1 else None,
    )


@router.get("/own/back", name="ties.own_back")
def taking_back(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    application: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    form = Form(OwnLiftInput, "own_tie_back", language_of(request), {"application": application})
    return _form(request, session, coordinator, call, "back", "ties.take_back", form).response(request)


@router.post("/own/back", name="ties.take_back")
def take_back(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: BackForm
) -> Response:
    try:
        conflicts.take_back_own_tie(session, coordinator, form.value(), now)
    except Invalid as error:
        page = _form(request, session, coordinator, call, "back", "ties.take_back", form.refused(error))
        return page.response(request, 422)
    except Conflict as error:
        page = _form(request, session, coordinator, call, "back", "ties.take_back", form, error.code)
        return page.response(request, 409)
    return see_other(request, "ties.list", call=call, done="own_tie_back")


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
