"""Checking applications against the rules of the call, one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications import full
from app.applications.actions import screening as actions
from app.applications.actions.screening import NoteInput, ScreeningInput
from app.applications.flagged import full_flags
from app.applications.screened import (
    FullScreening,
    ScreeningState,
    full_screening,
    full_screenings,
    next_to_check,
)
from app.applications.traces import FullAlike, SetAsideInput, full_alike, set_aside
from app.calls.titles import call_title
from app.errors import Invalid, Stale
from app.messages import formats, label, sentence, words_of
from app.messages.answers import Answer, call_names, in_language, shown, with_activities
from app.messages.labels import choices
from app.pages.flags import FlagView, flag_views
from app.pages.forms import FieldView, Form, Mistake, element_id, number, one, read_form, typed
from app.pages.page import Page, path_to, see_other
from app.pages.rule_views import RuleView, rule_views
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/screening")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]

TONES = {
    ScreeningState.TO_DO: "info",
    ScreeningState.FIXING: "warn",
    ScreeningState.PROPOSED: "warn",
    ScreeningState.PASSED: "ok",
    ScreeningState.REFUSED: "err",
}


@dataclass(frozen=True, slots=True)
class StateLine:
    """How many applications stand there, and the list of them."""

    words: str
    count: int
    href: str


@dataclass(frozen=True, kw_only=True)
class ScreeningQueue(Page):
    """How far checking is, and where it goes on."""

    template = "screening/queue.html"
    call: str
    call_title: str
    done: int
    total: int
    percent: int
    states: Sequence[StateLine]
    next_href: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of the application in words."""

    title: str
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class AlikeView:
    """Another application that may come from the same people; without an address where it is not ours."""

    ref: str
    href: str
    title: str
    lang: str
    call: str
    status: str
    why: str
    aside: FieldView


@dataclass(frozen=True, slots=True)
class StepView:
    """One act of checking in words."""

    title: str
    by: str
    when: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the form that was pressed, for `ui/errors.html`."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class ScreeningShow(Page):
    """One application: its text beside the rules, what it is like, its flags, and what was done."""

    template = "screening/show.html"
    call: str
    ref: str
    code: str
    title: str
    lang: str
    state: str
    tone: str
    wrong: Wrong
    stale: str
    changed: bool
    version: int
    chapters: Sequence[Chapter]
    rules: Sequence[RuleView]
    rules_error: str
    fields: Sequence[FieldView]
    broken: Sequence[str]
    words: str
    proposed: bool
    mine: bool
    alone: bool
    can_check: bool
    can_refuse: bool
    can_reinstate: bool
    decline: FieldView
    back: FieldView
    alike: Sequence[AlikeView]
    flags: Sequence[FlagView]
    steps: Sequence[StepView]
    done: int
    total: int
    next_href: str


@router.get("", name="screening.queue")
def queue(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    found = full_screenings(session, coordinator)
    words = choices(language, "screening_state")
    listed = path_to(language, "desk.applications", call=call)
    return ScreeningQueue(
        call=call,
        call_title=call_title(session, coordinator, language),
        done=found.done,
        total=found.total,
        percent=found.done * 100 // found.total if found.total else 0,
        states=[
            StateLine(words[state], count, f"{listed}?screening={state}")
            for state, count in found.counts.items()
        ],
        next_href=path_to(language, "screening.show", call=call, ref=found.next_ref)
        if found.next_ref
        else "",
    ).response(request)


@router.get("/{ref}", name="screening.show")
def show(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str
) -> Response:
    return _page(request, session, coordinator, call, ref, now).response(request)


@router.post("/{ref}", name="screening.save")
def save(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, given: Typed
) -> Response:
    """Keep what was found; then the next application, or the request for a correction."""
    rules = full_screening(session, coordinator, ref, now).rules
    form = read_form(ScreeningInput, "screening", language_of(request), _asked(given, rules))
    fixing = one(given, "_action") == "fix"
    try:
        value = form.value()
        actions.save_screening(session, coordinator, ref, value, version=number(given, "version"), now=now)
    except Invalid as error:
        page = _page(request, session, coordinator, call, ref, now, form=form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _page(request, session, coordinator, call, ref, now, form=form, stale=True)
        return page.response(request, 409)
    if fixing:
        return see_other(request, "corrections.show", call=call, ref=ref, anchor="ask")
    return _next(request, session, coordinator, call, ref, value, now)


def _next(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    ref: str,
    given: ScreeningInput,
    now: datetime,
) -> Response:
    """Who refuses alone sees that it is done; everybody else goes on."""
    state = full_screening(session, coordinator, ref, now).state
    if state is ScreeningState.REFUSED:
        return see_other(request, "screening.show", call=call, ref=ref, done="refused")
    done = {"keep": "screening_kept", "pass": "screening_passed", "refuse": "refusal_proposed"}[
        given.decision
    ]
    after = next_to_check(session, coordinator, ref)
    if after:
        return see_other(request, "screening.show", call=call, ref=after, done=done)
    return see_other(request, "screening.queue", call=call, done="screening_all")


def _asked(given: Mapping[str, str | list[str]], rules: Sequence[str]) -> dict[str, str | list[str]]:
    """What the form asks: the pressed button is the decision, and a rule without a finding has none.

    "All rules are met" says so of every rule of which nothing else was said.
    """
    pressed = one(given, "_action")
    asked: dict[str, str | list[str]] = {
        name: one(given, name) for name in given if name.startswith("checks.") or name in {"words", "note"}
    }
    asked["decision"] = pressed if pressed in {"pass", "refuse"} else "keep"
    if pressed == "pass":
        asked = {**{f"checks.{rule}": "met" for rule in rules}, **asked}
    return asked


@router.post("/{ref}/confirm", name="screening.confirm")
def confirm(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, given: Typed
) -> Response:
    try:
        actions.confirm_refusal(session, coordinator, ref, version=number(given, "version"), now=now)
    except Stale:
        return _page(request, session, coordinator, call, ref, now, stale=True).response(request, 409)
    return see_other(request, "screening.show", call=call, ref=ref, done="refused")


@router.post("/{ref}/decline", name="screening.decline")
def decline(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, given: Typed
) -> Response:
    form = read_form(NoteInput, "decline", language_of(request), {"why": one(given, "why")})
    try:
        version = number(given, "version")
        actions.decline_refusal(session, coordinator, ref, form.value(), version=version, now=now)
    except Invalid as error:
        page = _page(request, session, coordinator, call, ref, now, declining=form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _page(request, session, coordinator, call, ref, now, declining=form, stale=True)
        return page.response(request, 409)
    return see_other(request, "screening.show", call=call, ref=ref, done="refusal_declined")


@router.post("/{ref}/reinstate", name="screening.reinstate")
def reinstate(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, given: Typed
) -> Response:
    form = read_form(NoteInput, "reinstate", language_of(request), {"why": one(given, "why")})
    try:
        actions.reinstate(session, coordinator, ref, form.value(), version=number(given, "version"), now=now)
    except Invalid as error:
        page = _page(request, session, coordinator, call, ref, now, reinstating=form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _page(request, session, coordinator, call, ref, now, reinstating=form, stale=True)
        return page.response(request, 409)
    return see_other(request, "screening.show", call=call, ref=ref, done="reinstated")


@router.post("/{ref}/aside", name="screening.aside")
def aside(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, given: Typed
) -> Response:
    """Two which are alike are two: not shown again, unless they turn out to be alike in another way."""
    form = read_form(SetAsideInput, "alike", language_of(request), given)
    try:
        set_aside(session, coordinator, ref, form.value(), now)
    except Invalid as error:
        page = _page(request, session, coordinator, call, ref, now, apart=form.refused(error))
        return page.response(request, 422)
    return see_other(request, "screening.show", call=call, ref=ref, done="set_aside")


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    ref: str,
    now: datetime,
    *,
    form: Form[ScreeningInput] | None = None,
    declining: Form[NoteInput] | None = None,
    reinstating: Form[NoteInput] | None = None,
    apart: Form[SetAsideInput] | None = None,
    stale: bool = False,
) -> ScreeningShow:
    language = language_of(request)
    found = full_screening(session, coordinator, ref, now)
    form = form or Form(ScreeningInput, "screening", language, _stored(found))
    declining = declining or Form(NoteInput, "decline", language)
    reinstating = reinstating or Form(NoteInput, "reinstate", language)
    sent = full.full_one(session, coordinator, ref)
    counted = full_screenings(session, coordinator, ref)
    rules = choices(language, "screening_rules")
    return ScreeningShow(
        call=call,
        ref=ref,
        code=found.code,
        title=found.title,
        lang=found.language,
        state=choices(language, "screening_state")[found.state],
        tone=TONES[found.state],
        wrong=Wrong(
            [*_mistakes(form, rules), *declining.summary, *reinstating.summary, *_mistaken_pair(apart)]
        ),
        stale=sentence(language, "stale") if stale else "",
        changed=found.changed,
        version=found.version,
        chapters=_chapters(sent, language),
        rules=rule_views(session, coordinator, language, found, sent, form),
        rules_error=form.error("checks"),
        fields=[form.fields["words"], _note(language, found, form)],
        broken=[rules[rule] for rule in found.broken],
        words=found.words,
        proposed=found.state is ScreeningState.PROPOSED,
        mine=found.mine,
        alone=found.alone,
        can_check=found.can_check,
        can_refuse=found.can_refuse,
        can_reinstate=found.can_reinstate,
        decline=declining.fields["why"],
        back=reinstating.fields["why"],
        alike=[_alike(language, call, each, apart) for each in full_alike(session, coordinator, ref)],
        flags=flag_views(session, coordinator, language, call, full_flags(session, coordinator, ref)),
        steps=[
            StepView(
                choices(language, "screening_act")[step.act],
                step.by,
                formats.moment(language, step.at),
                step.words,
                step.note,
            )
            for step in reversed(found.steps)
        ],
        done=counted.done,
        total=counted.total,
        next_href=path_to(language, "screening.show", call=call, ref=counted.next_ref)
        if counted.next_ref
        else "",
    )


def _note(language: str, found: FullScreening, form: Form[ScreeningInput]) -> FieldView:
    """The note, which a refusal needs where one person runs the call alone."""
    view = form.fields["note"]
    if not (found.alone and found.can_refuse):
        return view
    words = words_of(language, "screening_alone.note")
    return replace(view, label=words.label, hint=words.hint, optional=False)


def _stored(found: FullScreening) -> dict[str, str | list[str]]:
    kept: dict[str, str | list[str]] = {f"checks.{rule}": said for rule, said in found.checks.items()}
    return {**kept, "words": found.words, "note": found.note}


def _mistakes(form: Form[ScreeningInput], rules: Mapping[str, str]) -> list[Mistake]:
    """Each line names its rule: what is wrong with one is wrong with most of them."""
    prefix = "#" + element_id("checks.")
    return [
        Mistake(each.href, f"{rules[each.href.removeprefix(prefix)]} {each.text}")
        if each.href.removeprefix(prefix) in rules
        else each
        for each in form.summary
    ]


def _chapters(found: full.FullApplication, language: str) -> list[Chapter]:
    names = with_activities(
        language,
        call_names(language, found.themes, found.priorities, found.own_question),
        found.sections.get("work_plan", {}),
    )
    titles = choices(language, "sections")
    return [
        Chapter(titles[section], [each for each in shown(language, section, data, names) if not each.empty])
        for section, data in found.sections.items()
    ]


def _placed(form: Form[SetAsideInput]) -> Form[SetAsideInput]:
    return form.placed(f"{one(form.given, 'other')}.")


def _mistaken_pair(form: Form[SetAsideInput] | None) -> Sequence[Mistake]:
    return _placed(form).summary if form else ()


def _alike(language: str, call: str, other: FullAlike, given: Form[SetAsideInput] | None) -> AlikeView:
    form = Form(SetAsideInput, "alike", language, {"other": other.ref})
    if given and one(given.given, "other") == other.ref:
        form = given
    words = choices(language, "likeness")
    why: list[Any] = [words[each] for each in other.likenesses]
    if other.share is not None:
        why[-1] = f"{why[-1]} ({formats.number(language, other.share)} %)"
    return AlikeView(
        ref=other.ref,
        href=path_to(language, "screening.show", call=call, ref=other.ref) if other.here else "",
        title=other.title,
        lang=other.language,
        call="" if other.here else in_language(language, other.call_title),
        status=label(language, other.status),
        why=", ".join(why),
        aside=_placed(form).fields["reason"],
    )
