"""The people of the demo whom one can be: who was chosen once stays, and nobody reads a verdict there."""

from datetime import timedelta

from sqlmodel import Session

from app.accounts.cast import OF_EACH_ORGANISATION, cast, enter_as
from app.models.applications import Status
from app.models.calls import Call
from app.models.panel import PanelMember, PanelRole
from app.models.reviews import Tie
from tests.factories import REVIEWING, make_assignment, make_sent_application
from tests.world import NOW, World, key, make_person


def listed(session: Session, role: str) -> list[str]:
    return [each.email.partition(".")[0] for each in cast(session, REVIEWING) if getattr(each, role)]


def test_a_reviewer_whom_somebody_was_stays_when_others_have_more_to_do(
    session: Session, world: World
) -> None:
    made = [make_sent_application(session, world, title=f"Project {n}") for n in range(2)]
    colleagues = [make_person(session, name) for name in ("bela", "bond")]
    for place, person in enumerate(colleagues):
        seat = PanelMember(
            call_id=key(world.call), person_id=key(person), role=PanelRole.REVIEWER, code=f"BC{place}",
            joined_at=NOW, organisation_id=world.members["rita"].organisation_id,
        )  # fmt: skip
        session.add(seat)
        session.flush()
        world.members[person.name] = seat
    given = make_assignment(session, world, made[0], "rita", tie=None)
    ours = {"rita", "bela", "bond"}
    assert [each for each in listed(session, "organisation") if each in ours] == ["rita", "bela"]
    enter_as(session, world.people["rita"].email or "", NOW)
    given.tie = Tie.NONE
    session.add(given)
    for person in colleagues:
        for application in made:
            make_assignment(session, world, application, person.name, tie=None)
    shown = [each for each in listed(session, "organisation") if each in ours]
    assert (len(shown), shown) == (OF_EACH_ORGANISATION, ["rita", "bela"])


def test_applicants_stay_after_closing_and_no_verdict_is_told(session: Session, world: World) -> None:
    application = make_sent_application(session, world)
    make_sent_application(session, world, "ben")
    assert listed(session, "status") == ["ada", "ben"], "closed, and nothing else has opened"
    application.status = Status.AWARDED
    session.add(application)
    session.flush()
    told = {each.name.split()[0]: each.status for each in cast(session, REVIEWING) if each.status}
    assert told == {"Ada": Status.IN_REVIEW, "Ben": Status.SENT}
    enter_as(session, world.people["ben"].email or "", NOW)
    later = {**world.call.model_dump(exclude={"id"}), "slug": "later", "ref_prefix": "LA26"}
    session.add(Call(**later | {"opens_at": NOW + timedelta(days=1)}))
    session.flush()
    assert listed(session, "status") == ["ben"], "a newer call has no applicants yet"
