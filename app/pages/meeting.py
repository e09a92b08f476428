"""The panel's meeting: its agenda, each case with its minutes and outcome, and second persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.calls.panel import FullMember, panel_of
from app.calls.titles import call_title, criterion_titles, organisation_names
from app.decisions import meeting as actions
from app.decisions import seconding
from app.decisions.agenda import Agenda, FullCase, Ground, agenda, case_of, check_case
from app.decisions.meeting import AddInput, CaseInput, FullMeeting, MeetingInput, MinutesInput, meeting_of
from app.decisions.refusals import (
    AlreadyAwarded,
    BelowThreshold,
    CaseWritten,
    ConfirmedAlready,
    EnvelopeExceeded,
    NeedsOneMore,
    NoPlaceLeft,
    NotInOrder,
    OnAgenda,
    SecondPersonNeeded,
    WinnerWithdrew,
)
from app.decisions.seconding import ConfirmInput, FullDeparture
from app.decisions.seconds import can_second
from app.decisions.standing import standing
from app.errors import Conflict, Invalid, Stale
from app.messages import formats, label, sentence, translations
from app.messages.labels import choices
from app.models.columns import Texts
from app.models.meeting import Outcome
from app.pages.forms import FieldView, Form, Mistake, Option, form_of, number, one, read_form, typed
from app.pages.page import Page, path_to, see_other, text_in
from app.scoring.methods import Method
from app.wall import BehindWall
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/panel-meeting")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]
AddForm = Annotated[Form[AddInput], Depends(form_of(AddInput, "add_case"))]
ConfirmForm = Annotated[Form[ConfirmInput], Depends(form_of(ConfirmInput, "confirm"))]
HALF = 0.5


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case on the agenda; `tone` and `state` say how far it is."""

    application: str
    href: str
    title: str
    why: str
    away: str
    place: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Group:
    """Cases for which the same people leave the room."""

    id: str
    title: str
    cases: Sequence[CaseLine]


@dataclass(frozen=True, slots=True)
class DepartureView:
    """A departure from the order in words; `can_confirm`: whoever reads this is a second person."""

    id: str
    application: str
    round: str
    round_name: str
    kind: str
    reason: str
    by: str
    seen: str
    state: str
    tone: str
    can_confirm: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """What the error summary needs of the forms."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class MeetingShow(Page):
    """The agenda by who leaves the room, the departures, and the meeting itself."""

    template = "meeting/show.html"
    call: str
    call_title: str
    groups: Sequence[Group]
    firm: Sequence[CaseLine]
    partial: bool
    open: bool
    done: int
    total: int
    zone: str
    differing: Sequence[str]
    departures: Sequence[DepartureView]
    version: int
    held_on: FieldView
    present: FieldView
    notes: FieldView
    was_there: str
    held: str
    said: str
    add: FieldView
    form: Wrong
    refused: str
    stale: bool


@dataclass(frozen=True, kw_only=True)
class MeetingCase(Page):
    """One case: its figures in words, who leaves the room, and the form for what came of it.

    `theirs` is what somebody else saved meanwhile, as (label, text).
    """

    template = "meeting/case.html"
    call: str
    call_title: str
    application: str
    title: str
    reviews_href: str
    grounds: str
    facts: Sequence[str]
    away: str
    open: bool
    removable: bool
    version: int
    minutes: FieldView
    outcome: FieldView
    reason: FieldView
    round: FieldView | None
    said: Sequence[tuple[str, str]]
    alone: bool
    departure: DepartureView | None
    theirs: Sequence[tuple[str, str]]
    refused: str
    form: Wrong
    next_href: str
    following: str


@dataclass(frozen=True, kw_only=True)
class MeetingSaved(Page):
    """What an autosave answers: the status line, and beside it the new version. `at` is None if refused."""

    template = "meeting/saved.html"
    at: datetime | None
    sentence: str
    version: int


@router.get("", name="meeting.show")
def show(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    return _meeting(request, session, coordinator, now, call).response(request)


@router.post("", name="meeting.save")
def save(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    form = _asked(request, given)
    try:
        actions.save_meeting(session, coordinator, number(given, "version"), form.value(), now)
    except Invalid as error:
        page = _meeting(request, session, coordinator, now, call, form=form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _meeting(request, session, coordinator, now, call, form=form, stale=True)
        return page.response(request, 409)
    except BehindWall as error:
        words = sentence(language_of(request), error.code)
        page = _meeting(request, session, coordinator, now, call, form=form, refused=words)
        return page.response(request, 409)
    return see_other(request, "meeting.show", call=call, done="meeting_saved")


def _asked(request: Request, given: Mapping[str, str | list[str]]) -> Form[MeetingInput]:
    asked = {name: given[name] for name in ("held_on", "present", "notes") if name in given}
    return read_form(MeetingInput, "meeting", language_of(request), asked)


@router.post("/add", name="meeting.add")
def add(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: AddForm
) -> Response:
    try:
        code = actions.add_case(session, coordinator, form.value(), now)
    except Invalid as error:
        page = _meeting(request, session, coordinator, now, call, adding=form.refused(error))
        return page.response(request, 422)
    except OnAgenda as error:
        invalid = Invalid({"application": error.code})
        page = _meeting(request, session, coordinator, now, call, adding=form.refused(invalid))
        return page.response(request, 409)
    return see_other(request, "meeting.case", call=call, code=code, done="case_added")


@router.post("/confirm", name="meeting.confirm")
def confirm(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: ConfirmForm
) -> Response:
    try:
        seconding.confirm_departure(session, coordinator, form.value(), now)
    except (Stale, ConfirmedAlready, SecondPersonNeeded) as error:
        words = sentence(language_of(request), error.code)
        page = _meeting(request, session, coordinator, now, call, refused=words)
        return page.response(request, 409)
    return see_other(request, "meeting.show", call=call, done="departure_confirmed", anchor="departures")


@router.patch("", name="meeting.autosave")
def autosave(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    """The meeting as it is typed; a day that is half typed is not kept, and nothing is said of it."""
    seen, form = number(given, "version"), _asked(request, given)
    try:
        version = actions.save_meeting(session, coordinator, seen, form.value(), now)
    except (Invalid, Conflict) as error:
        return _not_kept(request, error, seen)
    return MeetingSaved(at=now, sentence="", version=version).response(request)


@router.patch("/{code}", name="meeting.autosave_case")
def autosave_case(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, code: str, given: Typed
) -> Response:
    """The minutes of a case alone: what the panel decides is pressed."""
    seen = number(given, "version")
    form = read_form(MinutesInput, "case", language_of(request), {"minutes": one(given, "minutes")})
    try:
        version = actions.save_minutes(session, coordinator, code, seen, form.value(), now)
    except (Invalid, Conflict) as error:
        return _not_kept(request, error, seen)
    return MeetingSaved(at=now, sentence="", version=version).response(request)


def _not_kept(request: Request, error: Invalid | Conflict, seen: int) -> Response:
    language = language_of(request)
    if isinstance(error, Invalid):
        words, status = sentence(language, *next(iter(error.fields.values()))), 422
    else:
        stale = isinstance(error, Stale)
        words = sentence(language, "panel.saved_elsewhere" if stale else error.code, error.params)
        status = 409
    return MeetingSaved(at=None, sentence=words, version=seen).response(request, status)


@router.post("/{code}/remove", name="meeting.remove")
def remove(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, code: str, given: Typed
) -> Response:
    try:
        actions.remove_case(session, coordinator, code, number(given, "version"), now)
    except Stale:
        return _case_page(request, session, coordinator, now, call, code, stale=True).response(request, 409)
    except CaseWritten as error:
        words = sentence(language_of(request), error.code)
        return _case_page(request, session, coordinator, now, call, code, refused=words).response(
            request, 409
        )
    return see_other(request, "meeting.show", call=call, done="case_removed")


@router.get("/{code}", name="meeting.case")
def show_case(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, code: str
) -> Response:
    return _case_page(request, session, coordinator, now, call, code).response(request)


@router.post("/{code}", name="meeting.save_case")
def save_case(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, code: str, given: Typed
) -> Response:
    """Keep it; then the next case, or the agenda."""
    asked: dict[str, str | list[str]] = {
        name: one(given, name) for name in ("minutes", "outcome", "reason", "round") if name in given
    }
    form = read_form(CaseInput, "case", language_of(request), asked)
    try:
        actions.save_case(session, coordinator, code, number(given, "version"), form.value(), now)
    except Invalid as error:
        page = _case_page(request, session, coordinator, now, call, code, form=form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _case_page(request, session, coordinator, now, call, code, form=form, stale=True)
        return page.response(request, 409)
    except NOT_CARRIED_OUT as error:
        words = sentence(language_of(request), error.code, error.params)
        page = _case_page(request, session, coordinator, now, call, code, form=form, refused=words)
        return page.response(request, 409)
    following = one(given, "next")
    if one(given, "_action") == "next" and any(
        each.application == following for each in agenda(session, coordinator).cases
    ):
        return see_other(request, "meeting.case", call=call, code=following, done="case_saved")
    return see_other(request, "meeting.show", call=call, done="case_saved")


NOT_CARRIED_OUT: tuple[type[Conflict], ...] = (
    NoPlaceLeft,
    EnvelopeExceeded,
    BelowThreshold,
    NeedsOneMore,
    NotInOrder,
    AlreadyAwarded,
    WinnerWithdrew,
    BehindWall,
)
"""Why what the panel decided cannot be done now."""


class Told:
    """Names of people, organisations and criteria for one page."""

    def __init__(self, request: Request, session: Session, coordinator: Coordinator) -> None:
        self.language = language_of(request)
        self.gettext = translations(self.language).ugettext
        self.people = {code: each.shown for code, each in panel_names(session, coordinator).items()}
        self.organisations = organisation_names(session, coordinator, self.language)
        self.criteria = criterion_titles(session, coordinator, self.language)

    def member(self, each: FullMember) -> str:
        """Name, and organisation or role."""
        where = self.organisations.get(each.organisation or "", label(self.language, each.role))
        return f"{self.who(each.code)} ({where})"

    def who(self, code: str) -> str:
        """A member by name; the code where the name is not there any more."""
        return self.people.get(code, code)

    def away(self, codes: Sequence[str]) -> str:
        """Who leaves the room, if anybody."""
        people = ", ".join(self.who(code) for code in codes)
        return self.gettext("Leave the room: {people}").format(people=people) if codes else ""

    def percent(self, chance: float) -> str:
        """A chance, never quite none and never quite sure."""
        shown = min(99, max(1, round(100 * chance)))
        return f"{formats.number(self.language, shown)} %"


def _round_names(session: Session, coordinator: Coordinator) -> Mapping[str, Texts]:
    from app.decisions.seen import seen_pots

    return {pot.code: pot.name for pot in seen_pots(session, coordinator.call_id)}


def _meeting(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: Now,
    call: str,
    *,
    form: Form[MeetingInput] | None = None,
    adding: Form[AddInput] | None = None,
    refused: str = "",
    stale: bool = False,
) -> MeetingShow:
    told = Told(request, session, coordinator)
    language = told.language
    found = agenda(session, coordinator)
    stored = meeting_of(session, coordinator)
    can_write = standing(session, coordinator, now).can_award
    members = panel_of(session, coordinator)
    form = form or Form(MeetingInput, "meeting", language, _stored(stored))
    form = form.offering(present=[Option(each.code, told.member(each)) for each in members])
    adding = adding or Form(AddInput, "add_case", language)
    names = _round_names(session, coordinator)
    shown = {each.code: told.member(each) for each in members}
    return MeetingShow(
        call=call,
        call_title=call_title(session, coordinator, language),
        groups=_groups(told, call, [each for each in found.cases if not each.aside]),
        firm=[_line(told, call, each, alone=True) for each in found.cases if each.aside],
        partial=found.partial,
        open=can_write,
        done=sum(each.outcome is not None for each in found.cases),
        total=sum(not each.aside for each in found.cases),
        zone=_zone(told, found),
        differing=_differing(told, found),
        departures=[
            _departure(told, names, each, can_write) for each in seconding.departures(session, coordinator)
        ],
        version=stored.version,
        held_on=form.fields["held_on"],
        present=form.fields["present"],
        notes=form.fields["notes"],
        was_there=", ".join(shown.get(code, told.who(code)) for code in stored.present),
        held=formats.day(language, stored.held_on) if stored.held_on else "",
        said=stored.notes,
        add=adding.fields["application"],
        form=Wrong([*form.summary, *adding.summary]),
        refused=refused,
        stale=stale,
    )


def _stored(stored: FullMeeting) -> dict[str, str | list[str]]:
    return {
        "held_on": stored.held_on.isoformat() if stored.held_on else "",
        "present": stored.present,
        "notes": stored.notes,
    }


def _zone(told: Told, found: Agenda) -> str:
    lines = {each.firm.line for each in found.cases if each.firm and Ground.UNCERTAIN in each.grounds}
    if not lines:
        return ""
    count = sum(Ground.UNCERTAIN in each.grounds for each in found.cases)
    return told.gettext(
        "In the zone: {count}. Each has a chance between 10 and 90 % to be truly among the best {line}."
    ).format(count=formats.number(told.language, count), line=formats.number(told.language, min(lines)))


def _differing(told: Told, found: Agenda) -> list[str]:
    """When reviews are said to differ much here, and that the published rule says it of others."""
    gettext, language = told.gettext, told.language
    rule = _rule(told, found)
    if not rule:
        return []
    if not found.beyond_chance:
        return [
            gettext("Reviews differ much by the published rule, on the scores as given: {rule}.").format(
                rule=rule
            )
        ]
    return [
        gettext(
            "Reviews differ much here where two of one application are {points} points of 100 or more apart "
            "even with the strictness of their reviewers taken out, and further than chance explains."
        ).format(points=formats.number(language, found.points))
        if found.points is not None
        else gettext(
            "Reviews differ much here where two of one application are further apart than the strictness of "
            "their reviewers and chance explain."
        ),
        gettext(
            "The published rule asks for a third review while reviewing runs and takes the scores as given: "
            "{rule}. By it, so many differ: {count}. Most of that is strictness and chance, which the panel "
            "need not talk about."
        ).format(rule=rule, count=formats.number(language, found.differing)),
    ]


def _rule(told: Told, found: Agenda) -> str:
    """The published rule in short; "" where none is."""
    gettext = told.gettext
    parts = []
    if found.points is not None:
        parts.append(gettext("from {points} points of 100").format(points=found.points))
    if found.steps is not None:
        parts.append(gettext("from {steps} steps on one criterion").format(steps=found.steps))
    return (
        gettext("{one} or {other}").format(one=parts[0], other=parts[1]) if len(parts) > 1 else "".join(parts)
    )


def _groups(told: Told, call: str, found: Sequence[FullCase]) -> list[Group]:
    groups: dict[tuple[str, ...], list[FullCase]] = {}
    for case in found:
        groups.setdefault(tuple(case.away), []).append(case)
    made = []
    for place, (away, cases) in enumerate(groups.items(), 1):
        title = told.away(away) or told.gettext("Everybody may stay")
        made.append(Group(f"group-{place}", title, [_line(told, call, case) for case in cases]))
    return made


def _line(told: Told, call: str, case: FullCase, *, alone: bool = False) -> CaseLine:
    """`alone`: it stands in no group that says who leaves the room."""
    gettext = told.gettext
    words = choices(told.language, "agenda_ground")
    why = [words[each] for each in case.grounds]
    if case.firm and Ground.UNCERTAIN in case.grounds:
        chance = gettext("chance to be among the best {line}: {chance}").format(
            line=formats.number(told.language, case.firm.line), chance=told.percent(case.firm.chance)
        )
        why[case.grounds.index(Ground.UNCERTAIN)] += f" ({chance})"
    state, tone = gettext("open"), "none"
    if case.outcome is not None:
        state, tone = _short(told, case.outcome), "ok"
        if case.outcome is not Outcome.AS_RANKED and case.departure is None:
            state, tone = gettext("decided otherwise than the awards stand"), "err"
        elif case.departure is not None and case.departure.waits:
            state, tone = f"{state}: {gettext('waits for a second person')}", "warn"
    elif case.minutes:
        state, tone = gettext("minutes written, not decided"), "info"
    return CaseLine(
        application=case.application,
        href=path_to(told.language, "meeting.case", call=call, code=case.application),
        title=case.title,
        why=", ".join(why),
        away=told.away(case.away) if alone else "",
        place=formats.number(told.language, case.place) if case.label else "–",
        state=state,
        tone=tone,
    )


def _short(told: Told, outcome: Outcome) -> str:
    gettext = told.gettext
    return {
        Outcome.AS_RANKED: gettext("as ranked"),
        Outcome.RAISE: gettext("raised"),
        Outcome.PASS_OVER: gettext("passed over"),
    }[outcome]


def _departure(told: Told, names: Mapping[str, Texts], each: FullDeparture, can_write: bool) -> DepartureView:
    gettext, language = told.gettext, told.language
    if each.confirmed_at:
        state = gettext("confirmed by {member}").format(member=told.who(each.confirmed_by))
        tone = "ok"
    elif each.waits:
        state, tone = gettext("waits for a second person"), "warn"
    else:
        state, tone = gettext("no second person: published with the results"), "info"
    return DepartureView(
        id=f"departure-{each.round}-{each.application}",
        application=each.application,
        round=each.round,
        round_name=text_in(language, names.get(each.round)) if len(names) > 1 else "",
        kind=gettext("raised") if each.raised else gettext("passed over"),
        reason=each.reason,
        by=f"{told.who(each.decided_by)}, {formats.moment(language, each.decided_at)}",
        seen=each.decided_at.isoformat(),
        state=state,
        tone=tone,
        can_confirm=can_write and each.waits and not each.mine,
    )


def _case_page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: Now,
    call: str,
    code: str,
    *,
    form: Form[CaseInput] | None = None,
    stale: bool = False,
    refused: str = "",
) -> MeetingCase:
    told = Told(request, session, coordinator)
    language = told.language
    check_case(session, coordinator, code)
    found = agenda(session, coordinator)
    case = case_of(found, code)
    can_write = standing(session, coordinator, now).can_award
    names = _round_names(session, coordinator)
    form = form or Form(CaseInput, "case", language, _stored_case(case))
    form = form.offering(round=[Option(each, text_in(language, name)) for each, name in names.items()])
    alone = not can_second(session, coordinator, code)
    grounds = choices(language, "agenda_ground")
    order = [each.application for each in found.cases]
    after = order[order.index(code) + 1 :]
    return MeetingCase(
        call=call,
        call_title=call_title(session, coordinator, language),
        application=code,
        title=case.title,
        reviews_href=path_to(language, "ranking.reviews", call=call, code=code),
        grounds=", ".join(grounds[each] for each in case.grounds),
        facts=_facts(told, case, beyond_chance=found.beyond_chance),
        away=", ".join(told.who(each) for each in case.away),
        open=can_write,
        removable=can_write and case.removable,
        version=case.version,
        minutes=form.fields["minutes"],
        outcome=form.fields["outcome"],
        reason=_reason(told, form.fields["reason"], alone),
        round=form.fields["round"] if len(names) > 1 else None,
        said=_said(told, case),
        alone=alone,
        departure=_departure(told, names, case.departure, can_write) if case.departure else None,
        theirs=_said(told, case) if stale else [],
        refused=refused,
        form=Wrong(form.summary),
        next_href=path_to(language, "meeting.case", call=call, code=after[0]) if after else "",
        following=after[0] if after else "",
    )


def _reason(told: Told, view: FieldView, alone: bool) -> FieldView:
    """Where nobody could confirm it, whoever writes must know that everybody reads it later."""
    if not alone:
        return view
    public = told.gettext("There is no second coordinator: this is published in the ledger with the results.")
    return replace(view, hint=f"{view.hint} {public}")


def _stored_case(case: FullCase) -> dict[str, str | list[str]]:
    return {
        "minutes": case.minutes,
        "outcome": case.outcome.value if case.outcome else "",
        "reason": case.reason,
        "round": case.round,
    }


def _said(told: Told, case: FullCase) -> list[tuple[str, str]]:
    gettext = told.gettext
    found = [
        (gettext("What was said"), case.minutes),
        (gettext("Outcome"), _short(told, case.outcome) if case.outcome else ""),
        (gettext("Reason"), case.reason),
    ]
    return [each for each in found if each[1]]


def _facts(told: Told, case: FullCase, *, beyond_chance: bool) -> list[str]:
    """The figures in sentences, each of which says what it means."""
    gettext, language = told.gettext, told.language

    def shown(value: int) -> str:
        return formats.number(language, value)

    facts = [
        gettext("Place by the published method: {place}. Total: {total} of 100.").format(
            place=shown(case.place), total=formats.number(language, case.total, 1)
        )
        if case.label
        else gettext("It has no total, and so no place.")
    ]
    others = [
        f"{label(language, Method(method)).partition(':')[0]}: {shown(place)}"
        for method, (place, own, _) in case.places.items()
        if own
    ]
    if others:
        facts.append(gettext("Place by each method: {places}").format(places="; ".join(others)))
    if case.firm:
        facts.append(
            gettext(
                "Nine times out of ten its true place is from {first} to {last}, one time out of two from "
                "{inner_first} to {inner_last}."
            ).format(
                first=shown(case.firm.outer[0]),
                last=shown(case.firm.outer[1]),
                inner_first=shown(case.firm.inner[0]),
                inner_last=shown(case.firm.inner[1]),
            )
        )
        facts.append(
            gettext("Chance to be truly among the best {line}: {chance}").format(
                line=shown(case.firm.line), chance=told.percent(case.firm.chance)
            )
        )
    if case.gap and case.gap.points:
        facts.append(
            gettext("The two reviews that differ most are {points} points of 100 apart.").format(
                points=formats.number(language, case.gap.points, 1)
            )
        )
    if case.gap and case.gap.steps:
        facts.append(
            gettext("Widest on one criterion: {criterion}, {steps} steps apart.").format(
                criterion=told.criteria.get(case.gap.criterion, case.gap.criterion), steps=case.gap.steps
            )
        )
    if case.differs and beyond_chance and Ground.DIVERGENT not in case.grounds:
        facts.append(
            gettext(
                "By the published rule, which takes the scores as given, that is much; with strictness and "
                "chance taken out it is not."
            )
        )
    return facts
