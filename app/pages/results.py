"""Announced winners, for everybody."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.decisions import results as queries
from app.decisions.results import PublicResults, PublicWinner
from app.messages import formats, label
from app.messages.labels import choices
from app.models.calls import Phase
from app.pages.page import Page, path_to, text_in
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter()
DECIDED = frozenset({Phase.DECIDED, Phase.PUBLISHED})
WAITING = frozenset(Phase) - {Phase.PUBLISHED, Phase.CANCELLED}


@dataclass(frozen=True, slots=True)
class WinnerView:
    """A winner in the words of the page; `said_in` is the language of the sentences."""

    place: str
    title: str
    lang: str
    href: str
    team: str
    district: str
    amount: str
    sentences: str
    said_in: str
    image: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class WinnerScores:
    """What a winner was given, in the order of the criteria."""

    title: str
    lang: str
    href: str
    means: list[str]
    total: str


@dataclass(frozen=True, kw_only=True)
class ResultList(Page):
    """The results of a call: winners, amounts, and how it was decided."""

    template = "results/list.html"
    results: PublicResults
    state: str
    late: bool
    decided: bool
    winners: list[WinnerView]
    scores: list[WinnerScores]
    measured: list[str]
    method: str
    organisations: list[str]
    criteria: list[str]


@dataclass(frozen=True, kw_only=True)
class ResultShow(Page):
    """One winner's public page."""

    template = "results/show.html"
    winner: WinnerView


@router.get("/calls/{call}/results", name="results.list")
def list_results(request: Request, session: Db, now: Now, call: str) -> Response:
    found = queries.results(session, call, now)
    language = language_of(request)
    return ResultList(
        results=found,
        state=_state(language, found),
        late=found.phase in WAITING and found.expected_at is not None and found.expected_at < now,
        decided=found.phase in DECIDED,
        winners=[_view(each, language) for each in found.winners],
        scores=_scores(language, found),
        measured=[text_in(language, each.title) for each in found.criteria],
        method=label(language, found.method) if found.method else "",
        organisations=[text_in(language, name) for name in found.organisations],
        criteria=[f"{text_in(language, each.title)}: {each.weight}\u00a0%" for each in found.criteria],
    ).response(request)


def _state(language: str, found: PublicResults) -> str:
    """One sentence about where the call stands; none once its results are public."""
    if found.phase is Phase.PUBLISHED:
        return ""
    states = choices(language, "results_state")
    return states["revealing"] if found.winners else states[found.phase]


def _scores(language: str, found: PublicResults) -> list[WinnerScores]:
    return [
        WinnerScores(
            title=each.title,
            lang=each.language,
            href=path_to(language, "results.show", slug=each.slug),
            means=[_number(language, each.scores.means.get(one.code, "")) for one in found.criteria],
            total=_number(language, each.scores.total),
        )
        for each in found.winners
        if each.scores is not None
    ]


def _number(language: str, value: str) -> str:
    return formats.number(language, value, 1) if value else "–"


@router.get("/projects/{slug}", name="results.show")
def show_result(request: Request, session: Db, slug: str) -> Response:
    return ResultShow(winner=_view(queries.winner(session, slug), language_of(request))).response(request)


def _view(winner: PublicWinner, language: str) -> WinnerView:
    districts = choices(language, "districts")
    own = (winner.summaries or {}).get(language)
    return WinnerView(
        place="",
        title=winner.title,
        lang=winner.language,
        href=path_to(language, "results.show", slug=winner.slug),
        team=winner.team,
        district=", ".join(districts.get(code, code) for code in winner.districts),
        amount=formats.euros(language, winner.amount_minor) if winner.amount_minor is not None else "",
        sentences=own or winner.summary,
        said_in=language if own else winner.language,
    )
