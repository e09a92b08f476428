"""The ten pages that are measured, each with what the fastest of its peers needs for the same."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.bench.pages.client import Answer, Request
from tests.bench.pages.demo import Demo

CRITERIA = ("need", "work_plan", "budget", "sustainability")


@dataclass(frozen=True)
class Page:
    """One kind of request. `peer` is milliseconds of server CPU; `expects` a word its answer must hold.

    `ask(subject)` makes the next request on one of `subjects` independent things, and `before(subject)` what
    must happen first and is not measured.
    """

    name: str
    ask: Callable[[int], Request]
    expects: str
    peer: float | None = None
    status: int = 200
    subjects: int = 1
    before: Callable[[int], Request] | None = None

    def check(self, answer: Answer) -> None:
        """The answer is what was asked for."""
        assert answer.status == self.status, f"{self.name}: {answer.status} {answer.body[:2000].decode()}"
        said = answer.body.decode() + answer.headers.get("location", "")
        assert self.expects in said, f"{self.name}: {self.expects!r} is not in {said[:2000]}"


def while_reviewing(demo: Demo) -> list[Page]:
    """What can be measured before reviewing is closed."""
    own, queue = demo.reviews[0], f"/en/review/{demo.reviewed}"
    sending, saving = Sending(demo), Saving(demo)
    form = f"/en/apply/{demo.draft.ref}/work_plan/activities"
    return [
        get("Public call page", f"/en/calls/{demo.open}", {}, "Who can apply", 1.7),
        get("Application form", form, demo.draft.headers, 'name="version"', 6),
        Page(
            "Sending an application",
            sending.send,
            "/sent",
            peer=10,
            status=303,
            subjects=len(demo.sent),
            before=sending.take_back,
        ),
        get("Reviewer's list of 51", queue, own.headers, own.code, 13),
        get("Review page", f"{queue}/{own.code}", own.headers, own.code, 9),
        Page(
            "Saving a review",
            saving.save,
            "done=review_saved",
            peer=5,
            status=303,
            subjects=len(demo.reviews),
        ),
        get("Desk", f"/en/desk/{demo.reviewed}", demo.coordinator, 'id="close-reviewing"', 22),
    ]


def after_reviewing(demo: Demo) -> list[Page]:
    """What exists once reviewing is closed."""
    page, api = f"/en/desk/{demo.reviewed}/ranking", f"/api/v1/calls/{demo.reviewed}/ranking"
    return [
        get("Ranking of all 253 with four scores", page, demo.coordinator, demo.reviews[0].code, 29),
        get("JSON of all 253", f"{api}?limit=253", demo.token, demo.reviews[0].code, 27),
        get("Export of scores", f"{api}/table.csv", demo.token, demo.reviews[0].code, 26),
    ]


def get(name: str, path: str, headers: dict[str, str], expects: str, peer: float | None = None) -> Page:
    """A page that is asked for by a GET, always the same."""
    request = Request(quote(path, safe="/?=&"), headers)
    return Page(name, lambda _: request, expects, peer)


@dataclass
class Sending:
    """Applications that are taken back and sent again; `numbers` counts the sendings of each."""

    demo: Demo
    numbers: Counter[int] = field(default_factory=Counter)

    def take_back(self, subject: int) -> Request:
        """Make it a draft again."""
        draft = self.demo.sent[subject]
        return Request(f"/en/apply/{draft.ref}/take-back", draft.headers, form={})

    def send(self, subject: int) -> Request:
        """Declare everything and send."""
        draft = self.demo.sent[subject]
        self.numbers[subject] += 1
        declared = dict.fromkeys(("truth", "no_conflict", "no_double_funding", "controls"), "true")
        form = {**declared, "name": "Ada", "number": str(1 + self.numbers[subject])}
        return Request(f"/en/apply/{draft.ref}/send", draft.headers, form=form)


@dataclass
class Saving:
    """Reviews that are changed and saved, again and again; each save is one more version."""

    demo: Demo
    saves: Counter[int] = field(default_factory=Counter)

    def save(self, subject: int) -> Request:
        """Other scores and reasons than the last time."""
        own = self.demo.reviews[subject]
        number = self.saves[subject]
        self.saves[subject] += 1
        form = {"_action": "save", "version": str(own.version + number), "convinced": f"Save {number}"}
        form["change_reason"] = f"Thought again, {number}"
        for criterion in CRITERIA:
            form[f"scores.{criterion}.score"] = str(1 + number % 5)
            form[f"scores.{criterion}.reason"] = f"{'Believable, and well thought of. ' * 4}{number}"
        return Request(quote(f"/en/review/{self.demo.reviewed}/{own.code}"), own.headers, form=form)
