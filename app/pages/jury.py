"""A juror's phone: what is on now, one team a page, one's own table at the end. No other scores are here."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Juror
from app.decisions.decimals import tenths
from app.errors import Conflict, Invalid, Stale
from app.events.ballots import BallotInput, JuryStage, OwnJury, OwnPitch, finish, own_jury, save_ballot
from app.events.evening import PitchesClosed
from app.events.jury_refusals import BallotsMissing, ComparingOver, JurorIsDone, PitchesFollow
from app.events.pitch_rubric import PitchCriterion
from app.messages import formats, sentence, words_of
from app.messages.labels import choices
from app.pages.forms import Form, Typed, number, one, read_form
from app.pages.page import Page, path_to, see_other, text_in, wants_fragment
from app.pages.review_form import Pair, Point, Scale
from app.pages.review_pages import Conflicting
from app.scoring.totals import review_total
from app.web.actors import AsJuror
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/jury/{pot}")
Slot = Annotated[int, Path(ge=1, le=999)]
NO_ANSWERS = frozenset({"version", "_action"})
TOO_LATE = (PitchesClosed, JurorIsDone, ComparingOver)
"""Why a ballot can no longer be written; what was kept of it can be read."""
NOT_YET = "–"


@dataclass(frozen=True, slots=True)
class TeamView:
    """One team in the list: what this juror has given it, in words. `href` is empty before its pitch."""

    slot: int
    number: int
    title: str
    team: str
    lang: str
    href: str
    said: str
    tone: str
    cells: Sequence[str]
    total: str


@dataclass(frozen=True, kw_only=True)
class JuryHome(Page):
    """The page between two teams, and at the end one's own table. It asks for itself again and again.

    `on` is the team that pitches now; `ends` and `now` are the server's milliseconds. `seen` names what is
    shown, so that nothing is swapped while nothing changes.
    """

    template = "jury/home.html"
    fragment = "evening"
    pot: str
    call_title: str
    round_name: str
    number: int
    stage: str
    stage_words: str
    on: TeamView | None
    on_open: bool
    teams: list[TeamView]
    criteria: list[str]
    table: bool
    missing: int
    ends: str
    now: str
    ends_at: str
    refused: str
    seen: str


@dataclass(frozen=True, kw_only=True)
class BallotEdit(Page):
    """One team and its ballot. `following` are the later teams, for whoever loses the network meanwhile."""

    template = "jury/edit.html"
    pot: str
    call_title: str
    slot: int
    number: int
    title: str
    team: str
    summary: str
    lang: str
    form: Form[BallotInput]
    scales: list[Scale]
    version: int
    comparing: bool
    ends: str
    now: str
    local: str
    saved: bool
    on_paper: bool
    following: list[tuple[int, int, str]]


@dataclass(frozen=True, kw_only=True)
class BallotRead(Page):
    """A ballot that stays as it is; `typed` is what came too late."""

    template = "jury/read.html"
    pot: str
    call_title: str
    number: int
    title: str
    team: str
    lang: str
    words: str
    items: list[tuple[str, str]]
    typed: list[tuple[str, str]]
    local: str


@dataclass(frozen=True, kw_only=True)
class BallotConflict(Page):
    """Two versions of one ballot: another window, or a paper that was keyed in."""

    template = "jury/conflict.html"
    pot: str
    slot: int
    number: int
    title: str
    lang: str
    conflict: Conflicting
    given: list[tuple[str, str]]
    version: int


@dataclass(frozen=True, kw_only=True)
class BallotSaved(Page):
    """What an autosave answers."""

    template = "jury/saved.html"
    at: datetime | None
    sentence: str
    version: int


@router.get("", name="jury.home")
def home(request: Request, session: Db, juror: AsJuror, now: Now, pot: str) -> Response:
    own = own_jury(session, juror, now)
    page = _home(request, own, now)
    if wants_fragment(request):
        if page.on is not None and page.on_open and request.query_params.get("wait") == "1":
            return Response(status_code=204, headers={"HX-Redirect": page.on.href, "Vary": "HX-Request"})
        if request.query_params.get("seen") == page.seen:
            return Response(status_code=204, headers={"Vary": "HX-Request"})
    return page.response(request)


def _home(request: Request, own: OwnJury, now: datetime, refused: str = "") -> JuryHome:
    language = language_of(request)
    teams = [_team(language, own, each) for each in own.pitches]
    on = next((each for each in teams if each.slot == own.current), None)
    blank = on is not None and own.pitch(on.slot).blank
    table = own.stage in {JuryStage.COMPARING, JuryStage.OVER, JuryStage.FINISHED}
    shown = f"{own.stage}{own.current}{own.ends_at}{[(each.said, each.cells) for each in teams]}{refused}"
    return JuryHome(
        pot=own.round,
        call_title=text_in(language, own.call_title),
        round_name=text_in(language, own.round_name),
        number=own.number,
        stage=own.stage.value,
        stage_words=choices(language, "jury_stage")[own.stage],
        on=on if own.stage is JuryStage.PITCHING else None,
        on_open=own.stage is JuryStage.PITCHING and blank,
        teams=teams,
        criteria=[text_in(language, each.title) for each in own.criteria],
        table=table,
        missing=len(own.missing),
        **_clock(own, now),
        ends_at=formats.clock(own.ends_at) if own.ends_at else "",
        refused=refused,
        seen=hashlib.sha256(shown.encode()).hexdigest()[:12],
    )


def _clock(own: OwnJury, now: datetime) -> dict[str, Any]:
    running = own.ends_at is not None and own.stage is JuryStage.COMPARING
    return {
        "ends": str(int(own.ends_at.timestamp() * 1000)) if running and own.ends_at else "",
        "now": str(int(now.timestamp() * 1000)),
    }


def _team(language: str, own: OwnJury, each: OwnPitch) -> TeamView:
    short = choices(language, "ballot_short")
    said, tone = short["none"], "warn" if each.open else "none"
    if each.tie or each.missed:
        said, tone = short["tie" if each.tie else "missed"], "mute"
    elif each.scores:
        given = formats.number(language, len(each.scores))
        said = f"{given} / {formats.number(language, len(own.criteria))}"
        tone = "ok" if each.whole else "warn"
    total = review_total(each.scores, [criterion.weighted for criterion in own.criteria])
    return TeamView(
        slot=each.slot,
        number=each.number,
        title=each.title,
        team=each.team,
        lang=each.language,
        href=path_to(language, "jury.edit", pot=own.round, slot=each.slot) if each.open else "",
        said=said,
        tone=tone,
        cells=[str(each.scores.get(criterion.code, NOT_YET)) for criterion in own.criteria],
        total=formats.number(language, tenths(total)) if total is not None else "",
    )


@router.post("/finish", name="jury.finish")
def finish_jury(request: Request, session: Db, juror: AsJuror, now: Now, pot: str) -> Response:
    try:
        finish(session, juror, now)
    except (BallotsMissing, PitchesFollow) as error:
        words = sentence(language_of(request), error.code, error.params)
        return _home(request, own_jury(session, juror, now), now, words).response(request, 409)
    return see_other(request, "jury.home", pot=pot, done="jury_finished")


@router.get("/{slot}", name="jury.edit")
def edit(request: Request, session: Db, juror: AsJuror, now: Now, pot: str, slot: Slot) -> Response:
    own = own_jury(session, juror, now)
    pitch = own.pitch(slot)
    if _stays(own, pitch):
        return _read(request, own, pitch, None).response(request)
    form = Form(BallotInput, "ballot", language_of(request), _flat(pitch))
    return _edit(request, own, pitch, form, now).response(request)


@router.post("/{slot}", name="jury.save")
def save(
    request: Request, session: Db, juror: AsJuror, now: Now, pot: str, slot: Slot, given: Typed
) -> Response:
    if one(given, "_action") == "take-theirs":
        return see_other(request, "jury.edit", pot=pot, slot=slot)
    form = _form(request, given)
    try:
        save_ballot(session, juror, slot, form.value(), number(given, "version"), now)
    except Invalid as error:
        own = own_jury(session, juror, now)
        page = _edit(request, own, own.pitch(slot), form.refused(error), now, number(given, "version"))
        return page.response(request, 422)
    except Stale as stale:
        return _conflict(request, own_jury(session, juror, now), slot, form, stale).response(request, 409)
    except TOO_LATE:
        own = own_jury(session, juror, now)
        return _read(request, own, own.pitch(slot), form).response(request, 409)
    return _onward(request, session, juror, now, pot, slot)


def _onward(request: Request, session: Session, juror: Juror, now: datetime, pot: str, slot: int) -> Response:
    """To the team that pitches now, if its ballot is blank; else to where one waits, or compares."""
    own = own_jury(session, juror, now)
    if own.stage is JuryStage.PITCHING and own.current not in {None, slot}:
        following = own.pitch(own.current or 0)
        if following.blank:
            return see_other(request, "jury.edit", pot=pot, slot=following.slot, done="ballot_saved")
    return see_other(request, "jury.home", pot=pot, done="ballot_saved")


@router.patch("/{slot}", name="jury.autosave")
def autosave(
    request: Request, session: Db, juror: AsJuror, now: Now, pot: str, slot: Slot, given: Typed
) -> Response:
    """The same save, answered by the status line alone; a phone that was offline sends here too."""
    language = language_of(request)
    form, seen = _form(request, given), number(given, "version")
    try:
        version = save_ballot(session, juror, slot, form.value(), seen, now)
    except Invalid as error:
        words = sentence(language, *next(iter(error.fields.values())))
        return BallotSaved(at=None, sentence=words, version=seen).response(request, 422)
    except Conflict as error:
        words = sentence(language, "review.changed_elsewhere" if isinstance(error, Stale) else error.code)
        return BallotSaved(at=None, sentence=words, version=seen).response(request, 409)
    return BallotSaved(at=now, sentence="", version=version).response(request)


def _form(request: Request, given: Mapping[str, str | list[str]]) -> Form[BallotInput]:
    fields = {name: value for name, value in given.items() if name not in NO_ANSWERS}
    return read_form(BallotInput, "ballot", language_of(request), fields)


def _flat(pitch: OwnPitch) -> dict[str, str | list[str]]:
    """A ballot as the form's fields hold it."""
    return {
        **{f"scores.{code}": str(score) for code, score in pitch.scores.items()},
        "tie": "yes" if pitch.tie else "",
        "missed": "yes" if pitch.missed else "",
        "note": pitch.note,
    }


def _stays(own: OwnJury, pitch: OwnPitch) -> bool:
    return own.stage is JuryStage.FINISHED or (own.stage is JuryStage.OVER and pitch.whole)


def _edit(
    request: Request,
    own: OwnJury,
    pitch: OwnPitch,
    form: Form[BallotInput],
    now: datetime,
    version: int | None = None,
) -> BallotEdit:
    language = language_of(request)
    return BallotEdit(
        pot=own.round,
        call_title=text_in(language, own.call_title),
        slot=pitch.slot,
        number=pitch.number,
        title=pitch.title,
        team=pitch.team,
        summary=pitch.summary,
        lang=pitch.language,
        form=form,
        scales=[_scale(language, each, form) for each in own.criteria],
        version=pitch.version if version is None else version,
        comparing=own.stage in {JuryStage.COMPARING, JuryStage.OVER},
        **_clock(own, now),
        local=f"jury/{own.round}/{pitch.slot}",
        saved=pitch.version > 0,
        on_paper=pitch.on_paper,
        following=[(each.slot, each.number, each.title) for each in own.pitches if each.slot > pitch.slot],
    )


def _scale(language: str, criterion: PitchCriterion, form: Form[BallotInput]) -> Scale:
    name = f"scores.{criterion.code}"
    chosen = str(form.given.get(name, ""))
    return Scale(
        id=f"f-scores-{criterion.code}",
        name=name,
        legend=text_in(language, criterion.title),
        hint=text_in(language, criterion.asks),
        error=form.error(name),
        points=[
            # The anchor whole: cut short it asks for less in one language than in another.
            Point(value, text_in(language, criterion.anchors.get(value)), chosen == value)
            for value in map(str, criterion.points)
        ],
        cannot_judge=None,
        reason=None,
    )


def _labels(language: str, own: OwnJury) -> list[tuple[str, str]]:
    return [
        *((f"scores.{each.code}", text_in(language, each.title)) for each in own.criteria),
        *((name, words_of(language, f"ballot.{name}").label) for name in ("tie", "missed", "note")),
    ]


def _said(language: str, name: str, value: object) -> str:
    if name in {"tie", "missed"}:
        return choices(language, "yes_no")["yes" if value in {"yes", "true", "on", "1"} else "no"]
    return str(value) or NOT_YET


def _read(request: Request, own: OwnJury, pitch: OwnPitch, form: Form[BallotInput] | None) -> BallotRead:
    language = language_of(request)
    stored = _flat(pitch)
    closed = own.closed or own.stage is JuryStage.FINISHED
    return BallotRead(
        pot=own.round,
        call_title=text_in(language, own.call_title),
        number=pitch.number,
        title=pitch.title,
        team=pitch.team,
        lang=pitch.language,
        words=choices(language, "jury_stage")["finished" if closed else "over"],
        items=[
            (label, _said(language, name, stored.get(name, ""))) for name, label in _labels(language, own)
        ],
        typed=[(each.label, each.mine) for each in (_pairs(language, own, form, stored) if form else ())],
        local=f"jury/{own.round}/{pitch.slot}",
    )


def _pairs(language: str, own: OwnJury, form: Form[BallotInput], stored: Mapping[str, Any]) -> list[Pair]:
    pairs = []
    for name, label in _labels(language, own):
        mine = _said(language, name, one(form.given, name).strip())
        theirs = _said(language, name, stored.get(name, ""))
        if mine != theirs:
            pairs.append(Pair(label, mine, theirs))
    return pairs


def _conflict(
    request: Request, own: OwnJury, slot: int, form: Form[BallotInput], stale: Stale
) -> BallotConflict:
    language, pitch = language_of(request), own.pitch(slot)
    return BallotConflict(
        pot=own.round,
        slot=slot,
        number=pitch.number,
        title=pitch.title,
        lang=pitch.language,
        conflict=Conflicting(
            id="ballot-conflict",
            words=sentence(language, "jury.paper_too" if pitch.on_paper else "jury.two_versions"),
            pairs=_pairs(language, own, form, _flat(pitch)),
        ),
        given=[(name, one(form.given, name)) for name in form.given],
        version=stale.version,
    )
