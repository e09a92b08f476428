"""How many SQL statements an answer takes, counted in this process on the same database."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event

from app.main import create_app
from app.settings import Settings
from tests.bench.pages.client import Answer, Request
from tests.bench.pages.ten import Page

UNIT = ("BEGIN", "PRAGMA")
"""How SQLite's units of work begin; with PostgreSQL the driver sends that beside the first statement."""


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What is asked of the database within the block, but for the beginnings of units of work.

    A reviewer's request asks the same database by an engine of its own.
    """
    asked: list[str] = []

    def remember(connection: Connection, _cursor: object, words: str, *_: object) -> None:
        if connection.engine.url == engine.url and not words.startswith(UNIT):
            asked.append(words)

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


class Counter:
    """One application in this process, asked twice: what is kept is there the second time."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        settings = Settings(_env_file=None, database_url=url, demo=True)
        self._client = TestClient(create_app(settings, engine), follow_redirects=False)

    def __enter__(self) -> "Counter":
        self._client.__enter__()
        return self

    def __exit__(self, *given: object) -> None:
        self._client.__exit__()

    def count(self, page: Page) -> int:
        """Statements of one answer."""
        self._counted(page)
        return self._counted(page)

    def _counted(self, page: Page) -> int:
        if page.before:
            self._ask(page.before(0))
        with statements(self._engine) as asked:
            page.check(self._ask(page.ask(0)))
        return len(asked)

    def _ask(self, request: Request) -> Answer:
        method = "POST" if request.form is not None else request.method
        answer = self._client.request(method, request.path, headers=dict(request.headers), data=request.form)
        return Answer(answer.status_code, answer.headers, answer.content, 0.0)
