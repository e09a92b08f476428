"""Files as an upload leaves them, rows and bytes: cleaned by the real rules, without a process of its own."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from app.applications.actions.filing import Clean, Uploaded, freeze_files
from app.calls.logos import NewLogo
from app.files.cleaning import CLEAN, PREVIEW, TEXT, Cleaned
from app.files.document import clean_document
from app.files.first_page import paint
from app.files.kinds import MediaType, media_type
from app.files.logo import clean_logo
from app.files.picture import clean_picture
from app.files.store import Store
from app.models.applications import Application, Packet, Sending
from app.models.files import ApplicationFile, FileKind
from app.models.people import Identity, OriginalFile
from app.models.redaction import ClearedPacket
from app.random_codes import random_code
from tests.files.made import marked_jpeg, marked_pdf
from tests.world import NOW, key


def cleaned(store: Store, kind: FileKind, data: bytes, name: str = "file") -> tuple[Uploaded, Clean]:
    """What an upload of these bytes would be, with its bytes in the store."""
    with store.workplace() as place:
        source = place / "upload"
        source.write_bytes(data)
        said: dict[str, Any] = (
            clean_picture(source, place) if kind is FileKind.PICTURE else clean_document(source, place)
        )
        found = media_type(data)
        assert found is not None
        said |= paint(place) if kind is FileKind.DOCUMENT else {}
        preview = store.put(place / PREVIEW)
        uploaded = Uploaded(name, found, store.put(source), len(data))
        return uploaded, Clean(_cleaned(place, kind, store.put(place / CLEAN), said), preview)


def _cleaned(place: Path, kind: FileKind, key: str, said: dict[str, Any]) -> Cleaned:
    text = place / TEXT
    return Cleaned(
        media_type=MediaType.JPEG if kind is FileKind.PICTURE else MediaType.PDF,
        clean=place / CLEAN,
        preview=None,
        size=(place / CLEAN).stat().st_size,
        sha256=key,
        width=int(said.get("width", 0)),
        height=int(said.get("height", 0)),
        pages=int(said.get("pages", 0)),
        text=text.read_text() if text.exists() else "",
    )


def keep_logo(store: Store) -> NewLogo:
    """A small logo whose bytes are in the store."""
    with store.workplace() as place:
        source = place / "upload"
        source.write_bytes(marked_jpeg("logo", orientation=1))
        said = clean_logo(source, place)
        size = (place / CLEAN).stat().st_size
        return NewLogo(store.put(place / CLEAN), size, said["width"], said["height"])


def attach(session: Session, store: Store, application: Application, person_id: int) -> None:
    """A picture and a plan in what this application has sent last."""
    keep(session, store, key(application), person_id, marked_pdf(), name="plan.pdf", title="The plan")
    keep(
        session, store, key(application), person_id, marked_jpeg(size=(640, 400), orientation=1),
        kind=FileKind.PICTURE, name="yard.jpg", title="The yard: no tree, two benches",
    )  # fmt: skip
    files, originals = freeze_files(session, key(application))
    sending = session.exec(
        select(Sending.id).where(
            Sending.application_id == application.id, Sending.number == application.counts_number
        )
    ).one()
    packet, identity = session.get_one(Packet, sending), session.get_one(Identity, sending)
    packet.files, identity.data = files, identity.data | {"files": originals}
    session.add_all([packet, identity])
    cleared = session.get(ClearedPacket, application.id)
    if cleared is not None:
        cleared.files = files
        session.add(cleared)
    session.flush()


def keep(
    session: Session,
    store: Store,
    application_id: int,
    person_id: int,
    data: bytes,
    *,
    kind: FileKind = FileKind.DOCUMENT,
    name: str = "file",
    title: str = "A plan",
    at: datetime = NOW,
) -> str:
    """A file of this application, whatever its state; gives its code."""
    uploaded, made = cleaned(store, kind, data, name)
    code = random_code()
    row = ApplicationFile(
        code=code, application_id=application_id, kind=kind, position=1, title=title,
        media_type=made.cleaned.media_type, sha256=made.cleaned.sha256, preview_sha256=made.preview_sha256,
        size=made.cleaned.size, width=made.cleaned.width, height=made.cleaned.height,
        pages=made.cleaned.pages, added_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    before = OriginalFile(
        file_id=key(row), name=name, media_type=uploaded.media_type, sha256=uploaded.sha256,
        size=uploaded.size, text=made.cleaned.text, added_by=person_id,
    )  # fmt: skip
    session.add(before)
    session.flush()
    return code
