"""The calls of the demo, set up and opened as a coordinator would."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Manager
from app.calls.creating import create_call
from app.calls.inputs import (
    ChoiceInput,
    ChoicesInput,
    DatesInput,
    EligibilityInput,
    FaqInput,
    MemberInput,
    MoneyInput,
    NewCallInput,
    OrganisationsInput,
    RoundInput,
    RoundsInput,
    TextsInput,
)
from app.calls.opening import open_call
from app.calls.organisations import choose_organisations
from app.calls.panel import add_member
from app.calls.setup import (
    save_choices,
    save_dates,
    save_eligibility,
    save_faq,
    save_money,
    save_rounds,
    save_texts,
)
from app.calls.texts import ShortTexts
from app.decisions.archive import PastWinner, record_past_results
from app.demo.facts import facts, on, reviewers
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.panel import PanelRole
from app.scoring.shares import Split

AWARD_MINOR = 500_000
STAND_BY = 3
STANDING_BY = timedelta(days=60)
"""How many stand by after the event of a call of today, and how long."""
REVIEWING_LASTS = timedelta(days=35)
"""From the closing of a call to the day on which its reviews are due."""
RATE_MINOR = 56_000
RATE_IS = "an assumption of the demo: 560 tenge for one euro"


def set_up_call(
    session: Session,
    manager: Manager,
    *,
    slug: str,
    prefix: str,
    title: Texts,
    opens_at: datetime,
    closes_at: datetime,
    rounds: Sequence[RoundInput],
    now: datetime,
    purpose: Texts | None = None,
) -> Coordinator:
    """A complete call in preparation; its manager coordinates it."""
    call_id = create_call(
        session, manager, NewCallInput(slug=slug, ref_prefix=prefix, title=ShortTexts(**title)), now
    )
    coordinator = Coordinator(manager.person_id, call_id)
    own: dict[str, Any] = {} if purpose is None else {"purpose": purpose}
    texts = TextsInput.model_validate({"title": title, **facts()["texts"], **own})
    save_texts(session, coordinator, version(session, call_id), texts, now)
    asks = EligibilityInput.model_validate(facts()["eligibility"])
    save_eligibility(session, coordinator, version(session, call_id), asks, now)
    dates = DatesInput(
        opens_at=opens_at,
        closes_at=closes_at,
        reviews_due_at=closes_at + REVIEWING_LASTS,
        results_expected_at=rounds[0].held_at,
    )
    save_dates(session, coordinator, version(session, call_id), dates, now)
    money = MoneyInput(ceiling_minor=AWARD_MINOR, rate_minor=RATE_MINOR, max_months=12)
    save_money(session, coordinator, version(session, call_id), money, now)
    save_choices(
        session,
        coordinator,
        version(session, call_id),
        ChoicesInput(themes=_choices("themes"), priorities=_choices("priorities")),
        now,
    )
    save_rounds(session, coordinator, version(session, call_id), RoundsInput(rounds=list(rounds)), now)
    organisations = OrganisationsInput(organisations=[each["code"] for each in facts()["organisations"]])
    choose_organisations(session, coordinator, version(session, call_id), organisations, now)
    return coordinator


def open_at(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Open a call that is complete."""
    open_call(session, coordinator, version(session, coordinator.call_id), now)


def answer_questions(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """What people ask about every call of this programme."""
    given = FaqInput.model_validate({"entries": facts()["faq"]})
    save_faq(session, coordinator, version(session, coordinator.call_id), given, now)


def add_reviewers(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """The twenty reviewers, five of each organisation."""
    for organisation, email, _ in reviewers():
        given = MemberInput(email=email, role=PanelRole.REVIEWER, organisation=organisation)
        add_member(session, coordinator, given, now)


def archive_call(session: Session, manager: Manager, slug: str) -> None:
    """A call of the past with its real winners, and no invented scores, applicants or reasons."""
    past: dict[str, Any] = facts()["calls"][slug]
    held_at = on(past["held"], 18)
    opens_at = on(past["opens"])
    now = opens_at - timedelta(days=1)
    pot = RoundInput(
        name=ShortTexts(**past["round"]),
        event=ShortTexts(**past["event"]),
        held_at=held_at,
        places=past["places"],
        amount_minor=AWARD_MINOR,
        envelope_minor=AWARD_MINOR * past["places"],
    )
    coordinator = set_up_call(
        session,
        manager,
        slug=slug,
        prefix=f"WA{slug[2:]}",
        title=past["title"],
        opens_at=opens_at,
        closes_at=on(past["closes"], 18),
        rounds=[pot],
        now=now,
    )
    open_at(session, coordinator, now)
    winners = [
        PastWinner(
            title=each["title"],
            summary=each["summary"]["ru"],
            summaries=each["summary"],
            theme=each["theme"],
            language="ru",
            amount_minor=AWARD_MINOR,
        )
        for each in facts()["winners"][slug]
    ]
    code = pot_code(session, coordinator)
    record_past_results(session, coordinator, code, winners, held_at, past_numbers=past.get("numbers"))


def main_round(held_at: datetime, places: int) -> RoundInput:
    """The pot of a call of today: by the rule of 2019, at a pitching event."""
    past = facts()["calls"]["2019"]
    return RoundInput(
        name=ShortTexts(**past["round"]),
        event=ShortTexts(**past["event"]),
        held_at=held_at,
        amount_minor=AWARD_MINOR,
        envelope_minor=AWARD_MINOR * places,
        reserve_places=STAND_BY,
        reserve_until=held_at + STANDING_BY,
        **rule(places),
    )


def rule(places: int) -> dict[str, Any]:
    """The rule of 13 April 2019: at least so many awards; the jury may name more, and then all share the same
    money; one is kept for members of the workshop."""
    return {
        "places": 2 * places,
        "least_places": places,
        "split": Split.EQUAL,
        "reserved_places": 1,
        "reserved_for": ShortTexts(**facts()["workshop"]),
    }


def pot_code(session: Session, coordinator: Coordinator) -> str:
    """The code of the call's first pot."""
    return (
        session.exec(
            select(AwardRound.code)
            .where(AwardRound.call_id == coordinator.call_id)
            .order_by(col(AwardRound.position))
        ).first()
        or ""
    )


def version(session: Session, call_id: int) -> int:
    """The version a coordinator would be looking at."""
    return session.exec(select(Call.version).where(Call.id == call_id)).one()


def _choices(name: str) -> list[ChoiceInput]:
    return [ChoiceInput(code=each["code"], name=ShortTexts(**each["name"])) for each in facts()[name]]
