"""Who joins and leaves the panel."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.calls import actions
from app.calls.inputs import MemberInput
from app.calls.panel import LastCoordinator, PanelClosed, panel_of
from app.errors import Invalid, NotFound
from app.models.calls import Call
from app.models.panel import PanelMember, PanelRole
from app.models.people import Person
from tests.calls.ready import apply_as
from tests.world import NOW, World

NEW = MemberInput(email="New.Person@example.org", role=PanelRole.REVIEWER, organisation="BC")


def test_add_member_makes_the_account(session: Session, world: World) -> None:
    code = actions.add_member(session, world.coordinator(), NEW, NOW)
    person = session.exec(select(Person).where(col(Person.email) == "new.person@example.org")).one()
    row = session.exec(select(PanelMember).where(col(PanelMember.code) == code)).one()
    assert (row.person_id, row.role, row.organisation_id) == (
        person.id,
        PanelRole.REVIEWER,
        world.organisations["BC"].id,
    )


def test_a_name_is_taken_for_who_has_none_and_never_changes_another(session: Session, world: World) -> None:
    who = world.coordinator()
    named = NEW.model_copy(update={"name": "Aliya Smagulova"})
    code = actions.add_member(session, who, named, NOW)
    known = MemberInput(
        email="zoe.canary@example.org", name="Not Zoe", role=PanelRole.REVIEWER, organisation="BC"
    )
    zoe = actions.add_member(session, who, known, NOW)
    names = {each.code: each.name for each in panel_of(session, who)}
    assert (names[code], names[zoe]) == ("Aliya Smagulova", "Zoe Canaryname")
    actions.remove_member(session, who, code, NOW)
    actions.add_member(session, who, NEW.model_copy(update={"name": "Somebody Else"}), NOW)
    assert {each.code: each.name for each in panel_of(session, who)}[code] == "Aliya Smagulova"


@pytest.mark.parametrize(
    ("name", "role", "organisation", "field", "code"),
    [
        ("ada", PanelRole.REVIEWER, "BC", "email", "panel.applies"),
        ("ada", PanelRole.COORDINATOR, "", "email", "panel.applies"),
        ("rita", PanelRole.REVIEWER, "BC", "email", "panel.already"),
        ("rita", PanelRole.COORDINATOR, "", "email", "panel.other_role"),
        ("cora", PanelRole.REVIEWER, "BC", "email", "panel.other_role"),
        ("zoe", PanelRole.REVIEWER, "", "organisation", "missing"),
        ("zoe", PanelRole.REVIEWER, "XX", "organisation", "panel.organisation"),
    ],
)
def test_add_member_refuses(
    session: Session, world: World, name: str, role: PanelRole, organisation: str, field: str, code: str
) -> None:
    apply_as(session, world, "ada")
    given = MemberInput(email=f"{name}.canary@example.org", role=role, organisation=organisation)
    with pytest.raises(Invalid) as refusal:
        actions.add_member(session, world.coordinator(), given, NOW)
    assert refusal.value.fields == {field: (code, {})}


def test_removed_member_comes_back_under_the_same_code(session: Session, world: World) -> None:
    who = world.coordinator()
    code = world.members["rita"].code
    actions.remove_member(session, who, code, NOW)
    assert code not in [each.code for each in panel_of(session, who)]
    with pytest.raises(NotFound):
        actions.remove_member(session, who, code, NOW)
    again = MemberInput(email="rita.canary@example.org", role=PanelRole.REVIEWER, organisation="KBTU")
    assert actions.add_member(session, who, again, NOW) == code
    (rita,) = [each for each in panel_of(session, who) if each.code == code]
    assert (rita.organisation, rita.email) == ("KBTU", "rita.canary@example.org")


def test_last_coordinator_stays(session: Session, world: World) -> None:
    who = world.coordinator()
    with pytest.raises(LastCoordinator):
        actions.remove_member(session, who, world.members["cora"].code, NOW)
    second = MemberInput(email="second@example.org", role=PanelRole.COORDINATOR)
    actions.add_member(session, who, second, NOW)
    actions.remove_member(session, who, world.members["cora"].code, NOW)
    assert [each.email for each in panel_of(session, who) if each.role is PanelRole.COORDINATOR] == [
        "second@example.org"
    ]


def test_panel_of_a_published_call_stays_as_it_was(session: Session, world: World) -> None:
    call = session.get(Call, world.coordinator().call_id)
    assert call is not None
    call.published_at = NOW + timedelta(days=1)
    session.flush()
    with pytest.raises(PanelClosed):
        actions.add_member(session, world.coordinator(), NEW, NOW)
    with pytest.raises(PanelClosed):
        actions.remove_member(session, world.coordinator(), world.members["rita"].code, NOW)
    # But for a second coordinator: whoever is alone and has a tie can read no protocol.
    second = MemberInput(email="second@example.org", role=PanelRole.COORDINATOR)
    assert actions.add_member(session, world.coordinator(), second, NOW)


def test_member_of_another_call_is_not_found(session: Session, world: World) -> None:
    with pytest.raises(NotFound):
        actions.remove_member(session, world.coordinator(), "NOSUCHCODE", NOW)
