"""Answers that only say who belongs to those for whom seats are kept, in words."""

from collections.abc import Mapping

from app.calls.claims import claim_questions
from app.calls.own_question import stored_own_question
from app.calls.setup_view import CallSetup
from app.messages import words_of
from app.messages.answers import asked_as, call_names
from app.messages.labels import choices


def claims_in_words(setup: CallSetup, language: str) -> Mapping[str, str]:
    """`reserved_answer` -> question and answer, of every one that this call can name, in the form's order."""
    names = call_names(
        language,
        [{"code": each.code, "name": each.name.stored} for each in setup.choices.themes],
        [{"code": each.code, "name": each.name.stored} for each in setup.choices.priorities],
        stored_own_question(setup.choices),
    )
    found = {}
    for each in claim_questions(setup):
        words = names.get(each.choices) or choices(language, each.choices)
        place = f"{each.section}.{each.name}"
        question = asked_as(names, place) or words_of(language, place).label
        for code in each.answers:
            found[f"{each.section}.{each.name}={code}"] = f"{question} – {words[code]}"
    return found
