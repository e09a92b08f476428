"""The jury of a round for its coordinators: who is on it, their links and codes, and how far each is."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from app.errors import Conflict, Invalid, NotFound, Stale
from app.events.evening import all_have_pitched, more_pitches_follow, pitch_begins
from app.events.jury import (
    ContactInput,
    FullJuror,
    FullJury,
    JurorInput,
    ReasonInput,
    add_juror,
    change_contact,
    close_juror,
    full_jury,
    open_juror,
    remove_juror,
)
from app.events.jury_access import issue_access, issue_to_all, mail_link, revoke_access
from app.messages import formats
from app.messages.labels import choices
from app.models.outbox import MailState
from app.pages.evening import AtEvening, Here
from app.pages.forms import Form, Option, Typed, form_of, number, one, read_form
from app.pages.live_code import drawn_square
from app.pages.page import Page, path_to, text_in
from app.pages.sign_in import secret_of

router = APIRouter(prefix="/desk/{call}/event/{pot}/jury")
NewJuror = Annotated[Form[JurorInput], Depends(form_of(JurorInput, "juror"))]
ContactForm = Annotated[Form[ContactInput], Depends(form_of(ContactInput, "juror"))]
ACTS = {"close": close_juror, "open": open_juror, "remove": remove_juror}
DONE = {"close": "juror_closed", "open": "juror_opened", "remove": "juror_removed"}


@dataclass(frozen=True, slots=True)
class JurorView:
    """One juror in words. `state` says how far they are, and never what they gave."""

    code: str
    number: int
    name: str
    organisation: str
    reach: str
    done: int
    of: int
    papers: int
    once: int
    differ: int
    state: str
    tone: str
    reason: str
    issued: bool
    device: bool
    email: str
    linked: bool
    mail: str
    removed: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class PitchView:
    """One pitch of the running order, and of how many of the jury its ballot is complete."""

    slot: int
    number: int
    title: str
    lang: str
    begun: bool
    done: int


@dataclass(frozen=True, kw_only=True)
class JuryDesk(Page):
    """Who is on the jury and how far; no score is on this page, for nobody."""

    template = "jury/desk.html"
    call: str
    call_title: str
    pot: str
    round_name: str
    weight: str
    version: int
    closed: bool
    jurors: list[JurorView]
    seated: int
    pitches: list[PitchView]
    comparing: bool
    compare_ends: str
    form: Form[JurorInput]
    to_mail: int
    stale: bool


@dataclass(frozen=True, kw_only=True)
class JurorCard(Page):
    """Link and code of one juror, shown once and to be handed over. `mailed_to`: the link goes there.

    `square` is the link as a picture for a phone's camera: nobody types it from paper.
    """

    template = "jury/card.html"
    call: str
    call_title: str
    pot: str
    round_name: str
    number: int
    name: str
    link: str
    square: str
    code: str
    mailed_to: str


@dataclass(frozen=True, slots=True)
class ToldCode:
    """Six digits, and whom to tell them."""

    number: int
    name: str
    phone: str
    email: str
    code: str


@dataclass(frozen=True, kw_only=True)
class JuryCodes(Page):
    """The codes of all whose links have just gone by mail, shown once."""

    template = "jury/codes.html"
    call: str
    call_title: str
    pot: str
    round_name: str
    rows: list[ToldCode]


@dataclass(frozen=True, kw_only=True)
class JurorPage(Page):
    """One juror: how they are reached, the card, its mail; closing, opening, or taking off for a reason."""

    template = "jury/juror.html"
    call: str
    call_title: str
    pot: str
    juror: JurorView
    closed: bool
    form: Form[ReasonInput]
    contact: Form[ContactInput]
    refused: str


@router.get("", name="jury.desk")
def desk(here: AtEvening) -> Response:
    return _desk(here).response(here.request)


@router.post("", name="jury.add")
def add(here: AtEvening, form: NewJuror) -> Response:
    try:
        juror = add_juror(*here.round, form.value(), here.now)
    except Invalid as error:
        return _desk(here, form.refused(error)).response(here.request, 422)
    return here.done("jury.juror", "juror_added", juror=juror)


@router.post("/pitch", name="jury.begin")
def begin(here: AtEvening, given: Typed) -> Response:
    """Without the stage: one pitch begins, or all are over, or more follow after all."""
    seen, act = number(given, "version"), one(given, "_action")
    try:
        if act == "compare":
            all_have_pitched(*here.round, seen, here.now)
        elif act == "more":
            more_pitches_follow(*here.round, seen, here.now)
        else:
            pitch_begins(*here.round, number(given, "slot"), seen, here.now)
    except Stale:
        return _desk(here, stale=True).response(here.request, 409)
    done = {"compare": "comparing_begun", "more": "comparing_ended"}.get(act, "pitch_begun")
    return here.done("jury.desk", done)


@router.post("/mail", name="jury.mail_all")
def mail_all(here: AtEvening) -> Response:
    """A link by mail to all who have an address and no card; their codes, in this answer alone."""
    issued = issue_to_all(*here.round, secret=secret_of(here.request), now=here.now)
    jury = full_jury(*here.round, here.now)
    return JuryCodes(
        call=here.call,
        call_title=here.title,
        pot=here.pot,
        round_name=text_in(here.language, jury.round_name),
        rows=[
            ToldCode(row.number, row.name, row.phone, row.email, spaced(access.code))
            for access in issued
            for row in [_row(jury, access.juror)]
        ],
    ).response(here.request)


@router.get("/{juror}", name="jury.juror")
def show_juror(here: AtEvening, juror: str) -> Response:
    return _juror(here, juror).response(here.request)


@router.post("/{juror}", name="jury.act")
def act_on_juror(here: AtEvening, juror: str, given: Typed) -> Response:
    form = read_form(ReasonInput, "juror_reason", here.language, {"reason": one(given, "reason")})
    act = one(given, "_action")
    if act not in ACTS:
        raise NotFound
    try:
        ACTS[act](*here.round, juror, form.value().reason, here.now)
    except Invalid as error:
        return _juror(here, juror, form=form.refused(error)).response(here.request, 422)
    return here.done("jury.desk", DONE[act])


@router.post("/{juror}/contact", name="jury.contact")
def save_contact(here: AtEvening, juror: str, form: ContactForm) -> Response:
    try:
        change_contact(*here.round, juror, form.value(), here.now)
    except Invalid as error:
        return _juror(here, juror, contact=form.refused(error)).response(here.request, 422)
    return here.done("jury.juror", "juror_changed", juror=juror)


@router.post("/{juror}/card", name="jury.issue")
def issue(here: AtEvening, juror: str, given: Typed) -> Response:
    """A new link and code, shown in this answer alone: they are stored nowhere."""
    mail = one(given, "_action") == "mail"
    try:
        access = issue_access(*here.round, juror, secret=secret_of(here.request), now=here.now, mail=mail)
    except Conflict as error:
        return _juror(here, juror, refused=here.said(error)).response(here.request, 409)
    jury = full_jury(*here.round, here.now)
    row = _row(jury, juror)
    base = here.request.state.settings.base_url.rstrip("/")
    link = f"{base}{path_to(row.language, 'jury.sign_in', pot=here.pot)}?key={access.key}"
    return JurorCard(
        call=here.call,
        call_title=here.title,
        pot=here.pot,
        round_name=text_in(here.language, jury.round_name),
        number=row.number,
        name=row.name,
        link=link,
        square="data:image/svg+xml;base64," + b64encode(drawn_square(link)).decode(),
        code=spaced(access.code),
        mailed_to=row.email if access.mailed else "",
    ).response(here.request)


@router.post("/{juror}/mail", name="jury.mail")
def mail_again(here: AtEvening, juror: str) -> Response:
    return _done_to(here, juror, lambda: mail_link(*here.round, juror, here.now), "juror_mailed")


@router.post("/{juror}/revoke", name="jury.revoke")
def revoke(here: AtEvening, juror: str) -> Response:
    return _done_to(here, juror, lambda: revoke_access(*here.round, juror, here.now), "juror_revoked")


def _done_to(here: Here, juror: str, act: Callable[[], object], done: str) -> Response:
    """One press about a juror's link; what it refuses stands on the juror's page."""
    try:
        act()
    except NotFound:
        raise
    except Conflict as error:
        return _juror(here, juror, refused=here.said(error)).response(here.request, 409)
    return here.done("jury.juror", done, juror=juror)


def spaced(code: str) -> str:
    """Six digits as they are read out."""
    return f"{code[:3]} {code[3:]}"


def _row(jury: FullJury, juror: str) -> FullJuror:
    for each in jury.jurors:
        if each.code == juror:
            return each
    raise NotFound


def _desk(here: Here, form: Form[JurorInput] | None = None, *, stale: bool = False) -> JuryDesk:
    language = here.language
    jury = full_jury(*here.round, here.now)
    names = [Option(code, text_in(language, name) or code) for code, name in jury.organisations.items()]
    return JuryDesk(
        call=here.call,
        call_title=here.title,
        pot=here.pot,
        round_name=text_in(language, jury.round_name),
        weight=percent(jury.weight),
        version=jury.version,
        closed=jury.closed_at is not None,
        jurors=[juror_view(language, each) for each in jury.jurors],
        seated=len(jury.seated),
        pitches=[
            PitchView(each.slot, each.number, each.title, each.language, each.begun, each.done)
            for each in jury.pitches
        ],
        comparing=jury.comparing_at is not None,
        compare_ends=formats.clock(jury.compare_ends_at) if jury.compare_ends_at else "",
        form=(form or Form(JurorInput, "juror", language, {"language": language})).offering(
            organisation=names
        ),
        to_mail=sum(bool(each.email) and each.issued_at is None for each in jury.seated),
        stale=stale,
    )


def juror_view(language: str, each: FullJuror) -> JurorView:
    """One juror in words."""
    state, tone = _state(each)
    return JurorView(
        code=each.code,
        number=each.number,
        name=each.name,
        organisation=text_in(language, each.organisation_name) or each.organisation,
        reach=" · ".join(part for part in (each.phone, each.email) if part),
        done=each.done,
        of=each.of,
        papers=each.papers,
        once=each.once,
        differ=each.differ,
        state=choices(language, "juror_state")[state],
        tone=tone,
        reason=each.removed_reason or each.closed_reason,
        issued=each.issued_at is not None,
        device=each.device,
        email=each.email,
        linked=each.linked,
        mail=mail_in_words(language, each),
        removed=each.removed,
        ended=each.ended,
    )


def _state(each: FullJuror) -> tuple[str, str]:
    if each.removed:
        return "removed", "mute"
    if each.finished_at is not None:
        return "finished", "ok"
    if each.closed_at is not None:
        return "closed", "mute"
    if each.device:
        return "in", "info"
    return ("issued", "none") if each.issued_at is not None else ("no_card", "warn")


def mail_in_words(language: str, each: FullJuror) -> str:
    """How far the mail with the link that works is; nothing where there is none."""
    if each.mailed is None:
        return ""
    words = choices(language, "juror_mail")[each.mailed]
    if each.mailed is MailState.SENT and each.mailed_at is not None:
        return f"{words}: {formats.moment(language, each.mailed_at)}"
    return words


def _juror(
    here: Here,
    juror: str,
    *,
    form: Form[ReasonInput] | None = None,
    contact: Form[ContactInput] | None = None,
    refused: str = "",
) -> JurorPage:
    language = here.language
    jury = full_jury(*here.round, here.now)
    row = _row(jury, juror)
    known = {"name": row.name, "email": row.email, "phone": row.phone, "language": row.language}
    return JurorPage(
        call=here.call,
        call_title=here.title,
        pot=here.pot,
        juror=juror_view(language, row),
        closed=jury.closed_at is not None,
        form=form or Form(ReasonInput, "juror_reason", language),
        contact=contact or Form(ContactInput, "juror", language, known),
        refused=refused,
    )


def percent(weight: int | None) -> str:
    """A weight as it is read; nothing where there is none."""
    return "" if weight is None else f"{weight}\u00a0%"
