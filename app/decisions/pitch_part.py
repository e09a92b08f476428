"""What the protocol says of the pitches of a round: the run that stands, as it was stored."""

import json
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.decisions.canonical import canonical
from app.decisions.protocol_file import PitchPart
from app.models.calls import AwardRound
from app.models.jury import PitchEntry, PitchRun
from app.models.keys import key_of


def pitch_parts(session: Session, pots: Sequence[AwardRound]) -> dict[str, PitchPart]:
    """Code of a round -> its pitches, of those that go by an order of their own."""
    found: dict[str, PitchPart] = {}
    for pot in pots:
        if pot.pitch_weight is None:
            continue
        stands = select(PitchEntry.application_id).where(PitchEntry.round_id == key_of(pot.id)).limit(1)
        if session.exec(stands).first() is None:
            continue
        run = session.exec(
            select(PitchRun).where(PitchRun.round_id == pot.id).order_by(col(PitchRun.number).desc()).limit(1)
        ).one()
        document = json.loads(run.document)
        found[pot.code] = PitchPart.model_validate_json(
            canonical({**document, "input_sha256": run.input_hash})
        )
    return found
