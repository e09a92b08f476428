"""The public pages of a call, readable before signing in: the call, its questions, its rubric."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls.form import CallForm
from app.calls.phase import Phase, grace_ends_at
from app.calls.public import Notice, PublicCall, call_moment, public_call, public_form
from app.messages import formats, label, translations
from app.messages.labels import choices
from app.pages.call_views import CriterionView, SectionView, criterion_views, section_views
from app.pages.kept import kept_response
from app.pages.page import Page, text_in
from app.web.actors import is_on_the_panel
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}")
BEFORE_THE_END = frozenset({Phase.SCHEDULED, Phase.OPEN, Phase.GRACE})
WITH_RESULTS = frozenset({Phase.DECIDED, Phase.PUBLISHED})


@dataclass(frozen=True, slots=True)
class RoundView:
    """An award round in words."""

    name: str
    event: str
    held: str
    places: int
    amount: str
    envelope: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What happened after opening, in words."""

    kind: str
    at: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CallShow(Page):
    """The call's own page."""

    template = "calls/show.html"
    call: PublicCall
    state: str
    begins: bool
    continues: bool
    results: bool
    opens: str
    closes: str
    grace: str
    grace_ends: str
    results_expected: str
    ceiling: str
    who_can: Sequence[str]
    who_cannot: Sequence[str]
    need: Sequence[str]
    criteria: Sequence[CriterionView]
    minutes: int
    rounds: Sequence[RoundView]
    organisations: Sequence[str]
    notices: Sequence[NoticeView]


@dataclass(frozen=True, kw_only=True)
class CallQuestions(Page):
    """Every question with its limits, why we ask, who sees it and how it is scored."""

    template = "calls/questions.html"
    slug: str
    title: str
    minutes: int
    sections: Sequence[SectionView]


@dataclass(frozen=True, kw_only=True)
class CallCriteria(Page):
    """The rubric, the weights and the method."""

    template = "calls/criteria.html"
    slug: str
    title: str
    criteria: Sequence[CriterionView]
    ties: Sequence[str]
    method: str
    reviews: int
    scores_published: bool
    fingerprint: str
    draw_commitment: str


@router.get("", name="calls.show")
def show(request: Request, session: Db, now: Now, call: str) -> Response:
    moment = call_moment(session, call, now)
    begins = moment.phase is Phase.OPEN and not is_on_the_panel(request, session, call, now)

    def build() -> Page:
        found = public_call(session, call, now)
        return _show(found, public_form(session, call, now), language_of(request), begins=begins)

    return kept_response(request, (moment, begins), build)


@router.get("/questions", name="calls.questions")
def questions(request: Request, session: Db, now: Now, call: str) -> Response:
    language = language_of(request)

    def build() -> Page:
        form = public_form(session, call, now)
        return CallQuestions(
            slug=call,
            title=text_in(language, public_call(session, call, now).title),
            minutes=form.minutes,
            sections=section_views(form, language),
        )

    return kept_response(request, _version(session, call, now), build)


@router.get("/criteria", name="calls.criteria")
def criteria(request: Request, session: Db, now: Now, call: str) -> Response:
    def build() -> Page:
        found = public_call(session, call, now)
        return _criteria(found, public_form(session, call, now), language_of(request))

    return kept_response(request, _version(session, call, now), build)


def _version(session: Session, call: str, now: datetime) -> int:
    return call_moment(session, call, now).version


def _show(call: PublicCall, form: CallForm, language: str, *, begins: bool) -> CallShow:
    zone = ZoneInfo(call.timezone)

    def moment(when: datetime | None) -> str:
        return formats.moment(language, when, zone) if when else ""

    return CallShow(
        call=call,
        state=choices(language, "call_states")[call.phase],
        begins=begins,
        continues=call.phase is Phase.GRACE,
        results=call.phase in WITH_RESULTS,
        opens=moment(call.opens_at) if call.phase is Phase.SCHEDULED else "",
        closes=moment(call.closes_at),
        grace=_grace(language, call) if call.phase in BEFORE_THE_END else "",
        grace_ends=moment(grace_ends_at(call)) if call.phase is Phase.GRACE else "",
        results_expected=formats.day(language, call.results_expected_at, zone)
        if call.results_expected_at
        else "",
        ceiling=formats.euros(language, call.ceiling_minor) if call.ceiling_minor is not None else "",
        who_can=_lines(language, call.who_can_apply),
        who_cannot=_lines(language, call.who_cannot),
        need=_lines(language, call.need_at_hand),
        criteria=criterion_views(form, language),
        minutes=form.minutes,
        rounds=[
            RoundView(
                name=text_in(language, each.name),
                event=text_in(language, each.event),
                held=moment(each.held_at),
                places=each.places,
                amount=formats.euros(language, each.amount_minor) if each.amount_minor is not None else "",
                envelope=formats.euros(language, each.envelope_minor)
                if each.envelope_minor is not None
                else "",
            )
            for each in call.rounds
        ],
        organisations=[text_in(language, each.name) for each in call.organisations],
        notices=[_notice(each, language, zone) for each in reversed(call.notices)],
    )


def _grace(language: str, call: PublicCall) -> str:
    """The published time after the closing, for those who began before it; nothing where there is none."""
    if not call.grace_minutes:
        return ""
    words = translations(language).ungettext(
        "{n} minute after the closing, for drafts begun before it",
        "{n} minutes after the closing, for drafts begun before it",
        call.grace_minutes,
    )
    return words.format(n=call.grace_minutes)


def _notice(notice: Notice, language: str, zone: ZoneInfo) -> NoticeView:
    return NoticeView(
        kind=notice.kind,
        at=formats.day(language, notice.at, zone),
        before=formats.moment(language, notice.from_, zone) if notice.from_ else "",
        after=formats.moment(language, notice.to, zone) if notice.to else "",
        reason=text_in(language, notice.reason),
    )


def _criteria(call: PublicCall, form: CallForm, language: str) -> CallCriteria:
    views = criterion_views(form, language)
    return CallCriteria(
        slug=call.slug,
        title=text_in(language, call.title),
        criteria=views,
        ties=[each.title for each in sorted(views, key=lambda view: view.tie_position)],
        method=label(language, call.method),
        reviews=call.reviews_per_application or len(call.organisations),
        scores_published=call.scores_published,
        fingerprint=call.frozen_hash or "",
        draw_commitment=form.draw_commitment,
    )


def _lines(language: str, texts: dict[str, str]) -> list[str]:
    """One point for each line that was typed."""
    return [line.strip(" -•\t") for line in text_in(language, texts).splitlines() if line.strip(" -•\t")]
