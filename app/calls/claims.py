"""Questions of a call's form by which somebody can say that a reserved seat is for them.

Every question with answers to choose from that reviewers may read can be one, the call's own too: what names
a person, how they are reached and what access they need is no ground for a seat. Whoever says so is believed
once a coordinator has confirmed it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.asking import asked
from app.calls.own_question import stored_own_question
from app.calls.setup_view import CallSetup
from app.messages.labels import CHOICES
from app.messages.own_question import own_answers
from app.sections.catalogue import CATALOGUE

BY_ITSELF = frozenset({"theme", "kind", "won"})
"""What tells who belongs without anybody's confirming: the theme, the kind of applicant, a place won."""
CHOSEN = frozenset({"radios", "yesno", "select", "checkboxes"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form and the codes of its answers; `choices` names the list that has their words."""

    section: str
    name: str
    choices: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """An answer that says that somebody belongs."""

    section: str
    question: str
    answer: str

    def is_said(self, sections: object) -> bool:
        """Whether the sections that were sent have it, as the answer or among the answers."""
        own = sections.get(self.section) if isinstance(sections, dict) else None
        given = own.get(self.question) if isinstance(own, dict) else None
        return self.answer in given if isinstance(given, list) else given == self.answer


def claim_of(reserved_answer: str | None) -> Claim | None:
    """None where there is none, and where who belongs is known without confirming."""
    source, _, answer = (reserved_answer or "").partition("=")
    if source in BY_ITSELF or not answer:
        return None
    section, _, question = source.partition(".")
    return Claim(section, question, answer)


def claim_questions(setup: CallSetup) -> Iterator[Question]:
    """The questions that this call can name, in the order of its form."""
    own = {
        "themes": [each.code for each in setup.choices.themes],
        "priorities": [each.code for each in setup.choices.priorities],
        "own_answers": [str(each["code"]) for each in own_answers(stored_own_question(setup.choices))],
    }
    for code in setup.sections.sections:
        section = CATALOGUE.get(code)
        if section is None or section.identity:
            continue
        for name, _, ask in asked(section.model):
            listed = ask.choices or ""
            answers: Iterable[str] = own.get(listed, CHOICES.get(listed, ()))
            known = tuple(each for each in answers if each)
            if ask.control in CHOSEN and ask.blind and name not in ("complete", "theme") and known:
                yield Question(code, name, listed, known)


def can_be_said(setup: CallSetup, claim: Claim) -> bool:
    """Whether the call's form asks this and offers this answer."""
    return any(
        (each.section, each.name) == (claim.section, claim.question) and claim.answer in each.answers
        for each in claim_questions(setup)
    )
