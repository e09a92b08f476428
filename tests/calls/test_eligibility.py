"""The eligibility check: what a call asks, and what answers say. No database, no clock."""

from hypothesis import given
from hypothesis import strategies as st

from app.calls.eligibility import ANSWERS, EligibilityAnswers, outcome_of, questions_asked
from app.calls.inputs import EligibilityInput
from app.calls.texts import ShortTexts
from app.messages import LANGUAGES
from app.messages.labels import choices
from app.messages.questions import QUESTIONS
from app.models.calls import CallKind

PLACE = ShortTexts(kk="Қала", ru="Город", en="The city")
HERE = EligibilityInput(place=PLACE)
ORDER = ("yes", "probably", "no")

answers = st.builds(
    EligibilityAnswers, **{code: st.none() | st.sampled_from(words) for code, words in ANSWERS.items()}
)


def test_a_call_asks_only_what_it_can() -> None:
    grant = ("age", "place", "kind", "amount", "started")
    assert questions_asked(HERE, CallKind.GRANT, 500_000) == grant
    without_place = questions_asked(EligibilityInput(), CallKind.GRANT, 500_000)
    assert without_place == ("age", "kind", "amount", "started")
    assert "amount" not in questions_asked(HERE, CallKind.GRANT, None)
    assert questions_asked(HERE, CallKind.SELECTION, None) == ("age", "place", "dates")
    fewer = EligibilityInput(questions=["started", "age"], place=PLACE)
    assert questions_asked(fewer, CallKind.GRANT, 500_000) == ("age", "started")


def test_the_worst_answer_decides_and_each_obstacle_is_named() -> None:
    asked = questions_asked(HERE, CallKind.GRANT, 500_000)
    fits = EligibilityAnswers(age="yes", place="yes", kind="group", amount="unsure", started="no")
    assert outcome_of(HERE, asked, fits).verdict == "yes"
    nearly = fits.model_copy(update={"place": "partly", "amount": "yes"})
    found = outcome_of(HERE, asked, nearly)
    assert (found.verdict, [each.question for each in found.obstacles]) == ("probably", ["place", "amount"])
    assert outcome_of(HERE, asked, nearly.model_copy(update={"started": "yes"})).verdict == "no"
    for_organisations = EligibilityInput(kinds=["ngo"])
    assert outcome_of(for_organisations, ("kind",), fits).verdict == "no"
    assert outcome_of(for_organisations, (), fits).verdict == "yes"


@given(answers, st.sampled_from(list(ANSWERS)))
def test_no_answer_makes_a_verdict_better(given_answers: EligibilityAnswers, question: str) -> None:
    asked = tuple(ANSWERS)
    less = given_answers.model_copy(update={question: None})
    before, after = (outcome_of(HERE, asked, each).verdict for each in (less, given_answers))
    assert ORDER.index(after) >= ORDER.index(before)


def test_every_answer_that_stands_in_the_way_has_its_reason() -> None:
    """In every language; and every question has words of its own and for each of its answers."""
    for language in LANGUAGES:
        reasons = choices(language, "check_reasons")
        for code, words in ANSWERS.items():
            assert f"check.{code}" in QUESTIONS
            said = choices(language, "applicant_kind" if code == "kind" else f"check_{code}")
            assert set(said) == set(words)
            for answer in words:
                one = EligibilityAnswers.model_validate({code: answer})
                for obstacle in outcome_of(EligibilityInput(kinds=[]), (code,), one).obstacles:
                    assert reasons.get(f"{code}.{answer}") or reasons.get(code), obstacle
