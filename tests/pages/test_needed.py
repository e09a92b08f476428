"""The page that says how many reviews a call needs: asked in its address, and kept there when refused."""

from tests.conftest import Client
from tests.world import World

PAGE = "/en/desk/2026/reviews-needed"


def test_an_answer_has_a_row_for_each_number_and_names_what_is_set(client: Client, world: World) -> None:
    page = client("cora").get(f"{PAGE}?applications=60&chosen=6&reviewers=3&agreeing=usual").text
    assert page.count('id="found-') == 3, "three reviewers give three reviews at most"
    assert "As the call is set up now" not in page, "four reviews are set up, which three people cannot give"
    page = client("cora").get(f"{PAGE}?applications=60&chosen=6&reviewers=12&agreeing=usual").text
    assert "As the call is set up now" in page
    assert page.count("as set up") == 1
    answer = page[page.index('id="answer"') : page.index('id="question"')]
    assert "<dt>What decides</dt><dd>Mean</dd>" in answer, "the method that the call publishes is told"
    found = (
        client("cora", api=True)
        .get("/api/v1/calls/2026/reviews-needed?applications=60&chosen=6&reviewers=12&agreeing=usual")
        .json()
    )
    row = found["rows"][found["now"] - 1]
    assert f"about {row['by_method']['mean_of_means']:.1f} of 6" in answer
    assert row["found"] == row["by_method"]["mean_of_means"] != row["by_method"]["calibrated"]


def test_what_cannot_be_is_said_at_its_field(client: Client, world: World) -> None:
    answer = client("cora").get(f"{PAGE}?applications=6&chosen=6&reviewers=x&agreeing=usual")
    assert answer.status_code == 422
    assert "Enter a whole number." in answer.text
    answer = client("cora").get(f"{PAGE}?applications=6&chosen=6&reviewers=4&agreeing=usual")
    assert answer.status_code == 422
    assert 'href="#f-chosen"' in answer.text and "Choose fewer than apply" in answer.text


def test_the_api_answers_the_same(client: Client, world: World) -> None:
    cora, path = client("cora", api=True), "/api/v1/calls/2026/reviews-needed"
    found = cora.get(f"{path}?applications=60&chosen=6&reviewers=12&agreeing=usual").json()
    assert [row["reviews"] for row in found["rows"]] == list(range(1, 9))
    assert found["now"] == 4
    assert cora.get(f"{path}?applications=6&chosen=6").status_code == 422
