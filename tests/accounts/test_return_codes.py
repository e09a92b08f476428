"""The code on a slip of paper: its characters, how forgivingly it is typed, and what fits with it."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from app.accounts.return_codes import (
    ALPHABET,
    LENGTH,
    code_hash,
    fact_matches,
    grouped,
    new_code,
    typed_code,
)

CYRILLIC_TWINS = set("ABCEHKMOPTXYIS") | set("01Ll")
"""What a Cyrillic letter, or another character of the code, looks like."""
CODES = st.text(st.sampled_from(ALPHABET), min_size=LENGTH, max_size=LENGTH)


def test_code_has_no_character_that_looks_like_another() -> None:
    assert not CYRILLIC_TWINS & set(ALPHABET)
    assert ALPHABET.upper() == ALPHABET
    assert len(ALPHABET) ** LENGTH > 2**48
    assert {len(new_code()), len({new_code() for _ in range(50)})} == {LENGTH, 50}


@given(CODES, st.sampled_from([" ", "-", " - ", "\u00a0", "–", ". "]), st.booleans())
def test_code_is_understood_however_it_is_typed(code: str, between: str, small: bool) -> None:
    typed = between.join(grouped(code).split("-"))
    assert typed_code(f"  {typed.lower() if small else typed} ") == code
    assert typed_code(unicodedata.normalize("NFD", typed)) == code


def test_cyrillic_letters_are_taken_for_what_was_meant() -> None:
    assert typed_code("дфгй-нқрв-зчб2") == "DFGJNQRV3462"
    assert typed_code("s5z2 ubvb") == "5522V8V8"


@given(st.text(max_size=60))
@example("E\N{MACRON}")
def test_anything_can_be_typed(typed: str) -> None:
    assert typed_code(typed) == typed_code(typed_code(typed))


def test_hash_needs_the_secret_key() -> None:
    assert code_hash("one", "2345") != code_hash("another", "2345")
    assert len(code_hash("one", "2345")) == 64


def test_fact_is_the_year_or_the_end_of_the_telephone() -> None:
    known = {"birth_year": 1956, "phone": "+7 701 234-56-78"}
    for typed in ("1956", " 1956 ", "12.03.1956", "5678", "+77012345678"):
        assert fact_matches(typed, **known), typed  # type: ignore[arg-type]
    for typed in ("", "678", "1957", "2345", "56", "----"):
        assert not fact_matches(typed, **known), typed  # type: ignore[arg-type]
    assert not fact_matches("", birth_year=None, phone="")
    assert not fact_matches("0000", birth_year=None, phone="")
