"""The synthetic proposals keep their promises: all of them, in every language that has been written."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from app.applications.alike import keys_of, words_in
from app.applications.traces import in_common
from app.demo.corpus import (
    BLIND_SECTIONS,
    COUNTS,
    KEPT_BACK,
    Proposal,
    proposals,
    proposals_of_two_calls,
    texts,
)
from app.demo.corpus.ideas import LANGUAGES, month_after, tellings
from app.demo.corpus.people import BIN_YEAR, KINDS, ORGANISATIONS, bin_check_digit
from app.demo.corpus.rules import faults, grant_tenge, sentences
from app.demo.load import SENT_IN_OPEN_CALL, TWICE, TWICE_IN_OPEN_CALL, demo_proposals
from app.leaks.secrets import secrets_of

START = date(2026, 4, 1)
AVAILABLE = {language: len(tellings(language)) for language in LANGUAGES}


@pytest.fixture(scope="module")
def everything() -> list[Proposal]:
    """Every variant of every idea, also those beyond the default counts."""
    return proposals(START, AVAILABLE)


def team(proposal: Proposal) -> dict[str, str]:
    return {name: value for name, value in proposal.sections["team"].items() if isinstance(value, str)}


def members(proposal: Proposal) -> list[dict[str, str]]:
    rows = proposal.sections["team"]["members"]
    assert isinstance(rows, list)
    return rows


def test_the_proposals_keep_every_rule(everything: list[Proposal]) -> None:
    assert faults(everything) == []


def test_a_broken_rule_is_found(everything: list[Proposal]) -> None:
    first = everything[0]
    brief = {**first.sections["brief"], "title": "{oops} " + "x" * 80}
    broken = Proposal(first.key + "x", first.language, "group", 3, {**first.sections, "brief": brief})
    found = "\n".join(faults([first, broken]))
    assert "has a brace" in found
    assert "at most 80" in found
    assert "the same sentence" in found


def test_no_two_proposals_share_a_long_sentence(everything: list[Proposal]) -> None:
    users = Counter(sentence for proposal in everything for sentence in set(sentences(proposal)))
    assert [sentence for sentence, count in users.items() if count > 1] == []


def test_a_kazakh_proposal_written_with_russian_letters_is_found(everything: list[Proposal]) -> None:
    kazakh = next((proposal for proposal in everything if proposal.language == "kk"), None)
    if kazakh is None:
        pytest.skip("there are no Kazakh ideas yet")
    need = {**kazakh.sections["need"], "problem": "Двор без света и скамеек " * 30}
    broken = Proposal(kazakh.key, "kk", "group", 3, {**kazakh.sections, "need": need})
    assert any("no Kazakh letter" in fault for fault in faults([broken]))


def test_there_are_as_many_as_the_programme_received() -> None:
    wanted = min(sum(COUNTS.values()), sum(AVAILABLE.values()))
    default = proposals(START)
    assert len(default) == wanted
    assert len({proposal.key for proposal in default}) == wanted
    if all(AVAILABLE[language] >= count for language, count in COUNTS.items()):
        assert len(default) == 253
        assert Counter(proposal.language for proposal in default) == dict(COUNTS)


def test_a_short_language_is_made_up_for_by_the_others() -> None:
    wanted = {"kk": AVAILABLE["kk"] + 2, "ru": 1, "en": 0}
    given = Counter(proposal.language for proposal in proposals(START, wanted))
    assert given["kk"] == AVAILABLE["kk"]
    assert given.total() == AVAILABLE["kk"] + 3


def test_no_more_are_given_than_there_are() -> None:
    assert len(proposals(START, {"ru": 10_000})) == sum(AVAILABLE.values())


def test_the_same_arguments_give_the_same_proposals() -> None:
    assert proposals(START) == proposals(START)


def test_the_next_call_has_its_own_ideas_and_its_own_people() -> None:
    this, following = proposals_of_two_calls(START, date(2026, 9, 1))
    assert this == proposals(START)
    ideas = {telling.key: telling.idea_key for language in LANGUAGES for telling in tellings(language)}
    assert set(ideas.values()) >= KEPT_BACK
    first = [ideas[proposal.key] for proposal in following[: len(KEPT_BACK)]]
    assert set(first) == KEPT_BACK
    assert KEPT_BACK.isdisjoint(ideas[proposal.key] for proposal in this)
    for field in ("email", "phone"):
        assert {team(proposal)[field] for proposal in this}.isdisjoint(
            team(proposal)[field] for proposal in following
        )
    titles = [str(proposal.sections["brief"]["title"]) for proposal in [*this, *following]]
    assert len(set(titles)) == len(titles)


def test_whoever_has_an_idea_second_convinces_less() -> None:
    pairs = [telling for telling in tellings("ru") if "quality" not in telling.slots]
    marked = {(telling.idea_key, telling.number): telling.quality for telling in pairs}
    assert marked["touch-books", 1] == marked["touch-books", 2] + 1


def test_the_order_mixes_the_languages(everything: list[Proposal]) -> None:
    order = [proposal.language for proposal in everything]
    assert order != sorted(order)


def test_the_russian_part_is_complete() -> None:
    assert AVAILABLE["ru"] >= 110
    assert len({telling.idea_key for telling in tellings("ru")}) >= 46


def test_qualities_differ(everything: list[Proposal]) -> None:
    assert {proposal.quality for proposal in everything} == {1, 2, 3, 4, 5}


def test_applicants_are_mostly_groups_and_people(everything: list[Proposal]) -> None:
    kinds = Counter(proposal.applicant_kind for proposal in everything)
    assert set(kinds) <= set(KINDS)
    assert 0.45 < (kinds["person"] + kinds["group"]) / len(everything) < 0.65
    assert 0.25 < kinds["ngo"] / len(everything) < 0.45


def test_contacts_reach_nobody(everything: list[Proposal]) -> None:
    for proposal in everything:
        for text in texts(proposal.sections):
            assert all(host.startswith("example.") for host in re.findall(r"@([\w.-]+)", text)), text
        assert re.fullmatch(r"[a-z.]+\d*@example\.(org|com|net)", team(proposal)["email"])
        assert re.fullmatch(r"\+7 700 000 \d\d \d\d", team(proposal)["phone"])
    for field in ("email", "phone"):
        values = [team(proposal)[field] for proposal in everything]
        assert len(set(values)) == len(values)


def test_organisations_have_a_valid_bin_nobody_can_own(everything: list[Proposal]) -> None:
    seen = []
    for proposal in everything:
        number, name = team(proposal)["bin"], team(proposal)["organisation_name_kk"]
        assert bool(number) == bool(name) == (proposal.applicant_kind in ORGANISATIONS)
        if number:
            assert number.startswith(BIN_YEAR)
            assert re.fullmatch(r"\d\d(0[1-9]|1[0-2])40\d{6}", number)
            assert bin_check_digit(number[:11]) == int(number[11])
            seen.append(number)
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(
    "number", ["000101300009", "000101301805", "040229600001", "250140000003", "250140000409"]
)
def test_check_digit(number: str) -> None:
    assert bin_check_digit(number[:11]) == int(number[11])


def test_a_number_without_a_check_digit_is_recognised() -> None:
    assert bin_check_digit("00010130188") is None


def test_no_answer_names_who_applies(everything: list[Proposal]) -> None:
    for proposal in everything:
        identity = team(proposal)
        names = [identity[field] for field in ("family_name", "given_name", "patronymic", "stage_name")]
        names += [member["name"] for member in members(proposal)]
        names += re.findall(
            r"«(.+)»", identity["organisation_name_kk"] + "\n" + identity["organisation_name_ru"]
        )
        answers = " ".join(
            text for code in BLIND_SECTIONS for text in texts(proposal.sections[code])
        ).casefold()
        for word in " ".join(names).casefold().split():
            assert not re.search(rf"\b{re.escape(word)}", answers), (proposal.key, word)


def test_months_follow_the_start(everything: list[Proposal]) -> None:
    allowed = [month_after(START, months) for months in range(13)]
    assert allowed[:2] == ["2026-04", "2026-05"]
    assert allowed[9] == "2027-01"
    for proposal in everything:
        plan = proposal.sections["work_plan"]
        assert plan["starts"] in allowed[:2]
        assert plan["ends"] in allowed


def test_the_grant_never_exceeds_five_thousand_euro(everything: list[Proposal]) -> None:
    for proposal in everything:
        total = Decimal(0)
        lines = proposal.sections["budget"]["lines"]
        assert isinstance(lines, list)
        for line in lines:
            if line["payer"] == "grant":
                total += Decimal(line["quantity"]) * Decimal(line["price"])
            elif line["grant_part"]:
                total += Decimal(line["grant_part"])
        assert total == grant_tenge(proposal)
        assert 900_000 <= total <= 5000 * 560


def test_every_row_has_an_id_of_its_own(everything: list[Proposal]) -> None:
    for proposal in everything:
        rows = [
            row
            for section in proposal.sections.values()
            for value in section.values()
            if isinstance(value, list)
            for row in value
            if isinstance(row, dict)
        ]
        ids = [row["id"] for row in rows]
        assert all(re.fullmatch(r"[a-z0-9]{8}", found) for found in ids)
        assert len(set(ids)) == len(ids)


def test_only_what_was_sent_twice_is_alike() -> None:
    """The same idea that two teams plan for two places is no duplicate; a copy under another title is one."""
    written, being_written = demo_proposals(START, START)
    found = set()
    for sent in (written, being_written[:SENT_IN_OPEN_CALL]):
        texts_sent = [
            words_in(
                str(brief["title"]),
                str(brief["summary"]),
                {code: each.sections[code] for code in BLIND_SECTIONS},
            )
            for each in sent
            for brief in [each.sections["brief"]]
        ]
        by_key: dict[object, list[int]] = {}
        for place, text in enumerate(texts_sent):
            for key in keys_of(secrets_of({}), text, ()):
                by_key.setdefault(key, []).append(place)
        near = {(one, other) for each in by_key.values() for one in each for other in each if one < other}
        found |= {
            (sent[one].key.rpartition("-")[0], sent[one].sections["team"]["phone"])
            for one, other in near
            if in_common(texts_sent[one], texts_sent[other]) is not None
        }
        assert len(near) < 400
    assert found == {
        (sent[place].key.rpartition("-")[0], sent[place].sections["team"]["phone"])
        for sent, places in ((written, TWICE), (being_written, TWICE_IN_OPEN_CALL))
        for place in places
    }
