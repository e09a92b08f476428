"""The logos of partner organisations: for everybody, and where a coordinator puts and removes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.logos import (
    DeskPartner,
    KeptLogo,
    check_logo,
    desk_logo,
    desk_partners,
    public_logo,
    put_logo,
    remove_logo,
)
from app.calls.titles import call_title
from app.errors import Invalid, Problem, Stale, TooLarge
from app.files.kinds import MediaType
from app.messages import sentence, words_of
from app.pages.forms import Mistake, Typed, number
from app.pages.kept import DAY_SECONDS, MOST_SECONDS
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.partner_views import PartnerView, partner_view
from app.web.actors import AsCoordinator, AsDeskUploader
from app.web.clock import Now
from app.web.downloads import shown
from app.web.language import language_of
from app.web.session import Db
from app.web.uploads import check_length, incoming, reading, received_logo, writing

router = APIRouter()
ACCEPTED = "image/png,image/jpeg,image/webp,image/heic,.heic"
DESK = "/desk/{call}/setup/logos"


@dataclass(frozen=True, slots=True)
class LogoCard:
    """One organisation: what is shown of it now, and its form."""

    code: str
    shown: PartnerView
    version: int
    error: str


@dataclass(frozen=True, kw_only=True)
class LogosEdit(Page):
    """The partner organisations of a call with their logos."""

    template = "setup/logos.html"
    slug: str
    title: str
    cards: Sequence[LogoCard]
    label: str
    hint: str
    accept: str
    summary: Sequence[Mistake]
    stale: bool


@router.get("/calls/{call}/logos/{organisation}", name="logos.show")
def show_logo(request: Request, session: Db, call: str, organisation: str) -> Response:
    """The picture itself. Under the address that a page names it is always the same one."""
    return sent_logo(request, public_logo(session, call, organisation))


def sent_logo(request: Request, found: KeptLogo) -> Response:
    """An old address may lead to a new picture: that is kept for a minute only."""
    same = request.query_params.get("v", "") == str(found.version)
    seconds = DAY_SECONDS if same else MOST_SECONDS
    return shown(request.state.store, found.sha256, MediaType.WEBP, seconds)


@router.get(DESK, name="setup.logos")
def edit(request: Request, session: Db, who: AsCoordinator) -> Response:
    return _page(request, session, who).response(request)


@router.get(DESK + "/{organisation}", name="setup.logo")
def show_own(request: Request, session: Db, who: AsCoordinator, organisation: str) -> Response:
    """The picture before the call is public."""
    return shown(request.state.store, desk_logo(session, who, organisation).sha256, MediaType.WEBP, 0)


@router.post(DESK + "/{organisation}", name="setup.put_logo")
async def put(request: Request, who: AsDeskUploader, now: Now, call: str, organisation: str) -> Response:
    """The form names the version in its address: the file comes after, and may be for nothing."""
    asked = request.query_params.get("version", "")
    version = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else -1
    try:
        await reading(request, lambda session: check_logo(session, who, organisation, version))
        check_length(request)
        async with incoming(request) as got:
            if not got.name and not got.size:
                raise Invalid({"file": "file.missing"})
            new = await received_logo(request, got)
        await writing(request, lambda session: put_logo(session, who, organisation, version, new, now))
    except TooLarge:
        return await _refused(request, who, organisation, ("file.too_large", {}), 413)
    except Invalid as error:
        ((_, problem),) = error.fields.items()
        return await _refused(request, who, organisation, problem, 422)
    except Stale:
        return await _refused(request, who, organisation, None, 409)
    return see_other(request, "setup.logos", call=call, done="logo_put", anchor=f"logo-{organisation}")


@router.post(DESK + "/{organisation}/remove", name="setup.remove_logo")
def remove(
    request: Request, session: Db, who: AsCoordinator, now: Now, call: str, organisation: str, typed: Typed
) -> Response:
    try:
        remove_logo(session, who, organisation, number(typed, "version"), now)
    except Stale:
        return _page(request, session, who, stale=True).response(request, 409)
    return see_other(request, "setup.logos", call=call, done="logo_removed", anchor=f"logo-{organisation}")


async def _refused(
    request: Request, who: Coordinator, organisation: str, problem: Problem | None, status: int
) -> Response:
    def page(session: Session) -> Response:
        wrong = (organisation, problem) if problem else None
        return _page(request, session, who, wrong, stale=problem is None).response(request, status)

    return await reading(request, page)


def _page(
    request: Request,
    session: Session,
    who: Coordinator,
    wrong: tuple[str, Problem] | None = None,
    *,
    stale: bool = False,
) -> LogosEdit:
    language, call = language_of(request), request.path_params["call"]
    words = words_of(language, "files.logo")
    refused, said = (wrong[0], sentence(language, *wrong[1])) if wrong else ("", "")
    return LogosEdit(
        slug=call,
        title=call_title(session, who, language) or call,
        cards=[
            _card(language, call, each, said if each.code == refused else "")
            for each in desk_partners(session, who)
        ],
        label=words.label,
        hint=words.hint,
        accept=ACCEPTED,
        summary=[Mistake(f"#f-logo-{refused}", said)] if wrong else [],
        stale=stale,
    )


def _card(language: str, call: str, partner: DeskPartner, error: str) -> LogoCard:
    address = path_to(language, "setup.logo", call=call, organisation=partner.code)
    view = partner_view(text_in(language, partner.name), partner.logo, address)
    return LogoCard(partner.code, view, partner.version, error)
