"""The public ledger of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.logos import partners_of
from app.decisions.open_ledger import KeptDate, OpenLedger, open_ledger
from app.decisions.results import results
from app.messages import formats, label
from app.messages.labels import choices
from app.models.calls import Phase
from app.pages.figure_views import FigureView, PitchView, figures_in_words, funnel, pitch_views, sentence_of
from app.pages.notice_views import NoticeView, notice_views
from app.pages.page import Page, text_in
from app.pages.partner_views import PartnerView, partner_views
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/ledger")
DECIDED = frozenset({Phase.DECIDED, Phase.PUBLISHED})


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One act in words."""

    words: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class DateView:
    """A date that was promised, when it came, and in one word whether that was in time."""

    words: str
    promised: str
    came: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion, its share, and the mean of all that were scored; "" where there is none."""

    title: str
    weight: str
    average: str


@dataclass(frozen=True, kw_only=True)
class LedgerShow(Page):
    """The call's figures and dates, and every act that moved it on, the first first."""

    template = "calls/ledger.html"
    slug: str
    title: str
    lines: Sequence[LedgerLine]
    errors: str
    results: bool
    sentence: str
    funnel: Sequence[FigureView]
    figures: Sequence[FigureView]
    dates: Sequence[DateView]
    method: str
    pitches: Sequence[PitchView]
    organisations: Sequence[PartnerView]
    criteria: Sequence[CriterionView]
    averages: bool
    corrections: Sequence[NoticeView]


@router.get("", name="ledger.show")
def show_ledger(request: Request, session: Db, now: Now, call: str) -> Response:
    language = language_of(request)
    outcome = results(session, call, now)
    found = open_ledger(session, outcome, now)
    zone = ZoneInfo(found.timezone)
    words = choices(language, "acts")
    return LedgerShow(
        slug=call,
        title=text_in(language, found.title),
        lines=[
            LedgerLine(words[each.act], formats.moment(language, each.at, zone), each.reason)
            for each in found.entries
        ],
        errors=choices(language, "factual")["counts"].format(
            noted=found.errors_noted, answered=found.errors_answered, corrected=found.errors_corrected
        )
        if found.errors_noted
        else "",
        results=outcome.published_at is not None,
        sentence=sentence_of(language, outcome),
        funnel=funnel(language, outcome),
        figures=figures_in_words(language, outcome),
        dates=[_date(language, each, zone) for each in found.dates],
        method=label(language, found.method) if found.method else "",
        pitches=pitch_views(language, outcome, decided=outcome.phase in DECIDED),
        organisations=partner_views(language, call, partners_of(session, call)),
        criteria=_criteria(language, found),
        corrections=[each for each in notice_views(language, outcome) if not each.winner],
        averages=bool(found.figures and found.figures.averages),
    ).response(request)


def _date(language: str, each: KeptDate, zone: ZoneInfo) -> DateView:
    states = choices(language, "kept")
    state, tone = {None: ("waits", "none"), True: ("kept", "ok"), False: ("late", "warn")}[each.kept]
    return DateView(
        words=choices(language, "kept_dates")[each.what],
        promised=formats.day(language, each.promised, zone),
        came=formats.day(language, each.came, zone) if each.came else "–",
        state=states[state],
        tone=tone,
    )


def _criteria(language: str, found: OpenLedger) -> list[CriterionView]:
    averages = found.figures.averages if found.figures else {}
    return [
        CriterionView(
            text_in(language, each.title),
            f"{each.weight}\u00a0%",
            formats.number(language, averages[each.code], 1) if each.code in averages else "–",
        )
        for each in found.criteria
    ]
