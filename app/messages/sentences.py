"""One sentence for every code a rule can refuse with. Parameters are named in braces."""

from collections.abc import Mapping
from decimal import Decimal

from app.messages import formats
from app.messages.catalogue import N_, translations
from app.messages.words import PARTS
from app.sections.numbers import Amount

GENERAL: dict[str, str] = {
    "not_found": N_("There is nothing at this address."),
    "unauthenticated": N_("Sign in to go on."),
    "forbidden": N_("This request is not allowed."),
    "conflict": N_("This is no longer possible."),
    "stale": N_("This was changed elsewhere in the meantime."),
    "precondition_required": N_("Say which version you are changing."),
    "too_many": N_("Too many tries. Wait {retry_after} seconds and try again."),
    "unavailable": N_("This cannot be done just now. Nothing was changed. Try again in some minutes."),
    "too_large": N_("This is larger than the site accepts."),
    "invalid": N_("There is a problem with your answers."),
    "form.incomplete": N_("This form came incomplete. Open its page again and press once more."),
    "internal": N_("Something went wrong on our side. What you had saved is safe."),
    "malformed": N_("The request could not be read."),
    "not_json": N_("Send the body as JSON, with Content-Type: application/json."),
    "method_not_allowed": N_("This address does not do that."),
    # What pydantic says, by its error type.
    "missing": N_("Enter an answer."),
    "string_too_short": N_("Enter at least {min_length} characters."),
    "string_too_long": N_("Shorten this to {max_length} characters or fewer."),
    "string_type": N_("Enter text."),
    "string_pattern_mismatch": N_("Enter this in the form shown."),
    "int_parsing": N_("Enter a whole number."),
    "int_type": N_("Enter a whole number."),
    "int_from_float": N_("Enter a whole number."),
    "int_parsing_size": N_("Enter a smaller number."),
    "decimal_parsing": N_("Enter a number, for example 12 500."),
    "decimal_type": N_("Enter a number, for example 12 500."),
    "decimal_max_digits": N_("Enter a number with fewer digits."),
    "decimal_max_places": N_("Enter a number with at most {decimal_places} decimal places."),
    "decimal_whole_digits": N_("Enter a smaller number."),
    "finite_number": N_("Enter a number, for example 12 500."),
    "greater_than_equal": N_("Enter a number that is {ge} or more."),
    "greater_than": N_("Enter a number greater than {gt}."),
    "less_than_equal": N_("Enter a number that is {le} or less."),
    "less_than": N_("Enter a number less than {lt}."),
    "bool_parsing": N_("Choose yes or no."),
    "bool_type": N_("Choose yes or no."),
    "enum": N_("Choose one of the answers."),
    "literal_error": N_("Choose one of the answers."),
    "list_type": N_("Enter a list."),
    "dict_type": N_("Enter named values."),
    "model_type": N_("Enter named values."),
    "model_attributes_type": N_("Enter named values."),
    "too_long": N_("Keep at most {max_length}."),
    "too_short": N_("Add at least {min_length}."),
    "extra_forbidden": N_("This field does not exist."),
    "json_invalid": N_("The request is not valid JSON."),
    "datetime_type": N_("Enter a date and time."),
    "datetime_parsing": N_("Enter a date and time, for example 2026-03-18T18:00."),
    "datetime_from_date_parsing": N_("Enter a date and time, for example 2026-03-18T18:00."),
    "datetime_object_invalid": N_("Enter a date and time that exist."),
    "timezone_aware": N_("Enter a date and time with its time zone."),
    "date_type": N_("Enter a date."),
    "date_parsing": N_("Enter a date, for example 18.03.2026."),
    "date_from_datetime_parsing": N_("Enter a date, for example 18.03.2026."),
    "time_parsing": N_("Enter a time, for example 18:00."),
    "value_error": N_("Check this answer."),
    "string_unicode": N_("Enter text without broken characters."),
}

SENTENCES: dict[str, str] = GENERAL | {
    code: words for part in PARTS for code, words in part.SENTENCES.items()
}


def known_code(code: str) -> str:
    """The code itself if it has a sentence, else that of "Check this answer.": pydantic has many."""
    return code if code in SENTENCES else "value_error"


def sentence(language: str, code: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence for a refusal's code in a language; an unknown code is a defect and raises KeyError."""
    written = {name: _written(language, value) for name, value in (params or {}).items()}
    return translations(language).ugettext(SENTENCES[code]).format_map(written)


def _written(language: str, value: object) -> object:
    """Rules give numbers and amounts; people read them as their language writes them."""
    if isinstance(value, Amount):
        return formats.money(language, value.tiyn, value.rate_minor)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return formats.number(language, value)
    return value
