"""The application starts and answers."""

from tests.conftest import Client


def test_health_answers_on_both_databases(client: Client) -> None:
    assert client().get("/health").json() == {"status": "ok"}
