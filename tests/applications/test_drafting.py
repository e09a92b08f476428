"""Beginning and writing: always savable, never overwritten unseen."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.applications import actions
from app.applications.actions import ConsentInput
from app.applications.refusals import (
    CallNotOpen,
    NotADraft,
    OnThePanel,
    ReadOnly,
    TooLate,
    TooManyDrafts,
)
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, Draft, Status, TeamRole
from app.models.people import Applicant, Consent, IdentityDraft
from app.sections.rows import RowAct
from tests.applications.steps import AGREED, begin, begin_write_send
from tests.world import CLOSES, NOW, OPENS, World


def test_start_makes_empty_drafts_and_keeps_each_consent(session: Session, world: World) -> None:
    given = ConsentInput(processing=True, publication=True, news=True)
    ref = actions.start_application(session, world.applicant(), "2026", given, language="kk", now=NOW)

    application = session.exec(select(Application)).one()
    assert application.ref == ref
    assert (application.status, application.language, application.counts_number) == (Status.DRAFT, "kk", None)
    assert application.code not in ref
    assert {row.section for row in session.exec(select(Draft))} == {
        "brief",
        "need",
        "work_plan",
        "budget",
        "sustainability",
    }
    assert [row.section for row in session.exec(select(IdentityDraft))] == ["team"]
    consents = session.exec(select(Consent)).all()
    assert {(row.kind, row.text_version, row.language, row.given_at) for row in consents} == {
        (kind, actions.CONSENT_VERSION, "kk", NOW) for kind in ("processing", "publication", "news")
    }


def test_start_needs_two_consents_and_nothing_is_written_without(session: Session, world: World) -> None:
    with pytest.raises(Invalid) as refused:
        actions.start_application(
            session, world.applicant(), "2026", ConsentInput(news=True), language="en", now=NOW
        )
    assert set(refused.value.fields) == {"processing", "publication"}
    assert session.exec(select(Application)).all() == []


@pytest.mark.parametrize("now", [OPENS - timedelta(seconds=1), CLOSES, CLOSES + timedelta(minutes=5)])
def test_start_is_refused_before_opening_and_from_the_closing_instant_on(
    session: Session, world: World, now: object
) -> None:
    with pytest.raises(CallNotOpen):
        actions.start_application(
            session,
            world.applicant(),
            "2026",
            AGREED,
            language="en",
            now=now,  # type: ignore[arg-type]
        )


@pytest.mark.parametrize("name", ["rita", "cora"])
def test_start_is_refused_to_the_panel(session: Session, world: World, name: str) -> None:
    with pytest.raises(OnThePanel):
        begin(session, world.applicant(name))


def test_start_in_a_call_that_is_not_opened_is_not_found(session: Session, world: World) -> None:
    world.call.opened_at = None
    session.add(world.call)
    session.flush()
    with pytest.raises(NotFound):
        begin(session, world.applicant())


def test_start_is_refused_after_five_drafts(session: Session, world: World) -> None:
    for _ in range(5):
        begin(session, world.applicant())
    begin(session, world.applicant("ben"))
    with pytest.raises(TooManyDrafts):
        begin(session, world.applicant())


def test_save_keeps_parts_beside_each_other_and_counts_versions(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    first = actions.save_section(session, ada, ref, "brief", {"title": "Garden"}, version=1, now=NOW)
    second = actions.save_section(
        session, ada, ref, "brief", {"summary": "x" * 5000}, version=first.version, now=NOW
    )
    assert second.version == 3
    assert second.data == {"title": "Garden", "summary": "x" * 5000}


def test_save_of_the_same_makes_no_version_and_no_conflict(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    actions.save_section(session, ada, ref, "brief", {"title": "Garden"}, version=1, now=NOW)
    again = actions.save_section(session, ada, ref, "brief", {"title": "Garden"}, version=1, now=NOW)
    assert again.version == 2


def test_save_with_an_old_version_shows_what_is_stored(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    actions.save_section(session, ada, ref, "brief", {"title": "Mine"}, version=1, now=NOW)
    with pytest.raises(Stale) as stale:
        actions.save_section(session, ada, ref, "brief", {"title": "Theirs"}, version=1, now=NOW)
    assert (stale.value.current, stale.value.version) == ({"title": "Mine"}, 2)
    assert session.exec(select(Draft.data).where(Draft.section == "brief")).one() == {"title": "Mine"}


def test_save_refuses_what_no_form_sends(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    with pytest.raises(Invalid) as refused:
        actions.save_section(
            session,
            ada,
            ref,
            "budget",
            {"lines": [{"id": "l1", "colour": "red"}, "line"], "nonsense": 1, "prices_found": ["a"]},
            version=1,
            now=NOW,
        )
    assert refused.value.fields == {
        "lines.0.colour": ("extra_forbidden", {}),
        "lines.1": ("dict_type", {}),
        "nonsense": ("extra_forbidden", {}),
        "prices_found": ("string_type", {}),
    }


def test_save_is_not_found_for_a_stranger_and_an_unknown_section(session: Session, world: World) -> None:
    ref = begin(session, world.applicant())
    with pytest.raises(NotFound):
        actions.save_section(session, world.applicant("ben"), ref, "brief", {}, version=1, now=NOW)
    for section in ("candidate", "nonsense"):
        with pytest.raises(NotFound):
            actions.save_section(session, world.applicant(), ref, section, {}, version=1, now=NOW)


def test_a_reader_of_the_team_may_not_write(session: Session, world: World) -> None:
    ref = begin(session, world.applicant())
    application = session.exec(select(Application)).one()
    session.add(
        Applicant(
            application_id=application.id or 0,
            person_id=world.people["ben"].id or 0,
            role=TeamRole.READER,
            joined_at=NOW,
        )
    )
    session.flush()
    with pytest.raises(ReadOnly):
        actions.save_section(session, world.applicant("ben"), ref, "brief", {}, version=1, now=NOW)


def test_save_within_the_grace_and_never_after(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    late = CLOSES + timedelta(minutes=14)
    actions.save_section(session, ada, ref, "brief", {"title": "Late"}, version=1, now=late)
    with pytest.raises(TooLate):
        actions.save_section(
            session, ada, ref, "brief", {"title": "Too late"}, version=2, now=CLOSES + timedelta(minutes=15)
        )


def test_save_of_a_sent_application_is_refused(session: Session, world: World) -> None:
    ref = begin_write_send(session, world.applicant())
    with pytest.raises(NotADraft):
        actions.save_section(session, world.applicant(), ref, "brief", {"title": "x"}, version=2, now=NOW)


def test_rows_are_added_copied_moved_removed_and_brought_back(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)

    def act(name: str, row: str, version: int) -> list[str]:
        saved = actions.act_on_row(
            session, ada, ref, "budget", {}, RowAct(name, "lines", row), version=version, now=NOW
        )
        return [each["id"] for each in saved.data["lines"]]

    (first,) = act("add", "", 1)
    _, second = act("add", "", 2)
    assert act("up", second, 3) == [second, first]
    _, copied, _ = act("copy", second, 4)
    assert act("remove", second, 5) == [copied, first]
    assert act("undo", "", 6) == [second, copied, first]
    assert act("down", first, 7) == [second, copied, first]
    with pytest.raises(Stale):
        act("remove", first, 1)


def test_delete_removes_a_draft_that_was_never_sent(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    with pytest.raises(NotFound):
        actions.delete_draft(session, world.applicant("ben"), ref, NOW)
    actions.delete_draft(session, ada, ref, NOW)
    for table in (Application, Draft, IdentityDraft, Consent, Applicant):
        assert session.exec(select(table)).all() == []
