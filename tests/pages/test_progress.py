"""The progress of reviewing: counts of what is assigned, a forecast, reminding by one press; no score."""

import re
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.digests import digest_key
from app.database import session_on
from app.models.applications import Application
from app.models.calls import Call
from app.models.outbox import Mail
from app.models.reviews import ReviewState
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.factories import (
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World, key

PROGRESS = "/en/desk/2026/progress"
DAY = timedelta(days=1)


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def begun(engine: Engine, world: World) -> list[Application]:
    """Rita has sent one of three and begun one; Rolf has not begun his."""
    with session_on(engine) as session, session.begin():
        applications = [make_sent_application(session, world, title=f"Project {n}") for n in range(3)]
        open_reviewing_rows(session, world)
        first, second, _ = (make_assignment(session, world, each, "rita") for each in applications)
        make_review(session, world, first, {"need": 5})
        make_review(session, world, second, {"need": 2}, state=ReviewState.DRAFT)
        make_assignment(session, world, applications[0], "rolf")
        return applications


def test_progress_counts_against_what_is_assigned(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    begun(engine, world)
    clock.now = REVIEWING + DAY
    with session_on(engine) as session, session.begin():
        session.get_one(Call, key(world.call)).reviews_due_at = REVIEWING + 2 * DAY
    said = words_of(client("cora").get(PROGRESS).text)
    assert "Reviews sent: 1 of 4." in said
    # One in a day, three are left: on the fourth day, which is after the due date.
    assert "that is after the due date" in said
    # Four organisations are to score each, whoever of them was given it already.
    for line in ("0 of 4 2 Reviews missing", "1 of 4 1 Reviews missing"):
        assert line in said
    assert "Rita Canaryname British Council 3 1 1" in said
    assert "Rolf Canaryname Akimat of Almaty 1 0 0 not yet no pace yet" in said
    home = words_of(client("cora").get("/en/desk/2026").text)
    assert "that is after the due date" in home
    assert "Progress of reviewing" in home
    # Rolf has no pace and a week or less is left; at her own pace Rita is two days late.
    behind = home.partition("Reviewers who may not be done in time")[2]
    assert "Rita Canaryname · British Council Left: 2 of 3" in behind
    assert "Rolf Canaryname · Akimat of Almaty Left: 1 of 1 Nothing sent in the last seven days" in behind
    assert behind.index("Rita") < behind.index("Rolf"), "who has most left stands first"
    assert "Anna Canaryname" not in behind, "nothing is hers to send"


def test_a_press_reminds_and_a_second_says_that_nobody_gets_two(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    begun(engine, world)
    clock.now = REVIEWING
    cora = client("cora")
    page = cora.post(f"{PROGRESS}/remind", data={"to": "idle"}, follow_redirects=True).text
    assert "Reminders sent: 1." in page
    page = cora.post(f"{PROGRESS}/remind", data={"to": "waiting"}, follow_redirects=True).text
    assert "Reminders sent: 1." in page
    again = {"reviewer": world.members["rita"].code}
    assert "Reminders sent: 0." in cora.post(f"{PROGRESS}/remind", data=again, follow_redirects=True).text
    assert cora.post(f"{PROGRESS}/remind", data={"to": "everybody"}).status_code == 404
    with session_on(engine, reading=True) as session:
        mails = session.exec(select(Mail.person_id).where(Mail.template == "review_digest")).all()
    assert sorted(mails) == [key(world.people["rita"]), key(world.people["rolf"])]  # type: ignore[type-var]


def test_link_of_the_weekly_mail_stops_it_by_a_button(
    client: Client, world: World, settings: Settings
) -> None:
    code, anybody = world.members["rita"].code, client()
    link = f"/en/reminders/reviews?member={code}&key="
    link += digest_key(settings.secret_key.get_secret_value(), code)
    assert anybody.get(f"{link}0").status_code == 404
    assert 'value="stop"' in anybody.get(link).text
    assert "Your choice is saved." in anybody.post(link, data={"act": "stop"}).text
    assert 'value="start"' in anybody.get(link).text
    assert anybody.post(link, data={"act": "start"}).status_code == 200
    assert anybody.post(link, data={"act": "else"}).status_code == 404
    assert 'value="stop"' in anybody.get(link).text


def test_before_a_reviewer_is_removed_it_is_said_what_becomes_of_the_reviews(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    begun(engine, world)
    clock.now = REVIEWING
    said = words_of(client("cora").get(f"/en/desk/2026/panel/{world.members['rita'].code}/remove").text)
    assert "Reviews that are sent 1 Reviews that are not sent yet 2" in said
