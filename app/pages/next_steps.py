"""What comes next of an evening, in words and with the button that leads to where it is done."""

from dataclasses import dataclass

from app.events.next_step import Act, NextStep
from app.messages.labels import choices
from app.pages.page import path_to

NEXT: dict[Act, tuple[str, str]] = {
    Act.SEAT_JURY: ("jury.desk", "room_jury"),
    Act.SEND_CODES: ("jury.desk", "room_jury"),
    Act.BEGIN: ("stage.control", "room_control"),
    Act.PITCHES: ("stage.control", "room_control"),
    Act.ALL_PITCHED: ("stage.control", "room_control"),
    Act.COMPARE: ("jury.desk", "room_jury"),
    Act.CLOSE: ("tally.show", "room_tally"),
    Act.AWARD: ("awards.list", "go_awards"),
    Act.FREEZE: ("awards.list", "go_awards"),
    Act.SEAL: ("seal.show", "room_seal"),
    Act.CONFIRM_SEAL: ("seal.show", "room_seal"),
    Act.SEAL_WAITS: ("seal.show", "room_seal"),
    Act.REVEAL: ("stage.control", "room_control"),
    Act.PUBLISH: ("awards.publish", "go_publish"),
    Act.CONFIRM_PUBLICATION: ("awards.publish", "go_publish"),
    Act.PUBLICATION_WAITS: ("awards.publish", "go_publish"),
    Act.LETTERS: ("letters.list", "go_letters"),
}
"""Where each step is done, and what its button says."""
OF_THE_CALL = frozenset({"awards.list", "awards.publish", "letters.list"})


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the evening, or something to do there."""

    words: str
    href: str
    note: str = ""


def step_in_words(language: str, step: NextStep, call: str, pot: str) -> Link:
    """The next act in words, and where it is done."""
    words = choices(language, "event_words")
    route, label = NEXT[step.step]
    place = {"call": call} if route in OF_THE_CALL else {"call": call, "pot": pot}
    said = words[f"next_{step.step}"].format(done=step.done, of=step.of)
    return Link(words[label], path_to(language, route, **place), said)
