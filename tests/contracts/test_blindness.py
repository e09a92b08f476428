"""Nothing that anybody can fetch says more than its reader may know.

Every GET route is visited as everybody, in calls of every phase, with every id of the database. What each
person planted is a word of its own, so that an answer shows by itself whose secrets it holds.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pytest
from sqlalchemy import Engine, select, true, update
from sqlmodel import SQLModel, col
from sqlmodel import select as choose

from app.applications import blind
from app.applications.counted import IS_COUNTED_SENDING
from app.database import session_on
from app.models.applications import Sending
from app.models.audit import AuditEntry
from app.models.calls import Call, Phase
from app.models.people import Identity
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, ReviewScore
from app.pages import shell
from app.reviews import queries
from app.reviews.call_state import DATED
from app.reviews.own import CELLS, ONE, REVIEW, own_reviews
from app.web import session as web_session
from tests.contracts.crawl import Reader, Visit, hashes_of, planted_in, unbroken
from tests.contracts.fair import (
    APPLICANTS,
    CAST,
    FOREIGN,
    OFFLINE,
    REVEALING,
    REVIEWERS,
    SCORES,
    TIED,
    Entry,
    Fair,
    Stall,
    agreed_note,
    changed_of,
    checked_word,
    display_of,
    earlier_of,
    email_of,
    extension_reason,
    file_words,
    identity_words,
    invited_of,
    juror_of,
    note_of,
    panel_note_of,
    picture_word,
    reason_of,
    returned_of,
    tie_of,
    wish_of,
    word,
)
from tests.contracts.running import ANONYMOUS, EVERYBODY, Running

VISITORS = (ANONYMOUS, "ada", "ben", "rita", "rolf", "cora", "vera", "olga", "max", "zoe")
"""One of each kind; Anna and Karl may do what Rita may, Carol what Ben may."""
AGAIN = ("ada", "rita", "cora")
"""On PostgreSQL only who is let in, and is shown rows: it refuses nobody by itself but reviewers."""
ON_BOTH = [
    # What runs on one engine by intent has no engine in its name: the run fails where a half was left out.
    pytest.param("sqlite", each, id=f"sqlite-{each}" if each in AGAIN else f"embedded-{each}")
    for each in VISITORS
] + [pytest.param("postgresql", each, id=f"postgresql-{each}") for each in AGAIN]
THOROUGH = {ANONYMOUS, "ada", "rita", "cora"}
"""These see every call."""
WHERE = {
    "ben": [str(Phase.OPEN), str(Phase.REVIEWING), REVEALING],
    "rolf": [str(Phase.REVIEWING), REVEALING],
    "vera": [str(Phase.OPEN), str(Phase.REVIEWING)],
    "olga": [str(Phase.REVIEWING), FOREIGN],
    "max": [str(Phase.OPEN), str(Phase.REVIEWING)],
    "zoe": [str(Phase.OPEN), str(Phase.REVIEWING)],
}
"""The others see where they are something, and where there is most to keep from them."""
IDENTITY_READS = {"identity.read", "identity.list"}
"""The acts that a GET may write down: that a coordinator read who applied."""
UNANSWERED = {
    "root", "root.language", "mailbox.file",
    "check.result",  # only to whoever has answered; it holds nothing of anybody
    "account.email",  # only to who has none: see `tests/pages/test_returning.py`
    # By the key of an invitation, and to who is no owner and has a browser: see `tests/pages/test_team.py`.
    "team.invited", "api.invitations.show", "team.leaving",
    # Only where a coordinator has blurred a file or taken its words: see `tests/pages/test_redaction.py`.
    "redaction.file", "redaction.file_preview", "api.redaction.file",
    "reminders.edit",  # by a key that only a reminder holds: see `tests/pages/test_deadlines.py`
    # Of slides that nobody of the fair has sent, and by the key of a registration: see
    # `tests/pages/test_event.py`.
    "pitch.slides", "event.slides", "audience.place", "api.attendance.show",
    # By a juror's own cookie: see `tests/pages/test_jury.py`.
    "jury.home", "jury.edit",
    # Only while no finalists are named: see `tests/pages/test_ranking.py`.
    "ranking.extra", "ranking.reopen", "api.ranking.extras", "api.ranking.falls",
    "results.show",  # leads on to the winner's page of today
    "digests.edit",  # by a key that only a digest holds: see `tests/pages/test_progress.py`
}  # fmt: skip
LEAST_ROUTES = 90
LEAST_BYTES = 300_000
"""What even somebody without any role gets to see."""


# ---------------------------------------------------------------- who may know what


@dataclass(frozen=True)
class Secret:
    """A planted word: what it is, and who alone may read it."""

    what: str
    readers: frozenset[str]


def secrets_of(fair: Fair) -> dict[str, Secret]:
    """Every planted word with its readers."""
    known: dict[str, Secret] = {}
    for name in CAST:
        invited = {"cora", "vera"} if name == "zoe" else set()
        known[word(name, "account")] = Secret(f"account of {name}", frozenset({name, *_knows_account(name)}))
        for part in email_of(name).removesuffix(".example").split("@"):
            readers = frozenset({name, *_knows_account(name), *invited})
            known[part] = Secret(f"address of {name}", readers)
        known[word(name, "phone")] = Secret(f"phone of {name}", frozenset({name}))
    coordinators = frozenset({"cora", "olga"})
    known[word(OFFLINE, "account")] = Secret(f"name of {OFFLINE}", coordinators | {"carol"})
    known[word(OFFLINE, "phone")] = Secret(f"phone of {OFFLINE}", coordinators)
    known[word(OFFLINE, "code")] = Secret(f"return code of {OFFLINE}", frozenset())
    for phase, stall in fair.stalls.items():
        runs = "olga" if phase == FOREIGN else "cora"
        known |= _of_seat(phase, stall, runs)
        if "carol" in stall.entries:
            known[agreed_note(stall)] = Secret(f"consent on paper in {phase}", frozenset({runs}))
        for entry in stall.entries.values():
            known |= _of_entry(phase, stall, entry, runs)
        if stall.entries:
            extended = frozenset({*APPLICANTS, runs})
            known[extension_reason(stall)] = Secret(f"later deadlines of {phase}", extended)
            known[checked_word(stall)] = Secret(f"what was checked in {phase}", frozenset({runs}))
        for reviewer in REVIEWERS:
            seen = {reviewer, runs} if _is_ranked(phase) else {reviewer}
            # All of them have scored something with each of the others, and read each other at last.
            panel = {*REVIEWERS} if phase == Phase.REVIEWED else set()
            told = (
                {each for each in APPLICANTS if reviewer in SCORES[each]}
                if phase == Phase.PUBLISHED
                else set()
            )
            reasons = f"reasons of {reviewer} in {phase}"
            known[reason_of(stall, reviewer)] = Secret(reasons, frozenset(seen | told | panel))
            to_panel = Secret(f"{reviewer} to the panel in {phase}", frozenset(seen | panel))
            known[panel_note_of(stall, reviewer)] = to_panel
            known[note_of(stall, reviewer)] = Secret(f"notes of {reviewer} in {phase}", frozenset(seen))
        known |= _of_reviewing(phase, stall, runs)
        everybody = frozenset(EVERYBODY) if phase == Phase.PUBLISHED else frozenset()
        known[picture_word(stall)] = Secret(f"a winner's picture in {phase}", everybody)
    return known


def _of_reviewing(phase: str, stall: Stall, runs: str) -> dict[str, Secret]:
    """What passes between one reviewer and who runs the call, and what the others read in a discussion."""
    panel = frozenset({*REVIEWERS, runs})
    asked = frozenset({"rolf", runs})
    return {
        wish_of(stall): Secret(f"what Rita asks for in {phase}", frozenset({"rita", runs})),
        tie_of(stall): Secret(f"the tie that Rita declared in {phase}", frozenset({"rita", runs})),
        returned_of(stall): Secret(f"what Rolf is to complete in {phase}", asked),
        changed_of(stall, "earlier"): Secret(f"why Anna changed it in {phase}", frozenset({"anna", runs})),
        changed_of(stall, "later"): Secret(f"why Anna changed it in the discussion of {phase}", panel),
    }


def _of_seat(phase: str, stall: Stall, runs: str) -> dict[str, Secret]:
    """Who is invited to review is known to those who invite; who is proposed, to who proposes as well."""
    inviting = frozenset({runs} | ({"zoe"} if phase == Phase.OPEN else set()))
    said = {word(stall.slug, each) for each in ("seat", "seatnote")}
    proposed = _address(f"{stall.slug}proposed") | {word(stall.slug, "proposed")}
    hook = dict.fromkeys(proposed, Secret(f"proposed to review in {phase}", frozenset({runs, "vera"}))) | {
        word(stall.slug, "hook"): Secret(f"where {phase} tells what happens", frozenset({runs})),
        juror_of(stall): Secret(f"a juror's name in {phase}", frozenset({runs})),
    }
    if phase == Phase.OPEN:
        return hook | {each: Secret(f"invited to review in {phase}", inviting) for each in said}
    said |= _address(f"{stall.slug}seat")
    return hook | {each: Secret(f"invited to review in {phase}", inviting) for each in said}


def _address(owner: str) -> set[str]:
    """Both words of an e-mail address."""
    return {*email_of(owner).removesuffix(".example").split("@")}


def _knows_account(name: str) -> set[str]:
    """Coordinators know their panel and their applicants, a contact the reviewers of the organisation."""
    known = {"cora", "olga"} if name in {*APPLICANTS, *REVIEWERS, "cora", "olga", "vera"} else set()
    # Who is invited reads by whom.
    return known | {"rita": {"vera"}, "cora": {"zoe"}}.get(name, set())


def _is_ranked(phase: str) -> bool:
    return phase in {Phase.REVIEWED, Phase.DECIDED, REVEALING, Phase.PUBLISHED}


def _of_entry(phase: str, stall: Stall, entry: Entry, runs: str) -> dict[str, Secret]:
    person = entry.person
    here = f"{person} in {phase}"
    own = {person, runs} if entry.sent else {person}
    scoring = {*SCORES[person]} if phase == Phase.REVIEWING or _is_ranked(phase) else set()
    public = set(EVERYBODY) if person in stall.slugs else set()
    known = {each: Secret(f"identity of {here}", frozenset(own)) for each in identity_words(stall, person)}
    for section in ("brief", "team"):
        earlier = Secret(f"earlier text of {here}", frozenset({person}))
        known[earlier_of(stall, person, section)] = earlier
    for each in invited_of(stall, person).removesuffix(".example").split("@"):
        known[each] = Secret(f"invited by {here}", frozenset({person}))
    known[display_of(stall, person)] = Secret(f"name of {here}", frozenset(own | public))
    known |= {each: Secret(f"file of {here}", frozenset(own)) for each in file_words(stall, person)}
    for each in ("body", "filetitle", "filesaid"):
        known[entry.words[each]] = Secret(f"{each} of {here}", frozenset(own | scoring))
    if entry.question:
        asked = frozenset({*own, ASKERS[person]})
        known[entry.words["pitchquestion"]] = Secret(f"what {here} is asked before the pitch", asked)
    if "minutes" in entry.words:
        known[entry.words["minutes"]] = Secret(f"minutes of {here}", frozenset({runs}))
    for each in ("title", "summary"):
        if each in entry.words:
            named = _tied(phase, person) if each == "title" else set()
            known[entry.words[each]] = Secret(f"{each} of {here}", frozenset(own | scoring | public | named))
    return known


ASKERS = {"ada": "rita", "ben": "rolf"}
"""Who of the panel asks whom something before the pitch; whoever is asked never learns it."""


def _tied(phase: str, person: str) -> set[str]:
    """Who has declared a tie keeps knowing with what: what it is called, and its code."""
    return {"rita"} if (phase, person) == TIED else set()


def codes_of(fair: Fair) -> dict[str, Secret]:
    """The names under which each side knows an application: one side never learns the other's."""
    known: dict[str, Secret] = {}
    for phase, stall in fair.stalls.items():
        runs = "olga" if phase == FOREIGN else "cora"
        for entry in stall.entries.values():
            scoring = {*SCORES[entry.person]} if phase == Phase.REVIEWING or _is_ranked(phase) else set()
            here = f"{entry.person} in {phase}"
            known[entry.ref] = Secret(f"reference of {here}", frozenset({entry.person, runs}))
            told = {runs, *scoring, *_tied(phase, entry.person)}
            known[entry.code] = Secret(f"code of {here}", frozenset(told))
    return known


def leaks(running: Running, name: str, found: Iterator[Visit], seen: "Seen | None" = None) -> list[str]:
    """Every secret that an answer told to somebody who may not know it."""
    secrets, codes = secrets_of(running.fair), codes_of(running.fair)
    reader = Reader(hashes_of({*secrets, *(email_of(each) for each in CAST)}), codes)
    told = []
    for visit in found:
        planted, named = reader.read(visit)
        if seen is not None:
            seen.note(visit, planted)
        known = _known(visit.path, planted, secrets)
        for each in known:
            if name not in secrets[each].readers:
                told.append(f"{name} GET {visit.path} ({visit.status}): {secrets[each].what}")
        for code in named:
            if name not in codes[code].readers:
                told.append(f"{name} GET {visit.path} ({visit.status}): {codes[code].what}")
    return told


BEGINNING = 5
"""How many letters of a planted word tell it from chance."""


def _known(path: str, planted: Set[str], secrets: dict[str, Secret]) -> set[str]:
    """The secrets that were said. One can be followed at once by other letters, as in a
    decoded text, or be cut off, as in a quotation.
    """
    known = {*planted} & secrets.keys()
    if planted <= known:
        return known
    begun = {secret[:BEGINNING] for secret in secrets}
    # A random code can hold the two letters with which planted words begin, but hardly a name after them.
    for each in (other for other in planted - known if other[:BEGINNING] in begun):
        longer = {secret for secret in secrets if each.startswith(secret) or secret.startswith(each)}
        assert longer, f"{path}: {each} was said, which nobody planted"
        known |= longer
    return known


# ---------------------------------------------------------------- what was seen


OWN_ACTS = "/api/v1/my-data"
"""What a coordinator has done stands in their own data, and this crawl is among it."""


@dataclass
class Seen:
    """What one visitor got to see, to show that the crawl did not look into empty rooms."""

    answered: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: set[str] = field(default_factory=set)
    size: int = 0
    failed: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    said: dict[tuple[str, bool], tuple[int, bytes]] = field(default_factory=dict)
    """What each address of the call in review answered, and each that names no call."""

    def note(self, visit: Visit, planted: Set[str]) -> None:
        if visit.stall in {"", Phase.REVIEWING} and visit.path != OWN_ACTS:
            self.said[visit.path, visit.fragment] = visit.status, sha256(visit.body).digest()
        self.asked.add(visit.route)
        self.size += len(visit.body)
        if visit.status == 200:
            self.answered[visit.route] += 1
            self.words |= planted
        if visit.status >= 500:
            self.failed.append(f"{visit.path} ({visit.status})")


SEEN: dict[tuple[str, str], Seen] = {}
"""By the database and who visits: what is known already need not be asked again."""


def fingerprint(engine: Engine) -> dict[str, str]:
    """A hash of every table without what a GET may write: `last_seen_at`, and that an identity was read."""
    found = {}
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            columns = [each for each in table.columns if each.name != "last_seen_at"]
            statement = select(*columns)
            if table.name == "audit_entry":
                statement = statement.where(col(AuditEntry.action).not_in(IDENTITY_READS))
            rows = sorted(repr(tuple(row)) for row in connection.execute(statement))
            found[table.name] = sha256("\n".join(rows).encode()).hexdigest()
    return found


# The scope is said, or each of these tests would get a fair of its own.
@pytest.mark.parametrize(("running", "name"), ON_BOTH, indirect=["running"], scope="session")
def test_nobody_reads_what_they_may_not_know(running: Running, name: str) -> None:
    """Also: no address breaks, and no GET writes anything; and before reviewing closes, two worlds that
    differ only in what Anna, Karl and Rita gave look the same to everybody else.
    """
    running.visitor(name), running.visitor(name, api=True)
    before = fingerprint(running.engine)
    seen = SEEN[running.engine.url.render_as_string(), name] = Seen()
    told = leaks(running, name, running.crawl(name, stalls_of(running, name)), seen)
    assert told == []
    assert seen.failed == []
    assert fingerprint(running.engine) == before, "a GET wrote something"
    assert len(seen.asked) >= LEAST_ROUTES
    assert seen.size >= LEAST_BYTES
    if name != "rita":
        with other_scores(running):
            again = Seen()
            for visit in running.crawl(name, [str(Phase.REVIEWING)]):
                again.note(visit, set())
        assert len(again.said) >= LEAST_ROUTES
        assert [at for at, said in again.said.items() if seen.said[at] != said] == []


def stalls_of(running: Running, name: str) -> list[str]:
    """The calls that they visit."""
    if not running.is_whole:
        return running.stalls
    return running.stalls if name in THOROUGH else WHERE[name]


@contextmanager
def other_scores(running: Running) -> Iterator[None]:
    """Meanwhile Anna, Karl and Rita gave other scores."""
    members = running.fair.stalls[str(Phase.REVIEWING)].world.members
    theirs = [members[each].id for each in ("anna", "karl", "rita")]
    _turn_scores(running.engine, theirs)
    try:
        yield
    finally:
        _turn_scores(running.engine, theirs)


def _turn_scores(engine: Engine, members: list[int | None]) -> None:
    """Turn 5 into 1, 4 into 2 and so on; twice is as before."""
    given = choose(Assignment.id).where(col(Assignment.member_id).in_(members))
    with session_on(engine) as session, session.begin():
        session.execute(
            update(ReviewScore)
            .where(col(ReviewScore.assignment_id).in_(given), col(ReviewScore.score).is_not(None))
            .values(score=6 - col(ReviewScore.score))
        )


CORA_READS = (
    Phase.PREPARING, Phase.OPEN, Phase.CLOSED, Phase.REVIEWING, Phase.REVIEWED, Phase.DECIDED,
    Phase.PUBLISHED,
)  # fmt: skip
"""With the revealing these are all in which a page of hers answers at all."""


@pytest.mark.parametrize("running", ["sqlite"], ids=["embedded"], indirect=True)
def test_everybody_reads_what_they_should(running: Running) -> None:
    """The planted words are found where they belong: an empty page would have kept every secret."""
    tours = {
        ANONYMOUS: [str(Phase.SCHEDULED), REVEALING],
        "ada": [str(Phase.OPEN), REVEALING, str(Phase.PUBLISHED)],
        "carol": [str(Phase.OPEN)],
        "rita": [str(Phase.REVIEWING), str(Phase.REVIEWED)],
        "rolf": [str(Phase.REVIEWING)],
        "vera": [str(Phase.REVIEWING)],
        "zoe": [str(Phase.OPEN)],
        "cora": [str(each) for each in CORA_READS] + [REVEALING],
        "olga": [FOREIGN],
        "max": [str(Phase.OPEN)],
    }
    read: dict[str, set[str]] = {}
    answered: set[str] = set()
    reader = Reader({})
    for name, stalls in tours.items():
        seen = SEEN.get((running.engine.url.render_as_string(), name))
        if seen is None:  # they were not asked for, or in another process
            seen = Seen()
            for visit in running.crawl(name, stalls, first=True):
                seen.note(visit, reader.read(visit)[0])
        assert name not in WHERE or {*stalls} <= {*WHERE[name]}
        read[name], answered = seen.words, answered | seen.answered.keys()
    fair = running.fair
    reviewing, revealing = fair.stalls[str(Phase.REVIEWING)], fair.stalls[REVEALING]
    opened = fair.stalls[str(Phase.OPEN)]
    assert opened.entries["ada"].words["body"] in read["ada"]
    assert identity_words(opened, "ada") & read["ada"]
    assert reviewing.entries["ada"].words["body"] in read["rita"]
    assert reviewing.entries["ben"].words["body"] in read["rolf"]
    for each in ("filetitle", "filesaid"):
        assert reviewing.entries["ada"].words[each] in read["rita"] & read["cora"]
    assert file_words(reviewing, "ada") & read["cora"], "the coordinator can open what was uploaded"
    assert file_words(opened, "ada") & read["ada"]
    assert reason_of(reviewing, "rita") in read["rita"]
    assert reviewing.entries["ada"].words["body"] in read["cora"]
    assert identity_words(reviewing, "ada") & read["cora"]
    assert word("rita", "account") in read["cora"]
    assert {word(OFFLINE, "phone"), agreed_note(opened)} <= read["cora"]
    reviewed = fair.stalls[str(Phase.REVIEWED)]
    assert {reason_of(reviewed, "rita"), note_of(reviewed, "rita")} <= read["cora"]
    assert not {reason_of(reviewing, "rita"), note_of(reviewing, "rita")} & read["cora"]
    assert tie_of(reviewing) in read["cora"]
    assert returned_of(reviewing) in read["rolf"] & read["cora"]
    # In a discussion the others' reasons are read, what they noted for the panel, and why they changed it.
    assert {reason_of(reviewed, "anna"), panel_note_of(reviewed, "karl")} <= read["rita"]
    assert changed_of(reviewed, "later") in read["rita"]
    assert not {note_of(reviewed, "anna"), changed_of(reviewed, "earlier")} & read["rita"]
    assert wish_of(reviewing) in read["rita"] & read["cora"]
    assert {word(reviewing.slug, "proposed"), word("rita", "account")} <= read["vera"]
    assert word(reviewing.slug, "proposed") in read["cora"]
    assert word(opened.slug, "seatnote") in read["zoe"]
    published = fair.stalls[str(Phase.PUBLISHED)]
    assert picture_word(published) in read["ada"]
    assert reason_of(published, "rita") in read["ada"]
    assert set(revealing.slugs) == {"ben"}
    assert revealing.entries["ben"].words["title"] in read[ANONYMOUS]
    assert display_of(revealing, "ben") in read[ANONYMOUS]
    silent = {route.name for route in running.routes if "GET" in route.methods} - answered
    assert silent == UNANSWERED, "nobody ever got an answer there, or somebody did"


# ---------------------------------------------------------------- the crawl itself can fail


def test_crawl_finds_an_identity_that_is_joined_in(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reviewer's query takes the applicant's name for the title: its types are right, and it leaks.

    The database refuses it, as long as the session is a reviewer's; without that the crawl has to find it.
    """
    named = tuple(
        col(Identity.display_name).label("title") if each is ClearedPacket.title else each
        for each in blind.PACKET
    )

    of_call = (ClearedPacket.changes, Assignment.tie_note, Call.themes, Call.priorities, Call.own_question)
    leaking = (
        own_reviews(*REVIEW, *DATED, *named, *of_call, CELLS)
        .add_columns(queries._COUNT.c.total, queries._COUNT.c.done, queries._COUNT.c.waiting)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .join(queries._COUNT, true())
    )
    assert named != blind.PACKET
    monkeypatch.setattr(queries, "_IN_HAND_OF_ALL", leaking.where(ONE))
    here = replace(running, routes=[each for each in running.routes if each.name.endswith("reviews.edit")])
    assert leaks(here, "rita", here.crawl("rita", [str(Phase.REVIEWING)])) == []
    monkeypatch.setattr(web_session, "is_blind", lambda *_: False)
    told = leaks(here, "rita", here.crawl("rita", [str(Phase.REVIEWING)]))
    assert any("name of ada in reviewing" in each for each in told)


def test_crawl_finds_a_reviewer_who_is_shown_to_applicants(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A careless line of a template is enough: the help line of every page names a reviewer."""
    texts = {"en": f"Ask {word('rolf', 'account')}", "kk": "-", "ru": "-"}
    monkeypatch.setattr(shell, "_text", lambda *_: texts["en"])
    here = replace(running, routes=[each for each in running.routes if each.name == "applications.status"])
    told = leaks(here, "ada", here.crawl("ada", [str(Phase.REVIEWING)]))
    assert any("account of rolf" in each for each in told)


@pytest.mark.parametrize(
    "said",
    [
        "<p>{word}</p>",
        "x-debug: {upper}",
        "/en/search?q={word}%20",
        "https://gravatar.example/{sha256}",
        "src='/{md5}.png'",
        "data:text/plain;base64,{base64}",
        "data:text/plain;base64,{base64_later}",
    ],
)
def test_word_is_recognised_in_every_spelling(said: str) -> None:
    secret = word("ada", "account")
    hashes = hashes_of({secret})
    by_name = {digest: name for name, digest in zip(("sha256", "sha1", "md5"), hashes, strict=True)}
    spelled = {name: digest for digest, name in by_name.items()}
    spelled |= {
        "word": secret,
        "upper": secret.upper(),
        "base64": b64encode(f"name={secret};".encode()).decode(),
        "base64_later": b64encode(f"a name={secret};".encode()).decode(),
    }
    assert any(each.startswith(secret) for each in planted_in(said.format(**spelled), hashes))
    assert planted_in("nothing of the kind", hashes) == set()


def test_word_is_whole_again_where_a_document_broke_it() -> None:
    secret, other = word("ada", "account"), word("ben", "account")
    broken = f"a@{secret[:1]}\r\n{secret[1:9]}\r\n{secret[9:]}\r\n{other}\r\nNext line"
    assert planted_in(unbroken(broken), {}) == {secret, other}
