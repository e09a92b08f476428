"""Making the protocol of a decision from the record: a draft at any time, and the one kept at freezing.

It is about every application of the call, so who has a tie with one of them reads none of it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.addendum import addendum_of
from app.decisions.agenda import agenda
from app.decisions.canonical import canonical, digest_of
from app.decisions.decided import decision_document
from app.decisions.drawn_places import deciding_places
from app.decisions.held import call_of
from app.decisions.meeting import meeting_of
from app.decisions.order import read_order
from app.decisions.pitch_part import pitch_parts
from app.decisions.protocol_file import (
    AbstentionPart,
    AwardPart,
    BlindPart,
    CallPart,
    CasePart,
    ComputedPart,
    CriterionPart,
    DecisionPart,
    DeparturePart,
    InputPart,
    MissingPart,
    OrganisationPart,
    PanelPart,
    PresentPart,
    Protocol,
    ReplacedPart,
    RoundPart,
    RulePart,
    RulesPart,
    SeatPart,
    TiePart,
    parsed,
)
from app.decisions.refusals import NotKept, NotRecorded, ReviewingNotClosed
from app.decisions.seconding import departures
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.audit import AuditEntry
from app.models.calls import AwardRound, Call, Criterion
from app.models.decisions import (
    Award,
    DecisionProtocol,
    MissingReview,
    RankingEntry,
    RankingRecord,
    RankingRun,
    ReserveEntry,
    SeatMark,
)
from app.models.keys import key_of
from app.models.panel import CallOrganisation, Organisation, PanelMember, Programme
from app.models.phases import BlindLift
from app.reviews.known_ties import standing_ties
from app.scoring.methods import Strata
from app.wall import is_walled, taken_down


class KeptProtocol(BaseModel):
    """A protocol that was frozen; `standing` is the one of the decision as it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int
    made_at: datetime
    digest: str
    standing: bool


def store_protocol(session: Session, coordinator: Coordinator, call: Call, now: datetime) -> None:
    """Keep the protocol of a decision that is being frozen; nothing changes it afterwards."""
    session.flush()
    number, document = _document(session, coordinator, call, now)
    session.add(
        DecisionProtocol(
            call_id=coordinator.call_id,
            number=number,
            made_at=now,
            digest=document["digest"],
            document=canonical(document),
        )
    )
    session.flush()


def read_protocol(session: Session, coordinator: Coordinator, number: int | None = None) -> str:
    """A protocol as canonical JSON: the one of this number, or that of the decision as it stands.

    Before the decision is frozen that is a draft; once it is public, the latter comes with its addendum. With
    a number no later act changes a byte of it. NotFound for whoever has a tie in the call: nothing can be
    left out of what a digest is made of.
    """
    if is_walled(session):
        raise NotFound
    call = call_of(session, coordinator)
    if number is None and call.decided_at is None:
        if call.reviewing_closed_at is None:
            raise ReviewingNotClosed
        _, document = _document(session, coordinator, call, None)
        return canonical(document)
    kept = select(DecisionProtocol.document).where(DecisionProtocol.call_id == call.id)
    if number is not None:
        found = session.exec(kept.where(DecisionProtocol.number == number)).one_or_none()
        if found is None:
            raise NotFound
        return found
    newest = session.exec(kept.order_by(col(DecisionProtocol.number).desc()).limit(1)).first()
    if newest is None:
        raise NotKept
    return _with_addendum(session, coordinator, newest) if call.published_at is not None else newest


def _with_addendum(session: Session, coordinator: Coordinator, text: str) -> str:
    """A frozen protocol as it is, with what came after the results were public beside it."""
    document = json.loads(text)
    later = addendum_of(session, coordinator, document["digest"])
    return text if later is None else canonical({**document, "addendum": later.model_dump(mode="json")})


def full_protocol(session: Session, coordinator: Coordinator, number: int | None = None) -> Protocol:
    """The same to be read."""
    return parsed(read_protocol(session, coordinator, number))[0]


def kept_protocols(session: Session, coordinator: Coordinator) -> list[KeptProtocol]:
    """Every protocol that was frozen, the newest first. To whoever has a tie in the call their digests are
    not told: they follow from everything."""
    walled = is_walled(session)
    decided = call_of(session, coordinator).decided_at is not None
    rows = session.execute(
        select_columns(
            col(DecisionProtocol.number), col(DecisionProtocol.made_at), col(DecisionProtocol.digest)
        )
        .where(col(DecisionProtocol.call_id) == coordinator.call_id)
        .order_by(col(DecisionProtocol.number).desc())
    ).all()
    return [
        KeptProtocol(
            number=number,
            made_at=made_at,
            digest="" if walled else digest,
            standing=decided and place == 0,
        )
        for place, (number, made_at, digest) in enumerate(rows)
    ]


def _document(
    session: Session, coordinator: Coordinator, call: Call, now: datetime | None
) -> tuple[int, dict[str, Any]]:
    with taken_down(session):
        made = _protocol(session, coordinator, call, now)
    document = made.model_dump(mode="json", exclude={"addendum"})
    document["digest"] = digest_of(document)
    return made.number, document


def _protocol(session: Session, coordinator: Coordinator, call: Call, now: datetime | None) -> Protocol:
    run, recorded = _recorded(session, call)
    given = InputPart.model_validate_json(canonical(recorded["input"]))
    missing = _missing(session, call)
    replaced = _replaced(session, call)
    computed = ComputedPart.model_validate_json(
        canonical({"number": run.number, "at": _iso(run.computed_at), **recorded["computed"]})
    )
    decides = deciding_places(computed, computed.orders[given.method])
    return Protocol(
        draft=now is None,
        number=len(replaced) + 1,
        made_at=_iso(now),
        call=_call(session, call),
        decision_sha256=call.decision_hash,
        decision=None
        if now is None
        else DecisionPart.model_validate_json(canonical(decision_document(session, call))),
        rules=_rules(session, call),
        organisations=_organisations(session, call, given, missing),
        ties=[
            TiePart(application=tie.application, member=tie.member, ground=tie.ground.value, at=_iso(tie.at))
            for tie in standing_ties(session, coordinator)
            if tie.member
        ],
        abstentions=_abstentions(given),
        missing=missing,
        input=given,
        input_sha256=run.input_hash,
        computed=computed,
        withdrawn=_withdrawn(session, call),
        rounds=_rounds(session, coordinator, {each.application: each.place for each in decides}),
        panel=_panel(session, coordinator),
        blind=_blind(session, call),
        replaced=replaced,
        digest="0" * 64,
    )


def _recorded(session: Session, call: Call) -> tuple[RankingRun, Mapping[str, Any]]:
    """The newest run and its record; NotRecorded where there is none, or where it is not that of the run."""
    found = session.exec(
        select(RankingRun, RankingRecord.document)
        .outerjoin(RankingRecord, col(RankingRecord.run_id) == col(RankingRun.id))
        .where(RankingRun.call_id == call.id)
        .order_by(col(RankingRun.number).desc())
        .limit(1)
    ).first()
    if found is None or found[1] is None:
        raise NotRecorded
    return found[0], json.loads(found[1])


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _call(session: Session, call: Call) -> CallPart:
    programme = session.exec(select(Programme).limit(1)).first()
    return CallPart(
        slug=call.slug,
        title=call.title,
        programme=programme.name if programme else {},
        funder=programme.funder if programme else None,
        kind=call.kind.value,
        form_sha256=call.frozen_hash,
        opened_at=_iso(call.opened_at),
        closes_at=_iso(call.closes_at),
        reviewing_opened_at=_iso(call.reviewing_opened_at),
        reviewing_closed_at=_iso(call.reviewing_closed_at),
        decided_at=_iso(call.decided_at),
    )


def _rules(session: Session, call: Call) -> RulesPart:
    criteria = session.exec(
        select(Criterion).where(Criterion.call_id == call.id).order_by(col(Criterion.position))
    ).all()
    return RulesPart(
        method=call.method.value,
        criteria=[
            CriterionPart(
                code=each.code,
                title=each.title,
                weight=each.weight,
                minimum=each.scale_min,
                maximum=each.scale_max,
            )
            for each in criteria
        ],
        tie_order=[each.code for each in sorted(criteria, key=lambda each: each.tie_position)],
        seed=call.draw_seed or "",
        reviews_per_application=call.reviews_per_application,
        divergence_points=call.divergence_points,
        divergence_steps=call.divergence_steps,
        impute=call.impute,
        lottery=call.lottery,
        strata=call.strata.value if call.strata else None,
        groups={each["code"]: each["name"] for each in call.themes} if call.strata is Strata.THEME else {},
    )


def _missing(session: Session, call: Call) -> list[MissingPart]:
    rows = session.exec(
        select(Application.code, Organisation.code, MissingReview.reason)
        .join(Application, col(Application.id) == col(MissingReview.application_id))
        .join(Organisation, col(Organisation.id) == col(MissingReview.organisation_id))
        .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
        .where(MissingReview.call_id == call.id, Application.status != Status.WITHDRAWN)
    ).all()
    return [
        MissingPart(application=application, organisation=organisation, reason=reason)
        for application, organisation, reason in sorted(rows)
    ]


def _organisations(
    session: Session, call: Call, given: InputPart, missing: Sequence[MissingPart]
) -> list[OrganisationPart]:
    """Those of the call in their order; coverage from the reviews that the order follows from."""
    ranked = set(given.applications)
    reviews = [each for each in given.reviews if each[0] in ranked]
    holes = Counter(each.organisation for each in missing)
    excused = Counter(each.organisation for each in missing if each.reason)
    rows = session.exec(
        select(Organisation)
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(CallOrganisation.call_id == call.id)
        .order_by(col(CallOrganisation.position))
    )
    parts = []
    for row in rows:
        own = [each for each in reviews if each[2] == row.code]
        parts.append(
            OrganisationPart(
                code=row.code,
                name=row.name,
                reviewers=len({each[1] for each in own}),
                reviews=len(own),
                applications=len({each[0] for each in own}),
                ranked=len(ranked),
                missing=holes[row.code],
                excused=excused[row.code],
            )
        )
    return parts


def _abstentions(given: InputPart) -> list[AbstentionPart]:
    ranked = set(given.applications)
    return [
        AbstentionPart(application=application, reviewer=reviewer, criterion=code)
        for application, reviewer, _, scores in given.reviews
        if application in ranked
        for code, *_ in given.criteria
        if code not in scores
    ]


def _withdrawn(session: Session, call: Call) -> list[str]:
    """Who was ranked and has left the call since."""
    return sorted(
        session.exec(
            select(Application.code)
            .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
            .where(RankingEntry.call_id == call.id, Application.status == Status.WITHDRAWN)
        )
    )


def _rounds(session: Session, coordinator: Coordinator, places: Mapping[str, int]) -> list[RoundPart]:
    pots = session.exec(
        select(AwardRound)
        .where(AwardRound.call_id == coordinator.call_id)
        .order_by(col(AwardRound.position), col(AwardRound.id))
        .execution_options(populate_existing=True)
    ).all()
    given = session.exec(
        select(Award.round_id, Application.code, Award.amount_minor, Award.reserved)
        .join(Application, col(Application.id) == col(Award.application_id))
        .join(AwardRound, col(AwardRound.id) == col(Award.round_id))
        .where(AwardRound.call_id == coordinator.call_id)
    ).all()
    departing = departures(session, coordinator)
    order = read_order(session, coordinator)
    codes = {
        key_of(key): code
        for key, code in session.exec(
            select(Application.id, Application.code)
            .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
            .where(RankingEntry.call_id == coordinator.call_id)
        )
    }
    marks, waiting = _marks(session, coordinator, codes), _waiting(session, coordinator, codes)
    pitches = pitch_parts(session, pots)
    own = {
        pot: {each.application: each.place for each in part.computed.order} for pot, part in pitches.items()
    }
    return [
        RoundPart(
            code=pot.code,
            name=pot.name,
            rule=_rule(pot),
            committed_minor=pot.committed_minor,
            members=sorted(codes[key] for key in order.belongs.get(key_of(pot.id), ()) if key in codes),
            marks=marks.get(key_of(pot.id), []),
            asked={codes[key]: sum_ for key, sum_ in sorted(order.asked.items()) if key in codes},
            awards=sorted(
                (
                    AwardPart(
                        application=code,
                        place=own.get(pot.code, places)[code],
                        amount_minor=amount,
                        reserved=reserved,
                    )
                    for round_id, code, amount, reserved in given
                    if round_id == pot.id
                ),
                key=lambda each: each.place,
            ),
            standing_by=waiting.get(key_of(pot.id), []),
            departures=[
                DeparturePart(
                    application=each.application,
                    kind="raised" if each.raised else "passed_over",
                    reason=each.reason,
                    decided_by=each.decided_by,
                    decided_at=_iso(each.decided_at) or "",
                    confirmed_by=each.confirmed_by,
                    confirmed_at=_iso(each.confirmed_at),
                    alone=each.alone and each.confirmed_at is None,
                )
                for each in departing
                if each.round == pot.code
            ],
            pitch=pitches.get(pot.code),
        )
        for pot in pots
    ]


def _rule(pot: AwardRound) -> RulePart:
    return RulePart(
        places=pot.places,
        least=pot.least_places,
        split=pot.split,
        amount_minor=pot.amount_minor,
        envelope_minor=pot.envelope_minor,
        full=pot.full_places or 0,
        reserved=pot.reserved_places,
        reserved_for=pot.reserved_for,
        threshold=pot.threshold,
        reserve=pot.reserve_places,
        reserve_until=_iso(pot.reserve_until),
        pitch_weight=pot.pitch_weight,
        finalists=pot.finalists,
        pitch_criteria=list(pot.pitch_criteria) if pot.finalists else None,
    )


def _marks(session: Session, coordinator: Coordinator, codes: Mapping[int, str]) -> dict[int, list[SeatPart]]:
    """Round -> what was marked by hand of who belongs to its group."""
    found: dict[int, list[SeatPart]] = defaultdict(list)
    rows = session.exec(
        select(SeatMark)
        .join(AwardRound, col(AwardRound.id) == col(SeatMark.round_id))
        .where(AwardRound.call_id == coordinator.call_id)
    ).all()
    for row in sorted(rows, key=lambda each: codes.get(each.application_id, "")):
        if row.application_id in codes:
            part = SeatPart(application=codes[row.application_id], belongs=row.belongs, reason=row.reason)
            found[row.round_id].append(part)
    return found


def _waiting(session: Session, coordinator: Coordinator, codes: Mapping[int, str]) -> dict[int, list[str]]:
    """Round -> who stands by, from the first on."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.exec(
        select(ReserveEntry)
        .join(AwardRound, col(AwardRound.id) == col(ReserveEntry.round_id))
        .where(AwardRound.call_id == coordinator.call_id)
        .order_by(col(ReserveEntry.position))
    )
    for row in rows:
        found[row.round_id].append(codes[row.application_id])
    return found


def _panel(session: Session, coordinator: Coordinator) -> PanelPart | None:
    """The meeting; None where nothing of it was written down."""
    meeting = meeting_of(session, coordinator)
    cases = [each for each in agenda(session, coordinator).cases if each.version]
    if not meeting.version and not cases:
        return None
    roles = {
        code: (str(role), organisation)
        for code, role, organisation in session.exec(
            select(PanelMember.code, PanelMember.role, Organisation.code)
            .outerjoin(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
            .where(PanelMember.call_id == coordinator.call_id)
        )
    }
    return PanelPart(
        held_on=meeting.held_on.isoformat() if meeting.held_on else None,
        present=[
            PresentPart(member=code, role=roles[code][0], organisation=roles[code][1])
            for code in meeting.present
            if code in roles
        ],
        notes=meeting.notes,
        cases=[
            CasePart(
                application=each.application,
                grounds=[ground.value for ground in each.grounds],
                away=each.away,
                minutes=each.minutes,
                outcome=each.outcome.value if each.outcome else None,
                reason=each.reason,
            )
            for each in sorted(cases, key=lambda each: each.place)
        ],
    )


def _blind(session: Session, call: Call) -> BlindPart | None:
    lift = session.exec(
        select(BlindLift).where(
            BlindLift.call_id == call.id,
            col(BlindLift.ended_at).is_(None),
            col(BlindLift.confirmed_at).is_not(None),
        )
    ).first()
    if lift is None:
        return None
    codes = dict(
        session.exec(
            select(PanelMember.person_id, PanelMember.code)
            .where(PanelMember.call_id == call.id)
            .order_by(col(PanelMember.role).desc())
        ).all()
    )
    return BlindPart(
        asked_by=codes.get(lift.asked_by, ""),
        confirmed_by=codes.get(lift.confirmed_by or 0, ""),
        reason=lift.reason,
        at=_iso(lift.confirmed_at) or "",
    )


def _replaced(session: Session, call: Call) -> list[ReplacedPart]:
    """Protocols of this call that were frozen before, each with why the decision was opened again."""
    reopened = session.exec(
        select(AuditEntry.at, AuditEntry.detail)
        .where(AuditEntry.call_id == call.id, AuditEntry.action == "decision.reopen")
        .order_by(col(AuditEntry.id))
    ).all()
    rows = session.exec(
        select(DecisionProtocol.number, DecisionProtocol.digest, DecisionProtocol.made_at)
        .where(DecisionProtocol.call_id == call.id)
        .order_by(col(DecisionProtocol.number))
    ).all()
    return [
        ReplacedPart(
            number=number,
            digest=digest,
            made_at=_iso(made_at) or "",
            reason=next((str(detail.get("reason", "")) for at, detail in reopened if at >= made_at), ""),
        )
        for number, digest, made_at in rows
    ]
