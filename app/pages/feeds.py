"""What can be followed: the calls that open, and the results as they are announced."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls.dates import NewsOfCall, news_of_calls
from app.calls.public import public_call
from app.decisions.news import NewsOfCorrection, NewsOfResults, news_of_corrections, news_of_results
from app.messages import formats, translations
from app.messages.labels import choices
from app.pages.atom import Entry, Feed, atom
from app.pages.page import text_in
from app.pages.public_addresses import address_of, host_of
from app.settings import Settings
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter()
MOST = 100
SINCE = "2026"
"""The year since when ids are made in the name of the host: it is part of each."""


@router.get("/feeds/calls.atom", name="feeds.calls")
def calls(request: Request, session: Db) -> Response:
    language = language_of(request)
    gettext = translations(language).ugettext
    feed = _feed(request, "feeds.calls", "home", gettext("Calls"))
    return _sent(feed, [_of_call(request, each) for each in news_of_calls(session, MOST)])


@router.get("/feeds/results.atom", name="feeds.results")
def results(request: Request, session: Db) -> Response:
    gettext = translations(language_of(request)).ugettext
    feed = _feed(request, "feeds.results", "home", gettext("Results"))
    return _sent(feed, _results(request, session))


@router.get("/calls/{call}/results.atom", name="results.feed")
def results_of_call(request: Request, session: Db, now: Now, call: str) -> Response:
    language = language_of(request)
    title = text_in(language, public_call(session, call, now).title)
    words = f"{translations(language).ugettext('Results')}: {title}"
    feed = _feed(request, "results.feed", "results.list", words, call=call)
    return _sent(feed, _results(request, session, call))


def _results(request: Request, session: Session, call: str | None = None) -> list[Entry]:
    """Winners and corrections, the newest first."""
    entries = [_of_results(request, each) for each in news_of_results(session, MOST, call)]
    corrected = [_of_correction(request, each) for each in news_of_corrections(session, MOST, call)]
    return sorted([*corrected, *entries], key=lambda each: each.published, reverse=True)[:MOST]


def _feed(request: Request, route: str, page: str, title: str, **params: str) -> Feed:
    language = language_of(request)
    settings: Settings = request.state.settings
    programme = request.state.programme.get(request.state.engine)
    name = text_in(language, programme.name if programme else None) or "Baige"
    own = address_of(request, language, route, **params)
    return Feed(
        id=_id(request, own.partition("://")[2].partition("/")[2]),
        title=f"{name}: {title}",
        author=name,
        own=own,
        page=address_of(request, language, page, **params),
        lang=language,
        rights=settings.data_licence,
    )


def _sent(feed: Feed, entries: list[Entry]) -> Response:
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return Response(atom(feed, entries), media_type="application/atom+xml", headers=headers)


def _of_call(request: Request, each: NewsOfCall) -> Entry:
    language, zone = language_of(request), ZoneInfo(each.timezone)
    words = choices(language, "calendar")

    def dated(what: str, at: datetime | None) -> list[str]:
        return [f"{words[what]}: {formats.moment(language, at, zone)}"] if at and not each.cancelled else []

    state = [choices(language, "call_states")["cancelled"]] if each.cancelled else []
    said = [text_in(language, notice) for notice in reversed(each.notices)]
    lines = [*state, *dated("opens", each.opens_at), *dated("closes", each.closes_at), *said]
    return Entry(
        id=_id(request, f"{language}/calls/{each.slug}"),
        title=text_in(language, each.title),
        summary="\n".join([*lines, text_in(language, each.purpose)]),
        href=address_of(request, language, "calls.show", call=each.slug),
        lang=language,
        published=each.opened_at,
        updated=each.changed_at,
    )


def _of_results(request: Request, each: NewsOfResults) -> Entry:
    language = language_of(request)
    own = (each.summaries or {}).get(language)
    facts = [each.team] if each.team else []
    facts += [formats.euros(language, each.amount_minor)] if each.amount_minor is not None else []
    if each.given_back:
        facts.append(choices(language, "winner_how")["given_back"])
    return Entry(
        id=_id(request, f"{language}/calls/{each.call}/results/{each.slug}"),
        title=each.title,
        summary="\n".join(
            [" · ".join(facts), text_in(language, each.call_title), own or each.summary]
        ).strip(),
        href=address_of(request, language, "results.winner", call=each.call, slug=each.slug),
        lang=each.language,
        published=each.published_at,
        updated=each.changed_at,
    )


def _of_correction(request: Request, each: NewsOfCorrection) -> Entry:
    language = language_of(request)
    route = "results.winner" if each.winner else "results.list"
    params = {"call": each.call} | ({"slug": each.winner} if each.winner else {})
    title = translations(language).ugettext("Correction")
    return Entry(
        id=_id(request, f"{language}/calls/{each.call}/corrections/{each.code}"),
        title=f"{title}: {text_in(language, each.call_title)}",
        summary=text_in(language, each.words),
        href=f"{address_of(request, language, route, **params)}#correction-{each.code}",
        lang=language,
        published=each.at,
        updated=each.at,
    )


def _id(request: Request, path: str) -> str:
    return f"tag:{host_of(request)},{SINCE}:{path}"
