"""Publishing: all or nothing, each application settled, one letter each."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.database import session_on
from app.decisions import announce
from app.decisions.announce import Announcement, ClassCount, announcement, publish
from app.decisions.awards import draw_line, withdraw_award
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.refusals import AlreadyDecided, AlreadyPublished, NotDecided
from app.decisions.results import results, winner
from app.errors import NotFound, Stale
from app.events.stage import reveal_next
from app.models.applications import Application, History, Status
from app.models.calls import Call
from app.models.decisions import PublishedResult
from app.models.outbox import Mail
from app.outbox.enqueue import enqueue
from tests.decisions.scored import PLACE, ranked_call
from tests.factories import KNOWN, REVIEWING, count_of
from tests.world import World

LATER = REVIEWING + timedelta(days=40)


@pytest.fixture
def codes(session: Session, world: World) -> list[str]:
    """Eight applications of Ada's, the first six awarded, the decision frozen."""
    codes = ranked_call(session, world)
    cora = world.coordinator()
    draw_line(session, cora, world.round.code, REVIEWING)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
    session.flush()
    return codes


def seen(session: Session, world: World) -> int:
    session.flush()
    return decision_version(session, call_of(session, world.coordinator()))


def statuses(session: Session) -> dict[str, Status]:
    session.flush()
    session.expire_all()
    return {
        code: Status(status) for code, status in session.exec(select(Application.code, Application.status))
    }


def test_the_page_before_publishing_counts_what_will_happen(
    session: Session, world: World, codes: list[str]
) -> None:
    reveal_next(session, world.coordinator(), world.round.code, 0, LATER)
    session.flush()
    assert announcement(session, world.coordinator(), LATER) == Announcement(
        winners=6,
        already_revealed=1,
        others=2,
        committed_minor=6 * PLACE,
        money=True,
        standing_by=0,
        letters=8,
        by_language=[ClassCount(language="en", winners=6, reserve=0, others=2, letters=8)],
        lacking=0,
        version=seen(session, world),
    )


def test_publishing_settles_every_application_once(session: Session, world: World, codes: list[str]) -> None:
    reveal_next(session, world.coordinator(), world.round.code, 0, LATER)
    publish(session, world.coordinator(), seen(session, world), LATER)
    assert statuses(session) == dict.fromkeys(codes[:6], Status.AWARDED) | dict.fromkeys(
        codes[6:], Status.NOT_SELECTED
    )
    moves = session.exec(
        select(Application.code, History.move)
        .join(History, col(History.application_id) == Application.id)
        .where(History.at == LATER)
    ).all()
    assert sorted(moves) == sorted(
        [(code, "award") for code in codes[:6]] + [(code, "not_select") for code in codes[6:]]
    )
    assert session.exec(select(Call.published_at)).one() == LATER


def test_each_owner_gets_one_letter(session: Session, world: World, codes: list[str]) -> None:
    publish(session, world.coordinator(), seen(session, world), LATER)
    refs = set(session.exec(select(Application.ref)))
    letters = session.exec(select(Mail).where(Mail.template == "result")).all()
    assert {letter.params["ref"] for letter in letters} == refs
    assert len(letters) == len(refs) == 8
    assert {letter.person_id for letter in letters} == {world.people["ada"].id}
    ada = world.people["ada"].id
    assert {letter.dedupe_key for letter in letters} == {f"result-{ref}-{ada}" for ref in refs}


def test_publishing_again_is_refused_and_changes_nothing(
    session: Session, world: World, codes: list[str]
) -> None:
    publish(session, world.coordinator(), seen(session, world), LATER)
    with pytest.raises(AlreadyPublished):
        publish(session, world.coordinator(), seen(session, world), LATER)
    with pytest.raises(AlreadyPublished):
        announcement(session, world.coordinator(), LATER)
    assert count_of(session, Mail, Mail.template == "result") == 8
    assert count_of(session, PublishedResult) == 6


def test_a_stale_press_publishes_nothing(session: Session, world: World, codes: list[str]) -> None:
    with pytest.raises(Stale):
        publish(session, world.coordinator(), seen(session, world) - 1, LATER)
    assert count_of(session, PublishedResult) == count_of(session, Mail, Mail.template == "result") == 0


def test_only_a_frozen_decision_is_published(session: Session, world: World) -> None:
    ranked_call(session, world)
    for act in (
        lambda: publish(session, world.coordinator(), seen(session, world), LATER),
        lambda: announcement(session, world.coordinator(), LATER),
    ):
        with pytest.raises(NotDecided):
            act()


def test_a_failure_in_the_middle_leaves_nothing_behind(
    engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
    letters = enqueue
    sent = 0

    def failing(*args: object, **options: object) -> None:
        nonlocal sent
        sent += 1
        if sent == 5:
            raise OSError("the disk is full")
        letters(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(announce, "enqueue", failing)
    with pytest.raises(OSError, match="full"), session_on(engine) as session, session.begin():
        publish(session, cora, decision_version(session, call_of(session, cora)), LATER)
    assert sent == 5
    with session_on(engine, reading=True) as session, session.begin():
        assert count_of(session, PublishedResult) == count_of(session, Mail, Mail.template == "result") == 0
        assert set(statuses(session).values()) == {Status.IN_REVIEW}
        assert session.exec(select(Call.published_at)).one() is None


def test_results_show_winners_first_to_last_and_counts_after_publication(
    session: Session, world: World, codes: list[str]
) -> None:
    before = results(session, "2026", LATER)
    assert (before.winners, before.received, before.committed_minor) == ([], None, None)
    assert (before.seed, before.decision_hash) == (None, None)
    publish(session, world.coordinator(), seen(session, world), LATER)
    session.flush()
    after = results(session, "2026", LATER)
    assert [each.title for each in after.winners] == [f"Idea {number}" for number in range(1, 7)]
    assert {each.amount_minor for each in after.winners} == {PLACE}
    assert (after.received, after.committed_minor) == (8, 6 * PLACE)
    assert after.decision_hash == session.exec(select(Call.decision_hash)).one()
    assert after.seed == session.exec(select(Call.draw_seed)).one()
    assert winner(session, after.winners[0].slug) == after.winners[0]


def test_slugs_are_new_and_unrelated_to_code_and_reference(
    session: Session, world: World, codes: list[str]
) -> None:
    publish(session, world.coordinator(), seen(session, world), LATER)
    slugs = {slug.lower() for slug in session.exec(select(PublishedResult.slug))}
    known = {word.lower() for row in session.exec(select(Application.ref, Application.code)) for word in row}
    assert len(slugs) == 6
    assert not slugs & known


def test_an_unopened_calls_results_are_not_found(session: Session, world: World) -> None:
    world.call.opened_at = None
    session.add(world.call)
    session.flush()
    for slug in ("2026", "nothing"):
        with pytest.raises(NotFound):
            results(session, slug, LATER)
    with pytest.raises(NotFound):
        winner(session, "nothing")


def test_awards_are_settled_before_the_freeze_only(session: Session, world: World, codes: list[str]) -> None:
    publish(session, world.coordinator(), seen(session, world), LATER)
    with pytest.raises(AlreadyDecided):
        withdraw_award(session, world.coordinator(), codes[0], 1, LATER)
