"""One word or phrase for every status, role and choice that people see."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from app.messages.catalogue import N_, translations
from app.messages.words import PARTS
from app.models.applications import (
    Agreed,
    Channel,
    InvitationState,
    Likeness,
    Screened,
    Status,
    TeamRole,
)
from app.models.calls import CallKind, Phase
from app.models.decisions import FactualOutcome
from app.models.events import AttendeeState, CheckItem, FinalistState, Scene, SegmentKind
from app.models.files import FileKind
from app.models.meeting import Outcome
from app.models.panel import PanelRole, RequestKind, RequestState, SeatState
from app.models.phases import Step
from app.models.privacy import PrivacyKind
from app.models.proof import ProofState
from app.models.public import CorrectedPart, DeliveryState, HookEvent
from app.models.reviews import Confidence, ReviewState, Tie, TieGround
from app.models.screening import FlagKind
from app.scoring.methods import Method
from app.scoring.shares import Split

ENUMS: dict[type[StrEnum], dict[StrEnum, str]] = {
    FactualOutcome: {
        FactualOutcome.CORRECTED: N_("The record was corrected"),
        FactualOutcome.STANDS: N_("What was said stands"),
    },
    ProofState: {
        ProofState.RUNNING: N_("under way"),
        ProofState.DONE: N_("check done"),
        ProofState.FAILED: N_("could not be finished"),
    },
    Status: {
        Status.DRAFT: N_("Draft, not sent"),
        Status.SENT: N_("Sent"),
        Status.IN_REVIEW: N_("Being scored"),
        Status.AWARDED: N_("Awarded"),
        Status.NOT_SELECTED: N_("Not selected"),
        Status.WITHDRAWN: N_("Withdrawn"),
        Status.REFUSED: N_("Cannot take part"),
    },
    CallKind: {CallKind.GRANT: N_("Grants"), CallKind.SELECTION: N_("Places, no money")},
    Phase: {
        Phase.PREPARING: N_("Being prepared"),
        Phase.SCHEDULED: N_("Opens soon"),
        Phase.OPEN: N_("Open"),
        Phase.GRACE: N_("Closing"),
        Phase.CLOSED: N_("Closed"),
        Phase.REVIEWING: N_("Being scored"),
        Phase.REVIEWED: N_("Scored"),
        Phase.DECIDED: N_("Decided"),
        Phase.PUBLISHED: N_("Results published"),
        Phase.CANCELLED: N_("Cancelled"),
    },
    Scene: {
        Scene.CURTAIN: N_("The curtain"),
        Scene.TITLE: N_("The team's title"),
        Scene.TIMER: N_("The pitch, with its clock"),
        Scene.QUESTIONS: N_("Questions, with their clock"),
        Scene.THANKS: N_("Thanks to the team"),
        Scene.SCORING: N_("The jury is scoring"),
        Scene.WINNER: N_("The last revealed winner"),
        Scene.BOARD: N_("All revealed winners"),
    },
    FileKind: {FileKind.PICTURE: N_("Picture"), FileKind.DOCUMENT: N_("Document")},
    PrivacyKind: {
        PrivacyKind.EXPORT: N_("A copy of my data"),
        PrivacyKind.CORRECT: N_("A correction of my account"),
        PrivacyKind.ERASE: N_("Erasing my data"),
    },
    PanelRole: {
        PanelRole.COORDINATOR: N_("Coordinator"),
        PanelRole.REVIEWER: N_("Reviewer"),
        PanelRole.CONTACT: N_("Contact of an organisation"),
    },
    SeatState: {
        SeatState.PROPOSED: N_("Proposed, not invited"),
        SeatState.INVITED: N_("Invited, not answered"),
        SeatState.ACCEPTED: N_("Has accepted"),
        SeatState.DECLINED: N_("Declined"),
    },
    RequestKind: {
        RequestKind.MORE_TIME: N_("More time"),
        RequestKind.GIVE_BACK: N_("Give applications back"),
    },
    RequestState: {
        RequestState.OPEN: N_("Waits for the coordinator"),
        RequestState.GRANTED: N_("Granted"),
        RequestState.REFUSED: N_("Not granted"),
        RequestState.TAKEN_BACK: N_("Taken back"),
    },
    TeamRole: {
        TeamRole.OWNER: N_("Owner"),
        TeamRole.EDITOR: N_("Can edit"),
        TeamRole.READER: N_("Can read"),
    },
    InvitationState: {
        InvitationState.PENDING: N_("Not answered yet"),
        InvitationState.ACCEPTED: N_("In the team"),
        InvitationState.DECLINED: N_("Declined"),
    },
    Channel: {
        Channel.PAPER: N_("On paper"),
        Channel.PHONE: N_("By telephone"),
        Channel.IN_PERSON: N_("In person"),
    },
    Agreed: {Agreed.SIGNED: N_("Signed on paper"), Agreed.SPOKEN: N_("Said aloud")},
    Step: {Step.REVIEWING: N_("Open reviewing"), Step.DISCUSSION: N_("Open the discussion")},
    ReviewState: {ReviewState.DRAFT: N_("Draft"), ReviewState.SENT: N_("Sent")},
    TieGround: {
        TieGround.DECLARED: N_("Declared by the person"),
        TieGround.PINNED: N_("Recorded by a coordinator"),
        TieGround.ORGANISATION: N_("The application names a link with"),
        TieGround.DOMAIN: N_("E-mail of the same organisation"),
        TieGround.NAME: N_("The same name in the application"),
    },
    Tie: {
        Tie.NONE: N_("No tie"),
        Tie.MAY_RECOGNISE: N_("I may recognise it"),
        Tie.TIE: N_("I have a tie"),
    },
    Confidence: {
        Confidence.LOW: N_("Not very"),
        Confidence.MEDIUM: N_("Fairly"),
        Confidence.HIGH: N_("Very"),
    },
}

CHOICES: dict[str, dict[str, str]] = {name: words for part in PARTS for name, words in part.CHOICES.items()}
"""Words for the codes of a choice list that is not an enum of the database: list name -> code -> words."""

ENUMS |= {
    kind: {each: CHOICES[name][each] for each in kind}
    for kind, name in (
        (Screened, "screening_act"),
        (FlagKind, "flag_kind"),
        (Likeness, "likeness"),
        (Method, "method"),
        (Outcome, "panel_outcome"),
        (Split, "split"),
        (CorrectedPart, "corrected_part"),
        (HookEvent, "hook_sent"),
        (DeliveryState, "hook_state"),
        (FinalistState, "finalist_state"),
        (SegmentKind, "segment_kind"),
        (CheckItem, "check_item"),
        (AttendeeState, "attendee_state"),
    )
}


def label(language: str, word: StrEnum) -> str:
    """What people read for a status, role or other word of the database."""
    return translations(language).ugettext(ENUMS[type(word)][word])


@cache
def choices(language: str, name: str) -> Mapping[str, str]:
    """Code -> words of a choice list, in the order it is shown."""
    gettext = translations(language).ugettext
    return MappingProxyType({code: gettext(words) for code, words in CHOICES[name].items()})
