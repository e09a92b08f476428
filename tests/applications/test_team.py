"""Teams: inviting by mail, joining, roles, leaving; who is at work where, and taking a section over."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.accounts.housekeeping import forget_expired
from app.accounts.mailbox import newest_mail
from app.applications import actions
from app.applications.actions import ConsentInput, InviteInput, RoleInput
from app.applications.actions.starting import MOST_DRAFTS
from app.applications.own import own_application, own_consents
from app.applications.own_team import Answer, invited_to, own_team
from app.applications.own_versions import own_versions
from app.applications.presence import AT_WORK, holder_of, others_present
from app.applications.refusals import (
    InvitationElsewhere,
    InvitationOver,
    OnThePanel,
    OwnerOnly,
    OwnerStays,
    ReadOnly,
    TeamClosed,
    TeamFull,
)
from app.calls.inputs import MemberInput
from app.calls.panel import add_member, remove_member
from app.database import session_on
from app.errors import DomainError, Invalid, NotFound, Stale, TooMany
from app.jobs.worker import send_due
from app.models.applications import TeamRole
from app.models.outbox import Mail
from app.models.panel import PanelRole
from app.models.people import Applicant as ApplicantRow
from app.models.people import Consent, Invitation, Person, Presence
from app.privacy.copying import kept_data
from app.settings import Settings
from tests.applications.steps import AGREED, begin, send, write
from tests.applications.typed import BRIEF, GRANT
from tests.world import CLOSES, NOW, World

HOUR = timedelta(hours=1)
ADA, BEN = "ada.canary@example.org", "ben.canary@example.org"
KEY = re.compile(r"/(kk|ru|en)/invitations/(\S+)")


def asked(email: str = BEN, role: str = "editor", language: str = "en") -> InviteInput:
    return InviteInput.model_validate({"email": email, "role": role, "language": language})


class Team:
    """Ada's draft, and how others come into it."""

    def __init__(self, engine: Engine, settings: Settings, world: World) -> None:
        self.engine, self.settings, self.world = engine, settings, world
        self.secret = settings.secret_key.get_secret_value()
        self.ada, self.ben, self.zoe = (world.applicant(name) for name in ("ada", "ben", "zoe"))
        self.ref = self.do(lambda session: begin(session, self.ada))

    def do(self, act: Callable[[Session], object]) -> str:
        with session_on(self.engine) as session, session.begin():
            return str(act(session))

    def invite(self, **how: str) -> str:
        return self.do(lambda session: actions.invite(session, self.ada, self.ref, asked(**how), NOW))

    def letters(self, email: str = BEN) -> list[str]:
        send_due(self.engine, self.settings, NOW)
        with session_on(self.engine, reading=True) as session:
            return [f"{each.subject}\n{each.body}" for each in newest_mail(session, email)]

    def key(self, email: str = BEN) -> str:
        found = KEY.search(self.letters(email)[0])
        assert found
        return found[2]

    def join(self, name: str = "ben", role: str = "editor") -> str:
        """Somebody is invited and accepts; the code of the membership."""
        email = f"{name}.canary@example.org"
        self.invite(email=email, role=role)
        self.accept(self.world.applicant(name), self.key(email))
        with session_on(self.engine, reading=True) as session:
            team = own_team(session, self.world.applicant(name), self.ref, NOW)
        return next(each.code for each in team.members if each.me)

    def accept(self, who: Applicant, key: str, given: ConsentInput = AGREED) -> None:
        self.do(
            lambda session: actions.accept(
                session, who, key, given, secret=self.secret, language="en", now=NOW
            )
        )

    def refuses(self, refusal: type[DomainError], act: Callable[[Session], object]) -> DomainError:
        with pytest.raises(refusal) as raised, session_on(self.engine) as session, session.begin():
            act(session)
        return raised.value

    def present(self, who: Applicant, now: object = NOW) -> list[tuple[str, str]]:
        with session_on(self.engine, reading=True) as session:
            found = others_present(session, who, self.ref, now)  # type: ignore[arg-type]
        return [(each.name, each.section) for each in found]

    def holder(self, who: Applicant, section: str, now: object = NOW) -> str:
        with session_on(self.engine, reading=True) as session:
            found = holder_of(session, who, self.ref, section, now)  # type: ignore[arg-type]
        return found.name if found else ""


@pytest.fixture
def team(engine: Engine, settings: Settings, world: World) -> Team:
    return Team(engine, settings, world)


def test_an_invitation_is_mailed_accepted_once_and_by_the_invited_account_alone(team: Team) -> None:
    team.do(lambda session: write(session, team.ada, team.ref, {"brief": BRIEF}))
    team.invite(role="reader", language="kk")
    (letter,) = team.letters()
    assert "Ada Canaryname" in letter and BRIEF["title"] in letter and "/kk/invitations/" in letter
    key = team.key()
    with session_on(team.engine, reading=True) as session:
        shown = invited_to(session, team.ben, key, team.secret, NOW)
        assert (shown.title, shown.inviter, shown.role) == (BRIEF["title"], "Ada Canaryname", "reader")
        stored = session.exec(select(Invitation)).one()
        assert key.partition("-")[2] not in repr(stored), "the key is in the mail alone"
    team.refuses(InvitationElsewhere, lambda session: invited_to(session, team.zoe, key, team.secret, NOW))
    for wrong in (key[:-1] + ("0" if key[-1] != "0" else "1"), key.partition("-")[0], "", "x-\u0449"):
        team.refuses(NotFound, partial(invited_to, who=team.ben, key=wrong, secret=team.secret, now=NOW))
    missing = team.refuses(
        Invalid,
        lambda session: actions.accept(
            session, team.ben, key, ConsentInput(processing=True), secret=team.secret, language="en", now=NOW
        ),
    )
    assert isinstance(missing, Invalid) and set(missing.fields) == {"publication"}
    team.refuses(NotFound, lambda session: own_application(session, team.ben, team.ref, NOW))
    team.accept(team.ben, key)
    (told,) = team.letters(ADA)
    assert "Ben Canaryname" in told and f"/en/apply/{team.ref}/people" in told
    with session_on(team.engine, reading=True) as session:
        own = own_application(session, team.ben, team.ref, NOW)
        assert (own.role, own.members, own.writable, own.receives) == (TeamRole.READER, 2, False, True)
        consents = own_consents(session, team.ben, team.ref, NOW).consents
        assert [each.kind for each in consents if each.given_at] == ["processing", "publication"]
        assert invited_to(session, team.ben, key, team.secret, NOW).joined == team.ref
    again = (team.ben, key, AGREED)
    team.refuses(
        InvitationOver,
        lambda session: actions.accept(session, *again, secret=team.secret, language="en", now=NOW),
    )
    team.refuses(
        ReadOnly,
        lambda session: actions.save_section(session, team.ben, team.ref, "brief", {}, version=2, now=NOW),
    )


def test_sending_again_ends_the_old_link_and_taking_back_all(team: Team) -> None:
    code = team.invite()
    old = team.key()
    team.do(lambda session: actions.invite_again(session, team.ada, team.ref, code, NOW + HOUR))
    send_due(team.engine, team.settings, NOW + HOUR)
    fresh = team.key()
    assert fresh != old
    team.refuses(NotFound, lambda session: invited_to(session, team.ben, old, team.secret, NOW))
    late = NOW + timedelta(days=15)
    team.refuses(InvitationOver, lambda session: invited_to(session, team.ben, fresh, team.secret, late))
    team.do(lambda session: actions.call_off(session, team.ada, team.ref, code, NOW))
    team.refuses(NotFound, lambda session: invited_to(session, team.ben, fresh, team.secret, NOW))
    with session_on(team.engine, reading=True) as session:
        assert session.exec(select(Mail).where(Mail.template == "team_invitation")).all() == []
        assert own_team(session, team.ada, team.ref, NOW).invitations == []


def test_declining_is_shown_and_final(team: Team) -> None:
    code = team.invite()
    key = team.key()
    team.do(lambda session: actions.decline(session, team.ben, key, secret=team.secret, now=NOW))
    with session_on(team.engine, reading=True) as session:
        (shown,) = own_team(session, team.ada, team.ref, NOW).invitations
    assert (shown.email, shown.answer) == (BEN, Answer.DECLINED)
    refusal = team.refuses(Invalid, lambda session: actions.invite(session, team.ada, team.ref, asked(), NOW))
    assert isinstance(refusal, Invalid) and refusal.fields == {"email": ("team.has_declined", {})}
    team.refuses(InvitationOver, lambda session: actions.invite_again(session, team.ada, team.ref, code, NOW))
    (told,) = team.letters(ADA)
    assert "An invitation to your team was declined" in told and BEN not in told, "it is kept; no address is"
    team.do(lambda session: forget_expired(session, NOW + timedelta(days=45)))
    with session_on(team.engine, reading=True) as session:
        assert session.exec(select(Invitation)).all() == []


def test_whoever_scores_or_runs_the_call_is_invited_like_a_stranger_and_hears_nothing(team: Team) -> None:
    """The owner's side reads the same for both, and no mail names the people to a reviewer."""
    emails = ("rita.canary@example.org", "cora.canary@example.org", "nobody@example.org")
    for email in emails:
        team.invite(email=email)
    assert [len(team.letters(email)) for email in emails] == [0, 0, 1]
    with session_on(team.engine, reading=True) as session:
        seen = own_team(session, team.ada, team.ref, NOW).invitations
    assert {(each.answer, each.role, each.expires_at) for each in seen} == {
        (Answer.PENDING, TeamRole.EDITOR, seen[0].expires_at)
    }


def test_whoever_joins_the_panel_meanwhile_cannot_accept_and_a_member_of_a_team_not_join_it(
    team: Team,
) -> None:
    cora = team.world.coordinator()
    team.invite()
    key = team.key()
    reviewer = MemberInput(email=BEN, role=PanelRole.REVIEWER, organisation="BC")
    member = team.do(lambda session: add_member(session, cora, reviewer, NOW))
    for act in (
        lambda session: invited_to(session, team.ben, key, team.secret, NOW),
        lambda session: actions.accept(
            session, team.ben, key, AGREED, secret=team.secret, language="en", now=NOW
        ),
        lambda session: actions.decline(session, team.ben, key, secret=team.secret, now=NOW),
    ):
        team.refuses(OnThePanel, act)
    team.do(lambda session: remove_member(session, cora, member, NOW))
    team.accept(team.ben, key)
    refusal = team.refuses(Invalid, lambda session: add_member(session, cora, reviewer, NOW))
    assert isinstance(refusal, Invalid) and refusal.fields == {"email": ("panel.applies", {})}


def test_invitations_are_few_and_only_while_something_can_be_written(team: Team) -> None:
    for number in range(8):
        team.invite(email=f"n{number}@example.org")
    team.refuses(TeamFull, lambda session: actions.invite(session, team.ada, team.ref, asked(), NOW))
    known = team.refuses(
        Invalid, lambda session: actions.invite(session, team.ada, team.ref, asked("n1@example.org"), NOW)
    )
    mine = team.refuses(
        Invalid,
        lambda session: actions.invite(session, team.ada, team.ref, asked("ada.canary@example.org"), NOW),
    )
    assert isinstance(known, Invalid) and known.fields == {"email": ("team.is_invited", {})}
    assert isinstance(mine, Invalid) and mine.fields == {"email": ("team.is_member", {})}
    with session_on(team.engine, reading=True) as session:
        code = own_team(session, team.ada, team.ref, NOW).invitations[0].code
    for _ in range(2):
        team.do(lambda session: actions.invite_again(session, team.ada, team.ref, code, NOW))
    team.refuses(TooMany, lambda session: actions.invite_again(session, team.ada, team.ref, code, NOW))
    late = CLOSES + HOUR
    team.refuses(TeamClosed, lambda session: actions.invite(session, team.ada, team.ref, asked(), late))


def test_one_person_writes_to_twenty_addresses_a_day(team: Team) -> None:
    refs = [team.ref, *(team.do(lambda session: begin(session, team.ada)) for _ in range(2))]
    for number in range(20):
        ref = refs[number // 8]
        team.do(
            lambda session, ref=ref, number=number: actions.invite(  # type: ignore[misc]
                session, team.ada, ref, asked(f"n{number}@example.org"), NOW
            )
        )
    team.refuses(TooMany, lambda session: actions.invite(session, team.ada, refs[2], asked(), NOW))
    team.do(lambda session: actions.invite(session, team.ada, refs[2], asked(), NOW + timedelta(hours=25)))


def test_words_that_could_lead_elsewhere_stay_out_of_the_mail(team: Team) -> None:
    team.do(lambda session: write(session, team.ada, team.ref, {"brief": {"title": "Win at evil.example/x"}}))

    def rename(session: Session) -> None:
        person = session.exec(select(Person).where(col(Person.id) == team.ada.person_id)).one()
        person.name = "http://evil"
        session.add(person)

    team.do(rename)
    team.invite()
    (letter,) = team.letters()
    assert "evil" not in letter and "ada.canary@example.org" in letter


def test_only_the_owner_decides_and_an_owner_stays(team: Team) -> None:
    mate = team.join()
    with session_on(team.engine, reading=True) as session:
        seen = own_team(session, team.ben, team.ref, NOW)
        owner = next(each for each in seen.members if each.role is TeamRole.OWNER)
        assert (owner.email, seen.invitations) == ("", []), "an address is the owner's to know"
    reader = RoleInput(role="reader")
    for act in (
        lambda session: actions.invite(session, team.ben, team.ref, asked("x@example.org"), NOW),
        lambda session: actions.remove_member(session, team.ben, team.ref, owner.code, now=NOW),
        lambda session: actions.hand_over(session, team.ben, team.ref, mate, version=1, now=NOW),
        lambda session: actions.change_role(
            session, team.ben, team.ref, owner.code, reader, version=1, now=NOW
        ),
    ):
        team.refuses(OwnerOnly, act)
    team.refuses(OwnerStays, lambda session: actions.leave_team(session, team.ada, team.ref, NOW))
    team.refuses(
        Stale,
        lambda session: actions.change_role(session, team.ada, team.ref, mate, reader, version=7, now=NOW),
    )
    team.do(
        lambda session: actions.change_role(session, team.ada, team.ref, mate, reader, version=1, now=NOW)
    )
    team.do(lambda session: actions.hand_over(session, team.ada, team.ref, mate, version=2, now=NOW))
    with session_on(team.engine, reading=True) as session:
        roles = {each.name: each.role for each in own_team(session, team.ben, team.ref, NOW).members}
    assert roles == {"Ada Canaryname": TeamRole.EDITOR, "Ben Canaryname": TeamRole.OWNER}
    team.do(lambda session: actions.leave_team(session, team.ada, team.ref, NOW))
    team.refuses(NotFound, lambda session: own_application(session, team.ada, team.ref, NOW))


def test_a_removed_member_finds_nothing_and_the_consents_end(team: Team) -> None:
    mate = team.join()
    key = team.key()
    team.do(lambda session: actions.attend(session, team.ben, team.ref, "brief", NOW))
    team.do(lambda session: actions.remove_member(session, team.ada, team.ref, mate, now=NOW))
    for act in (
        lambda session: own_application(session, team.ben, team.ref, NOW),
        lambda session: actions.save_section(session, team.ben, team.ref, "brief", {}, version=1, now=NOW),
        lambda session: actions.attend(session, team.ben, team.ref, "brief", NOW),
        lambda session: actions.take_over(session, team.ben, team.ref, "brief", NOW),
        lambda session: actions.restore_version(session, team.ben, team.ref, "brief", 1, version=1, now=NOW),
        lambda session: invited_to(session, team.ben, key, team.secret, NOW),
    ):
        team.refuses(NotFound, act)
    with session_on(team.engine, reading=True) as session:
        said = session.exec(select(Consent).where(Consent.person_id == team.ben.person_id)).all()
        assert [each.withdrawn_at for each in said] == [NOW, NOW]
        assert session.exec(select(Presence)).all() == []
    assert team.present(team.ada) == []
    team.invite()  # who was removed can be asked again


def test_presence_comes_from_open_pages_and_from_saves_and_fades(team: Team) -> None:
    team.join()
    assert team.present(team.ada) == []
    team.do(lambda session: actions.attend(session, team.ben, team.ref, "budget", NOW))
    assert team.present(team.ada) == [("Ben Canaryname", "budget")]
    assert team.present(team.ben) == []
    later = NOW + timedelta(minutes=1)
    team.do(
        lambda session: actions.save_section(
            session, team.ben, team.ref, "team", {"given_name": "B"}, version=1, now=later
        )
    )
    assert team.present(team.ada, later) == [("Ben Canaryname", "team")]
    assert team.present(team.ada, later + AT_WORK) == []
    team.do(lambda session: forget_expired(session, NOW + timedelta(days=2)))
    with session_on(team.engine, reading=True) as session:
        assert session.exec(select(Presence)).all() == []


def test_the_first_has_a_section_until_it_is_taken_over_or_left_alone(team: Team) -> None:
    team.join()
    minute = timedelta(minutes=1)
    at = [NOW + number * minute for number in range(20)]
    team.do(lambda session: write(session, team.ben, team.ref, {"brief": BRIEF}, at[0]))
    assert team.holder(team.ada, "brief", at[1]) == "Ben Canaryname", "by a save, without JavaScript"
    team.do(lambda session: actions.attend(session, team.ben, team.ref, "brief", at[1]))
    team.do(lambda session: actions.attend(session, team.ada, team.ref, "brief", at[2]))
    assert team.holder(team.ada, "brief", at[2]) == "Ben Canaryname"
    assert team.holder(team.ben, "brief", at[2]) == "", "it is Ben's"
    team.do(lambda session: actions.take_over(session, team.ada, team.ref, "brief", at[3]))
    team.do(lambda session: actions.attend(session, team.ben, team.ref, "brief", at[4]))
    assert team.holder(team.ada, "brief", at[4]) == ""
    assert team.holder(team.ben, "brief", at[4]) == "Ada Canaryname"
    with session_on(team.engine, reading=True) as session:
        kept = own_versions(session, team.ada, team.ref, "brief", at[4]).versions
    assert [(each.number, each.by, each.data["title"]) for each in kept] == [
        (2, "Ben Canaryname", BRIEF["title"])
    ]
    # Taking over locks nothing: Ben's save goes through, and it is Ada's that meets both texts.
    theirs = {"title": "Ben writes on, and nobody stops him"}
    team.do(
        lambda session: actions.save_section(
            session, team.ben, team.ref, "brief", theirs, version=2, now=at[5]
        )
    )
    team.refuses(
        Stale,
        lambda session: actions.save_section(
            session, team.ada, team.ref, "brief", {"title": "Ada's title"}, version=2, now=at[6]
        ),
    )
    assert team.holder(team.ada, "brief", at[9]) == "Ben Canaryname", "Ada was silent for five minutes"


def test_the_owner_hears_once_a_day_that_a_teammate_completed_a_section(team: Team) -> None:
    team.join()

    def save(who: Applicant, given: dict[str, object], version: int) -> None:
        team.do(
            lambda session: actions.save_section(
                session, who, team.ref, "brief", given, version=version, now=NOW, whole=True
            )
        )

    def queued() -> int:
        with session_on(team.engine, reading=True) as session:
            return len(session.exec(select(Mail).where(Mail.template == "section_completed")).all())

    save(team.ben, {"title": "Only a title"}, 1)
    assert queued() == 0
    save(team.ben, BRIEF, 2)
    assert queued() == 1
    (letter,) = [each for each in team.letters("ada.canary@example.org") if "Section completed" in each]
    assert "Ben Canaryname" in letter and "/reminders?ref=" in letter
    save(team.ben, {"title": "Only a title"}, 3)
    save(team.ben, BRIEF, 4)
    assert queued() == 1
    team.do(
        lambda session: actions.save_section(
            session, team.ada, team.ref, "need", GRANT["need"], version=1, now=NOW
        )
    )
    assert queued() == 1, "what owners complete they know"


def test_everybody_of_a_team_gets_the_receipt(team: Team) -> None:
    team.join()
    team.do(lambda session: write(session, team.ada, team.ref))
    team.do(lambda session: send(session, team.ada, team.ref))
    for email in (BEN, "ada.canary@example.org"):
        assert any(f"{team.ref}/1" in each for each in team.letters(email))


def test_a_copy_of_ones_data_says_who_invited_whom_but_not_to_whoever_scores(team: Team) -> None:
    team.join()
    team.invite(email="rita.canary@example.org")
    with session_on(team.engine, reading=True) as session:
        ada, ben, rita = (
            kept_data(session, team.world.applicant(name), NOW) for name in ("ada", "ben", "rita")
        )
    assert [(each.call, each.state) for each in ben.invitations] == [("2026", "accepted")]
    assert [each.email for each in ada.invited] == [BEN, "rita.canary@example.org"]
    assert (rita.invitations, ben.invited) == ([], [])


def test_other_peoples_drafts_do_not_count_among_ones_own(team: Team) -> None:
    team.join()
    for _ in range(MOST_DRAFTS):
        team.do(lambda session: begin(session, team.ben))


def test_a_deleted_draft_takes_its_team_along(team: Team) -> None:
    team.join()
    team.invite(email="zoe.canary@example.org")
    team.do(lambda session: actions.attend(session, team.ben, team.ref, "brief", NOW))
    team.do(lambda session: actions.delete_draft(session, team.ada, team.ref, NOW))
    with session_on(team.engine, reading=True) as session:
        for table in (ApplicantRow, Invitation, Presence):
            assert session.exec(select(table)).all() == []
