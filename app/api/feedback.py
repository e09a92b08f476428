"""Lines of feedback for who is not selected, letters of the results, and factual errors pointed out."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch
from app.decisions import factual, letters_out, lines
from app.decisions.factual import FactualAnswerInput, FactualInput, FullNote, OwnNotes
from app.decisions.lacking import LEAST_LINE
from app.decisions.letters_out import Letters
from app.decisions.lines import MOST_CHARACTERS, LackingLine, LineInput, Worded
from app.sections.text import PROSE
from app.web.actors import AsApplicant, AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["results"])


class LineText(BaseModel):
    """What the applicant reads about one criterion."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(min_length=LEAST_LINE, max_length=MOST_CHARACTERS), PROSE]


class Filled(BaseModel):
    """How many lines were made."""

    lines: int


class Letting(BaseModel):
    """How many letters were stopped, or leave now."""

    letters: int


@router.get("/calls/{call}/feedback", name="api.feedback.list")
def list_lacking(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[LackingLine]:
    """Applications that are not selected and lack a useful line for a criterion: their letters wait. 409
    before reviewing has closed."""
    found = lines.lacking_lines(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/calls/{call}/feedback", name="api.feedback.fill")
def fill(session: Db, coordinator: AsCoordinator, now: Now) -> Filled:
    """Make every lacking line of the published words of the scale for the mean that the reviewers gave."""
    return Filled(lines=lines.fill_from_scale(session, coordinator, now))


@router.get("/calls/{call}/feedback/{application}", name="api.feedback.show")
def show_worded(session: Db, coordinator: AsCoordinator, application: str) -> Worded:
    """The lines of one application, and the reviewers' words to make them of. 409 before reviewing has
    closed."""
    return lines.worded(session, coordinator, application)


@router.put("/calls/{call}/feedback/{application}/{criterion}", name="api.feedback.save", status_code=204)
def save(
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    application: str,
    criterion: str,
    seen: IfMatch,
    given: Json[LineText],
) -> None:
    """Word one line; the version is the line's, 0 where there is none."""
    one = LineInput(criterion=criterion[:40], version=seen, text=given.text)
    lines.save_line(session, coordinator, application, one, now)


@router.delete("/calls/{call}/feedback/{application}/{criterion}", name="api.feedback.drop", status_code=204)
def drop(
    session: Db, coordinator: AsCoordinator, now: Now, application: str, criterion: str, seen: IfMatch
) -> None:
    """Take a line away: the reviewers' own reasons are read again."""
    lines.drop_line(session, coordinator, application, criterion, seen, now)


@router.get("/calls/{call}/letters", name="api.letters.show")
def show_letters(session: Db, coordinator: AsCoordinator, now: Now, paging: Paging) -> Letters:
    """How the letters of the results stand, and from `offset` on what became of each."""
    return letters_out.letters(session, coordinator, now, paging.offset)


@router.post("/calls/{call}/letters/stop", name="api.letters.stop")
def stop_letters(session: Db, coordinator: AsCoordinator, now: Now) -> Letting:
    """Keep back every letter that has not left; 409 where none waits."""
    return Letting(letters=letters_out.stop_letters(session, coordinator, now))


@router.post("/calls/{call}/letters/send", name="api.letters.send_now")
def send_letters_now(session: Db, coordinator: AsCoordinator, now: Now) -> Letting:
    """Let those that wait or were stopped leave at once; 409 where there are none."""
    return Letting(letters=letters_out.send_letters_now(session, coordinator, now))


@router.get("/applications/{ref}/errors", name="api.factual.own")
def own_errors(session: Db, applicant: AsApplicant, ref: str) -> OwnNotes:
    """Factual errors that one's team pointed out, and the answers."""
    return factual.own_notes(session, applicant, ref)


@router.post("/applications/{ref}/errors", name="api.factual.write", status_code=204)
def write_error(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, given: Json[FactualInput]
) -> None:
    """Point out a factual error; 409 outside the time for it, or while one waits for its answer."""
    days = request.state.settings.factual_error_days
    factual.write_note(session, applicant, ref, given, days, now)


@router.get("/calls/{call}/errors", name="api.factual.list")
def list_errors(session: Db, coordinator: AsCoordinator, paging: Paging) -> Listed[FullNote]:
    """Every error that was pointed out in the call, those that wait first."""
    found = factual.notes_of_call(session, coordinator)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/calls/{call}/errors/{code}/answer", name="api.factual.answer", status_code=204)
def answer_error(
    session: Db, coordinator: AsCoordinator, now: Now, code: str, given: Json[FactualAnswerInput]
) -> None:
    """Answer one, once: its team is told by mail, and the ledger counts it."""
    factual.answer_note(session, coordinator, code, given, now)
