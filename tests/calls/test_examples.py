"""Every question says why it is asked, and every section has a worked example, in every language."""

from app.asking import asked
from app.calls.examples import examples
from app.messages import LANGUAGES
from app.messages.questions import QUESTIONS
from app.sections.catalogue import CATALOGUE


def questions() -> dict[str, list[str]]:
    return {
        code: [
            name for name, _, ask in asked(section.model) if ask.control != "hidden" and name != "complete"
        ]
        for code, section in CATALOGUE.items()
    }


def test_no_question_without_a_written_reason() -> None:
    silent = [
        f"{code}.{name}"
        for code, names in questions().items()
        for name in names
        if not QUESTIONS[f"{code}.{name}"].why
    ]
    assert silent == []


def test_every_section_has_an_example_of_real_questions_within_their_limits() -> None:
    asks = questions()
    assert set(examples()) == set(asks)
    for code, answers in examples().items():
        assert set(answers) <= set(asks[code]), code
        caps = {name: ask.cap for name, _, ask in asked(CATALOGUE[code].model)}
        for name, texts in answers.items():
            assert set(texts) == set(LANGUAGES), (code, name)
            assert all(text.strip() for text in texts.values()), (code, name)
            assert max(map(len, texts.values())) <= (caps[name] or 2000), (code, name)
