"""Saving the parts of a setup, making and copying a call."""

import pytest
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.calls import actions
from app.calls.changing import CallStale
from app.calls.inputs import (
    ChoiceInput,
    ChoicesInput,
    CloneInput,
    CriteriaInput,
    CriterionInput,
    MoneyInput,
    NewCallInput,
    OrganisationInput,
    OrganisationsInput,
    RoundInput,
    RoundsInput,
    SectionsInput,
    TextsInput,
)
from app.calls.setup_view import setup_of
from app.calls.texts import LongTexts, ShortTexts
from app.errors import Invalid
from app.models.audit import AuditEntry
from app.models.calls import AwardRound, Call, CallKind, Criterion
from app.models.panel import PanelMember, PanelRole
from tests.calls.ready import SHORT, TEXTS, make_new, make_ready, version_of
from tests.world import NOW, World


def test_create_call_makes_its_maker_the_coordinator(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager())
    setup = setup_of(session, coordinator)
    assert (setup.slug, setup.version, setup.locked) == ("2027", 1, False)
    assert setup.sections.sections == [
        "team", "brief", "need", "work_plan", "budget", "sustainability",
    ]  # fmt: skip
    assert len(setup.criteria.criteria) == 4
    member = session.exec(select(PanelMember).where(col(PanelMember.call_id) == coordinator.call_id)).one()
    assert (member.person_id, member.role) == (world.manager().person_id, "coordinator")


def test_create_call_at_a_taken_address_is_refused_and_leaves_nothing(session: Session, world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.create_call(session, world.manager(), NewCallInput(slug="2026", ref_prefix="WA"), NOW)
    assert refusal.value.fields == {"slug": ("call.slug_taken", {})}
    assert len(session.exec(select(col(Call.id))).all()) == 1


def test_save_texts_in_one_language_keeps_the_others_missing(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager())
    actions.save_texts(session, coordinator, 1, TextsInput(purpose=LongTexts(ru="  Цель\r\nдва ")), NOW)
    call = session.get(Call, coordinator.call_id)
    assert call is not None
    assert (call.purpose, call.title, call.version) == ({"ru": "Цель\nдва"}, {}, 2)


def test_save_of_another_version_changes_nothing_and_says_what_is_stored(
    session: Session, world: World
) -> None:
    coordinator = make_new(session, world.manager())
    actions.save_texts(session, coordinator, 1, TEXTS, NOW)
    with pytest.raises(CallStale) as refusal:
        actions.save_texts(session, coordinator, 1, TextsInput(), NOW)
    assert refusal.value.version == 2
    assert refusal.value.current.texts == TEXTS
    assert setup_of(session, coordinator).texts == TEXTS


def test_each_save_is_in_the_log(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    entries = session.exec(
        select(col(AuditEntry.action)).where(col(AuditEntry.call_id) == coordinator.call_id)
    ).all()
    assert entries == [
        "call.create", "call.save_texts", "call.save_dates", "call.save_money", "call.save_rounds",
        "call.save_organisations",
    ]  # fmt: skip


def test_selection_has_no_money_anywhere(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager(), kind=CallKind.SELECTION)
    assert setup_of(session, coordinator).sections.sections == ["candidate", "motivation"]
    with pytest.raises(Invalid):
        actions.save_money(session, coordinator, 1, MoneyInput(ceiling_minor=1), NOW)
    with pytest.raises(Invalid):
        actions.save_sections(session, coordinator, 1, SectionsInput(sections=["candidate", "budget"]), NOW)
    given = RoundsInput(rounds=[RoundInput(name=SHORT, places=6, amount_minor=1, envelope_minor=1)])
    with pytest.raises(Invalid):
        actions.save_rounds(session, coordinator, 1, given, NOW)
    assert version_of(session, coordinator) == 1
    places_only = RoundsInput(rounds=[RoundInput(name=SHORT, places=6)])
    actions.save_rounds(session, coordinator, 1, places_only, NOW)
    (row,) = session.exec(select(AwardRound).where(col(AwardRound.call_id) == coordinator.call_id))
    assert (row.places, row.amount_minor, row.envelope_minor) == (6, None, None)


def test_save_sections_stand_in_the_catalogue_s_order(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager())
    actions.save_sections(session, coordinator, 1, SectionsInput(sections=["need", "team", "brief"]), NOW)
    assert setup_of(session, coordinator).sections.sections == ["team", "brief", "need"]


def test_save_choices_makes_codes_from_english_names(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager())
    names = ("Clean air", "Clean  air!", "2050", "")
    themes = [ChoiceInput(name=ShortTexts(en=name)) for name in names]
    actions.save_choices(session, coordinator, 1, ChoicesInput(themes=themes), NOW)
    saved = [each.code for each in setup_of(session, coordinator).choices.themes]
    assert saved == ["clean_air", "clean_air_2", "c_2050", ""]


def test_save_criteria_adds_changes_and_removes(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager())
    need, plan, *_ = setup_of(session, coordinator).criteria.criteria
    keys = dict(
        session.exec(
            select(col(Criterion.code), col(Criterion.id)).where(
                col(Criterion.call_id) == coordinator.call_id
            )
        ).all()
    )
    fresh = CriterionInput(code="pitch", weight=10, tie_position=3, scale_min=0, scale_max=10)
    given = CriteriaInput(criteria=[fresh, plan, need.model_copy(update={"weight": 65})])
    actions.save_criteria(session, coordinator, 1, given, NOW)
    assert setup_of(session, coordinator).criteria == given
    kept = session.exec(
        select(col(Criterion.id)).where(
            col(Criterion.call_id) == coordinator.call_id, col(Criterion.code) == "need"
        )
    ).one()
    assert kept == keys["need"]


@pytest.mark.parametrize(
    ("criteria", "field", "code"),
    [
        (
            [CriterionInput(code="a", tie_position=1), CriterionInput(code="a", tie_position=2)],
            "criteria.1.code",
            "criterion.same_code",
        ),
        (
            [CriterionInput(code="a", tie_position=1), CriterionInput(code="b", tie_position=1)],
            "criteria.1.tie_position",
            "criterion.same_tie_position",
        ),
        ([CriterionInput(code="a", sections=["team"])], "criteria.0.sections", "choice.unknown"),
    ],
)
def test_save_criteria_refuses(
    session: Session, world: World, criteria: list[CriterionInput], field: str, code: str
) -> None:
    coordinator = make_new(session, world.manager())
    with pytest.raises(Invalid) as refusal:
        actions.save_criteria(session, coordinator, 1, CriteriaInput(criteria=criteria), NOW)
    assert refusal.value.fields == {field: (code, {})}
    assert version_of(session, coordinator) == 1


def test_save_rounds_of_another_call_is_refused(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager())
    given = RoundsInput(rounds=[RoundInput(code=world.round.code, name=SHORT)])
    with pytest.raises(Invalid) as refusal:
        actions.save_rounds(session, coordinator, 1, given, NOW)
    assert refusal.value.fields == {"rounds.0.code": ("round.unknown", {})}


def test_organisation_whose_reviewers_sit_on_the_panel_stays(session: Session, world: World) -> None:
    coordinator = world.coordinator()
    call = session.get(Call, coordinator.call_id)
    assert call is not None
    call.opened_at = None
    session.flush()
    with pytest.raises(Invalid) as refusal:
        actions.choose_organisations(
            session, coordinator, 1, OrganisationsInput(organisations=["BC", "AKIM", "ADC"]), NOW
        )
    assert refusal.value.fields == {"organisations": ("organisation.has_reviewers", {})}


def test_add_organisation_is_chosen_at_once(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager())
    actions.choose_organisations(session, coordinator, 1, OrganisationsInput(organisations=["KBTU"]), NOW)
    actions.add_organisation(session, coordinator, 2, OrganisationInput(code="UNI", name=SHORT), NOW)
    assert setup_of(session, coordinator).organisations.organisations == ["KBTU", "UNI"]
    with pytest.raises(Invalid):
        actions.add_organisation(session, coordinator, 3, OrganisationInput(code="UNI", name=SHORT), NOW)
    assert version_of(session, coordinator) == 3


def test_clone_call_copies_the_setup_and_nothing_that_happened(session: Session, world: World) -> None:
    """The world's open call, with reviewers and a round, becomes a call in preparation."""
    manager = world.manager()
    session.add(
        PanelMember(
            call_id=world.coordinator().call_id,
            person_id=manager.person_id,
            role=PanelRole.COORDINATOR,
            code="MAXCODE",
            joined_at=NOW,
        )
    )
    session.flush()
    old = setup_of(session, world.coordinator())
    call_id = actions.clone_call(
        session, world.coordinator(), manager, CloneInput(slug="2028", ref_prefix="WA28"), NOW
    )
    new = setup_of(session, Coordinator(manager.person_id, call_id))
    assert (new.slug, new.ref_prefix, new.version, new.opened_at) == ("2028", "WA28", 1, None)
    for part in ("texts", "money", "sections", "choices", "criteria", "scoring", "organisations"):
        assert getattr(new, part) == getattr(old, part)
    assert (new.dates.opens_at, new.dates.closes_at) == (None, None)
    assert new.dates.timezone == "Asia/Almaty"
    (before,), (after,) = old.rounds.rounds, new.rounds.rounds
    assert after.code != before.code
    assert after == before.model_copy(update={"code": after.code, "held_at": None})
    members = session.exec(select(PanelMember).where(col(PanelMember.call_id) == call_id)).all()
    assert [(each.person_id, each.role) for each in members] == [(manager.person_id, "coordinator")]
    row = session.get(Call, call_id)
    assert row is not None
    assert (row.frozen_form, row.frozen_hash, row.draw_seed, row.notices) == (None, None, None, [])
