"""The public pages of a call, readable before signing in: the call, its questions, its rubric, its FAQ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls.form import CallForm
from app.calls.form_views import CriterionView, SectionView, criterion_views, section_views
from app.calls.logos import partners_of
from app.calls.method import hash_of_form
from app.calls.numbers import LastNumbers
from app.calls.phase import Phase
from app.calls.public import Notice, PublicCall, call_moment, public_call, public_faq, public_form
from app.calls.reminders import ReminderInput
from app.decisions.seals import public_seals
from app.messages import formats, label, translations
from app.messages.labels import choices
from app.pages.forms import Form
from app.pages.kept import kept_response, seconds_until
from app.pages.lots import lots_rule
from app.pages.page import Page, text_in
from app.pages.partner_views import PartnerView, partner_views
from app.pages.question_files import file_size, question_file
from app.pages.round_rules import rule_in_words
from app.scoring.shares import Split
from app.web.actors import is_on_the_panel
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}")
AFTER_CLOSING = (Phase.CLOSED, Phase.REVIEWING, Phase.REVIEWED, Phase.DECIDED)
"""The phases in which people wait, in their order."""
WITH_CHECK = frozenset({Phase.SCHEDULED, Phase.OPEN})
BEFORE_THE_END = frozenset({Phase.SCHEDULED, Phase.OPEN, Phase.GRACE})
BEFORE_RESULTS = frozenset(Phase) - {Phase.CANCELLED, Phase.PUBLISHED}
WITH_RESULTS = frozenset({Phase.DECIDED, Phase.PUBLISHED})


@dataclass(frozen=True, slots=True)
class RoundView:
    """An award round in words."""

    name: str
    event: str
    held: str
    evening: str
    places: int
    amount: str
    envelope: str
    shared: bool
    rule: Sequence[str]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What happened after opening, in words."""

    kind: str
    at: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next to the applications, as `ui/timeline.html` wants it."""

    title: str
    state: str
    status: str
    when: str
    moment: str
    text: str


@dataclass(frozen=True, slots=True)
class FaqView:
    """One question and its answer; `number` is its place, for a link to it."""

    number: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class NumbersView:
    """What became of the applications of the round before."""

    calls: Sequence[str]
    applied: str
    funded: str


@dataclass(frozen=True, kw_only=True)
class CallShow(Page):
    """The call's own page."""

    template = "calls/show.html"
    call: PublicCall
    state: str
    begins: bool
    continues: bool
    results: bool
    checks: bool
    reminder: Form[ReminderInput] | None
    left: str
    help_hours: str
    ends: str
    opens: str
    closes: str
    grace: str
    results_expected: str
    ceiling: str
    who_can: Sequence[str]
    who_cannot: Sequence[str]
    need: Sequence[str]
    criteria: Sequence[CriterionView]
    time: str
    rounds: Sequence[RoundView]
    organisations: Sequence[PartnerView]
    notices: Sequence[NoticeView]
    steps: Sequence[Step]
    numbers: NumbersView | None
    seals: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CallQuestions(Page):
    """Every question with its limits, why we ask, who sees it and how it is scored."""

    template = "calls/questions.html"
    slug: str
    title: str
    time: str
    sections: Sequence[SectionView]
    pdf: str
    word: str


@dataclass(frozen=True, kw_only=True)
class CallCriteria(Page):
    """The rubric, the weights and the method."""

    template = "calls/criteria.html"
    slug: str
    title: str
    criteria: Sequence[CriterionView]
    ties: Sequence[str]
    method: str
    method_said: str
    strata: str
    impute: bool
    lottery: str
    method_hash: str
    reviews: int
    divergence_points: int | None
    divergence_steps: int | None
    discussion: bool
    scores_published: bool
    fingerprint: str
    draw_commitment: str


@dataclass(frozen=True, kw_only=True)
class CallFaq(Page):
    """What people ask about the call, and the answers."""

    template = "calls/faq.html"
    slug: str
    title: str
    entries: Sequence[FaqView]


@router.get("", name="calls.show")
def show(request: Request, session: Db, now: Now, call: str) -> Response:
    stands = call_moment(session, call, now)
    begins = stands.phase is Phase.OPEN and not is_on_the_panel(request, session, call, now)

    def build() -> Page:
        found = public_call(session, call, now)
        seals = [each.sha256 for each in public_seals(session, call) if each.voided_at is None]
        language = language_of(request)
        partners = partner_views(language, call, partners_of(session, call))
        return _show(found, public_form(session, call, now), language, seals, partners, begins=begins)

    return kept_response(request, (stands, begins), build, seconds_until(stands.moment.until, now))


@router.get("/questions", name="calls.questions")
def questions(request: Request, session: Db, now: Now, call: str) -> Response:
    language = language_of(request)

    def build() -> Page:
        form = public_form(session, call, now)
        return CallQuestions(
            slug=call,
            title=text_in(language, public_call(session, call, now).title),
            time=formats.duration(language, form.minutes),
            sections=section_views(form, language),
            pdf=file_size(request, session, now, call, "pdf"),
            word=file_size(request, session, now, call, "docx"),
        )

    return kept_response(request, _version(session, call, now), build)


@router.get("/questions.pdf", name="calls.questions_pdf")
def questions_as_pdf(request: Request, session: Db, now: Now, call: str) -> Response:
    return question_file(request, session, now, call, "pdf")


@router.get("/questions.docx", name="calls.questions_docx")
def questions_as_docx(request: Request, session: Db, now: Now, call: str) -> Response:
    return question_file(request, session, now, call, "docx")


@router.get("/criteria", name="calls.criteria")
def criteria(request: Request, session: Db, now: Now, call: str) -> Response:
    def build() -> Page:
        found = public_call(session, call, now)
        return _criteria(found, public_form(session, call, now), language_of(request))

    return kept_response(request, _version(session, call, now), build)


@router.get("/faq", name="calls.faq")
def faq(request: Request, session: Db, now: Now, call: str) -> Response:
    language = language_of(request)

    def build() -> Page:
        found = public_faq(session, call)
        return CallFaq(
            slug=call,
            title=text_in(language, found.title),
            entries=[
                FaqView(str(number), text_in(language, each.question), text_in(language, each.answer))
                for number, each in enumerate(found.entries, 1)
            ],
        )

    return kept_response(request, _version(session, call, now), build)


def _version(session: Session, call: str, now: datetime) -> int:
    return call_moment(session, call, now).version


def _show(
    call: PublicCall,
    form: CallForm,
    language: str,
    seals: Sequence[str],
    partners: Sequence[PartnerView],
    *,
    begins: bool,
) -> CallShow:
    zone = ZoneInfo(call.timezone)

    def moment(when: datetime | None) -> str:
        # What was cancelled has no dates to come: they would only mislead.
        return formats.moment(language, when, zone) if when and call.phase is not Phase.CANCELLED else ""

    return CallShow(
        call=call,
        state=choices(language, "call_states")[call.phase],
        begins=begins,
        seals=seals,
        continues=call.phase is Phase.GRACE,
        results=call.phase in WITH_RESULTS,
        checks=bool(call.check) and call.phase in WITH_CHECK,
        reminder=Form(ReminderInput, "reminder", language) if call.phase is Phase.SCHEDULED else None,
        left=time_left(language, call.days_left, call.hours_left),
        help_hours=text_in(language, call.help_hours),
        ends=moment(call.grace_ends_at) if call.phase is Phase.GRACE else "",
        opens=moment(call.opens_at) if call.phase is Phase.SCHEDULED else "",
        closes=moment(call.closes_at),
        grace=_grace(language, call) if call.phase in BEFORE_THE_END else "",
        results_expected=formats.day(language, call.results_expected_at, zone)
        if call.results_expected_at and call.phase in BEFORE_RESULTS
        else "",
        ceiling=formats.euros(language, call.ceiling_minor) if call.ceiling_minor is not None else "",
        who_can=_lines(language, call.who_can_apply),
        who_cannot=_lines(language, call.who_cannot),
        need=_lines(language, call.need_at_hand),
        criteria=criterion_views(form, language),
        time=formats.duration(language, form.minutes),
        rounds=[
            RoundView(
                name=text_in(language, each.name),
                event=text_in(language, each.event),
                held=moment(each.held_at),
                evening=each.evening or "",
                places=each.places,
                amount=formats.euros(language, each.amount_minor) if each.amount_minor is not None else "",
                envelope=formats.euros(language, each.envelope_minor)
                if each.envelope_minor is not None
                else "",
                shared=each.split is not Split.FIXED,
                rule=[
                    *rule_in_words(language, each, each.reserved_for, zone),
                    *lots_rule(language, drawn=call.lottery),
                ],
            )
            for each in call.rounds
        ],
        organisations=partners,
        notices=[_notice(each, language, zone) for each in reversed(call.notices)],
        steps=_steps(call, language, zone) if call.phase in AFTER_CLOSING else [],
        numbers=_numbers(call.last_numbers, language) if call.last_numbers else None,
    )


def time_left(language: str, days: int | None, hours: int | None) -> str:
    """How long the call is open, as people count: whole days, and in the last 48 hours also hours."""
    gettext, ngettext = translations(language).ugettext, translations(language).ungettext
    if days is None:
        return ""
    if hours is None:
        return ngettext("{n} day", "{n} days", days).format(n=days)
    if hours == 0:
        return gettext("less than an hour")
    whole, rest = divmod(hours, 24)
    parts = [ngettext("{n} day", "{n} days", whole).format(n=whole)] if whole else []
    parts += [ngettext("{n} hour", "{n} hours", rest).format(n=rest)] if rest else []
    return " ".join(parts)


def _steps(call: PublicCall, language: str, zone: ZoneInfo) -> list[Step]:
    """What happens next and when: from the closing to the results. What has been done stands first."""
    words = choices(language, "call_steps")
    done = AFTER_CLOSING.index(call.phase)
    events = sorted(each.held_at for each in call.rounds if each.held_at and each.event)

    def day(when: datetime | None) -> str:
        return formats.day(language, when, zone) if when else ""

    dated = (
        ("closed", formats.moment(language, call.closes_at, zone) if call.closes_at else ""),
        ("scoring", day(call.reviews_due_at)),
        ("event", day(events[0]) if events else ""),
        ("results", day(call.results_expected_at)),
    )
    passed = {"closed": True, "scoring": done >= AFTER_CLOSING.index(Phase.REVIEWED)}
    return [
        Step(words[name], "done" if passed.get(name) else "next", "", when, "", "")
        for name, when in dated
        if when or name != "event"
    ]


def _numbers(last: LastNumbers, language: str) -> NumbersView:
    return NumbersView(
        calls=[text_in(language, each) for each in last.calls],
        applied=formats.number(language, last.applied),
        funded=formats.number(language, last.funded),
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
        method_said=choices(language, "method_said")[call.method],
        impute=call.impute,
        lottery=choices(language, "lottery_said")["rule"] if call.lottery else "",
        strata=choices(language, "strata_said")[call.strata] if call.strata else "",
        method_hash=hash_of_form(form),
        reviews=call.reviews_per_application or len(call.organisations),
        divergence_points=call.divergence_points,
        divergence_steps=call.divergence_steps,
        discussion=call.discussion,
        scores_published=call.scores_published,
        fingerprint=call.frozen_hash or "",
        draw_commitment=form.draw_commitment,
    )


def _lines(language: str, texts: dict[str, str]) -> list[str]:
    """One point for each line that was typed."""
    return [line.strip(" -•\t") for line in text_in(language, texts).splitlines() if line.strip(" -•\t")]
