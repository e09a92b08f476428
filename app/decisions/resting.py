"""What rests on the order, and keeps it as it is: whoever asks for it asks the same."""

from sqlalchemy import exists
from sqlmodel import col

from app.models.applications import Application
from app.models.calls import AwardRound, Call
from app.models.decisions import Award
from app.models.events import Finalist

AWARDED = (
    exists()
    .where(col(Award.application_id) == col(Application.id), col(Application.call_id) == col(Call.id))
    .correlate(Call)
)
"""Of a call: somebody is awarded by it."""
INVITED = (
    exists()
    .where(col(Finalist.round_id) == col(AwardRound.id), col(AwardRound.call_id) == col(Call.id))
    .correlate(Call)
)
"""Of a call: somebody is invited to pitch by it."""
