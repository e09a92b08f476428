"""One's own copy of an application: one content, read as plain text, as a page and as a PDF.

What is put together here in words is all that any of the three says; how it looks is each medium's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.messages import formats
from app.messages.answers import Answer, Names, concerning, plain
from app.messages.catalogue import translations
from app.messages.labels import choices
from app.sections.limits import Limits
from app.sections.totals import totals_of_draft


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said about an application, with what it is called."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something still to come. `moment` is when, for a program; `when` for people; each may be empty."""

    title: str
    expected: str
    when: str
    moment: str
    text: str


@dataclass(frozen=True, slots=True)
class CopySection:
    """One section with its answers; `totals` are the sums of a budget."""

    code: str
    title: str
    answers: tuple[Answer, ...]
    totals: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A whole application for the people who wrote it.

    `language` is that of the page, `written_in` that of the applicant's own words. `number` is the receipt's;
    empty for what is written now, of which `mark` and `mark_text` say whether it was sent and what counts.
    `made_at` is when it was sent, or when the copy of a draft was made.
    """

    language: str
    written_in: str
    ref: str
    number: str
    title: str
    call: str
    mark: str
    mark_text: str
    unsent: bool
    made_at: datetime
    received_at: datetime | None
    sha256: str
    amount: Fact | None
    facts: tuple[Fact, ...]
    steps: tuple[NextStep, ...]
    sections: tuple[CopySection, ...]

    @property
    def sent(self) -> bool:
        """Whether it is a sending, and no draft."""
        return bool(self.number)

    @property
    def loud_mark(self) -> str:
        """The mark where there is no colour to see: that it was not sent stands in capitals."""
        return self.mark.upper() if self.unsent else self.mark

    @property
    def received(self) -> str:
        """When it was received, in full, with the zone; nothing where it was not sent."""
        return formats.moment(self.language, self.received_at) if self.received_at else ""

    @property
    def corrected(self) -> tuple[Fact, ...]:
        """When it was corrected, as it was asked to be: a step of its own, and never a late receipt."""
        if self.received_at in {None, self.made_at}:
            return ()
        return (
            Fact(choices(self.language, "moves")["correct"], formats.moment(self.language, self.made_at)),
        )

    @property
    def proof(self) -> tuple[Fact, ...]:
        """What proves a sending: when it was received, and the fingerprint."""
        if not self.sent:
            return ()
        gettext = translations(self.language).ugettext
        received = Fact(gettext("Received"), self.received)
        return received, *self.corrected, Fact(gettext("Fingerprint (SHA-256)"), self.sha256)


def copy_in_words(copy: Copy) -> str:
    """The copy as plain text, for a mail or a file: what it is, then every question with its answer."""
    head = [copy.title] if copy.title else []
    head += [copy.loud_mark, copy.mark_text, *map(_line, copy.facts), *map(_line, copy.proof)]
    parts = [plain(section.title, section.answers) + _sums(section.totals) for section in copy.sections]
    return "\n\n".join(["\n".join(filter(None, head)), *parts]).rstrip() + "\n"


def _sums(totals: Sequence[Fact]) -> str:
    return "".join(f"{_line(fact)}\n" for fact in totals)


def _line(fact: Fact) -> str:
    return f"{fact.label}: {fact.text}"


def copy_section(
    language: str, code: str, data: Mapping[str, Any], names: Names, limits: Limits
) -> CopySection:
    """A section in words; `names` are the call's lists with the activities of the work plan."""
    return CopySection(
        code=code,
        title=choices(language, "sections")[code],
        answers=tuple(concerning(language, code, data, names)),
        totals=tuple(totals_in_words(language, data, limits)) if code == "budget" else (),
    )


def totals_in_words(language: str, data: Mapping[str, Any], limits: Limits) -> list[Fact]:
    """What the grant pays, what others pay, and the whole project."""
    gettext = translations(language).ugettext
    sums = totals_of_draft(data)
    return [
        Fact(gettext("From the grant"), formats.money(language, sums.grant_minor, limits.rate_minor)),
        Fact(gettext("Paid by others"), formats.tenge(language, sums.own_minor)),
        Fact(gettext("The whole project"), formats.tenge(language, sums.whole_minor)),
    ]


def amount_in_words(language: str, data: Mapping[str, Any] | None, limits: Limits) -> Fact | None:
    """What is asked of the grant; None where no money is given, and while no line has a price."""
    if data is None or limits.ceiling_minor is None:
        return None
    sums = totals_of_draft(data)
    return totals_in_words(language, data, limits)[0] if sums.whole_minor else None


def next_steps(
    language: str,
    closes_at: datetime | None,
    results_at: datetime | None,
    zone: ZoneInfo,
    *,
    extended: bool = False,
) -> list[NextStep]:
    """What comes after sending: the closing (or one's own later deadline), scoring, results."""
    gettext = translations(language).ugettext
    return [
        NextStep(
            gettext("Your own deadline") if extended else gettext("The call closes"),
            "",
            formats.moment(language, closes_at, zone) if closes_at else "",
            closes_at.isoformat() if closes_at else "",
            gettext("Until then you can change your application and send it again."),
        ),
        NextStep(
            gettext("Scoring"),
            "",
            "",
            "",
            gettext("Partner organisations score all applications without knowing who sent them."),
        ),
        NextStep(
            gettext("Results"),
            gettext("expected"),
            formats.day(language, results_at) if results_at else "",
            results_at.isoformat() if results_at else "",
            gettext("We write to you, whatever the result is."),
        ),
    ]


def receipt_number(ref: str, number: int) -> str:
    """The number of a receipt: reference and number of the sending."""
    return f"{ref}/{number}"
