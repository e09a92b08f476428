"""The panel's page."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.world import World

Client = Callable[..., TestClient]
PATH = "/en/desk/2026/panel"


def test_panel_litany(client: Client) -> None:
    page = client("cora").get(PATH)
    assert page.status_code == 200
    assert "rita.canary@example.org" in page.text
    for stranger in ("rita", "ada", "max", "zoe"):
        answer = client(stranger).get(PATH)
        assert (answer.status_code, "canary" in answer.text) == (404, False)
        assert client(stranger).post(PATH, data={"email": "a@example.org"}).status_code == 404
    assert client().get(PATH).status_code == 303


def test_panel_add_and_remove(client: Client, world: World) -> None:
    cora = client("cora")
    given = {"email": "zoe.canary@example.org", "role": "reviewer", "organisation": "BC"}
    assert cora.post(PATH, data=given).headers["location"] == f"{PATH}?done=member_added"
    assert "zoe.canary@example.org" in cora.get(PATH).text
    code = world.members["rita"].code
    rita = client("rita")
    assert rita.get("/en/review/2026").status_code == 200
    asked = cora.get(f"{PATH}/{code}/remove")
    assert f'href="{PATH}/{code}/remove"' in cora.get(PATH).text, "one press in the list removes nobody"
    assert (asked.status_code, "Rita Canaryname" in asked.text, "Those that were not sent" in asked.text) == (
        200,
        True,
        False,
    )
    assert cora.post(f"{PATH}/{code}/remove").headers["location"] == f"{PATH}?done=member_removed"
    assert cora.get(f"{PATH}/{code}/remove").status_code == 404
    assert rita.get("/en/review/2026").status_code == 404
    assert cora.post(f"{PATH}/{code}/remove").status_code == 404
    last = world.members["cora"].code
    assert cora.post(f"{PATH}/{last}/remove").status_code == 409


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"email": "typed words"}, "Enter an e-mail address like name@example.org."),
        ({"email": "rita.canary@example.org"}, "This person is on the panel already."),
        ({"organisation": ""}, "Choose one of the call"),
        ({"role": "jury"}, "Choose one of the answers."),
    ],
)
def test_panel_refuses_and_keeps_what_was_typed(client: Client, given: dict[str, str], words: str) -> None:
    typed = {"email": "new@example.org", "role": "reviewer", "organisation": "BC"} | given
    answer = client("cora").post(PATH, data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed["email"]}"' in answer.text
