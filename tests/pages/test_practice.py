"""Practising: invented proposals, one's own scores beside the panel's, and nothing stored."""

from html import unescape

from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.calls import Criterion
from app.models.reviews import Review
from app.reviews.practice import proposal
from tests.conftest import Client
from tests.factories import count_of
from tests.world import World

AT = "/en/review/2026/practice"


def test_practice_shows_the_panels_scores_only_beside_ones_own(
    client: Client, engine: Engine, world: World
) -> None:
    rita = client("rita")
    assert f'href="{AT}/1"' in rita.get("/en/review/2026").text
    before = unescape(rita.get(f"{AT}/1").text)
    reasons = [each.reason["en"] for each in proposal("en", 1).references.values()]
    assert "1,900 children walk to two schools" in before
    assert "need anchor 5" in before
    assert not [reason for reason in reasons if reason in before]

    after = unescape(rita.get(f"{AT}/1?scores.need.score=3&scores.budget.score=cannot_judge").text)

    assert [reason for reason in reasons if reason not in after] == []
    assert 'name="scores.need.score" value="3" checked' in after
    assert f'href="{AT}/2"' in after
    assert 'href="/en/review/2026"' in rita.get(f"{AT}/2?scores.need.score=9").text
    with session_on(engine, reading=True) as session:
        assert count_of(session, Review) == 0
    assert [rita.get(f"{AT}/{each}").status_code for each in ("0", "3", "x")] == [404] * 3
    assert [client(name).get(f"{AT}/1").status_code for name in ("ada", "cora", "zoe")] == [404] * 3


def test_practice_is_offered_only_where_its_scale_is_the_calls(
    client: Client, engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        session.exec(select(Criterion).where(Criterion.code == "need")).one().code = "taste"
        world.call.version += 1
        session.add(world.call)
    rita = client("rita")
    assert "/practice/" not in rita.get("/en/review/2026").text
    assert rita.get(f"{AT}/1").status_code == 404


def test_every_proposal_is_complete_in_every_language() -> None:
    for number in (1, 2):
        said = [proposal(language, number) for language in ("kk", "ru", "en")]
        assert len({each.title for each in said}) == 3
        for each in said:
            assert set(each.sections) == {"need", "work_plan", "budget", "sustainability"}
            assert all(len(set(reference.reason.values())) == 3 for reference in each.references.values())
            assert all(1 <= reference.score <= 5 for reference in each.references.values())
