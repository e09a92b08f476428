"""Collects every sentence of the source into the catalogues: `make translations`.

The catalogues depend on the source alone (sorted, no dates, no line numbers), so that a run which finds
nothing new changes nothing. A sentence that is no longer used leaves; a new one stands empty.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.messages.catalogue import LANGUAGES, LOCALE

APP = Path(__file__).parent.parent
SOURCE_LANGUAGE = "en"
TEMPLATE = "messages.pot"
HEADER = "# Sentences of Baige. `make translations` brings this file up to date."

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
# The same options as where templates are rendered; `silent` would swallow a template that does not parse.
_JINJA = {
    "extensions": "jinja2.ext.i18n",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
OPTIONS = {
    "templates/**.html": _JINJA | {"trimmed": "true"},
    "templates/**.txt": _JINJA | {"keep_trailing_newline": "true"},
}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ugettext": None,
    "ngettext": (1, 2),
    "ungettext": (1, 2),
}


def extracted() -> Catalog:
    """Every sentence that the source marks, with the files that say it, in the order of the files."""
    catalogue = _empty(None)
    found = sorted(
        extract_from_dir(APP, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=["Translators:"]),
        key=lambda each: (each[0], each[1]),
    )
    for file, _, identity, comments, context in found:
        place = (f"app/{file}", 0)  # the line is not written
        catalogue.add(identity, locations=[place], auto_comments=comments, context=context)
    return catalogue


def updated(language: str, template: Catalog) -> Catalog:
    """The catalogue of a language: the template's sentences with what was translated so far."""
    known = {(message.id, message.context): message for message in _stored(language)}
    catalogue = _empty(language)
    for message in _sentences(template):
        before = known.get((message.id, message.context))
        catalogue.add(
            message.id,
            before.string if before else None,
            locations=message.locations,
            flags=before.flags if before else (),
            auto_comments=message.auto_comments,
            user_comments=before.user_comments if before else (),
            context=message.context,
        )
    return catalogue


def path_of(language: str) -> Path:
    """Where the catalogue of a language is."""
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


def write_all() -> None:
    """Bring the template and both catalogues up to date."""
    template = extracted()
    _write(LOCALE / TEMPLATE, template)
    for language in LANGUAGES:
        if language != SOURCE_LANGUAGE:
            _write(path_of(language), updated(language, template))


def _stored(language: str) -> Iterator[Message]:
    path = path_of(language)
    if path.exists():
        with path.open("rb") as file:
            yield from _sentences(read_po(file, locale=language))


def _sentences(catalogue: Catalog) -> Iterator[Message]:
    """All but the header, which is the message with the empty id."""
    return (message for message in catalogue if message.id)


def _empty(language: str | None) -> Catalog:
    return Catalog(locale=language, project="Baige", version="1", header_comment=HEADER, fuzzy=False)


def _write(path: Path, catalogue: Catalog) -> None:
    """Only the headers that are read by machines: a date or a name would change without a reason."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [HEADER, "#", 'msgid ""', 'msgstr ""', '"MIME-Version: 1.0\\n"']
    lines += [
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
    ]
    if catalogue.locale is not None:
        lines += [
            f'"Language: {catalogue.locale}\\n"',
            f'"Plural-Forms: nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};\\n"',
        ]
    with path.open("wb") as file:
        file.write("\n".join([*lines, "", ""]).encode())
        write_po(file, catalogue, width=0, omit_header=True, include_lineno=False)


if __name__ == "__main__":
    write_all()
