"""A juror's pages: their own and nobody else's, whatever the others score; and a desk that tells no score."""

import re
from base64 import b64encode
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.actors import Juror as Acting
from app.database import session_on
from app.events.jury import close_juror
from app.events.jury_access import EnterInput, enter, issue_access
from app.models.calls import Criterion
from app.models.events import PitchCard
from app.models.jury import PitchBallot
from app.pages.live_code import drawn_square
from tests.conftest import Client, Clock
from tests.documents.opened import text_of, words_of
from tests.events.evening import announced
from tests.events.jury import NIGHT, begin, close, compare, done, give, juror_row, seated
from tests.world import World

SCORES = {f"scores.{code}": "4" for code in ("need", "work_plan", "budget", "sustainability")}
SECRET = "a-secret-for-tests-alone"


@pytest.fixture
def jury(engine: Engine, world: World, clock: Clock) -> list[Acting]:
    """Three teams pitch, the first two have; two jurors."""
    clock.now = NIGHT
    with session_on(engine) as session, session.begin():
        announced(session, world, 3, 0)
        jurors = seated(session, world, ["BC", "AKIM"])
        begin(session, world, [1, 2])
        return jurors


def phone(client: Client, engine: Engine, world: World, juror: Acting) -> TestClient:
    """A browser in which this juror is signed in."""
    with session_on(engine) as session, session.begin():
        pot, code = world.round.code, juror_row(session, juror).code
        access = issue_access(session, world.coordinator(), pot, code, secret=SECRET, now=NIGHT)
        token = enter(
            session, pot, access.key, EnterInput(code=access.code), client="x", secret=SECRET, now=NIGHT
        )
    browser = client()
    browser.cookies.set("juror", token)
    return browser


def transcript(browser: TestClient, pot: str) -> list[tuple[int, bytes]]:
    """All that this juror can ask for, as pages and as fragments."""
    asked = [f"/en/jury/{pot}", *(f"/en/jury/{pot}/{slot}" for slot in (1, 2, 3))]
    answers = [browser.get(path, headers=more) for path in asked for more in ({}, {"HX-Request": "true"})]
    answers.append(browser.post(f"/en/jury/{pot}/finish"))
    answers.append(browser.post(f"/en/jury/{pot}/1", data={"version": "7", "scores.need": "1"}))
    return [(each.status_code, each.content) for each in answers]


def test_what_others_score_changes_no_byte_of_a_jurors_pages(
    engine: Engine, client: Client, world: World, jury: list[Acting]
) -> None:
    """Nor does a finish, a conflict, a paper, or somebody who is closed."""
    one, other = jury
    browser, pot = phone(client, engine, world, one), world.round.code
    with session_on(engine) as session, session.begin():
        give(session, one, 1, 3, note="Mine alone.")
    before = transcript(browser, pot)
    assert [status for status, _ in before][:2] == [200, 200] and before[-1][0] == 409
    for score in (1, 5):
        with session_on(engine) as session, session.begin():
            give(session, other, 1, score)
            give(session, other, 2, tie=score == 5, missed=score == 1)
        assert transcript(browser, pot) == before
    with session_on(engine) as session, session.begin():
        code = juror_row(session, other).code
        close_juror(session, world.coordinator(), pot, code, "Left early, by train.", NIGHT)
    assert transcript(browser, pot) == before
    # And who is on no jury finds a door, whatever the address.
    nobody = client()
    for path in (f"/en/jury/{pot}", f"/en/jury/{pot}/1"):
        assert nobody.get(path).headers["location"] == f"/en/jury/{pot}/sign-in"


def test_the_desk_is_the_same_whatever_was_scored_until_all_are_in(
    engine: Engine, client: Client, world: World, jury: list[Acting]
) -> None:
    one, other = jury
    cora, pot = client("cora"), world.round.code
    with session_on(engine) as session, session.begin():
        codes = [juror_row(session, each).code for each in jury]
        for juror in jury:
            give(session, juror, 1, 1)
            give(session, juror, 2, 5)
        compare(session, world)
        done(session, [one])
    at = f"/en/desk/2026/event/{pot}"
    paths = [f"{at}/jury", f"{at}/ballots", f"{at}/tally"]
    paths += [f"{at}/{room}/{code}" for room in ("jury", "ballots") for code in codes]
    paths += ["/en/desk/2026/awards", f"/en/desk/2026/stage/{pot}"]

    def seen() -> list[tuple[int, bytes]]:
        answers = [cora.get(path) for path in paths]
        return [(each.status_code, each.content) for each in answers]

    before = seen()
    assert {status for status, _ in before} == {200}
    with session_on(engine) as session, session.begin():
        give(session, other, 1, 5)
        give(session, other, 2, 1)
    assert seen() == before
    refused = cora.post(f"{at}/tally", data={"version": "3"})
    assert refused.status_code == 409


def test_a_phone_saves_by_itself_and_says_what_came_too_late(
    engine: Engine, client: Client, world: World, jury: list[Acting]
) -> None:
    one, _ = jury
    browser, pot = phone(client, engine, world, one), world.round.code
    at = f"/en/jury/{pot}/1"
    sent = {"HX-Request": "true"}
    saved = browser.patch(at, data={**SCORES, "version": "0"}, headers=sent)
    assert saved.status_code == 200 and 'value="1"' in saved.text
    assert browser.patch(at, data={**SCORES, "version": "0"}, headers=sent).status_code == 200
    changed = {**SCORES, "scores.need": "1", "version": "0"}
    assert browser.patch(at, data=changed, headers=sent).status_code == 409
    conflict = browser.post(at, data=changed)
    assert conflict.status_code == 409 and "There are two versions" in conflict.text
    kept = browser.post(at, data={**changed, "version": "1", "_action": "keep-mine"})
    assert kept.headers["location"] == f"/en/jury/{pot}/2?done=ballot_saved"
    outside = browser.post(at, data={**SCORES, "scores.need": "9", "version": "2"})
    assert outside.status_code == 422 and "Choose a score from 1 to 5." in outside.text
    assert browser.patch(f"/en/jury/{pot}/3", data={**SCORES, "version": "0"}).status_code == 409
    with session_on(engine) as session, session.begin():
        give(session, one, 2, 3)
        compare(session, world)
        done(session, [one])
    late = browser.post(at, data={**SCORES, "version": "2"})
    assert late.status_code == 409
    assert re.search(r'id="too-late".*<dt>Need</dt><dd>4</dd>', late.text, re.DOTALL)
    with session_on(engine, reading=True) as session:
        assert sorted(each.scores["need"] for each in session.exec(select(PitchBallot))) == [1, 3]


def test_the_awards_go_by_the_order_of_both_scores(
    engine: Engine, client: Client, world: World, jury: list[Acting]
) -> None:
    """Who was scored by nobody stands there without a total, and is no winner by the order."""
    one, other = jury
    cora, at = client("cora"), f"/en/desk/2026/event/{world.round.code}"
    # Before the scoring is closed there is no order to decide by: the pages say so, and lead to the tally.
    awards = cora.get("/en/desk/2026/awards").text
    assert "Draw the line" not in awards and f'href="{at}/tally"' in awards
    early = cora.post(f"/en/desk/2026/awards/{world.round.code}/line", data={})
    assert early.status_code == 409 and "Close their scoring first" in early.text
    assert "Cut line and awards</h1>" in early.text
    assert "Places that can be awarded" not in cora.get("/en/desk/2026").text
    with session_on(engine) as session, session.begin():
        for slot in (1, 2):
            give(session, one, slot, slot + 2)
            give(session, other, slot, tie=True)
        compare(session, world)
        done(session, jury)
        close(session, world)
    tally = cora.get(f"{at}/tally").text
    assert "Likely places" in tally and "conflict" in tally
    awards = cora.get("/en/desk/2026/awards").text
    assert awards.count("has only one of the two scores") == 1
    moved = cora.get(f"/en/desk/2026/awards/{world.round.code}/line").text
    assert "Written scores and pitch, by the published weight" in moved
    assert "Mean of the organisations" not in moved
    assert cora.get("/en/desk/2026/protocol").status_code == 200


def test_links_go_by_mail_from_the_desk_and_codes_are_shown_once(
    client: Client, engine: Engine, world: World, jury: list[Acting]
) -> None:
    cora, desk = client("cora"), f"/en/desk/2026/event/{world.round.code}/jury"
    with session_on(engine, reading=True) as session:
        one, other = (juror_row(session, each).code for each in jury)
    reached = {"name": "Dina", "email": "dina@example.org", "phone": "+7 701 0", "language": "ru"}
    assert 'id="mail-all"' not in cora.get(desk).text
    assert 'id="issue-mail"' not in cora.get(f"{desk}/{one}").text
    assert cora.post(f"{desk}/{one}/mail").status_code == 409
    wrong = cora.post(f"{desk}/{one}/contact", data=reached | {"email": "nobody"})
    assert wrong.status_code == 422
    assert cora.post(f"{desk}/{one}/contact", data=reached).status_code == 303
    assert 'id="mail-all"' in cora.get(desk).text
    codes = cora.post(f"{desk}/mail").text
    assert re.search(r'<strong class="big num">\d{3} \d{3}</strong>', codes)
    assert "dina@example.org" in codes
    page = cora.get(f"{desk}/{one}").text
    assert "The mail with the link leaves in a moment" in page
    assert not re.search(r"\d{3} \d{3}<", page)
    assert cora.post(f"{desk}/{one}/mail").headers["location"].endswith("done=juror_mailed")
    card = cora.post(f"{desk}/{one}/card", data={"_action": "mail"}).text
    assert "The link goes by mail to:" in card
    assert f"/ru/jury/{world.round.code}/sign-in?key=" in card
    assert cora.post(f"{desk}/{one}/revoke").headers["location"].endswith("done=juror_revoked")
    assert 'id="revoke"' not in cora.get(f"{desk}/{one}").text
    assert cora.post(f"{desk}/{other}/card", data={"_action": "mail"}).status_code == 409


def beside(page: str, criterion: str) -> dict[str, str]:
    """Score -> the words at its button, of one criterion of a juror's page."""
    found = re.findall(
        rf'name="scores\.{criterion}" value="(\d)"[^>]*><label[^>]*><b>\d</b> — ([^<]+)</label>', page
    )
    return dict(found)


def test_each_button_of_a_juror_has_the_words_of_its_score_beside_it(
    engine: Engine, client: Client, world: World, jury: list[Acting]
) -> None:
    """In the juror's language, and whole."""
    browser, pot = phone(client, engine, world, jury[0]), world.round.code
    long = "The need is shown with numbers, with voices of those who live with it, and with what was tried."
    with session_on(engine) as session, session.begin():
        need = session.merge(world.criteria["need"])
        need.anchors = need.anchors | {"5": {"en": long, "kk": "Қажеттілік дәлелденген", "ru": "Показано"}}
        session.add(need)
    page = browser.get(f"/en/jury/{pot}/1").text
    for code in world.criteria:
        said = beside(page, code)
        assert {score: said[score] for score in "1234"} == {
            score: f"{code} anchor {score}" for score in "1234"
        }, code
    assert beside(page, "need")["5"] == long
    kazakh = browser.get(f"/kk/jury/{pot}/1").text
    assert beside(kazakh, "need") == {score: f"need anchor {score} (қаз)" for score in "1234"} | {
        "5": "Қажеттілік дәлелденген"
    }


@pytest.mark.parametrize(("language", "mark"), [("en", ""), ("ru", " (рус)")])
def test_the_paper_ballot_has_the_words_of_every_score(
    client: Client, world: World, jury: list[Acting], language: str, mark: str
) -> None:
    """On each of the three sheets, at every criterion: the words of one score build upon those of another."""
    paper = client("cora").get(f"/{language}/desk/2026/event/{world.round.code}/papers/ballots")
    assert paper.headers["content-type"] == "application/pdf"
    text = words_of(text_of(paper.content))
    for code in world.criteria:
        for score in range(1, 6):
            assert text.count(f"{code} anchor {score}{mark}") == 3, (code, score)


def test_a_juror_scores_by_the_whole_anchor_in_every_language(
    engine: Engine, client: Client, world: World, jury: list[Acting]
) -> None:
    """Cut at its first comma it asked for less in one language than in another."""
    said = {
        "en": "Named, with at least one source, and costed by the month.",
        "ru": "Как на 4, и показано, откуда это известно; расходы по месяцам.",
        "kk": "Әр іс-шараның мерзімі, жауаптысы және құны жазылған.",
    }
    with session_on(engine) as session, session.begin():
        need = session.exec(select(Criterion).where(Criterion.code == "need")).one()
        need.anchors = {**need.anchors, "5": said}
        session.add(need)
    browser = phone(client, engine, world, jury[0])
    for language, words in said.items():
        page = browser.get(f"/{language}/jury/{world.round.code}/1").text
        assert f"<b>5</b> — {words}</label>" in page


def test_a_printed_card_has_its_link_as_a_square(
    client: Client, engine: Engine, world: World, jury: list[Acting]
) -> None:
    with session_on(engine, reading=True) as session:
        code = juror_row(session, jury[0]).code
    card = client("cora").post(f"/en/desk/2026/event/{world.round.code}/jury/{code}/card", data={}).text
    (link,) = re.findall(r'id="link">([^<]+)<', card)
    assert "/sign-in?key=" in link
    square = b64encode(drawn_square(unescape(link))).decode()
    assert f'src="data:image/svg+xml;base64,{square}"' in card


def test_a_mistyped_digit_on_paper_is_named_by_team_and_criterion(
    client: Client, engine: Engine, world: World, jury: list[Acting]
) -> None:
    with session_on(engine, reading=True) as session:
        code = juror_row(session, jury[0]).code
        title = session.exec(select(PitchCard.title).where(PitchCard.slot == 2)).one()
    typed = {"pitches.1.scores.need": "4", "pitches.2.scores.need": "7"}
    answer = client("cora").post(f"/en/desk/2026/event/{world.round.code}/ballots/{code}", data=typed)
    assert answer.status_code == 422
    summary = re.findall(r'<li><a href="(#[^"]+)">([^<]+)</a></li>', answer.text)
    assert [(place, words.split(": ")[0]) for place, words in summary if "pitches" in place] == [
        ("#f-pitches-2-scores-need", f"2. {title}, {world.criteria['need'].title['en']}")
    ]
