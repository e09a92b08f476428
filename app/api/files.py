"""Files: adding, describing and removing one's own; reading those of an application to be scored or run.

A file is the body itself, whatever its `Content-Type` says: what it is is told by its content.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tagging
from app.applications import full
from app.applications.actions.filing import (
    LONGEST_NAME,
    change_title,
    check_room,
    remove_file,
    title_problem,
)
from app.applications.own import own_files
from app.applications.own_cleared import own_read_file
from app.applications.own_files import own_file
from app.applications.own_models import OwnFile
from app.applications.readable import number_of
from app.database import session_on
from app.errors import Invalid, NotFound
from app.models.files import FileKind
from app.reviews.queries import file_in_hand
from app.web.actors import AsApplicant, AsCoordinator, AsReviewer, AsUploader
from app.web.clock import Now
from app.web.downloads import sent
from app.web.session import Db
from app.web.uploads import check_length, incoming, keep_file, reading

router = APIRouter(tags=["files"])

_BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
TAKES_A_FILE: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}
}
SENDS_A_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/pdf": _BINARY, "image/jpeg": _BINARY}}
}
SENDS_AN_UPLOAD: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": dict.fromkeys(
            ("application/pdf", "image/jpeg", "image/png", "image/webp", "image/heic"), _BINARY
        )
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What both ways to add a file take beside its bytes."""

    request: Request
    found_at: Locating
    applicant: AsUploader
    now: Now
    ref: str
    title: Annotated[
        str, Query(max_length=250, description="What it shows, in a few words without names.")
    ] = ""
    name: Annotated[str, Query(max_length=LONGEST_NAME, description="What it is called.")] = ""
    replaces: Annotated[
        str, Query(max_length=20, description="The code of the file that this one replaces.")
    ] = ""


Uploading = Annotated[Upload, Depends()]


class TitleInput(BaseModel):
    """What a file shows: read to people who cannot see a picture, and the title of a document."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=250)]


@router.get("/applications/{ref}/files", name="api.files.list")
def list_files(session: Db, applicant: AsApplicant, now: Now, ref: str, paging: Paging) -> Listed[OwnFile]:
    """The files of one's own application as it is written now, in the order in which they are read."""
    files = own_files(session, applicant, ref, now).files
    return Listed(items=paging.of(files), total=len(files), limit=paging.limit, offset=paging.offset)


@router.post(
    "/applications/{ref}/uploads/picture",
    name="api.files.add_picture",
    status_code=201,
    openapi_extra=TAKES_A_FILE,
)
async def add_picture(upload: Uploading) -> OwnFile:
    """Add a picture: JPEG, PNG, WebP or HEIC, at most 10 MB. Its points are painted anew, and all else is
    left behind. The same bytes again are the same file; 413 for more, 422 with the reason for what cannot
    be cleaned."""
    return await _added(upload, FileKind.PICTURE)


@router.post(
    "/applications/{ref}/uploads/document",
    name="api.files.add_document",
    status_code=201,
    openapi_extra=TAKES_A_FILE,
)
async def add_document(upload: Uploading) -> OwnFile:
    """Add a PDF, at most 10 MB and 60 pages. It is built anew from what its pages draw. The same bytes again
    are the same file; 413 for more, 422 with the reason for what cannot be cleaned."""
    return await _added(upload, FileKind.DOCUMENT)


async def _added(upload: Upload, kind: FileKind) -> OwnFile:
    request, applicant, ref, now = upload.request, upload.applicant, upload.ref, upload.now
    title = upload.title.replace("\x00", "")
    wrong = title_problem(kind, title)
    await reading(request, lambda session: check_room(session, applicant, ref, kind, now, upload.replaces))
    if wrong:
        raise Invalid({"title": wrong})
    check_length(request)
    async with incoming(request) as got:
        got.name = upload.name or got.name
        code = await keep_file(request, applicant, ref, kind, title, got, now, replaces=upload.replaces)
    upload.found_at("api.files.open", ref=ref, file=code)
    return await reading(request, lambda session: _one(own_files(session, applicant, ref, now).files, code))


def _one(files: list[OwnFile], code: str) -> OwnFile:
    found = next((file for file in files if file.code == code), None)
    if found is None:
        raise NotFound
    return found


@router.get(
    "/applications/{ref}/files/{file}",
    name="api.files.open",
    response_class=Response,
    responses=SENDS_A_FILE,
)
def open_file(request: Request, session: Db, applicant: AsApplicant, ref: str, file: str) -> Response:
    """The cleaned copy of one's own file, which is what reviewers get. 409 while its bytes cannot be read."""
    return sent(request.state.store, own_file(session, applicant, ref, file))


@router.get(
    "/applications/{ref}/files/{file}/original",
    name="api.files.original",
    response_class=Response,
    responses=SENDS_AN_UPLOAD,
)
def open_original(request: Request, session: Db, applicant: AsApplicant, ref: str, file: str) -> Response:
    """One's own file as it was uploaded. 409 while its bytes cannot be read."""
    return sent(request.state.store, own_file(session, applicant, ref, file, original=True))


@router.get(
    "/applications/{ref}/files/{file}/as-read",
    name="api.files.as_read",
    response_class=Response,
    responses=SENDS_A_FILE,
)
def open_as_read(request: Request, session: Db, applicant: AsApplicant, ref: str, file: str) -> Response:
    """One's own file as reviewers get it, perhaps blurred or in other words: 404 before a coordinator has
    cleared it, and where they do not get it. 409 while its bytes cannot be read."""
    return sent(request.state.store, own_read_file(session, applicant, ref, file))


@router.patch("/applications/{ref}/files/{file}", name="api.files.change")
def change_file(
    tag: Tagging,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    file: str,
    given: Json[TitleInput],
    version: IfMatch,
) -> OwnFile:
    """Say what a file shows. Its `version` in the list is what If-Match must name."""
    change_title(session, applicant, ref, file, given.title, version=version, now=now)
    session.flush()
    changed = _one(own_files(session, applicant, ref, now).files, file)
    tag(changed.version)
    return changed


@router.delete("/applications/{ref}/files/{file}", name="api.files.remove", status_code=204)
def delete_file(session: Db, applicant: AsApplicant, now: Now, ref: str, file: str) -> None:
    """Take a file out of the draft. What was sent with it keeps it."""
    remove_file(session, applicant, ref, file, now)


@router.get(
    "/calls/{call}/reviews/{code}/files/{number}",
    name="api.reviews.file",
    response_class=Response,
    responses=SENDS_A_FILE,
)
def open_packet_file(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, code: str, number: str
) -> Response:
    """A cleaned copy of a file of an application that one scores, while its text may be read. 409 while its
    bytes cannot be."""
    return sent(request.state.store, file_in_hand(session, reviewer, code, number_of(number), now))


@router.get(
    "/calls/{call}/applications/{ref}/files/{number}",
    name="api.desk.file",
    response_class=Response,
    responses=SENDS_A_FILE,
)
def open_sent_file(
    request: Request, session: Db, coordinator: AsCoordinator, ref: str, number: str
) -> Response:
    """A file of what counts, cleaned, as reviewers get it. 409 while its bytes cannot be read."""
    return sent(request.state.store, full.clean_file(session, coordinator, ref, number_of(number)))


@router.get(
    "/calls/{call}/applications/{ref}/files/{number}/original",
    name="api.desk.original",
    response_class=Response,
    responses=SENDS_AN_UPLOAD,
)
def open_sent_original(
    request: Request, coordinator: AsCoordinator, now: Now, ref: str, number: str
) -> Response:
    """The same file as it was uploaded; each reading is written into the log. 409 while its bytes cannot be
    read."""
    with session_on(request.state.engine) as own, own.begin():
        found = full.original_file(own, coordinator, ref, number_of(number), now)
    return sent(request.state.store, found)
