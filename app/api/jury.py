"""The jury of a round for its coordinators: who is on it, links and codes, ballots, papers, and the tally.

Nobody is told a score here before all is closed, as on the pages: how many ballots are whole is all there is.
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.evening import AtRound, Here
from app.api.versions import IfMatch, Tagging
from app.errors import NotFound
from app.events import evening, jury, jury_access, keying, tally
from app.events.jury import ContactInput, FullJuror, FullJury, JurorInput, ReasonInput
from app.events.jury_access import Access
from app.events.keying import FullPaper, Keyed, PaperInput
from app.events.tally import CloseInput, FullTally

router = APIRouter(prefix="/calls/{call}/rounds/{round}", tags=["jury"])


class AccessInput(BaseModel):
    """Whether the link leaves by mail at once; the code never does."""

    model_config = ConfigDict(extra="forbid")
    mail: bool = False


class JurorAccess(BaseModel):
    """What is handed to one juror. The code is told in this answer alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    juror: str
    link: str
    code: str
    mailed: bool


class MailedLinks(BaseModel):
    """The links that are on their way, each with the code that is to be told."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    jurors: list[JurorAccess]


class ClosingInput(BaseModel):
    """Why nobody pitched; asked for only where nobody did."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(max_length=jury.REASON_CAP)] = ""


@router.get("/jury", name="api.jury.progress")
def show_jury(tag: Tagging, here: AtRound) -> FullJury:
    """The jury and how far it is: whole ballots by juror and by pitch, and no score. The tag is the
    evening's, which beginning a pitch, comparing and closing name."""
    found = jury.full_jury(*here.round, here.now)
    tag(found.version)
    return found


@router.post("/jury", name="api.jury.add")
def add_juror(here: AtRound, given: Json[JurorInput]) -> FullJuror:
    """Put somebody on the jury. 409 where pitches are not scored, and once all is closed."""
    return _one(here, jury.add_juror(*here.round, given, here.now))


@router.get("/jury/{juror}", name="api.jury.show")
def show_juror(here: AtRound, juror: str) -> FullJuror:
    """One juror: how they are reached, and how far they are."""
    return _one(here, juror)


@router.put("/jury/{juror}", name="api.jury.change")
def change_juror(here: AtRound, juror: str, given: Json[ContactInput]) -> FullJuror:
    """Say otherwise how a juror is reached. Once the address is another one, link and code are worthless."""
    jury.change_contact(*here.round, juror, given, here.now)
    return _one(here, juror)


@router.post("/jury/{juror}/closing", name="api.jury.close")
def close_juror(here: AtRound, juror: str, given: Json[ReasonInput]) -> FullJuror:
    """Take no more from a juror who never finishes; what they scored counts."""
    jury.close_juror(*here.round, juror, given.reason, here.now)
    return _one(here, juror)


@router.post("/jury/{juror}/opening", name="api.jury.open")
def open_juror(here: AtRound, juror: str, given: Json[ReasonInput]) -> FullJuror:
    """Let a juror go on who pressed too soon, or came after all."""
    jury.open_juror(*here.round, juror, given.reason, here.now)
    return _one(here, juror)


@router.post("/jury/{juror}/removal", name="api.jury.remove")
def remove_juror(here: AtRound, juror: str, given: Json[ReasonInput]) -> FullJuror:
    """Take somebody off the jury: nothing that they scored counts."""
    jury.remove_juror(*here.round, juror, given.reason, here.now)
    return _one(here, juror)


@router.post("/jury/{juror}/access", name="api.jury.issue")
def issue_access(here: AtRound, juror: str, given: Json[AccessInput]) -> JurorAccess:
    """A new link and code, told in this answer alone; those before work no more. 409 where the link is to
    be mailed and there is no address."""
    made = jury_access.issue_access(*here.round, juror, secret=here.secret, now=here.now, mail=given.mail)
    return _access(here, made)


@router.delete("/jury/{juror}/access", name="api.jury.revoke", status_code=204)
def revoke_access(here: AtRound, juror: str) -> None:
    """Make link and code worthless, and sign the device out."""
    jury_access.revoke_access(*here.round, juror, here.now)


@router.post("/jury/{juror}/mail", name="api.jury.mail", status_code=204)
def mail_link(here: AtRound, juror: str) -> None:
    """Mail the link that works once more; the code stays. 409 without an address, or before there is one."""
    jury_access.mail_link(*here.round, juror, here.now)


@router.post("/jury-links", name="api.jury.mail_all")
def mail_all(here: AtRound) -> MailedLinks:
    """Mail a link to all who have an address and no card yet, and tell their codes: in this answer alone. 409
    where pitches are not scored."""
    made = jury_access.issue_to_all(*here.round, secret=here.secret, now=here.now)
    return MailedLinks(jurors=[_access(here, each) for each in made])


@router.put("/pitches/{slot}", name="api.jury.begin")
def begin_pitch(tag: Tagging, here: AtRound, slot: str, seen: IfMatch) -> FullJury:
    """Let the jury score a pitch without the stage: it has begun."""
    # What is no number is no place of the running order.
    number = int(slot) if slot.isascii() and slot.isdigit() and len(slot) < 4 else 0
    evening.pitch_begins(*here.round, number, seen, here.now)
    return show_jury(tag, here)


@router.put("/comparing", name="api.jury.compare")
def compare(tag: Tagging, here: AtRound, seen: IfMatch) -> FullJury:
    """Let jurors compare from now on; where they do already, that begins anew. 409 before any pitch."""
    evening.all_have_pitched(*here.round, seen, here.now)
    return show_jury(tag, here)


@router.delete("/comparing", name="api.jury.compare_later")
def compare_later(tag: Tagging, here: AtRound, seen: IfMatch) -> FullJury:
    """Take back that all have pitched."""
    evening.more_pitches_follow(*here.round, seen, here.now)
    return show_jury(tag, here)


@router.get("/ballots/{juror}", name="api.ballots.show")
def show_paper(here: AtRound, juror: str) -> FullPaper:
    """A juror's paper: what is left to key in. What somebody else has keyed in is told only where both have,
    and differ."""
    return keying.full_paper(*here.round, juror)


@router.post("/ballots/{juror}", name="api.ballots.key")
def key_paper(here: AtRound, juror: str, given: Json[PaperInput]) -> Keyed:
    """Key in a juror's sheet, or some lines of it. A line that two people keyed alike becomes a ballot; 409
    once the juror has finished or all is closed."""
    return keying.key_paper(*here.round, juror, given, here.now)


@router.get("/tally", name="api.tally.show")
def show_tally(tag: Tagging, here: AtRound) -> FullTally:
    """How far the jury is; `rows`, with every total, only once the scoring of the pitches is closed."""
    found = tally.full_tally(*here.round, here.now)
    tag(found.jury.version)
    return found


@router.post("/tally/closing", name="api.tally.close")
def close_tally(tag: Tagging, here: AtRound, seen: IfMatch, given: Json[ClosingInput]) -> FullTally:
    """Close the scoring of the pitches and compute the order. 409 while a juror is not finished, or papers
    differ."""
    tally.close_pitches(*here.round, CloseInput(version=seen, reason=given.reason), here.now)
    return show_tally(tag, here)


@router.post("/tally/reopening", name="api.tally.reopen")
def reopen_tally(tag: Tagging, here: AtRound, given: Json[ReasonInput]) -> FullTally:
    """Let ballots come again; 409 once an award rests on the order."""
    tally.reopen_pitches(*here.round, given.reason, here.now)
    return show_tally(tag, here)


def _one(here: Here, juror: str) -> FullJuror:
    for each in jury.full_jury(*here.round, here.now).jurors:
        if each.code == juror:
            return each
    raise NotFound


def _access(here: Here, made: Access) -> JurorAccess:
    language = _one(here, made.juror).language
    link = here.address(f"/{language}/jury/{here.code}/sign-in?key={made.key}")
    return JurorAccess(juror=made.juror, link=link, code=made.code, mailed=made.mailed)
