"""The evening's page says one next step, from the announced finalists to the letters."""

from datetime import timedelta

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.publication import ask_publication, confirm_publication
from app.decisions.sealing import confirm_seal, seal
from app.events.jury_access import issue_access
from app.events.next_step import Act, next_step
from app.events.stage import reveal_next
from tests.decisions.test_sealing import second_coordinator
from tests.events.evening import EVENING, announced
from tests.events.jury import NIGHT, SECRET, acting, begin, close, compare, done, give, juror_row, seated
from tests.factories import KNOWN
from tests.world import World

LATER = NIGHT + timedelta(hours=1)


def test_each_act_is_followed_by_the_next(session: Session, world: World) -> None:
    announced(session, world, 2)
    max_ = second_coordinator(session, world)
    cora, pot = world.coordinator(), world.round.code

    def said(who: Coordinator = cora) -> tuple[Act, int, int]:
        session.flush()
        found = next_step(session, who, pot, LATER)
        return found.step, found.done, found.of

    assert said() == (Act.SEAT_JURY, 0, 0)
    jurors = seated(session, world, ("BC", "KBTU"))
    for number, each in enumerate(acting(session, world)):
        assert said() == (Act.SEND_CODES, number, 2)
        issue_access(session, cora, pot, juror_row(session, each).code, secret=SECRET, now=EVENING)
    assert said() == (Act.BEGIN, 0, 0)
    begin(session, world, [1])
    assert said() == (Act.PITCHES, 1, 2)
    begin(session, world, [2])
    assert said() == (Act.ALL_PITCHED, 0, 0)
    compare(session, world)
    for each in jurors:
        give(session, each, 1, 4)
        give(session, each, 2, 3)
    done(session, jurors[:1])
    assert said() == (Act.COMPARE, 1, 2)
    done(session, jurors[1:])
    assert said() == (Act.CLOSE, 2, 2)
    close(session, world)
    assert said() == (Act.AWARD, 0, 0)
    draw_line(session, cora, pot, LATER)
    assert said()[0] is Act.FREEZE
    decide(session, cora, decision_version(session, call_of(session, cora)), LATER, KNOWN)
    assert said() == (Act.SEAL, 0, 0)
    seal(session, cora, pot, 0, "", LATER)
    assert (said(), said(max_)) == ((Act.SEAL_WAITS, 0, 0), (Act.CONFIRM_SEAL, 0, 0))
    confirm_seal(session, max_, pot, 1, LATER)
    _, _, winners = said()
    for number in range(winners):
        assert said() == (Act.REVEAL, number, winners)
        reveal_next(session, cora, pot, number, LATER)
    assert said() == (Act.PUBLISH, 0, 0)
    version = decision_version(session, call_of(session, cora))
    ask_publication(session, cora, version, "", LATER)
    assert (said()[0], said(max_)[0]) == (Act.PUBLICATION_WAITS, Act.CONFIRM_PUBLICATION)
    confirm_publication(session, max_, version, LATER)
    assert said() == (Act.LETTERS, 0, 0)
