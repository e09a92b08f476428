"""Paper ballots at the desk: whose are to be keyed in, and a juror's sheet as a table to type into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.errors import Invalid
from app.events.jury import full_jury
from app.events.keying import TO_TYPE, FullPaper, FullPaperLine, PaperInput, full_paper, key_paper
from app.messages.labels import choices
from app.pages.forms import Form, Mistake, Typed, read_form
from app.pages.jury_desk import JurorView, juror_view
from app.pages.page import Page, see_other, text_in
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/event/{pot}/ballots")
BOXES = ("tie", "missed")


@dataclass(frozen=True, kw_only=True)
class BallotList(Page):
    """Whose paper can be keyed in."""

    template = "jury/ballots.html"
    call: str
    call_title: str
    pot: str
    round_name: str
    jurors: list[JurorView]


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell to type into: a score, or a box to tick."""

    id: str
    name: str
    label: str
    value: str
    error: str
    box: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """One pitch of the sheet. `differing` says of each cell what the two have: (cell, first, second)."""

    number: int
    title: str
    lang: str
    state: str
    tone: str
    cells: list[CellView]
    differing: str


@dataclass(frozen=True, kw_only=True)
class PaperPage(Page):
    """A juror's sheet. What somebody else has keyed in is not on it before both have.

    `mistakes` name the team and the column: there are many cells of one kind.
    """

    template = "jury/paper.html"
    call: str
    call_title: str
    pot: str
    juror: str
    number: int
    name: str
    organisation: str
    ended: bool
    alone: bool
    heads: list[str]
    lines: list[LineView]
    can_type: bool
    form: Form[PaperInput]
    mistakes: Sequence[Mistake]


@router.get("", name="ballots.list")
def list_ballots(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    language = language_of(request)
    jury = full_jury(session, coordinator, pot, now)
    return BallotList(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        round_name=text_in(language, jury.round_name),
        jurors=[juror_view(language, each) for each in jury.seated],
    ).response(request)


@router.get("/{juror}", name="ballots.paper")
def show_paper(
    request: Request, session: Db, coordinator: AsCoordinator, call: str, pot: str, juror: str
) -> Response:
    form = Form(PaperInput, "paper", language_of(request))
    return _paper(request, session, coordinator, call, pot, juror, form).response(request)


@router.post("/{juror}", name="ballots.key")
def key_in(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    juror: str,
    given: Typed,
) -> Response:
    form = read_form(PaperInput, "paper", language_of(request), given)
    try:
        key_paper(session, coordinator, pot, juror, form.value(), now)
    except Invalid as error:
        page = _paper(request, session, coordinator, call, pot, juror, form.refused(error))
        return page.response(request, 422)
    return see_other(request, "ballots.paper", call=call, pot=pot, juror=juror, done="paper_keyed")


def _paper(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    pot: str,
    juror: str,
    form: Form[PaperInput],
) -> PaperPage:
    language = language_of(request)
    paper = full_paper(session, coordinator, pot, juror)
    names = _names(language, paper)
    return PaperPage(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        juror=paper.juror,
        number=paper.number,
        name=paper.name,
        organisation=text_in(language, paper.organisation),
        ended=paper.ended,
        alone=paper.alone,
        heads=list(names.values()),
        lines=[_line(language, each, names, form, ended=paper.ended) for each in paper.lines],
        can_type=bool(paper.to_type),
        form=form,
        mistakes=[_mistake(paper, names, each) for each in form.summary],
    )


def _mistake(paper: FullPaper, names: Mapping[str, str], each: Mistake) -> Mistake:
    cells = {
        "#" + _cell_id(line.slot, cell): f"{line.number}. {line.title}, {label}"
        for line in paper.lines
        for cell, label in names.items()
    }
    return replace(each, text=f"{cells[each.href]}: {each.text}") if each.href in cells else each


def _names(language: str, paper: FullPaper) -> Mapping[str, str]:
    """Every cell of a line, with what its column is called."""
    words = choices(language, "paper_cell")
    return {each.code: text_in(language, each.title) for each in paper.criteria} | {
        name: words[name] for name in BOXES
    }


def _line(
    language: str, line: FullPaperLine, names: Mapping[str, str], form: Form[PaperInput], *, ended: bool
) -> LineView:
    typed = line.state in TO_TYPE and not ended
    return LineView(
        number=line.number,
        title=line.title,
        lang=line.language,
        state=choices(language, "paper_state")[line.state],
        tone={"agreed": "ok", "phone": "ok", "differs": "err", "waits": "info"}.get(line.state, "warn"),
        cells=[_cell(line.slot, name, label, form) for name, label in names.items()] if typed else [],
        differing=", ".join(names[each] for each in line.cells),
    )


def _cell_name(slot: int, cell: str) -> str:
    return f"pitches.{slot}.{cell}" if cell in BOXES else f"pitches.{slot}.scores.{cell}"


def _cell_id(slot: int, cell: str) -> str:
    return "f-" + _cell_name(slot, cell).replace(".", "-")


def _cell(slot: int, cell: str, label: str, form: Form[PaperInput]) -> CellView:
    name = _cell_name(slot, cell)
    return CellView(
        id=_cell_id(slot, cell),
        name=name,
        label=label,
        value=str(form.given.get(name, "")),
        error=form.error(name),
        box=cell in BOXES,
    )
