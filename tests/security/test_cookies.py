"""Cookies of an https site are bound to it; none is readable by a script, and all can be taken back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import select

from app.accounts.codes import sign_in_code
from app.database import make_engine, session_on
from app.main import create_app
from app.models.people import SignIn
from app.settings import Settings
from tests.contracts.visitor import Answer, Visitor, asking

SECRET = SecretStr("a-key-of-the-operator-with-48-random-characters!")
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}


@pytest.fixture(params=["https://grants.example.org", "http://testserver"], ids=["https", "http"])
def site(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path
) -> Iterator[tuple[Visitor, Settings]]:
    """The site as it is reached by https, and by plain http in development."""
    path = tmp_path / "cookies.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{path}",
        base_url=request.param,
        secret_key=SECRET,
        var=tmp_path,
    )
    engine = make_engine(settings.database_url)
    with asking(create_app(settings, engine)) as ask:
        yield ask.visitor(), settings
    engine.dispose()


def cookies(answer: Answer) -> list[str]:
    return [line for line in answer.headers.get("set-cookie", "").split("\n") if line]


def journey(visitor: Visitor, settings: Settings) -> list[str]:
    """Every cookie that is set from asking for a code to signing out, and by choosing a theme."""
    jar: dict[str, str] = {}
    seen: list[str] = []

    def post(path: str, body: str) -> Answer:
        headers = FORM | {"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        answer = visitor.request("POST", path, headers=headers, content=body.encode())
        for line in cookies(answer):
            name, _, value = line.split(";")[0].partition("=")
            jar[name] = value.strip('"')
            seen.append(line)
        return answer

    assert post("/en/sign-in", "email=ada%40example.org&shared_computer=yes").status_code == 303
    engine = make_engine(settings.database_url)
    with session_on(engine, reading=True) as session, session.begin():
        row = session.exec(select(SignIn)).one()
        code = sign_in_code(settings.secret_key.get_secret_value(), row.nonce)
    engine.dispose()
    assert post("/en/sign-in/code", f"code={code}").status_code == 303
    assert post("/en/sign-in/out", "").status_code == 303
    post("/theme", "theme=dark")
    return seen


def test_cookie_attributes(site: tuple[Visitor, Settings]) -> None:
    visitor, settings = site
    seen = journey(visitor, settings)
    assert len(seen) >= 4
    for line in seen:
        words = {part.strip().lower().split("=")[0] for part in line.split(";")[1:]}
        assert {"httponly", "samesite", "path"} <= words, line
        assert "samesite=lax" in line.lower(), line
        assert "path=/" in line.lower(), line
        assert "domain" not in words, line
        assert ("secure" in words) == settings.secure, line


def test_proofs_are_bound_to_the_host_where_there_is_https(site: tuple[Visitor, Settings]) -> None:
    visitor, settings = site
    names = {line.split("=")[0] for line in journey(visitor, settings)}
    proofs = {name for name in names if re.search("session|asking", name)}
    assert proofs == ({"__Host-session", "__Host-asking"} if settings.secure else {"session", "asking"})


def test_session_cookie_is_random_and_not_kept_as_it_is(site: tuple[Visitor, Settings]) -> None:
    visitor, settings = site
    lines = [line for line in journey(visitor, settings) if "session=" in line.split(";")[0]]
    token = lines[0].split(";")[0].partition("=")[2]
    assert len(token) >= 43
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    stored = database.read_bytes() + b"".join(
        path.read_bytes() for path in database.parent.glob(f"{database.name}-*")
    )
    assert token.encode() not in stored
