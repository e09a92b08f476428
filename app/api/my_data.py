"""One's own data, requests about it, and answers of which only sums are kept."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from app.api.bodies import Json
from app.api.paging import Listed, Paging
from app.privacy import requests
from app.privacy.copying import KeptData, kept_data
from app.privacy.desk import FullRequest, full_requests
from app.privacy.requests import AccountInput, OwnAccount, OwnRequest, own_account, own_request
from app.privacy.tallies import AboutYouInput, FullTally, answer_about_you, full_tallies
from app.web.actors import AsApplicant, AsCoordinator
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["data"])


class AccountBody(AccountInput):
    """How one is called and written to."""

    model_config = ConfigDict(extra="forbid")


class AboutYouBody(AboutYouInput):
    """Answers that belong to no application; each may be left out."""

    model_config = ConfigDict(extra="forbid")


class Tallies(BaseModel):
    """The sums, once `closed`: nothing is added any more."""

    closed: bool
    questions: list[FullTally]


@router.get("/my-data", name="api.my_data.show")
def show(session: Db, applicant: AsApplicant, now: Now) -> KeptData:
    """All that is kept about oneself."""
    return kept_data(session, applicant, now)


@router.put("/my-data/account", name="api.my_data.correct")
def correct(session: Db, applicant: AsApplicant, now: Now, given: Json[AccountBody]) -> OwnAccount:
    """Correct one's name and the language of one's mail."""
    requests.correct_account(session, applicant, given, now)
    session.flush()
    return own_account(session, applicant)


@router.post("/my-data/erasure", name="api.my_data.erase")
def erase(request: Request, session: Db, applicant: AsApplicant, now: Now) -> OwnRequest:
    """Ask to be erased: what was never sent goes at once, the rest within fifteen days. Asking again gives
    the same request."""
    years = request.state.settings.audit_years
    return own_request(requests.ask_erasure(session, applicant, years, now))


@router.delete("/my-data/erasure", name="api.my_data.keep", status_code=204)
def keep(session: Db, applicant: AsApplicant, now: Now) -> None:
    """Call the request off, until it is carried out."""
    requests.call_off_erasure(session, applicant, now)


@router.post("/applications/{ref}/about-you", name="api.applications.about_you", status_code=204)
def about_you(session: Db, applicant: AsApplicant, now: Now, ref: str, given: Json[AboutYouBody]) -> None:
    """Answer, once in a call and until reviewing opens, questions of which only sums are kept."""
    answer_about_you(session, applicant, ref, given, now)


@router.get("/calls/{call}/privacy", name="api.privacy.list")
def list_requests(session: Db, coordinator: AsCoordinator, now: Now, paging: Paging) -> Listed[FullRequest]:
    """Who waits to be erased, by reference."""
    found = full_requests(session, coordinator, now)
    return Listed(items=paging.of(found), total=len(found), limit=paging.limit, offset=paging.offset)


@router.post("/calls/{call}/privacy/{ref}", name="api.privacy.order", status_code=204)
def order(session: Db, coordinator: AsCoordinator, now: Now, ref: str) -> None:
    """Have such a request carried out now instead of on its due date; the job worker does it."""
    requests.order_erasure(session, coordinator, ref, now)


@router.get("/calls/{call}/tallies", name="api.privacy.tallies")
def tallies(session: Db, coordinator: AsCoordinator, now: Now) -> Tallies:
    """What was answered after sending, in sums of at least five people, once reviewing has opened."""
    found = full_tallies(session, coordinator, now)
    return Tallies(closed=found is not None, questions=found or [])
