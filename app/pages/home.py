"""The front page, and what the site says about itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.cast import CastMember, cast
from app.calls.evenings import EveningAhead, evenings_ahead
from app.calls.phase import Phase
from app.calls.public import PublicCallLine, public_calls
from app.events.trying import TryEvening, evenings_to_try
from app.messages import formats, label, translations
from app.models.panel import PanelRole
from app.pages.calls import time_left
from app.pages.page import Page, text_in
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter()
RUNNING = frozenset({Phase.OPEN, Phase.GRACE})


@dataclass(frozen=True, slots=True)
class CallCard:
    """A call in the list, in words; `left` says how long one can still send."""

    slug: str
    title: str
    purpose: str
    state: str
    tone: str
    when: str
    left: str
    ceiling: str


@dataclass(frozen=True, slots=True)
class AheadCard:
    """An evening to which everybody may come, in words."""

    call: str
    pot: str
    name: str
    call_title: str
    when: str
    place: str


@dataclass(frozen=True, slots=True)
class CastGroup:
    """People of the demo in one role; `title` is what they are."""

    title: str
    members: Sequence[CastMember]


@dataclass(frozen=True, slots=True)
class EveningCard:
    """An evening that can be tried, in words. `email` and `second` are of its coordinators."""

    call: str
    pot: str
    title: str
    when: str
    words: str
    state: str
    email: str
    second: str
    second_name: str
    jurors: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class HomeShow(Page):
    """Open, coming and past calls; in the demo also its evenings, and the people one can be."""

    template = "home/show.html"
    running: Sequence[CallCard]
    coming: Sequence[CallCard]
    ahead: Sequence[AheadCard]
    past: Sequence[CallCard]
    evenings: Sequence[EveningCard]
    cast: Sequence[CastGroup]


@dataclass(frozen=True, kw_only=True)
class SitePrivacy(Page):
    """What is kept of whom, and for how long."""

    template = "home/privacy.html"


@dataclass(frozen=True, kw_only=True)
class SiteAccessibility(Page):
    """How the site can be used, and whom to tell when it cannot."""

    template = "home/accessibility.html"


@router.get("/", name="home")
def show(request: Request, session: Db, now: Now) -> Response:
    language = language_of(request)
    lines = public_calls(session, now)
    demo = request.state.settings.demo
    return HomeShow(
        running=[_card(line, language) for line in lines if line.phase in RUNNING],
        coming=[_card(line, language) for line in lines if line.phase is Phase.SCHEDULED],
        ahead=[_ahead(each, language) for each in evenings_ahead(session, now)],
        past=[_card(line, language) for line in lines if line.phase not in RUNNING | {Phase.SCHEDULED}],
        evenings=[_evening(each, language) for each in evenings_to_try(session, now)] if demo else [],
        cast=_cast(cast(session, now), language) if demo else [],
    ).response(request)


@router.get("/privacy", name="site.privacy")
def privacy(request: Request) -> Response:
    return SitePrivacy().response(request)


@router.get("/accessibility", name="site.accessibility")
def accessibility(request: Request) -> Response:
    return SiteAccessibility().response(request)


def _evening(evening: TryEvening, language: str) -> EveningCard:
    emails = [(each.email, each.name) for each in evening.coordinators]
    (email, _), (second, second_name) = [*emails, ("", ""), ("", "")][:2]
    zone = ZoneInfo(evening.timezone)
    return EveningCard(
        call=evening.call,
        pot=evening.round,
        title=text_in(language, evening.title),
        when=formats.moment(language, evening.starts_at, zone) if evening.starts_at else "",
        words=text_in(language, evening.purpose),
        state=evening.state.value,
        email=email,
        second=second,
        second_name=second_name,
        jurors=[
            (each.code, f"{each.name} · {text_in(language, each.organisation)}") for each in evening.jurors
        ],
    )


def _ahead(evening: EveningAhead, language: str) -> AheadCard:
    return AheadCard(
        call=evening.call,
        pot=evening.round,
        name=text_in(language, evening.name),
        call_title=text_in(language, evening.call_title),
        when=formats.moment(language, evening.starts_at, ZoneInfo(evening.timezone)),
        place=text_in(language, evening.place),
    )


def _cast(members: Sequence[CastMember], language: str) -> list[CastGroup]:
    groups: dict[str, list[CastMember]] = {}
    for member in members:
        groups.setdefault(_role(member, language), []).append(member)
    return [CastGroup(title, group) for title, group in groups.items()]


def _role(member: CastMember, language: str) -> str:
    if member.organisation is not None:
        return f"{label(language, PanelRole.REVIEWER)} · {text_in(language, member.organisation)}"
    if member.answers_for is not None:
        return f"{label(language, PanelRole.CONTACT)} · {text_in(language, member.answers_for)}"
    if member.pitches:
        return translations(language).ugettext("Finalist")
    if member.status is not None:
        return f"{translations(language).ugettext('Applicant')} · {label(language, member.status)}"
    return label(language, PanelRole.COORDINATOR)


def _card(line: PublicCallLine, language: str) -> CallCard:
    zone = ZoneInfo(line.timezone)
    when: datetime | None = line.opens_at if line.phase is Phase.SCHEDULED else line.closes_at
    if line.phase is Phase.CANCELLED:
        when = None
    return CallCard(
        slug=line.slug,
        title=text_in(language, line.title),
        purpose=text_in(language, line.purpose),
        state=label(language, line.phase),
        tone="ok" if line.phase in RUNNING else "info" if line.phase is Phase.SCHEDULED else "none",
        when=formats.moment(language, when, zone) if when else "",
        left=time_left(language, line.days_left, line.hours_left),
        ceiling=formats.euros(language, line.ceiling_minor) if line.ceiling_minor is not None else "",
    )
