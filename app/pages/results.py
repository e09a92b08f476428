"""Announced winners, for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.calls.logos import partners_of
from app.calls.titles import themes_of, title_of
from app.decisions import results as queries
from app.decisions.open_data import summary_in
from app.decisions.results import PublicResults, PublicWinner
from app.decisions.winner_pictures import public_picture
from app.documents.sender import sender_of
from app.documents.share import HEIGHT, WIDTH, Shared, share_png
from app.messages import LANGUAGES, formats, label, translations
from app.messages.labels import choices
from app.models.calls import Phase
from app.models.panel import Programme
from app.pages.figure_views import FigureView, PitchView, figures_in_words, funnel, pitch_views, sentence_of
from app.pages.kept import DAY_SECONDS, MOST_SECONDS, kept_picture
from app.pages.notice_views import NoticeView, notice_views
from app.pages.page import Page, path_to, text_in
from app.pages.partner_views import PartnerView, partner_views
from app.pages.public_addresses import address_of
from app.web.clock import Now
from app.web.downloads import shown
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
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class WinnerScores:
    """What a winner was given, in the order of the criteria."""

    title: str
    lang: str
    href: str
    means: list[str]
    written: str
    pitch: str
    total: str


@dataclass(frozen=True, slots=True)
class DistrictView:
    """A district and the winning projects in it: title, its language, and address."""

    name: str
    projects: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file of the results, and what it is."""

    href: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ResultList(Page):
    """The results of a call: winners, amounts, and how it was decided."""

    template = "results/list.html"
    results: PublicResults
    state: str
    late: bool
    decided: bool
    winners: list[WinnerView]
    returned: list[WinnerView]
    reserve: list[str]
    scores: list[WinnerScores]
    measured: list[str]
    method: str
    pitches: list[PitchView]
    by_pitch: bool
    lots: str
    organisations: Sequence[PartnerView]
    criteria: list[str]
    sentence: str
    funnel: list[FigureView]
    figures: list[FigureView]
    districts: list[DistrictView]
    evenings: list[tuple[str, str, str]]
    corrections: list[NoticeView]
    files: list[FileLink]
    licence: str
    eu_funded: bool


@dataclass(frozen=True, slots=True)
class AlternateView:
    """The page in another language: its code, and its whole address."""

    code: str
    href: str


@dataclass(frozen=True, kw_only=True)
class ResultShow(Page):
    """One winner's public page. `image` and `page` are whole addresses, for sites where it is shared."""

    template = "results/show.html"
    winner: WinnerView
    slug: str
    call: str
    call_title: str
    about: str
    theme: str
    announced: str
    corrections: list[NoticeView]
    page: str
    image: str
    image_alt: str
    width: int
    height: int
    alternates: Sequence[AlternateView]
    locale: str


@router.get("/calls/{call}/results", name="results.list")
def list_results(request: Request, session: Db, now: Now, call: str) -> Response:
    found = queries.results(session, call, now)
    language = language_of(request)
    programme = request.state.programme.get(request.state.engine)
    data = any(each.amount_minor is not None for each in found.winners)
    return ResultList(
        sentence=sentence_of(language, found),
        funnel=funnel(language, found),
        figures=figures_in_words(language, found),
        districts=_by_district(language, found),
        evenings=[
            (each.round, text_in(language, each.name), formats.moment(language, each.starts_at))
            for each in found.evenings
        ],
        corrections=notice_views(language, found),
        files=_files(language, call) if data else [],
        licence=request.state.settings.data_licence,
        eu_funded=bool(programme and programme.eu_funded),
        results=found,
        lots=_lots(language, found),
        state=_state(language, found),
        late=found.phase in WAITING and found.expected_at is not None and found.expected_at < now,
        decided=found.phase in DECIDED,
        winners=[_view(each, language) for each in found.winners],
        returned=[_view(each, language) for each in found.returned],
        reserve=[
            choices(language, "round_rule")["reserve"].format(
                count=each.count, until=formats.moment(language, each.until)
            )
            for each in found.reserve
        ],
        scores=_scores(language, found),
        measured=[text_in(language, each.title) for each in found.criteria],
        method=label(language, found.method) if found.method else "",
        pitches=pitch_views(language, found, decided=found.phase in DECIDED),
        by_pitch=any(each.counted for each in found.pitches),
        organisations=partner_views(language, call, partners_of(session, call)),
        criteria=[f"{text_in(language, each.title)}: {each.weight}\u00a0%" for each in found.criteria],
    ).response(request)


def _lots(language: str, found: PublicResults) -> str:
    """Who was in without a draw, and how many drew for how many places; "" where nobody did."""
    if found.lots is None:
        return ""
    return choices(language, "lottery_said")["held"].format(
        certain=formats.number(language, found.lots.without_draw),
        drawing=formats.number(language, found.lots.drawing),
        left=formats.number(language, found.lots.places),
    )


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
            href=_href(language, each),
            means=[_number(language, each.scores.means.get(one.code, "")) for one in found.criteria],
            written=_number(language, each.scores.written or each.scores.total),
            pitch=_number(language, each.scores.pitch),
            total=_number(language, each.scores.total),
        )
        for each in found.winners
        if each.scores is not None
    ]


def _number(language: str, value: str) -> str:
    return formats.number(language, value, 1) if value else "–"


@router.get("/projects/{slug}", name="results.show")
def show_result(request: Request, session: Db, slug: str) -> Response:
    """The short address of a winner, which leads to its page."""
    found = queries.winner(session, slug)
    return RedirectResponse(_href(language_of(request), found), 301)


@router.get("/calls/{call}/results/{slug}", name="results.winner")
def show_winner(request: Request, session: Db, now: Now, call: str, slug: str) -> Response:
    found = queries.winner(session, slug, call)
    language = language_of(request)
    view = _view(found, language)
    title = title_of(session, call, language)
    drawn = _drawn(language, found, title)
    themes = themes_of(session, call, language)
    picture = address_of(request, language, "results.share", call=call, slug=slug)
    return ResultShow(
        winner=view,
        slug=slug,
        call=call,
        call_title=title,
        about=_shortened(view.sentences),
        theme=themes.get(found.theme, ""),
        announced=formats.day(language, found.published_at),
        corrections=notice_views(language, queries.results(session, call, now), slug),
        page=address_of(request, language, "results.winner", call=call, slug=slug),
        image=f"{picture}?v={drawn.version}",
        image_alt=". ".join(filter(None, (drawn.caption, found.title, drawn.about, drawn.amount, view.alt))),
        width=WIDTH,
        height=HEIGHT,
        alternates=[
            AlternateView(each, address_of(request, each, "results.winner", call=call, slug=slug))
            for each in LANGUAGES
        ],
        locale=formats.LOCALES[language],
    ).response(request)


@router.get("/calls/{call}/results/{slug}/share.png", name="results.share")
def share(request: Request, session: Db, call: str, slug: str) -> Response:
    """The picture of a winner; made once in a process for each version of what stands on it."""
    found = queries.winner(session, slug, call)
    language = language_of(request)
    drawn = _drawn(language, found, title_of(session, call, language))

    def draw(programme: Programme | None) -> bytes:
        picture = b""
        if found.picture is not None:
            with request.state.store.open(public_picture(session, slug, call).sha256) as handle:
                picture = handle.read()
        return share_png(drawn, sender_of(language, programme), picture)

    return kept_picture(request, drawn, draw)


@router.get("/calls/{call}/results/{slug}/picture", name="results.picture")
def picture(request: Request, session: Db, call: str, slug: str) -> Response:
    """The picture of a winner. An old address may lead to a new one: that is kept for a minute only."""
    found = public_picture(session, slug, call)
    same = request.query_params.get("v", "") == str(found.version)
    seconds = DAY_SECONDS if same else MOST_SECONDS
    return shown(request.state.store, found.sha256, found.media_type, seconds)


def _drawn(language: str, winner: PublicWinner, call_title: str) -> Shared:
    view = _view(winner, language)
    caption = view.place if winner.given_back_at else translations(language).ugettext("Winner")
    return Shared(
        lang=language,
        caption=f"{caption} · {call_title}",
        title=winner.title,
        said_in=winner.language,
        about=" · ".join(filter(None, (view.team, view.district))),
        sentences=view.sentences,
        sentences_in=view.said_in,
        amount=view.amount,
        picture=winner.picture.version if winner.picture else 0,
    )


def _shortened(words: str, most: int = 200) -> str:
    """For a site that shows a few lines of the page: whole words."""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _href(language: str, winner: PublicWinner) -> str:
    return path_to(language, "results.winner", call=winner.call, slug=winner.slug)


def _by_district(language: str, found: PublicResults) -> list[DistrictView]:
    """The districts in the order of the city's own list; what is nowhere in it is left out."""
    return [
        DistrictView(
            name,
            [
                (each.title, each.language, _href(language, each))
                for each in found.winners
                if code in each.districts
            ],
        )
        for code, name in choices(language, "districts").items()
        if any(code in each.districts for each in found.winners)
    ]


def _files(language: str, call: str) -> list[FileLink]:
    words = choices(language, "result_files")
    return [FileLink(path_to(language, f"results.{name}", call=call), words[name]) for name in words]


def _view(winner: PublicWinner, language: str) -> WinnerView:
    districts = choices(language, "districts")
    own = (winner.summaries or {}).get(language)
    seen = winner.picture
    return WinnerView(
        place=_how(language, winner),
        title=winner.title,
        lang=winner.language,
        href=_href(language, winner),
        team=winner.team,
        district=", ".join(districts.get(code, code) for code in winner.districts),
        amount=formats.euros(language, winner.amount_minor) if winner.amount_minor is not None else "",
        sentences=summary_in(language, winner),
        said_in=language if own else winner.language,
        image=_picture(language, winner),
        alt=text_in(language, seen.alt) if seen else "",
        width=seen.width if seen else 0,
        height=seen.height if seen else 0,
    )


def _picture(language: str, winner: PublicWinner) -> str:
    """The address of a winner's picture, another one for another picture; "" where it has none."""
    if winner.picture is None:
        return ""
    address = path_to(language, "results.picture", call=winner.call, slug=winner.slug)
    return f"{address}?v={winner.picture.version}"


def _how(language: str, winner: PublicWinner) -> str:
    """What is special about an award: a kept seat, the reserve list, or that it was given back."""
    words = choices(language, "winner_how")
    if winner.given_back_at is not None:
        return words["given_back"].format(day=formats.day(language, winner.given_back_at))
    if winner.promoted:
        return words["promoted"]
    return words["reserved"] if winner.reserved else ""
