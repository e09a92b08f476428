"""Earlier texts: nothing that was acknowledged is lost, and all of it can be brought back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from app.applications import actions
from app.applications.actions import keeping
from app.applications.own_models import OwnVersions
from app.applications.own_versions import own_versions
from app.applications.refusals import NotADraft, ReadOnly, TooLate
from app.errors import NotFound, Stale
from app.models.applications import Application, DraftVersion, TeamRole
from app.models.people import Applicant, IdentityDraftVersion
from tests.applications.steps import begin, begin_write_send, send
from tests.bench.pages.queries import statements
from tests.world import CLOSES, NOW, World, key

LONG = "Sixty neighbours asked for shade, and the library gave its yard. "
LATER = NOW + timedelta(hours=1)


class Draft:
    """Ada's and Ben's draft: what they save, one after the other."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world = session, world
        self.ref = begin(session, world.applicant())
        self.application = session.exec(select(Application).where(Application.ref == self.ref)).one()
        self.join("ben", TeamRole.EDITOR)
        self.version = 1

    def join(self, name: str, role: TeamRole) -> None:
        self.session.add(
            Applicant(
                application_id=key(self.application),
                person_id=key(self.world.people[name]),
                role=role,
                joined_at=NOW,
            )
        )
        self.session.flush()

    def save(
        self,
        title: str,
        *,
        who: str = "ada",
        at: datetime = NOW,
        chosen: bool = False,
        section: str = "brief",
    ) -> None:
        name = "title" if section == "brief" else "family_name"
        self.version = actions.save_section(
            self.session,
            self.world.applicant(who),
            self.ref,
            section,
            {name: title},
            version=self.version,
            now=at,
            chosen=chosen,
        ).version

    def restore(self, number: int, *, who: str = "ada", at: datetime = LATER, **given: Any) -> dict[str, Any]:
        saved = actions.restore_version(
            self.session,
            self.world.applicant(who),
            self.ref,
            "brief",
            number,
            now=at,
            **{"version": self.version, **given},
        )
        self.version = saved.version
        return saved.data

    def kept(self, section: str = "brief", who: str = "ada") -> OwnVersions:
        return own_versions(self.session, self.world.applicant(who), self.ref, section, LATER)

    def titles(self) -> list[str]:
        return [version.data["title"] for version in self.kept().versions]


@pytest.fixture
def draft(session: Session, world: World) -> Draft:
    return Draft(session, world)


def test_typing_on_is_one_version_and_what_was_replaced_is_kept(draft: Draft) -> None:
    seconds = timedelta(seconds=10)
    for number, words in enumerate(("Six", "Sixty", "Sixty neighbours", LONG)):
        draft.save(words, at=NOW + number * seconds)
    assert draft.titles() == []
    draft.save("Something else", at=NOW + 5 * seconds)
    assert draft.titles() == [LONG]
    # A slip of the pen right afterwards is not worth a version, a sentence is, and so is what another wrote.
    draft.save("Something different", at=NOW + 6 * seconds)
    assert draft.titles() == [LONG]
    draft.save(LONG * 2, who="ben", at=NOW + 7 * seconds)
    draft.save(LONG, who="ben", at=NOW + 8 * seconds)
    assert draft.titles() == [LONG * 2, "Something different", LONG]
    kept = draft.kept()
    assert [(each.own, each.by) for each in kept.versions][:2] == [
        (False, "Ben Canaryname"),
        (True, "Ada Canaryname"),
    ]
    assert kept.part.section.data == {"title": LONG}


def test_a_pause_a_choice_and_a_late_slip_are_versions(draft: Draft) -> None:
    draft.save("Garden")
    draft.save("Garden of apples", at=NOW + timedelta(minutes=3))
    assert draft.titles() == ["Garden"]
    at = NOW + timedelta(minutes=30)
    draft.save("Garden of apples and pears", at=at)
    draft.save("Orchard", at=at + timedelta(seconds=1), chosen=True)
    assert draft.titles() == ["Garden of apples and pears", "Garden of apples", "Garden"]
    draft.save("Orchard.", at=at + timedelta(seconds=2), chosen=True)
    assert draft.titles()[0] == "Orchard"


def test_an_identity_section_is_kept_in_the_protected_table(session: Session, draft: Draft) -> None:
    draft.save("Serikova", section="team")
    draft.save("Serikkyzy", section="team", chosen=True)
    assert [each.data for each in draft.kept("team").versions] == [{"family_name": "Serikova"}]
    assert session.exec(select(func.count()).select_from(DraftVersion)).one() == 0
    assert session.exec(select(IdentityDraftVersion.section)).all() == ["team"]


def test_one_answer_or_the_whole_section_comes_back_and_what_it_replaced_too(draft: Draft) -> None:
    ada, ref = draft.world.applicant(), draft.ref
    row = {"id": "a", "what": "Trees"}
    actions.save_section(
        draft.session, ada, ref, "brief", {"title": "Old", "summary": LONG}, version=1, now=NOW
    )
    draft.version = actions.save_section(
        draft.session, ada, ref, "brief", {"title": "New", "place": "Yard"}, version=2, now=LATER
    ).version
    assert draft.restore(2, answer="title") == {"title": "Old", "summary": LONG, "place": "Yard"}
    assert draft.restore(2) == {"title": "Old", "summary": LONG}
    assert [each.data.get("place") for each in draft.kept().versions] == ["Yard", "Yard", None]
    assert draft.restore(3) == {"title": "New", "summary": LONG, "place": "Yard"}
    actions.save_section(draft.session, ada, ref, "budget", {"lines": [row]}, version=1, now=NOW)
    for given in ({"number": 99}, {"number": 2, "answer": "nonsense"}, {"number": 2, "answer": "_removed"}):
        with pytest.raises(NotFound):
            draft.restore(**given)
    with pytest.raises(Stale):
        draft.restore(2, version=2)


def test_only_who_may_write_now_brings_back_and_the_team_alone_reads(draft: Draft) -> None:
    draft.join("zoe", TeamRole.READER)
    draft.save("First")
    draft.save("Second", chosen=True)
    assert draft.kept(who="zoe").versions[0].data == {"title": "First"}
    with pytest.raises(ReadOnly):
        draft.restore(2, who="zoe")
    with pytest.raises(TooLate):
        draft.restore(2, at=CLOSES + timedelta(minutes=15))
    for stranger in ("max", "cora"):
        with pytest.raises(NotFound):
            draft.kept(who=stranger)
        with pytest.raises(NotFound):
            draft.restore(2, who=stranger)
    with pytest.raises(NotFound):
        draft.kept("candidate")


def test_what_was_sent_is_kept_as_it_was_typed(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin_write_send(session, ada)
    with pytest.raises(NotADraft):
        actions.restore_version(session, ada, ref, "brief", 2, version=2, now=NOW)
    actions.take_back(session, ada, ref, NOW)
    actions.save_section(session, ada, ref, "brief", {"title": "Another title"}, version=2, now=LATER)
    versions = own_versions(session, ada, ref, "brief", LATER).versions
    assert [(each.number, each.sent_number) for each in versions] == [(2, 1)]
    send(session, ada, ref, 2, LATER)
    again = own_versions(session, ada, ref, "brief", LATER).versions
    assert [(each.number, each.sent_number) for each in again] == [(3, 2), (2, 1)]
    # A section that was not touched in between was sent by both, and stands there once.
    assert [each.sent_number for each in own_versions(session, ada, ref, "team", LATER).versions] == [2]


def test_a_section_keeps_a_bounded_number_but_always_what_was_sent_last(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_VERSIONS", 10)
    keeping._trimmed.cache_clear()
    ada = world.applicant()
    ref = begin_write_send(session, ada)
    actions.take_back(session, ada, ref, NOW)
    for version in range(2, 50):
        actions.save_section(
            session, ada, ref, "brief", {"title": f"{version}"}, version=version, now=NOW, chosen=True
        )
    numbers = [each.number for each in own_versions(session, ada, ref, "brief", NOW).versions]
    keeping._trimmed.cache_clear()
    assert numbers == [49, *range(48, 38, -1), 2]


def test_deleting_a_draft_deletes_what_it_held(session: Session, draft: Draft) -> None:
    for section in ("brief", "team"):
        draft.version = 1
        draft.save("First", section=section)
        draft.save("Second", chosen=True, section=section)
    actions.delete_draft(session, draft.world.applicant(), draft.ref, LATER)
    for table in (DraftVersion, IdentityDraftVersion):
        assert session.exec(select(func.count(col(table.version)))).one() == 0


def test_typing_on_asks_the_database_nothing_more_and_a_version_costs_two_statements(draft: Draft) -> None:
    draft.save("Garden")
    engine = draft.session.get_bind()
    counts = []
    for words in ("Garden of apples", "Something else", "Something less"):
        with statements(engine) as asked:  # type: ignore[arg-type]
            draft.save(words)
        counts.append(len(asked))
    assert counts == [3, 5, 4]
