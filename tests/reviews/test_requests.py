"""A reviewer asks for more time or gives applications back, and a coordinator answers."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.accounts.actors import Contact
from app.applications.screened import desk_waiting
from app.calls.reading import own_reading
from app.errors import Invalid, NotFound
from app.models.calls import Phase
from app.models.outbox import Mail
from app.models.panel import RequestKind, RequestState
from app.models.reviews import Assignment, Tie
from app.reviews.contact import own_organisation
from app.reviews.queries import own_queue
from app.reviews.refusals import ReviewingNotOpen
from app.reviews.requests import (
    AnswerInput,
    GiveBackInput,
    MoreTimeInput,
    NothingToGiveBack,
    RequestAnswered,
    RequestWaits,
    answer_request,
    ask_more_time,
    ask_to_give_back,
    open_requests,
    own_able,
    own_requests,
    take_back_request,
)
from tests.factories import (
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World, key

LATER = REVIEWING + timedelta(days=60)
GRANT, REFUSE = AnswerInput(answer="grant"), AnswerInput(answer="refuse", words="We close on that day.")


def given_out(session: Session, world: World, number: int, begun: int = 0) -> list[Assignment]:
    """So many applications are Rita's to score; of the first ones she has begun, one with a tie."""
    made = []
    for index in range(number):
        sent = make_sent_application(session, world, title=f"Yard {index}")
        made.append(make_assignment(session, world, sent, "rita", tie=None))
    open_reviewing_rows(session, world)
    for row in made[:begun]:
        make_review(session, world, row)
    return made


def test_more_time_is_a_date_of_ones_own_and_the_list_says_it(session: Session, world: World) -> None:
    given_out(session, world, 1)
    rita, cora = world.reviewer(), world.coordinator()
    before = own_queue(session, rita, REVIEWING).due_at
    assert before is not None
    with pytest.raises(Invalid) as refused:
        ask_more_time(session, rita, MoreTimeInput(until=before, reason="Ill"), REVIEWING)
    assert refused.value.fields == {"until": ("request.not_later", {})}
    code = ask_more_time(session, rita, MoreTimeInput(until=LATER, reason="I was ill"), REVIEWING)
    with pytest.raises(RequestWaits):
        ask_more_time(session, rita, MoreTimeInput(until=LATER, reason="Again"), REVIEWING)
    (asked,) = open_requests(session, cora)
    assert (asked.who, asked.kind, asked.until, asked.reason) == (
        "Rita Canaryname", RequestKind.MORE_TIME, LATER, "I was ill",
    )  # fmt: skip
    waiting = desk_waiting(session, cora, Phase.REVIEWING)
    assert (waiting.requests, waiting.seats) == (1, 0)
    assert answer_request(session, cora, code, GRANT, REVIEWING) == 0
    assert own_queue(session, rita, REVIEWING).due_at == LATER
    assert own_queue(session, world.reviewer("rolf"), REVIEWING).due_at == before
    assert [each.state for each in own_requests(session, rita)] == [RequestState.GRANTED]
    for act in (
        lambda: answer_request(session, cora, code, GRANT, REVIEWING),
        lambda: take_back_request(session, rita, code, REVIEWING),
    ):
        with pytest.raises(RequestAnswered):
            act()
    assert list(session.exec(select(Mail.template))) == ["request_answered"]


def test_giving_back_takes_what_was_not_begun_and_no_more_comes_instead(
    session: Session, world: World
) -> None:
    made = given_out(session, world, 5, begun=1)
    made[1].tie = Tie.NONE
    session.add(made[1])
    session.flush()
    rita, cora = world.reviewer(), world.coordinator()
    assert own_able(session, rita) == 3
    with pytest.raises(Invalid) as refused:
        ask_to_give_back(session, rita, GiveBackInput(count=4, reason="Too much"), REVIEWING)
    assert refused.value.fields == {"count": ("request.too_many", {"able": 3})}
    code = ask_to_give_back(session, rita, GiveBackInput(count=2, reason="Too much"), REVIEWING)
    assert answer_request(session, cora, code, GRANT, REVIEWING) == 2
    left = session.exec(
        select(Assignment.id).where(col(Assignment.withdrawn_at).is_(None)).order_by(col(Assignment.id))
    ).all()
    untouched = sorted(made[2:], key=lambda each: each.queue_key)
    assert set(left) == {made[0].id, made[1].id, untouched[0].id}, "the last of her queue went"
    assert own_reading(session, rita).capacity == 3
    (own,) = own_requests(session, rita)
    assert (own.state, own.given) == (RequestState.GRANTED, 2)


def test_a_request_is_refused_with_words_or_taken_back(session: Session, world: World) -> None:
    given_out(session, world, 2)
    rita, cora = world.reviewer(), world.coordinator()
    code = ask_to_give_back(session, rita, GiveBackInput(count=2, reason="Too much"), REVIEWING)
    with pytest.raises(Invalid) as refused:
        answer_request(session, cora, code, AnswerInput(answer="refuse"), REVIEWING)
    assert refused.value.fields == {"words": ("request.say_why", {})}
    answer_request(session, cora, code, REFUSE, REVIEWING)
    assert own_able(session, rita) == 2
    again = ask_to_give_back(session, rita, GiveBackInput(count=1, reason="Still"), REVIEWING)
    with pytest.raises(NotFound):
        take_back_request(session, world.reviewer("rolf"), again, REVIEWING)
    take_back_request(session, rita, again, REVIEWING)
    assert [each.state for each in own_requests(session, rita)] == [
        RequestState.TAKEN_BACK, RequestState.REFUSED,
    ]  # fmt: skip
    assert open_requests(session, cora) == []


def test_nothing_is_asked_outside_reviewing_or_where_nothing_is_left(session: Session, world: World) -> None:
    rita = world.reviewer()
    with pytest.raises(ReviewingNotOpen):
        ask_more_time(session, rita, MoreTimeInput(until=LATER, reason="Ill"), REVIEWING)
    with pytest.raises(ReviewingNotOpen):
        ask_to_give_back(session, rita, GiveBackInput(count=1, reason="Ill"), REVIEWING)
    given_out(session, world, 1, begun=1)
    with pytest.raises(NothingToGiveBack):
        ask_to_give_back(session, rita, GiveBackInput(count=1, reason="Ill"), REVIEWING)


def test_a_contact_counts_their_own_people_and_reads_no_title(session: Session, world: World) -> None:
    given_out(session, world, 3, begun=1)
    contact = Contact(key(world.people["max"]), key(world.call), key(world.organisations["BC"]))
    own = own_organisation(session, contact)
    assert [(each.name, each.done, each.total) for each in own.colleagues] == [("Rita Canaryname", 1, 3)]
    assert "Yard" not in own.model_dump_json()
    other = Contact(contact.person_id, contact.call_id, key(world.organisations["ADC"]))
    assert [each.name for each in own_organisation(session, other).colleagues] == ["Anna Canaryname"]


def test_a_declared_tie_reads_to_the_contact_like_any_work_done(session: Session, world: World) -> None:
    """Two worlds: in one Rita sends a review, in the other she declares a tie."""
    given_out(session, world, 2, begun=0)
    contact = Contact(key(world.people["max"]), key(world.call), key(world.organisations["BC"]))
    first = session.exec(select(Assignment).order_by(col(Assignment.id))).first()
    assert first is not None
    first.tie = Tie.TIE
    session.flush()
    tied = own_organisation(session, contact)
    first.tie = Tie.NONE
    make_review(session, world, first)
    assert own_organisation(session, contact) == tied
