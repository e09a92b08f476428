"""Pictures of winners: only of what is public, only with consent, only what was cleared; and gone again."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions.consenting import change_consent
from app.calls.ledger import public_ledger
from app.calls.texts import ShortTexts
from app.decisions.announce import publish
from app.decisions.held import call_of, decision_version
from app.decisions.results import results, winner
from app.decisions.winner_pictures import (
    NoConsent,
    NoPicture,
    NotPublic,
    PictureInput,
    choose_picture,
    cleared_picture,
    public_picture,
    take_away,
    winner_to_picture,
    winners_to_picture,
)
from app.errors import Invalid, NotFound, Stale
from app.events.stage import reveal_next
from app.files.store import LocalStore
from app.files.sweep import sweep
from app.models.applications import Application, Status
from app.models.decisions import PublishedResult, WinnerPicture
from app.models.redaction import ClearedPacket
from app.privacy.erasing import erase_application
from app.settings import Settings
from tests.decisions.test_announce import codes as decided_codes  # noqa: F401
from tests.factories import REVIEWING
from tests.files.kept import attach
from tests.world import World, key

LATER = REVIEWING + timedelta(days=40)
WORDS = PictureInput(alt=ShortTexts(kk="Аулада екі ағаш", ru="Два дерева во дворе", en="Two trees in a yard"))


@pytest.fixture
def ref(session: Session, world: World, settings: Settings, decided_codes: list[str]) -> str:  # noqa: F811
    """The first of the order, frozen as a winner, with a cleared picture and no consent."""
    row = session.exec(select(Application).where(Application.code == decided_codes[0])).one()
    attach(session, LocalStore(settings.files_folder), row, key(world.people["ada"]))
    return row.ref


def agree(session: Session, world: World, ref: str, *, given: bool = True) -> None:
    change_consent(session, world.applicant(), ref, "own_picture", given=given, language="en", now=LATER)


def publish_all(session: Session, world: World) -> str:
    """Everything becomes public; the address of the first of the order."""
    session.flush()
    session.expire_all()
    cora = world.coordinator()
    publish(session, cora, decision_version(session, call_of(session, cora)), LATER)
    session.flush()
    return slug_of_the_first(session)


def slug_of_the_first(session: Session) -> str:
    return (
        session.exec(select(PublishedResult.slug).order_by(col(PublishedResult.position).desc())).first()
        or ""
    )


def test_there_is_none_before_the_results_are_public(session: Session, world: World, ref: str) -> None:
    cora = world.coordinator()
    agree(session, world, ref)
    for seen in range(6):
        reveal_next(session, cora, world.round.code, seen, LATER)
        session.flush()
    slug = slug_of_the_first(session)
    assert winners_to_picture(session, cora) == []
    for act in (
        lambda: winner_to_picture(session, cora, slug),
        lambda: choose_picture(session, cora, slug, 0, WORDS, LATER),
        lambda: cleared_picture(session, cora, slug),
    ):
        with pytest.raises(NotPublic):
            act()
    with pytest.raises(NotFound):
        public_picture(session, slug)
    assert winner(session, slug).picture is None


def test_it_is_shown_with_consent_and_words_in_all_languages(
    session: Session, world: World, ref: str
) -> None:
    cora = world.coordinator()
    slug = publish_all(session, world)
    before = winner_to_picture(session, cora, slug)
    assert (before.cleared, before.agreed, before.shown, before.version) == (True, False, None, 0)
    assert before.said == "The yard: no tree, two benches"
    with pytest.raises(NoConsent):
        choose_picture(session, cora, slug, 0, WORDS, LATER)
    agree(session, world, ref)
    with pytest.raises(Invalid) as wrong:
        choose_picture(session, cora, slug, 0, PictureInput(alt=ShortTexts(ru="Два дерева")), LATER)
    assert set(wrong.value.fields) == {"alt.kk", "alt.en"}
    choose_picture(session, cora, slug, 0, WORDS, LATER)
    shown = winner(session, slug).picture
    assert shown is not None
    assert (shown.version, shown.width, shown.height) == (1, 480, 300)
    assert shown.alt == WORDS.alt.stored
    small = session.get_one(ClearedPacket, _application(session, ref)).files[0]["preview_sha256"]
    assert public_picture(session, slug, "2026").sha256 == small
    with pytest.raises(NotFound):
        public_picture(session, slug, "2025")
    others = [each for each in results(session, "2026", LATER).winners if each.slug != slug]
    assert [each.picture for each in others] == [None] * 5
    other = next(each for each in winners_to_picture(session, cora) if each.slug != slug)
    assert not other.cleared
    with pytest.raises(NoPicture):
        choose_picture(session, cora, other.slug, 0, WORDS, LATER)


def _application(session: Session, ref: str) -> int:
    return key(session.exec(select(Application).where(Application.ref == ref)).one())


def test_each_press_names_what_it_saw(session: Session, world: World, ref: str) -> None:
    cora = world.coordinator()
    slug = publish_all(session, world)
    agree(session, world, ref)
    choose_picture(session, cora, slug, 0, WORDS, LATER)
    for seen in (0, 2):
        with pytest.raises(Stale):
            choose_picture(session, cora, slug, seen, WORDS, LATER)
        with pytest.raises(Stale):
            take_away(session, cora, slug, seen, LATER)
    choose_picture(session, cora, slug, 1, WORDS, LATER)
    assert public_picture(session, slug).version == 2


def test_taking_it_away_is_a_correction_for_everybody(session: Session, world: World, ref: str) -> None:
    cora = world.coordinator()
    slug = publish_all(session, world)
    agree(session, world, ref)
    choose_picture(session, cora, slug, 0, WORDS, LATER)
    take_away(session, cora, slug, 1, LATER)
    assert winner(session, slug).picture is None
    with pytest.raises(NotFound):
        public_picture(session, slug)
    (notice,) = results(session, "2026", LATER).corrections
    assert (notice.winner, notice.words["en"]) == (slug, "The picture that stood here was taken away.")
    assert set(notice.words) == {"kk", "ru", "en"} and len(set(notice.words.values())) == 3
    assert "results.correct" in [each.act for each in public_ledger(session, "2026").entries]
    with pytest.raises(NotFound):
        take_away(session, cora, slug, 2, LATER)
    choose_picture(session, cora, slug, 2, WORDS, LATER)
    assert public_picture(session, slug).version == 3


def test_a_consent_that_is_taken_back_ends_it_at_once_and_without_a_word(
    session: Session, world: World, ref: str
) -> None:
    cora = world.coordinator()
    slug = publish_all(session, world)
    agree(session, world, ref)
    choose_picture(session, cora, slug, 0, WORDS, LATER)
    agree(session, world, ref, given=False)
    session.expire_all()
    assert winner(session, slug).picture is None
    assert results(session, "2026", LATER).corrections == []
    row = session.exec(select(WinnerPicture)).one()
    assert (row.sha256, row.alt, row.version) == (None, {}, 2)
    with pytest.raises(NoConsent):
        choose_picture(session, cora, slug, 2, WORDS, LATER)
    with pytest.raises(NotFound):
        change_consent(
            session, Applicant(world.people["ben"].id or 0), ref, "own_picture",
            given=True, language="en", now=LATER,
        )  # fmt: skip


def test_erasing_leaves_nothing_of_it_and_the_sweep_keeps_what_is_shown(
    session: Session, world: World, ref: str, settings: Settings
) -> None:
    store = LocalStore(settings.files_folder)
    slug = publish_all(session, world)
    agree(session, world, ref)
    choose_picture(session, world.coordinator(), slug, 0, WORDS, LATER)
    small = public_picture(session, slug).sha256
    packet = session.get_one(ClearedPacket, _application(session, ref))
    packet.files = []
    session.add(packet)
    session.flush()
    sweep(session, store, LATER.replace(year=2099))
    with store.open(small) as handle:
        assert handle.read(3) == b"\xff\xd8\xff"
    erase_application(session, _application(session, ref))
    assert session.exec(select(WinnerPicture)).all() == []
    assert session.exec(select(Application.status)).first() in set(Status)
