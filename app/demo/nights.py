"""An evening that was: ten pitch, four score, the results are sealed, revealed one by one and published.

Everything is done by the actions that people use, at the hours at which they would have. It is the evening of
13 April 2019 had the jury named eight winners, with invented teams: real ones get no invented scores.
"""

from datetime import date, datetime, timedelta
from random import Random

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Juror, Manager
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.publication import ask_publication, confirm_publication
from app.decisions.sealing import confirm_seal, seal
from app.demo.corpus.people import Registry
from app.demo.facts import at, facts, on
from app.demo.pitches import FINALISTS, LEAST, Plan, Prepared, panel_asks, pitches, prepare
from app.demo.short import WEIGHTS
from app.events.ballots import BallotInput, finish, save_ballot
from app.events.evening import evening_of
from app.events.keying import PaperInput, PaperLine, key_paper
from app.events.stage import reveal_next, screen, show_scene
from app.events.tally import CloseInput, close_pitches
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.events import PitchCard, Scene
from app.models.jury import Juror as JurorRow
from app.models.keys import key_of
from app.scoring.cautions import Caution
from app.scoring.shares import Split

EIGHT = "2019-eight"
WINNERS = 8
OF_A_PITCH = timedelta(minutes=8)
MINUTE = timedelta(minutes=1)
TIED, ON_PAPER = (3, 4), (4, 7)
"""(juror, slot): who has a tie with whom, and whose ballot came on paper."""
DOUBT = 0.6
"""How far a juror's score is from what the proposal deserves, as a standard deviation in steps."""


def eight_winners(session: Session, manager: Manager, registry: Registry) -> Prepared:
    """The call with its whole evening, and publication."""
    past, said = facts()["calls"]["2019"], facts()["evenings"][EIGHT]
    # In the morning: of the two evenings of that day the real one is the last.
    starts = on(past["held"], 11)
    prepared = prepare(
        session,
        manager,
        Plan(
            slug=EIGHT,
            prefix=said["prefix"],
            title=said["title"],
            purpose=said["purpose"],
            ideas=pitches()["eight"],
            opens=on(past["opens"]),
            closes=on(past["closes"], 18),
            reviewed=at(date(2019, 3, 22), 11),
            starts=starts,
            pot={"places": FINALISTS, "least_places": LEAST, "split": Split.EQUAL},
        ),
        registry,
    )
    panel_asks(session, prepared, (1,), at(date(2019, 4, 2)))
    session.flush()
    done = _ten_pitch(session, prepared, starts + 10 * MINUTE)
    _the_jury_ends(session, prepared, done)
    _decide(session, prepared, done + 20 * MINUTE)
    _reveal(session, prepared, done + 40 * MINUTE)
    _publish(session, prepared, done + 75 * MINUTE)
    return prepared


def _ten_pitch(session: Session, prepared: Prepared, starts: datetime) -> datetime:
    """Each by title, pitch, questions and thanks, while the jury scores; when the last one has."""
    jury, deserved = _jury(session, prepared), _deserved(session, prepared)
    for slot in range(1, FINALISTS + 1):
        now = starts + (slot - 1) * OF_A_PITCH
        for minutes, scene in enumerate((Scene.TITLE, Scene.TIMER, Scene.QUESTIONS, Scene.THANKS)):
            later = now + minutes * 2 * MINUTE
            _show(session, prepared, scene, later, slot if scene is Scene.TITLE else None)
        for number, juror in enumerate(jury, 1):
            if (number, slot) != ON_PAPER:
                given = _ballot(number, slot, deserved[slot])
                save_ballot(session, juror, slot, given, 0, now + 6 * MINUTE)
    done = starts + FINALISTS * OF_A_PITCH
    _show(session, prepared, Scene.SCORING, done)
    return done


def _show(session: Session, prepared: Prepared, scene: Scene, now: datetime, slot: int | None = None) -> None:
    session.flush()
    seen = screen(session, prepared.pot).version
    show_scene(session, prepared.coordinator, prepared.pot, scene, seen, now, slot)


def _jury(session: Session, prepared: Prepared) -> list[Juror]:
    rows = session.exec(
        select(JurorRow.id, JurorRow.round_id)
        .join(AwardRound, col(AwardRound.id) == col(JurorRow.round_id))
        .where(AwardRound.code == prepared.pot)
        .order_by(col(JurorRow.number))
    ).all()
    return [Juror(key_of(key), key_of(pot), prepared.coordinator.call_id) for key, pot in rows]


def _deserved(session: Session, prepared: Prepared) -> dict[int, int]:
    """What each pitch deserves, from 1 to 5."""
    rows = session.exec(
        select(PitchCard.slot, Application.ref)
        .join(Application, col(Application.id) == col(PitchCard.application_id))
        .join(AwardRound, col(AwardRound.id) == col(PitchCard.round_id))
        .where(AwardRound.code == prepared.pot)
    ).all()
    return {slot: prepared.received[ref].quality for slot, ref in rows}


def _ballot(number: int, slot: int, deserved: int) -> BallotInput:
    if (number, slot) == TIED:
        return BallotInput(tie=True)
    return BallotInput(scores=_scores(number, slot, deserved))


def _scores(number: int, slot: int, deserved: int) -> dict[str, int | None]:
    chance = Random(f"ballot {number} {slot}")
    return {
        criterion: max(1, min(5, round(deserved * 0.8 + 0.8 + chance.gauss(0, DOUBT))))
        for criterion in WEIGHTS
    }


def _the_jury_ends(session: Session, prepared: Prepared, now: datetime) -> None:
    """The paper is keyed in by both coordinators, everybody finishes, and the scoring is closed."""
    jury, deserved = _jury(session, prepared), _deserved(session, prepared)
    number, slot = ON_PAPER
    code = session.exec(select(JurorRow.code).where(JurorRow.id == jury[number - 1].juror_id)).one()
    line = PaperLine(scores=_scores(number, slot, deserved[slot]))
    paper = PaperInput(pitches={str(slot): line})
    for minutes, who in enumerate((prepared.coordinator, prepared.second), 4):
        key_paper(session, who, prepared.pot, code, paper, now + minutes * MINUTE)
    session.flush()
    for minutes, juror in enumerate(jury, 7):
        finish(session, juror, now + minutes * MINUTE)
    session.flush()
    given = CloseInput(version=evening_of(session, jury[0].round_id).version)
    close_pitches(session, prepared.coordinator, prepared.pot, given, now + 15 * MINUTE)
    session.flush()


def _decide(session: Session, prepared: Prepared, now: datetime) -> None:
    """Eight share what six would have had; frozen, sealed by one and confirmed by the other."""
    cora, pot = prepared.coordinator, prepared.pot
    draw_line(session, cora, pot, now, WINNERS)
    session.flush()
    # Whatever there is to know of the line was read.
    decide(session, cora, _decision(session, cora), now + 5 * MINUTE, tuple(Caution))
    session.flush()
    seal(session, cora, pot, 0, "", now + 8 * MINUTE)
    session.flush()
    confirm_seal(session, prepared.second, pot, 1, now + 10 * MINUTE)
    session.flush()


def _reveal(session: Session, prepared: Prepared, now: datetime) -> None:
    _show(session, prepared, Scene.CURTAIN, now - 5 * MINUTE)
    for turn in range(WINNERS):
        session.flush()
        seen = screen(session, prepared.pot).version
        reveal_next(session, prepared.coordinator, prepared.pot, seen, now + 3 * turn * MINUTE)
    _show(session, prepared, Scene.BOARD, now + 3 * WINNERS * MINUTE)
    session.flush()


def _publish(session: Session, prepared: Prepared, now: datetime) -> None:
    """Counted by one, confirmed by the other."""
    cora = prepared.coordinator
    ask_publication(session, cora, _decision(session, cora), "", now)
    session.flush()
    confirm_publication(session, prepared.second, _decision(session, cora), now + 4 * MINUTE)
    session.flush()


def _decision(session: Session, coordinator: Coordinator) -> int:
    return decision_version(session, call_of(session, coordinator))
