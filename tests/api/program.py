"""A program of somebody: its token is made on the account page, everything else is HTTP."""

import re
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.conftest import Client

API = "/api/v1"


class Program:
    """Speaks to the API with one token, and remembers the entity tag of what it read last."""

    def __init__(self, http: TestClient) -> None:
        self._http = http
        self.tag = ""

    def get(self, path: str, status: int = 200) -> Any:
        """What is there, after the status was looked at."""
        return self._seen(self._http.get(API + path), status)

    def send(self, method: str, path: str, body: Any = None, status: int = 200, *, tag: str = "") -> Any:
        """One change. `tag` goes into If-Match."""
        headers = {"If-Match": tag} if tag else {}
        return self._seen(self._http.request(method, API + path, json=body, headers=headers), status)

    def change(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """One change of what was read last, by its entity tag."""
        return self.send(method, path, body, status, tag=self.tag)

    def _seen(self, answer: Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        self.tag = answer.headers.get("etag", self.tag)
        return answer.json() if answer.content else None


def program_of(client: Client, name: str, *scopes: str) -> Program:
    """The program of one of the cast, with a token that they make in their browser."""
    made = client(name).post("/en/account/tokens", data={"name": "My program", "scopes": list(scopes)})
    token = re.search(r"baige_[\w-]+", made.text)
    assert made.status_code == 201
    assert token
    http = client()
    http.headers["Authorization"] = f"Bearer {token[0]}"
    return Program(http)
