"""How pitches count in the rounds of a call, for everybody; once the results are public also who scored."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.jury import Juror, PitchEntry
from app.models.keys import key_of
from app.models.panel import CallOrganisation, Organisation


class PublicPitches(BaseModel):
    """The pitches of one round: `weight` in percent, the written scores make the rest.

    `criteria` are those by which a jury scores them, by code. `counted` is None before the results are
    public, and False where nobody pitched, so that the written scores alone decided. `jurors` scored for
    these `organisations`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    name: Texts
    weight: int
    criteria: list[str]
    counted: bool | None = None
    jurors: int | None = None
    organisations: list[Texts] = []


def public_pitches(
    session: Session, call: Call, pots: Sequence[AwardRound], criteria: Sequence[str]
) -> list[PublicPitches]:
    """Of each round that published a weight of its pitches; nothing is asked where none did."""
    return [
        PublicPitches(
            round=pot.code,
            name=pot.name,
            weight=pot.pitch_weight,
            criteria=[code for code in criteria if not pot.pitch_criteria or code in pot.pitch_criteria],
            **(_jury(session, call, pot) if call.published_at is not None else {}),
        )
        for pot in pots
        if pot.pitch_weight is not None
    ]


def _jury(session: Session, call: Call, pot: AwardRound) -> dict[str, Any]:
    """Whoever was taken off the jury counts no more, nor do their ballots."""
    seated = (col(Juror.round_id) == pot.id, col(Juror.removed_at).is_(None))
    entry = select(PitchEntry.application_id).where(PitchEntry.round_id == key_of(pot.id)).limit(1)
    if session.exec(entry).first() is None:
        return {"counted": False, "jurors": 0}
    organisations = session.exec(
        select(Organisation.name)
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(
            CallOrganisation.call_id == call.id,
            col(Organisation.id).in_(select(Juror.organisation_id).where(*seated)),
        )
        .order_by(col(CallOrganisation.position))
    ).all()
    return {
        "counted": True,
        "jurors": session.exec(select(func.count()).select_from(Juror).where(*seated)).one(),
        "organisations": list(organisations),
    }
