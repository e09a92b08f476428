"""Being at work on a section beside others: who is there, saying that one is, taking a section over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.applications import actions
from app.applications.own import own_application
from app.applications.presence import Present
from app.messages import formats, translations
from app.messages.labels import choices
from app.pages.forms import typed
from app.pages.page import Page, path_to
from app.pages.presences import PresenceView, at_work, presence_view
from app.sections.catalogue import CATALOGUE
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, kw_only=True)
class TeamPresence(Page):
    """The part of a page that says who else is at work; asked for again while the page is looked at."""

    template = "team/presence.html"
    presence: PresenceView | None


@dataclass(frozen=True, kw_only=True)
class SectionHeld(Page):
    """That somebody else has this section now, and the button that takes it over."""

    template = "team/held.html"
    ref: str
    title: str
    words: str
    since: str
    action: str
    page: str
    back: str


@router.get("/presence", name="team.presence")
def presence(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_application(session, applicant, ref, now)
    view = presence_view(session, applicant, own, language_of(request), now)
    return TeamPresence(presence=view).response(request)


@router.post("/{section}/here", name="team.attend")
def attend(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, section: str
) -> Response:
    """Said by a page that stays open, every half minute; the answer is who else is there."""
    actions.attend(session, applicant, ref, section, now)
    session.flush()
    own = own_application(session, applicant, ref, now)
    view = presence_view(session, applicant, own, language_of(request), now, section)
    return TeamPresence(presence=view).response(request)


@router.post("/{section}/take-over", name="team.take_over")
def take_over(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, section: str, given: Typed
) -> Response:
    actions.take_over(session, applicant, ref, section, now)
    known, language = CATALOGUE[section], language_of(request)
    part = known.part(str(given.get("page", "")))
    place = {"ref": ref, "section": section}
    address = (
        path_to(language, "applications.write_page", page=part.code, **place)
        if part
        else path_to(language, "applications.write", **place)
    )
    done, back = "taken_over", "&back=check" if given.get("back") == "check" else ""
    return RedirectResponse(f"{address}?done={done}{back}", 303)


def held_page(
    language: str, ref: str, section: str, page: str, back: str, holder: Present, now: datetime
) -> SectionHeld:
    """What stands in the place of a section's form while somebody else has it."""
    since = translations(language).ugettext("Here since: {since}. Seen last: {seen}.")
    return SectionHeld(
        ref=ref,
        title=choices(language, "sections")[section],
        words=at_work(language, holder, now),
        since=since.format(since=formats.clock(holder.taken_at), seen=formats.clock(holder.seen_at))
        if holder.taken_at
        else "",
        action=path_to(language, "team.take_over", ref=ref, section=section),
        page=page,
        back=back,
    )
