"""What was pressed and typed where one application of the redaction queue is decided."""

from collections.abc import Mapping

from app.applications.actions.redacting import LONGEST, DecisionsInput, TextDecision
from app.applications.coverings import HOWS as HOWS_OF_FILE
from app.applications.coverings import FileHow, TextHow, covered
from app.applications.redaction import (
    FullRedaction,
    RedactionFile,
    RedactionText,
)
from app.errors import Invalid
from app.files.blurring import AREAS
from app.messages import sentence
from app.sections.text import as_prose

TO_BE_WRITTEN = 20_000
"""Characters of a document whose words can be changed on the page; those of a longer one are only covered."""


def decisions(
    language: str, found: FullRedaction, form: Mapping[str, str | list[str]], *, clearing: bool = False
) -> tuple[DecisionsInput, dict[str, str]]:
    """What the form says, and what is wrong with it: field -> sentence.

    Who is `clearing` is asked once whether an answer of which nothing is left is meant to be left out.
    """
    texts: dict[str, TextDecision | None] = {}
    problems: dict[str, str] = {}
    for each in found.texts:
        how = word_in(form, f"how.{each.place}")
        written = said_in(form, f"words.{each.place}")
        if written is None or how not in {"", *TextHow}:
            continue
        if how == TextHow.EDITED and len(written) > LONGEST:
            params = {"max_length": LONGEST}
            problems[f"words.{each.place}"] = sentence(language, "string_too_long", params)
        elif how != TextHow.EDITED and written != proposed_words(each):
            problems[f"how.{each.place}"] = sentence(language, "redaction.also_written")
        elif how:
            text = written if how == TextHow.EDITED else ""
            if clearing and empties(how, written, each) and not word_in(form, leaving_out(each.place)):
                problems[f"words.{each.place}"] = sentence(language, "redaction.leaves_out")
            knowingly = bool(word_in(form, knowing(each.place)))
            decision = TextDecision.model_construct(how=TextHow(how), text=text, knowingly=knowingly)
            texts[each.place] = decision
    number = number_in(form, "number")
    given = DecisionsInput.model_construct(
        number=number, texts=texts, files={}, areas={}, words={}, knowingly=[]
    )
    for file in found.files:
        _decide_file(language, file, form, given, problems)
    return given, problems


def _decide_file(
    language: str,
    file: RedactionFile,
    form: Mapping[str, str | list[str]],
    given: DecisionsInput,
    problems: dict[str, str],
) -> None:
    """What the form says of one file; who marked or wrote something has to mean it."""
    name, number = f"file.{file.number}", file.number
    how = word_in(form, name)
    if how not in offered_for(file):
        return
    given.files[number] = FileHow(how)
    areas, written = areas_in(form, number), said_in(form, f"instead.{number}")
    if how == FileHow.BLURRED:
        given.areas[number] = areas
    elif areas and areas != file.areas:
        problems[name] = sentence(language, "redaction.also_marked")
    if how == FileHow.IN_WORDS and word_in(form, knowing(number)):
        given.knowingly.append(number)
    if written is None:
        return
    if how == FileHow.IN_WORDS:
        given.words[number] = written
    elif written != as_prose(words_instead(file)):
        problems[name] = sentence(language, "redaction.also_copied")


def areas_in(form: Mapping[str, str | list[str]], number: int) -> list[int]:
    """The parts of a picture that were marked."""
    value = form.get(f"areas.{number}", [])
    marks = {value} if isinstance(value, str) else set(value)
    return [area for area in range(1, AREAS + 1) if str(area) in marks]


def offered_for(file: RedactionFile) -> tuple[FileHow, ...]:
    """What can become of a file; there are no words in one that was scanned."""
    return tuple(how for how in HOWS_OF_FILE[file.kind] if how is not FileHow.IN_WORDS or file.text.strip())


def words_instead(file: RedactionFile) -> str:
    """What stands in the field of a document's words: what was written, or what is covered of itself."""
    if file.how is FileHow.IN_WORDS:
        return file.words
    return covered(file.text, [(span.start, span.end) for span in file.spans])


def undecided_problems(language: str, found: FullRedaction) -> dict[str, str]:
    words = sentence(language, "redaction.undecided_here")
    return {
        **{f"how.{each.place}": words for each in found.texts if each.spans and each.how is None},
        **{f"file.{each.number}": words for each in found.files if each.how is None},
    }


def refused_problems(language: str, found: FullRedaction, error: Invalid) -> dict[str, str]:
    """A rule's refusal at the fields of this page."""
    written = {str(each.number) for each in found.files if len(each.text) <= TO_BE_WRITTEN}
    problems = {}
    for name, (code, params) in error.fields.items():
        what, _, which = name.partition(".")
        if what == "texts":
            field = f"words.{which}"
        else:
            field = f"instead.{which}" if what == "words" and which in written else f"file.{which}"
        problems[field] = sentence(language, code, params)
    return problems


def knowing(place: str | int) -> str:
    """The name of the tick beside a new text."""
    return f"knowingly.{place}"


def empties(how: str, written: str | None, each: RedactionText) -> bool:
    """Whether nothing is left of an answer that was given."""
    return how == TextHow.EDITED and written is not None and not written and bool(each.text)


def leaving_out(place: str) -> str:
    """The name of the tick that nothing of an answer is meant to be left."""
    return f"leave_out.{place}"


def number_in(form: Mapping[str, str | list[str]], name: str) -> int:
    """A number that the page had put into the form; 0, which fits nothing, where it was tampered with."""
    value = word_in(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def word_in(form: Mapping[str, str | list[str]], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def said_in(form: Mapping[str, str | list[str]], name: str) -> str | None:
    value = form.get(name)
    return as_prose(value) if isinstance(value, str) else None


def proposed_words(each: RedactionText) -> str:
    """What stands in the field where one writes another text: what was written, or the covered text."""
    if each.how is TextHow.EDITED:
        return as_prose(each.reads)
    return as_prose(covered(each.text, [(span.start, span.end) for span in each.spans]))
