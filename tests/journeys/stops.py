"""Every page of the site: who opens it, and where. A page that is missing here fails the test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from app.calls.readiness import Part
from app.models.calls import Phase
from app.sections.catalogue import CATALOGUE
from tests.journeys.every_phase import (
    CLOSING,
    EMPTY,
    JUROR_TOKEN,
    RANKED,
    REVEALING,
    SELECTION,
    UNDECIDED,
    UNDISCUSSED,
    Calls,
)
from tests.world import World, cookie_for

NOT_PAGES = {
    "root",  # leads to a language
    "root.language",
    "health",
    "check.result",  # its browser has answered the questions: `test_before_signing_in`
    "ranking.export",
    "awards.export",
    "calls.questions_pdf",
    "calls.questions_docx",
    "applications.copy_text",
    "applications.copy_pdf",
    "applications.sent_copy_text",
    "applications.sending_text",
    "applications.sending_pdf",
    "mailbox.file",
    "applications.deadline",  # a part of other pages
    "team.presence",
    "files.open",
    "files.original",
    "files.preview",
    "files.as_read",
    "files.as_read_preview",
    "logos.show",
    "setup.logo",
    "reviews.file",
    "reviews.file_preview",
    "reviews.texts",
    "reviews.sheet",
    "desk.file",
    "desk.file_preview",
    "desk.original",
    "redaction.file",
    "redaction.file_preview",
    "assignments.export",
    "blindness.report",
    "blindness.paper",
    "protocol.file",
    "protocol.pdf",
    "event.paper",
    "event.slides",
    "pitch.slides",
    "results.show",  # leads to `results.winner`
    "results.share",
    "results.picture",
    "winner_pictures.cleared",
    "results.giving",
    "results.table",
    "results.workbook",
    "results.feed",
    "feeds.calls",
    "feeds.results",
    "calls.calendar",
    "site.robots",
    "site.sitemap",
    "seals.file",
    "stage.code",
    "stage.stream",
}


JUROR = "juror"
"""Who has a juror's cookie, and no account."""


def cookies_of(session: Session, world: World, who: str, now: datetime) -> dict[str, str]:
    """The cookies of whoever opens a page."""
    return {"juror": JUROR_TOKEN} if who == JUROR else cookie_for(session, world.people[who], now)


@dataclass(frozen=True)
class Stop:
    """One page as one person sees it. `again` is true where another stop shows the same page elsewhere."""

    route: str
    who: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    again: bool = False

    def __str__(self) -> str:
        return f"{self.route} {dict(self.params)} {self.query} ({self.who or 'nobody'})"


def stops(calls: Calls) -> Iterator[Stop]:
    """All of them, page by page."""
    yield from _public(calls)
    yield from _applicant(calls)
    yield from _reviewer(calls)
    yield from _setup(calls)
    yield from _desk(calls)


def _slug(calls: Calls, name: str) -> dict[str, str]:
    return {"call": calls.of(name).call.slug}


def _public(calls: Calls) -> Iterator[Stop]:
    yield Stop("home")
    yield Stop("home", "cora", again=True)
    for route in (
        "site.privacy",
        "site.accessibility",
        "sign_in.edit",
        "sign_in.code",
        "sign_in.return_code",
        "sign_in.no_email",
        "mailbox.list",
        "reference.show",
    ):
        yield Stop(route)
    yield Stop("sign_in.link", query="?key=abc")
    yield Stop("account.edit", "ada")
    yield Stop("account.return_code", "ada")
    yield Stop("account.return_code", "sabira", again=True)
    yield Stop("account.email", "sabira")
    yield Stop("account.email_code", "sabira")
    yield Stop("messages.list", "ada")
    yield Stop("messages.show", "ada", {"message": calls.codes["message"]})
    yield Stop("digests.edit", query=f"?member={calls.codes['panel_seat']}&key={calls.codes['stop_digest']}")
    yield Stop("reminders.edit", query=f"?ref={calls.refs['begun']}&key={calls.codes['stop']}")
    for name in (*Phase, SELECTION):
        if name is not Phase.PREPARING:
            yield Stop("calls.show", "", _slug(calls, name), again=name is not Phase.OPEN)
    for route in ("calls.questions", "calls.criteria"):
        yield Stop(route, "", _slug(calls, Phase.OPEN))
        yield Stop(route, "", _slug(calls, SELECTION), again=True)
    yield Stop("ledger.show", "", _slug(calls, Phase.REVIEWING))
    yield Stop("ledger.show", "", _slug(calls, Phase.PUBLISHED), again=True)
    yield Stop("calls.faq", "", _slug(calls, Phase.OPEN))
    yield Stop("calls.faq", "", _slug(calls, Phase.CLOSED), again=True)
    yield Stop("calls.show", "", _slug(calls, CLOSING), again=True)
    for step in ("1", "2", "3", "4", "5"):
        yield Stop("check.question", "", {**_slug(calls, Phase.OPEN), "step": step}, again=step != "1")
    yield Stop("openings.edit", "", _slug(calls, Phase.SCHEDULED))
    yield Stop("openings.stop", "", _slug(calls, Phase.SCHEDULED), query="?key=abc")
    yield Stop("results.list", "", _slug(calls, Phase.PUBLISHED))
    yield Stop("seals.list", "", _slug(calls, REVEALING))
    yield Stop("seals.list", "", _slug(calls, Phase.PUBLISHED), again=True)
    yield Stop("results.list", "", _slug(calls, REVEALING), again=True)
    yield Stop("results.winner", "", {**_slug(calls, Phase.PUBLISHED), "slug": calls.slug})
    yield Stop("stage.screen", "", {"pot": calls.of(REVEALING).round.code})
    yield Stop("stage.screen", "", {"pot": calls.of(Phase.DECIDED).round.code}, again=True)
    yield Stop("stage.live", "", {"pot": calls.of(REVEALING).round.code})


def _evening(calls: Calls) -> Iterator[Stop]:
    """All that is prepared for an evening, and what others see of it."""
    here = _slug(calls, RANKED)
    pot = {**here, "pot": calls.of(RANKED).round.code}
    yield Stop("event.list", "cora", here)
    for route in ("show", "edit", "run", "checklist", "contacts", "door"):
        yield Stop(f"event.{route}", "cora", pot)
    bare = {**_slug(calls, Phase.REVIEWED), "pot": calls.of(Phase.REVIEWED).round.code}
    yield Stop("event.show", "cora", bare, again=True)
    yield Stop("event.team", "cora", {**pot, "code": calls.codes["finalist"]})
    yield Stop("audience.show", "", pot)
    yield Stop("audience.place", "", pot, query=f"?key={calls.codes['place']}")
    yield Stop("pitch.show", "ada", {"ref": calls.refs["finalist"]})
    yield Stop("pitch.show", "ada", {"ref": calls.refs["finalist"]}, query="?say=no", again=True)
    yield Stop("pitch_questions.list", "rita", here)
    yield from _jury(calls)


def _jury(calls: Calls) -> Iterator[Stop]:
    """The jury at the desk, and a juror's own phone."""
    at = {**_slug(calls, RANKED), "pot": calls.of(RANKED).round.code}
    yield Stop("jury.desk", "cora", at)
    yield Stop("jury.juror", "cora", {**at, "juror": calls.codes["juror"]})
    yield Stop("ballots.list", "cora", at)
    yield Stop("ballots.paper", "cora", {**at, "juror": calls.codes["paper"]})
    yield Stop("tally.show", "cora", at)
    own = {"pot": at["pot"]}
    yield Stop("jury.sign_in", "", own, query="?key=abc")
    yield Stop("jury.sign_in", "", own, again=True)
    yield Stop("jury.home", JUROR, own)
    yield Stop("jury.edit", JUROR, {**own, "slot": "1"})
    yield Stop("jury.edit", JUROR, {**own, "slot": "3"}, again=True)


def _applicant(calls: Calls) -> Iterator[Stop]:
    yield Stop("my.home", "ada")
    yield Stop("my.home", "cora", again=True)
    yield Stop("my.home", "max", again=True)
    yield Stop("my.home", "sabira", again=True)
    yield Stop("applications.tasks", "sabira", {"ref": calls.refs["typed_in"]}, again=True)
    yield Stop("applications.tasks", "cora", {"ref": calls.refs["typed_in"]}, again=True)
    yield Stop("applications.status", "sabira", {"ref": calls.refs["typed_in"]}, again=True)
    yield Stop("applications.consent", "max", _slug(calls, Phase.OPEN))
    written = {"ref": calls.refs["written"]}
    for route in ("tasks", "check", "check_blind", "declare", "copy", "discard"):
        yield Stop(f"applications.{route}", "ada", written)
    yield Stop("files.list", "ada", written)
    yield Stop("files.list", "zoe", {"ref": calls.refs["begun"]}, again=True)
    sent = {"ref": calls.refs["sent"]}
    for route in ("status", "sent", "sent_copy", "leave", "consents", "fix"):
        yield Stop(f"applications.{route}", "ben", sent)
    yield Stop("applications.fix", "ada", {"ref": calls.refs["in_review"]}, again=True)
    yield Stop("my_data.show", "ada")
    yield Stop("my_data.show", "zoe", again=True)
    yield Stop("my_data.leave", "ada")
    yield Stop("my_data.leave", "rita", again=True)
    yield Stop("applications.tasks", "zoe", {"ref": calls.refs["begun"]}, again=True)
    yield Stop("applications.check", "zoe", {"ref": calls.refs["begun"]}, again=True)
    yield Stop("applications.tasks", "ada", {"ref": calls.refs["late"]}, again=True)
    yield Stop("applications.tasks", "ben", {"ref": calls.refs["changed"]}, again=True)
    for status in ("in_review", "awarded", "not_selected"):
        yield Stop("applications.status", "ada", {"ref": calls.refs[status]}, again=True)
    yield Stop("applications.result", "ada", {"ref": calls.refs["not_selected"]})
    yield Stop("applications.result", "ada", {"ref": calls.refs["awarded"]}, again=True)
    yield Stop("factual.own", "ada", {"ref": calls.refs["not_selected"]})
    yield Stop("own_award.returning", "ada", {"ref": calls.refs["awarded"]})
    yield Stop("applications.write", "zoe", {"ref": calls.refs["begun"], "section": "team"})
    together = {"ref": calls.refs["together"]}
    mate = {**together, "mate": calls.codes["mate"]}
    yield Stop("team.list", "zoe", together)
    yield Stop("team.list", "ben", together, again=True)
    yield Stop("team.leaving", "ben", together)
    yield Stop("team.removing", "zoe", mate)
    yield Stop("team.handing_over", "zoe", mate)
    yield Stop("team.invited", "max", {"key": calls.codes["invitation"]})
    yield Stop("applications.tasks", "zoe", together, again=True)
    yield Stop("applications.write", "zoe", {**together, "section": "budget"}, again=True)
    yield Stop("applications.versions", "ada", {**written, "section": "need"})
    yield Stop("applications.versions", "zoe", {"ref": calls.refs["begun"], "section": "brief"}, again=True)
    for code, section in CATALOGUE.items():
        if code == "own":
            continue  # no call of these asks a question of its own
        mine = calls.refs["candidate" if code in {"candidate", "motivation"} else "written"]
        for index, part in enumerate(section.parts):
            params = {"ref": mine, "section": code, "page": part.code}
            yield Stop("applications.write_page", "ada", params, again=bool(index))


def _reviewer(calls: Calls) -> Iterator[Stop]:
    call = _slug(calls, Phase.REVIEWING)
    yield Stop("reviews.calls", "rita")
    yield Stop("reviews.list", "rita", call)
    yield Stop("reviews.ties", "rita", call)
    yield Stop("reviewer.edit", "rita", call)
    yield Stop("seats.list", "ada")
    yield Stop("seats.show", "max", {"seat": calls.codes["seat"]})
    yield Stop("contact.show", "max", call)
    yield Stop("reviews.list", "rita", _slug(calls, Phase.PUBLISHED), again=True)
    yield Stop("reviews.tie", "rita", {**call, "code": calls.codes["begun"]})
    yield Stop("reviews.edit", "rita", {**call, "code": calls.codes["begun"]})
    for name in ("asked", "sent_review", "tied"):
        yield Stop("reviews.edit", "rita", {**call, "code": calls.codes[name]}, again=True)
    yield Stop("reviews.flag", "rita", {**call, "code": calls.codes["begun"]})
    yield Stop("reviews.practice", "rita", {**call, "number": "1"})
    yield Stop("reviews.practice", "rita", {**call, "number": "2"}, "?scores.need.score=3", again=True)
    decided = {**_slug(calls, Phase.DECIDED), "code": calls.codes[f"{Phase.DECIDED}_first"]}
    yield Stop("reviews.edit", "rita", decided, again=True)
    yield Stop("discussions.list", "rita", call)
    yield Stop("discussions.show", "rita", {**call, "code": calls.codes["sent_review"]})


def _setup(calls: Calls) -> Iterator[Stop]:
    yield Stop("setup.new", "max")
    ready, opened, empty = (_slug(calls, name) for name in (Phase.PREPARING, Phase.OPEN, EMPTY))
    yield Stop("setup.clone", "max", ready)
    for route in (
        "show",
        "preview_applicant",
        "preview_reviewer",
        "rounds",
        "choices",
        "faq",
        "organisations",
        "logos",
    ):
        yield Stop(f"setup.{route}", "cora", ready)
    yield Stop("setup.show", "cora", empty, again=True)
    yield Stop("setup.show", "cora", opened, again=True)
    yield Stop("setup.criteria", "cora", ready)
    yield Stop("setup.criteria", "cora", opened, again=True)
    yield Stop("setup.criterion", "cora", {**ready, "criterion": "need"})
    yield Stop("setup.criterion", "cora", {**ready, "criterion": "new"}, again=True)
    yield Stop("setup.round", "cora", {**ready, "pot": calls.of(Phase.PREPARING).round.code})
    yield Stop("setup.round", "cora", {**ready, "pot": "new"}, again=True)
    yield Stop("setup.extension", "cora", opened)
    yield Stop("setup.cancellation", "cora", opened)
    yield Stop("setup.faq", "cora", opened, query="?add=yes", again=True)
    own = {Part.CRITERIA, Part.ROUNDS, Part.CHOICES, Part.FAQ, Part.ORGANISATIONS}
    for index, part in enumerate(each for each in Part if each not in own):
        yield Stop("setup.edit", "cora", {**ready, "part": part}, again=bool(index))
        yield Stop("setup.edit", "cora", {**opened, "part": part}, again=True)


def _panel_meeting(calls: Calls) -> Iterator[Stop]:
    for name in (Phase.REVIEWED, Phase.DECIDED):
        again = name is Phase.DECIDED
        first = {**_slug(calls, name), "code": calls.codes[f"{name}_first"]}
        yield Stop("meeting.show", "cora", _slug(calls, name), again=again)
        yield Stop("meeting.case", "cora", first, again=again)
        yield Stop("protocol.show", "cora", _slug(calls, name), again=again)


def _desk(calls: Calls) -> Iterator[Stop]:
    yield Stop("notices.list", "cora", _slug(calls, Phase.PUBLISHED))
    yield Stop("notices.list", "cora", _slug(calls, Phase.OPEN), again=True)
    yield Stop("winner_pictures.list", "cora", _slug(calls, Phase.PUBLISHED))
    yield Stop("winner_pictures.list", "cora", _slug(calls, Phase.OPEN), again=True)
    pictured = {**_slug(calls, Phase.PUBLISHED), "slug": calls.slug}
    yield Stop("winner_pictures.show", "cora", pictured)
    yield Stop("webhooks.list", "cora", _slug(calls, Phase.OPEN))
    yield Stop("panel.list", "cora", _slug(calls, Phase.OPEN))
    reviewing = _slug(calls, Phase.REVIEWING)
    yield Stop("panel.list", "cora", reviewing, again=True)
    yield Stop("panel.inviting", "cora", reviewing)
    yield Stop("panel.removing", "cora", {**reviewing, "member": calls.codes["rita"]})
    yield Stop("panel.reading", "cora", {**reviewing, "member": calls.codes["rita"]})
    yield Stop("panel.request", "cora", {**reviewing, "wish": calls.codes["wish"]})
    for name in Phase:
        yield Stop("desk.home", "cora", _slug(calls, name), again=name is not Phase.REVIEWING)
    yield Stop("desk.opening", "cora", _slug(calls, Phase.CLOSED))
    yield Stop("ranking.closing", "cora", _slug(calls, Phase.REVIEWING))
    yield Stop("phases.discussing", "cora", _slug(calls, UNDISCUSSED))
    yield Stop("desk.applications", "cora", _slug(calls, Phase.REVIEWING))
    yield Stop("desk.application", "cora", {**_slug(calls, Phase.REVIEWING), "ref": calls.refs["in_review"]})
    here = {**_slug(calls, Phase.REVIEWING), "ref": calls.refs["in_review"]}
    yield Stop("screening.queue", "cora", _slug(calls, Phase.REVIEWING))
    yield Stop("screening.show", "cora", here)
    yield Stop("flags.list", "cora", _slug(calls, Phase.REVIEWING))
    yield Stop("flags.show", "cora", here)
    yield Stop("extensions.list", "cora", _slug(calls, Phase.OPEN))
    for route in ("list", "new", "to_call"):
        yield Stop(f"assisted.{route}", "cora", _slug(calls, Phase.OPEN))
    yield Stop("assisted.show", "cora", {**_slug(calls, Phase.OPEN), "ref": calls.refs["typed_in"]})
    extended = {**_slug(calls, Phase.OPEN), "ref": calls.refs["begun"]}
    yield Stop("extensions.edit", "cora", extended)
    for name in (Phase.OPEN, Phase.REVIEWING):
        yield Stop("corrections.list", "cora", _slug(calls, name), again=name is not Phase.OPEN)
        yield Stop("privacy.list", "cora", _slug(calls, name), again=name is not Phase.OPEN)
        yield Stop("privacy.tallies", "cora", _slug(calls, name), again=name is not Phase.OPEN)
    asked = {**_slug(calls, Phase.OPEN), "ref": calls.refs["sent"]}
    yield Stop("corrections.show", "cora", asked)
    answered = {**_slug(calls, Phase.REVIEWING), "ref": calls.refs["in_review"]}
    yield Stop("corrections.show", "cora", answered, again=True)
    unasked = {**_slug(calls, Phase.CLOSED), "ref": calls.refs["unasked"]}
    yield Stop("corrections.show", "cora", unasked, again=True)
    closed = _slug(calls, Phase.CLOSED)
    yield Stop("blindness.show", "cora", _slug(calls, Phase.REVIEWING))
    yield Stop("redaction.list", "cora", closed)
    yield Stop("redaction.list", "cora", _slug(calls, Phase.REVIEWING), query="?state=cleared", again=True)
    yield Stop("redaction.show", "cora", {**closed, "ref": calls.refs["closed_ben"]})
    files = {**_slug(calls, Phase.REVIEWING), "ref": calls.refs["in_review"]}
    yield Stop("redaction.show", "cora", files, query="?also=need.problem", again=True)
    yield Stop("assignments.list", "cora", _slug(calls, Phase.REVIEWING))
    yield Stop("assignments.list", "cora", _slug(calls, Phase.CLOSED), again=True)
    yield Stop("progress.show", "cora", _slug(calls, Phase.REVIEWING))
    yield Stop("assignments.proposal", "cora", _slug(calls, Phase.REVIEWING))
    yield Stop("assignments.proposal", "cora", _slug(calls, Phase.CLOSED), again=True)
    for route in ("list", "decide", "pin", "own", "own_back", "lift"):
        yield Stop(f"ties.{route}", "cora", _slug(calls, Phase.REVIEWING))
    for route in ("phases", "returns", "thirds"):
        yield Stop(f"{route}.list", "cora", _slug(calls, Phase.REVIEWING))
        yield Stop(f"{route}.list", "cora", _slug(calls, Phase.CLOSED), again=True)
    yield from _decisions(calls)


def _decisions(calls: Calls) -> Iterator[Stop]:
    reviewed, decided = _slug(calls, Phase.REVIEWED), _slug(calls, Phase.DECIDED)
    yield Stop("agreement.show", "cora", reviewed)
    yield Stop("needed.show", "cora", reviewed)
    yield Stop("ranking.list", "cora", reviewed)
    yield Stop("ranking.list", "cora", decided, again=True)
    for route in ("firmness", "methods", "criteria", "reviewers", "runs", "what_if"):
        yield Stop(f"ranking.{route}", "cora", _slug(calls, RANKED))
    yield Stop("ranking.runs", "cora", _slug(calls, RANKED), query="?before=1&after=1", again=True)
    yield Stop("ranking.what_if", "cora", _slug(calls, RANKED), query="?method=median", again=True)
    yield Stop("ranking.holes", "cora", reviewed)
    yield Stop("ranking.holes", "cora", decided, again=True)
    for name in (Phase.REVIEWED, Phase.DECIDED):
        first = {**_slug(calls, name), "code": calls.codes[f"{name}_first"]}
        yield Stop("ranking.reviews", "cora", first, again=name is Phase.DECIDED)
    yield Stop("ranking.reviews", "cora", {**reviewed, "code": calls.codes["hole"]}, again=True)
    yield from _panel_meeting(calls)
    yield Stop("ranking.extra", "cora", _slug(calls, UNDECIDED))
    yield Stop("ranking.reopen", "cora", _slug(calls, UNDECIDED))
    yield Stop("awards.list", "cora", reviewed)
    for state in (Phase.DECIDED, REVEALING, Phase.PUBLISHED):
        yield Stop("awards.list", "cora", _slug(calls, state), again=True)
    pot = {**reviewed, "pot": calls.of(Phase.REVIEWED).round.code}
    yield Stop("awards.line", "cora", pot, query="?count=6")
    yield Stop("awards.seats", "cora", pot)
    public = {**_slug(calls, Phase.PUBLISHED), "pot": calls.of(Phase.PUBLISHED).round.code}
    public_call = _slug(calls, Phase.PUBLISHED)
    first = {**public, "code": calls.codes[f"{Phase.PUBLISHED}_first"]}
    yield Stop("awards.give_back", "cora", first)
    yield Stop("awards.promote", "cora", public)
    yield Stop("awards.reopen", "cora", decided)
    yield Stop("awards.publish", "cora", decided)
    yield Stop("letters.list", "cora", public_call)
    yield Stop("feedback.list", "cora", public_call)
    yield Stop("feedback.edit", "cora", {**public_call, "code": calls.codes["lost"]})
    yield Stop("factual.list", "cora", public_call)
    yield from _evening(calls)
    stage = {**_slug(calls, REVEALING), "pot": calls.of(REVEALING).round.code}
    yield Stop("stage.control", "cora", stage)
    yield Stop("seal.show", "cora", stage)
    yield Stop("deck.show", "cora", stage)
    yield Stop("stage.control", "cora", stage, query="?armed=1", again=True)
    yield Stop("stage.presenter", "cora", stage)
