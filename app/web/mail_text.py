"""Mails as text, in the recipient's language, from templates in `templates/mail/`.

A template's first line is the subject; the rest, after an empty line, is the body.
"""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.accounts.mailbox import File
from app.messages import formats, translations

TEMPLATES = Path(__file__).parent.parent / "templates" / "mail"


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail says, and the files that go with it."""

    subject: str
    body: str
    files: tuple[File, ...] = ()


@cache
def _environment(language: str) -> Environment:
    # Plain text: people's words stay as typed, so nothing is escaped and nothing is a link.
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - mail is plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = translations(language)
    env.install_gettext_callables(catalogue.ugettext, catalogue.ungettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {
        "date": partial(formats.day, language),
        "datetime": partial(formats.moment, language),
        "money": partial(formats.euros, language),
        "tenge": partial(formats.tenge, language),
        "number": partial(formats.number, language),
    }
    return env


def letter(language: str, template: str, **values: object) -> Letter:
    """Render one mail. The subject never holds a line break, whatever people typed."""
    text = _environment(language).get_template(f"{template}.txt").render(values)
    subject, _, body = text.lstrip("\n").partition("\n")
    return Letter(" ".join(subject.split()), body.strip() + "\n")
