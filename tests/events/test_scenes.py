"""The evening on its stage: what follows what, the clock, holding, and a rehearsal that touches nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.database import session_on
from app.decisions.announce import publish
from app.decisions.held import call_of, decision_version
from app.errors import NotFound, Stale
from app.events import rehearsal
from app.events.live import Place, evening, hall_screen
from app.events.presenting import control_of, monitor
from app.events.scenes import Frozen, NoClock, NoSuchTeam, Turn
from app.events.stage import (
    NobodyLeft,
    NoteInput,
    Rehearsing,
    freeze,
    reveal_next,
    screen,
    show_scene,
    turn,
    write_note,
)
from app.events.watching import Mark, marks
from app.models.audit import AuditEntry
from app.models.decisions import PublishedResult
from app.models.events import PitchCard, Rehearsal, Scene, Stage
from app.models.outbox import Mail
from app.models.people import PitchNote
from tests.events.evening import announced, sealed_evening
from tests.events.jury import juror_row, seated
from tests.factories import REVIEWING, count_of
from tests.world import World, key

AT = REVIEWING + timedelta(days=30)
MINUTE = timedelta(minutes=1)


class Evening:
    """The evening of a round, pressed by its coordinator."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world, self.pot = session, world, world.round.code
        sealed_evening(session, world)
        self.cora = world.coordinator()

    def version(self) -> int:
        self.session.flush()
        stage = self.session.get(Stage, self.world.round.id)
        return stage.version if stage else 0

    def show(self, scene: Scene, slot: int | None = None, after: timedelta = timedelta(0)) -> None:
        show_scene(self.session, self.cora, self.pot, scene, self.version(), AT + after, slot)

    def press_next(self) -> tuple[Scene, int | None]:
        press = control_of(self.session, self.cora, self.pot, AT).following
        assert press
        slot = press.card.slot if press.card else None
        self.show(press.scene, slot)
        return press.scene, slot

    def title(self, slot: int) -> str:
        return self.session.exec(
            select(PitchCard.title).where(PitchCard.round_id == self.world.round.id, PitchCard.slot == slot)
        ).one()


@pytest.fixture
def night(session: Session, world: World) -> Evening:
    return Evening(session, world)


def test_one_thumb_leads_through_the_evening(night: Evening) -> None:
    """Title, pitch, questions, thanks, for each team in its order; then the jury, then the winners."""
    pressed = [night.press_next() for _ in range(41)]
    team = [Scene.TITLE, Scene.TIMER, Scene.QUESTIONS, Scene.THANKS]
    assert pressed == [(scene, slot) for slot in range(1, 11) for scene in team] + [(Scene.SCORING, None)]
    control = control_of(night.session, night.cora, night.pot, AT)
    assert (control.following, control.can_reveal, control.reached) == (None, True, list(range(1, 11)))
    first = reveal_next(night.session, night.cora, night.pot, night.version(), AT)
    shown = screen(night.session, night.pot)
    assert shown.winner and (shown.scene, shown.winner.title) == (Scene.WINNER, first.title)
    assert control_of(night.session, night.cora, night.pot, AT).following is None


def test_a_team_that_is_late_pitches_later(night: Evening) -> None:
    night.show(Scene.TITLE, 2)
    night.show(Scene.TIMER)
    assert [each.place for each in evening(night.session, night.pot).order][:3] == [
        Place.WAITS, Place.IS_ON, Place.WAITS,
    ]  # fmt: skip
    night.show(Scene.THANKS)
    # The first is not there: the evening goes on with the third, and does not come back to it before the end.
    assert night.press_next() == (Scene.TITLE, 3)
    night.show(Scene.CURTAIN)
    # The curtain fell before the pitch began: the team is still to come.
    assert night.press_next() == (Scene.TITLE, 3)
    places = [each.place for each in evening(night.session, night.pot).order]
    assert places[:3] == [Place.WAITS, Place.WAS_ON, Place.IS_ON]
    pressed = [night.press_next() for _ in range(31)]
    assert [slot for scene, slot in pressed if scene is Scene.TITLE] == list(range(4, 11))
    assert night.press_next() == (Scene.TITLE, 1)
    with pytest.raises(NoSuchTeam):
        night.show(Scene.TITLE, 11)
    shown = screen(night.session, night.pot)
    assert shown.card and (shown.card.slot, shown.card.title) == (1, night.title(1))


def test_the_clock_is_an_instant_of_the_server(night: Evening) -> None:
    night.show(Scene.TITLE, 1)
    with pytest.raises(NoClock):
        turn(night.session, night.cora, night.pot, Turn.HOLD, night.version(), AT)
    night.show(Scene.TIMER)

    def press(what: Turn, after: timedelta) -> None:
        turn(night.session, night.cora, night.pot, what, night.version(), AT + after)
        night.session.flush()

    def clock() -> tuple[object, int | None]:
        shown = screen(night.session, night.pot).clock
        assert shown
        return shown.ends_at, shown.left_ms

    assert clock() == (AT + 5 * MINUTE, None)
    press(Turn.HOLD, MINUTE)
    assert clock() == (None, 240_000)
    press(Turn.HOLD, 2 * MINUTE)
    press(Turn.MORE, 2 * MINUTE)
    assert clock() == (None, 270_000)
    press(Turn.GO_ON, 3 * MINUTE)
    press(Turn.GO_ON, 4 * MINUTE)
    assert clock() == (AT + 7.5 * MINUTE, None)
    press(Turn.HOLD, 8 * MINUTE)
    assert clock() == (None, -30_000)
    night.show(Scene.QUESTIONS, after=9 * MINUTE)
    assert clock() == (AT + 11 * MINUTE, None)
    night.show(Scene.CURTAIN)
    assert screen(night.session, night.pot).clock is None


def test_a_stage_that_is_held_shows_nothing_new_and_says_so_to_every_press(night: Evening) -> None:
    night.show(Scene.TITLE, 1)
    night.show(Scene.TIMER)
    before = night.version()
    # Whoever sees something wrong need not have seen the last press.
    freeze(night.session, night.cora, night.pot, True, AT + MINUTE)
    freeze(night.session, night.cora, night.pot, True, AT + 2 * MINUTE)
    assert night.version() == before + 1
    shown = screen(night.session, night.pot)
    assert shown.clock and (shown.frozen, shown.clock.left_ms) == (True, 240_000)
    for act in (
        lambda: reveal_next(night.session, night.cora, night.pot, night.version(), AT),
        lambda: night.show(Scene.BOARD),
        lambda: turn(night.session, night.cora, night.pot, Turn.GO_ON, night.version(), AT),
    ):
        with pytest.raises(Frozen):
            act()
    assert count_of(night.session, PublishedResult) == 0
    night.show(Scene.CURTAIN)
    freeze(night.session, night.cora, night.pot, False, AT)
    reveal_next(night.session, night.cora, night.pot, night.version(), AT)
    acts = night.session.exec(select(AuditEntry.detail).where(AuditEntry.action == "stage.change")).all()
    assert [each["frozen"] for each in acts] == [False, False, True, True, False, False]


def test_a_rehearsal_is_of_the_invented_and_touches_nothing(night: Evening) -> None:
    session, cora, pot = night.session, night.cora, night.pot
    mails = count_of(session, Mail)
    rehearsal.begin(session, cora, pot, AT)
    session.flush()
    with pytest.raises(Rehearsing):
        night.show(Scene.SCORING)
    with pytest.raises(Rehearsing):
        reveal_next(session, cora, pot, night.version(), AT)
    rehearsal.show(session, cora, pot, Scene.TIMER, 1, AT, 4)
    session.flush()
    for seen in range(2, 8):
        rehearsal.reveal(session, cora, pot, seen, AT)
        session.flush()
    with pytest.raises(NobodyLeft):
        rehearsal.reveal(session, cora, pot, 8, AT)
    with pytest.raises(Stale):
        rehearsal.show(session, cora, pot, Scene.BOARD, 7, AT)
    rehearsal.show(session, cora, pot, Scene.BOARD, 8, AT)
    session.flush()
    hall, public = hall_screen(session, pot), screen(session, pot)
    real = set(session.exec(select(PitchCard.title)))
    assert (hall.rehearsal, hall.scene, len(hall.winners)) == (True, Scene.BOARD, 6)
    assert not real & {each.title for each in hall.winners}
    assert (public.rehearsal, public.scene, public.winners) == (False, Scene.CURTAIN, [])
    assert evening(session, pot).winners == []
    assert (count_of(session, PublishedResult), count_of(session, Mail)) == (0, mails)
    rehearsal.end(session, cora, pot, AT)
    session.flush()
    assert not hall_screen(session, pot).rehearsal
    with pytest.raises(rehearsal.NoRehearsal):
        rehearsal.show(session, cora, pot, Scene.CURTAIN, 9, AT)
    # Begun again it begins behind the curtain; once the evening has begun, never.
    rehearsal.begin(session, cora, pot, AT)
    session.flush()
    again = session.get(Rehearsal, night.world.round.id)
    assert again and (again.scene, again.revealed, again.version) == (Scene.CURTAIN, 0, 10)
    rehearsal.end(session, cora, pot, AT)
    night.show(Scene.TITLE, 1)
    with pytest.raises(rehearsal.UnderWay):
        rehearsal.begin(session, cora, pot, AT)
    night.show(Scene.CURTAIN)
    publish(session, cora, decision_version(session, call_of(session, cora)), AT)
    with pytest.raises(rehearsal.UnderWay):
        rehearsal.begin(session, cora, pot, AT)


def test_the_presenter_reads_how_it_is_said_and_what_the_coordinator_notes(night: Evening) -> None:
    session, cora, pot = night.session, night.cora, night.pot
    row = session.exec(select(PitchCard).where(PitchCard.slot == 1)).one()
    session.add(
        PitchNote(
            application_id=row.application_id,
            spoken_title="The yard",
            pronunciation="Jaqsy",
            stage_text="They plant.",
            written_by=key(night.world.people["ada"]),
            written_at=AT,
        )
    )
    night.show(Scene.CURTAIN)
    write_note(session, cora, pot, NoteInput(note="Two minutes late"), AT)
    with pytest.raises(Stale):
        write_note(session, cora, pot, NoteInput(note="Never mind"), AT)
    session.flush()
    seen = monitor(session, cora, pot, AT)
    assert seen.on is None
    assert seen.next_ and (seen.next_.title, seen.next_.pronunciation) == ("The yard", "Jaqsy")
    assert seen.control.note == "Two minutes late"
    night.show(Scene.TITLE, 1)
    seen = monitor(session, cora, pot, AT)
    assert seen.on and seen.next_ and (seen.on.text, seen.next_.card.slot) == ("They plant.", 2)
    rehearsal_free = evening(session, pot).model_dump_json()
    assert not any(word in rehearsal_free for word in ("Jaqsy", "Two minutes late", "They plant."))


def test_how_many_jurors_have_finished_is_shown_and_outdoes_no_change(session: Session, world: World) -> None:
    announced(session, world)
    jurors, pot = seated(session, world), world.round.code

    def mark() -> Mark:
        session.flush()
        return marks(session, [pot])[pot]

    before = mark()
    row = juror_row(session, jurors[0])
    row.finished_at = AT
    after = mark()
    assert (after.jurors, after.finished, after.number) == (len(jurors), 1, before.number + 1)
    show_scene(session, world.coordinator(), pot, Scene.SCORING, 0, AT)
    shown = screen(session, pot)
    assert (shown.finished, shown.jurors) == (1, len(jurors))
    # Somebody goes on after all: with the next change there is a greater number all the same.
    seen = mark().number
    row.finished_at = None
    show_scene(session, world.coordinator(), pot, Scene.CURTAIN, 1, AT)
    assert mark().number > seen


def test_every_change_is_another_and_a_greater_number(engine: Engine, world: World) -> None:
    """Also those of a rehearsal, of the event, of the hall's link, and the publication."""
    with session_on(engine) as session, session.begin():
        night = Evening(session, world)

    def now() -> Mark:
        with session_on(engine, reading=True) as session, session.begin():
            return marks(session, [world.round.code, "NOTHING"])[world.round.code]

    seen = [now()]
    for act in (
        lambda: night.show(Scene.SCORING),
        lambda: night.show(Scene.CURTAIN),
        lambda: rehearsal.begin(night.session, night.cora, night.pot, AT),
        lambda: rehearsal.show(night.session, night.cora, night.pot, Scene.SCORING, 1, AT),
        lambda: rehearsal.renew_link(night.session, night.cora, night.pot, AT),
        lambda: rehearsal.end(night.session, night.cora, night.pot, AT),
        lambda: reveal_next(night.session, night.cora, night.pot, night.version(), AT),
        lambda: publish(
            night.session, night.cora, decision_version(night.session, call_of(night.session, night.cora)), AT
        ),
    ):
        with session_on(engine) as night.session, night.session.begin():
            act()
        seen.append(now())
    numbers = [each.number for each in seen]
    assert numbers == sorted(set(numbers))
    assert (seen[3].rehearsing, seen[5].link, seen[6].rehearsing) == (True, 2, False)
    with session_on(engine) as session, session.begin():
        world.call.opened_at = None
        session.add(session.merge(world.call))
        session.flush()
        assert marks(session, [world.round.code]) == {}
        with pytest.raises(NotFound):
            evening(session, world.round.code)
