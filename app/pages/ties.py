"""Ties of people on the panel with applications: what stands, who takes over, deciding on suspicions."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.database import session_on
from app.errors import Conflict, Invalid
from app.messages import sentence, words_of
from app.messages.labels import choices
from app.pages.fitting_words import lacking
from app.pages.forms import FieldView, Form, Mistake, Option, element_id, form_of
from app.pages.page import Page, path_to, see_other
from app.pages.tie_form import TieForm, tie_form
from app.pages.tie_views import KnownRow, SuspectedRow, Told
from app.reviews import conflicts, known_ties
from app.reviews.known_ties import OwnTie, SuspectedTie
from app.reviews.said import Ground, read_said
from app.reviews.substitutes import Recusal, open_recusals
from app.reviews.tie_inputs import SuspicionInput
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ties")
DecideForm = Annotated[Form[SuspicionInput], Depends(form_of(SuspicionInput, "suspicion"))]


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
class OwnRow:
    """A tie of one's own; `href` is where it is taken back, empty where another coordinator is to say so."""

    application: str
    reason: str
    at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """An application whose reviewer may not score it; `proposed` is empty where nobody is free.

    `lacks`: what stands against them where nobody fits, and `tick` that one knows.
    """

    application: str
    organisation_code: str
    organisation: str
    reviewer: str
    proposed: str
    load: int
    most: int | None
    language: str
    lacks: str
    tick: FieldView
    bench: int
    suspected: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the error summary needs of a form."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, slots=True)
class RecognisedRow:
    """Who may know whose application it is, and still scores it."""

    application: str
    who: str
    note: str
    at: datetime | None


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
    recognised: list[RecognisedRow]
    own: list[OwnRow]
    alone: bool
    can_lift: bool
    form: Summary


@router.get("", name="ties.list")
def list_ties(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return ties_page(request, session, coordinator, now, call).response(request)


def ties_page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: datetime,
    call: str,
    refused: Mapping[tuple[str, str], str] | None = None,
) -> TieList:
    """The page. `refused`: what is wrong with giving a substitute, by organisation and application."""
    language = language_of(request)
    told, found = Told(session, coordinator, language), known_ties.ties(session, coordinator)
    alone = bool(found.own) and found.alone
    wrong = refused or {}
    recusals = [
        _recusal(told, each, wrong.get((each.organisation, each.application), ""))
        for each in open_recusals(session, coordinator)
    ]
    return TieList(
        call=call,
        call_title=call_title(session, coordinator, language),
        suspected=len(found.suspected),
        groups=_groups(request, session, told, coordinator, call, found.suspected, now),
        recusals=recusals,
        standing=told.known(found.standing),
        lifted=told.known(found.lifted),
        no_ties=len({each.application for each in found.lifted}),
        recognised=[
            RecognisedRow(each.application, told.who(each.member), each.note, each.at)
            for each in found.recognised
        ],
        own=[_own(language, call, each, alone=alone) for each in found.own],
        alone=alone,
        can_lift=any(each.key for each in found.standing),
        form=Summary([Mistake("#" + each.tick.id, each.tick.error) for each in recusals if each.tick.error]),
    )


def _recusal(told: Told, found: Recusal, wrong: str) -> RecusalRow:
    name = f"nonetheless-{found.organisation}-{found.application}"
    return RecusalRow(
        application=found.application,
        organisation_code=found.organisation,
        organisation=told.organisations.get(found.organisation, found.organisation),
        reviewer=told.who(found.reviewer),
        proposed=told.who(found.proposed) if found.proposed else "",
        load=found.load,
        most=found.most,
        language=choices(told.language, "languages").get(found.language, found.language),
        lacks=", ".join(lacking(told.language, found.lacks, found.language)),
        tick=FieldView(
            id=element_id(name),
            name="nonetheless",
            control="checkboxes",
            label=words_of(told.language, "substitute.nonetheless").label,
            error=wrong,
        ),
        bench=found.bench,
        suspected=found.suspected,
    )


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
    ties = known_ties.ties(session, coordinator).suspected
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
    page = tie_form(
        request, session, coordinator, call, "decide", "ties.decide_now", offered, refusal, empty=not options
    )
    if len(people) > 1:
        return page
    return replace(page, fields=[each for name, each in offered.fields.items() if name != "members"])
