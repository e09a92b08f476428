"""What an applicant's phone loads at first: page, style sheet, scripts and htmx, compressed."""

import gzip
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.sections.catalogue import CATALOGUE
from app.vendor import HTMX_FILE
from app.web.static import served
from tests.conftest import Client
from tests.pages.test_applications import begun
from tests.world import World

MOST = 35 * 1024
HTMX = Path("var/vendor") / HTMX_FILE


def zipped(body: bytes) -> int:
    return len(gzip.compress(body, 9))


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A page weighs the same on either engine."""
    path = tmp_path / "kept.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}"


def test_the_first_load_of_a_page_of_the_form_is_small(client: Client, engine: Engine, world: World) -> None:
    if not HTMX.exists():
        pytest.skip("no copy of htmx: `make htmx`")
    ref, ada = begun(engine, world), client("ada")
    fixed = zipped(HTMX.read_bytes()) + sum(
        zipped(served(name)) for name in ("site.css", "app.js", "local.js")
    )
    sections = [str(each["code"]) for each in world.call.sections]
    places = ["", *(f"/{code}/{part.code}" for code in sections for part in CATALOGUE[code].parts)]
    weights = {place: fixed + zipped(ada.get(f"/kk/apply/{ref}{place}").content) for place in places}
    assert {place: weight for place, weight in weights.items() if weight > MOST} == {}


def test_files_lose_their_comments_and_nothing_else() -> None:
    """Every line that is served stands in the file, in its order."""
    for name in ("site.css", "app.js", "local.js", "stage.css", "stage.js"):
        sent = served(name).decode()
        assert "/*" not in sent
        lines = iter(Path("app/static", name).read_text().splitlines())
        assert all(any(line in each for each in lines) for line in sent.splitlines())
    assert served("icon.svg") == Path("app/static/icon.svg").read_bytes()
