"""No untranslated sentence: what the source says, the Kazakh and the Russian catalogue say too."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import Environment

from app.messages.catalogue import LOCALE
from app.messages.extract import TEMPLATE, extracted, path_of
from app.messages.questions import words_of
from app.pages.page import TEMPLATES, environment
from app.web.mail_text import TEMPLATES as MAIL_TEMPLATES
from app.web.mail_text import _environment as mail_environment

LANGUAGES = ("kk", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
KAZAKH = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)
CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]")

SAME_IN_EVERY_LANGUAGE = {"Baige", "E-mail", "PDF", "CSV", "API", "WeAlmaty", "Email"}
"""Names and signs: these alone may be equal to their source, or have no Cyrillic letter."""


@cache
def source() -> Catalog:
    return extracted()


@cache
def catalogue(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def sentences(found: Catalog) -> list[Message]:
    return [message for message in found if message.id]


def forms(message: Message) -> tuple[str, ...]:
    """A sentence's translation, or all its plural forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translated(language: str) -> list[tuple[Message, Message]]:
    """Each sentence of the source with its entry in the catalogue, where it has one."""
    found = {message.id: message for message in sentences(catalogue(language))}
    return [(message, found[message.id]) for message in sentences(source()) if message.id in found]


def test_source_has_sentences() -> None:
    assert len(sentences(source())) > 500


def test_template_catalogue_is_up_to_date() -> None:
    with (LOCALE / TEMPLATE).open("rb") as file:
        stored = {message.id for message in sentences(read_po(file))}
    now = {message.id for message in sentences(source())}
    assert (now - stored, stored - now) == (set(), set()), "run `make translations`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_in_the_catalogue(language: str) -> None:
    found = {message.id for message in sentences(catalogue(language))}
    assert {message.id for message in sentences(source())} - found == set(), "run `make translations`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    empty = [message.id for _, message in translated(language) if not all(map(str.strip, forms(message)))]
    assert not empty, f"{len(empty)} sentences have no {language}: {empty[:20]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess_or_a_leftover(language: str) -> None:
    assert not [message.id for message in sentences(catalogue(language)) if message.fuzzy]
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_complete(language: str) -> None:
    count = catalogue(language).num_plurals
    assert count == {"kk": 2, "ru": 3}[language]
    assert {len(forms(said)) for asked, said in translated(language) if asked.pluralizable} == {count}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_the_placeholders_of_its_source(language: str) -> None:
    wrong = [
        (message.id, form)
        for _, message in translated(language)
        for form in forms(message)
        if form and not _same_placeholders(message, form)
    ]
    assert not wrong


def _same_placeholders(message: Message, form: str) -> bool:
    """All of the source's, and none else; a form of a plural may leave the number out, as "one day" does."""
    wanted = [set(PLACEHOLDER.findall(text)) for text in ids(message)]
    return set(PLACEHOLDER.findall(form)) in wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_repeats_its_source(language: str) -> None:
    same = [
        message.id
        for _, message in translated(language)
        for form in forms(message)
        if form in ids(message) and form not in SAME_IN_EVERY_LANGUAGE and _has_words(form)
    ]
    assert not same


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_is_written_in_cyrillic(language: str) -> None:
    latin = [
        form
        for _, message in translated(language)
        for form in forms(message)
        if _has_words(form) and form not in SAME_IN_EVERY_LANGUAGE and not CYRILLIC.search(form)
    ]
    assert not latin


def _has_words(form: str) -> bool:
    return bool(LETTERS.search(PLACEHOLDER.sub("", form)))


def test_kazakh_is_kazakh() -> None:
    """Nearly every Kazakh sentence has a letter that Russian lacks; a long one without is Russian."""
    long = [form for _, said in translated("kk") for form in forms(said) if len(form.split()) >= 5]
    assert not [form for form in long if not KAZAKH.search(form)]


def test_kazakh_and_russian_differ() -> None:
    russian = {asked.id: forms(said) for asked, said in translated("ru")}
    same = [
        form
        for asked, said in translated("kk")
        for form in forms(said)
        if len(form.split()) >= 3 and form in russian.get(asked.id, ())
    ]
    assert not same


def _rendered_ids(env: Environment, directory: Path, pattern: str) -> set[str]:
    """What templates look up when they are rendered, by the environment that renders them."""
    found: set[str] = set()
    for file in directory.rglob(pattern):
        for _, function, message in env.extract_translations(file.read_text()):  # type: ignore[attr-defined]
            if function in {"_", "gettext", "ngettext"}:
                found.add(message if isinstance(message, str) else str(message[0]))
    return found


def test_templates_look_up_what_was_extracted() -> None:
    """An option that differs between extraction and rendering would leave a translation unfound."""
    known = {ids(message)[0] for message in sentences(source())}
    looked_up = _rendered_ids(environment("en"), TEMPLATES, "*.html")
    looked_up |= _rendered_ids(mail_environment("en"), MAIL_TEMPLATES, "*.txt")
    assert len(looked_up) > 100
    assert looked_up - known == set()


def test_percent_in_a_template_sentence_is_doubled() -> None:
    """Jinja fills `%(name)s` even where nothing is to be filled: a single % would break the page."""
    wrong = [
        text
        for message in sentences(source())
        if any(str(place).endswith((".html", ".txt")) for place, _ in message.locations)
        for text in ids(message)
        if "%" in PLACEHOLDER.sub("", text)
    ]
    assert not wrong


def test_russian_keeps_taking_back_and_leaving_apart_and_never_ends_a_date_with_two_full_stops() -> None:
    """A long date ends in "г." itself. What is taken back (вернуть) is still in the call; what is withdrawn
    (снять) is not; only a consent or an invitation is revoked (отозвать)."""
    said = {str(each.id): str(each.string) for each in catalogue("ru") if each.id}
    stopped = re.compile(r"(?:\{(?:day|date|first|last)\}|%\((?:day|date|first|last)\)s)\.")
    assert [text for text in said.values() if stopped.search(text)] == []
    revoked = re.compile(
        r"(?:отозв|отзов|отзыв)\w*(?: её)?(?: эту| вашу| свою)? (?:заявк|из конкурса|на правку)", re.I
    )
    assert [text for text in said.values() if revoked.search(text)] == []
    assert said["Take back and edit"] == "Вернуть и исправить"
    assert said["Withdraw this application"] == "Снять заявку с конкурса"
    assert (said["Checked"], said["Scored by reviewers"]) == ("Проверена", "Оценена")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_send_people_to_the_page_that_exists(language: str) -> None:
    """Who has no e-mail is told to look under Messages: by the name that its link has."""
    known = {ids(message)[0]: str(message.string) for message in sentences(catalogue(language))}
    pointing = [text for text in known if "under Messages" in text]
    assert len(pointing) >= 4
    assert [text for text in pointing if f"«{known['Messages']}»" not in known[text]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_have_names_and_things_have_titles(language: str) -> None:
    """In Russian and Kazakh these are two words, so a person's name has a sentence of its own."""
    person = {"team.members.name", "member.name"}
    thing = {"round.name", "organisation.name"}
    called = {"ru": ("Имя", "Название"), "kk": ("Аты-жөні", "Атауы")}[language]
    assert {words_of(language, each).label for each in person} == {called[0]}
    assert {words_of(language, each).label for each in thing} == {called[1]}
