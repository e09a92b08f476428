"""Pictures and documents for a few of the demo's proposals: drawn here, the same bytes each time."""

import io
import json
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any

import typst
from PIL import Image, ImageDraw
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications.actions.filing import Clean, Uploaded, add_file
from app.demo.corpus import Proposal
from app.files.cleaning import check_kind, clean_file
from app.files.store import Store
from app.models.files import FileKind

EVERY = 16
"""One proposal of so many has files; most people send none."""
SIZE = (1200, 800)
SHOWS: Mapping[str, str] = {
    "kk": "Қолмен салынған нобай: тау етегіндегі аула, ағаштар, жол және екі орындық.",
    "ru": "Эскиз от руки: двор у подножия гор, деревья, дорожка и две скамейки.",
    "en": "A sketch by hand: a yard below the mountains, trees, a path and two benches.",
}
PLAN: Mapping[str, str] = {
    "kk": "Іс-шаралар кестесі",
    "ru": "График мероприятий",
    "en": "Timetable of activities",
}
_TYPST = """
#set document(date: none)
#set page(width: 148mm, height: 105mm, margin: 12mm)
#set text(font: "DejaVu Sans Mono", size: 8pt)
#let plan = json(bytes(sys.inputs.plan))
#text(size: 13pt, weight: "bold", plan.title)
#table(columns: (1fr, auto, auto), stroke: 0.4pt, ..plan.rows.flatten())
"""


def add_files(
    session: Session, store: Store, applicant: Applicant, ref: str, proposal: Proposal, now: datetime
) -> None:
    """A sketch, and what will happen when, as an applicant would add them."""
    name = f"{proposal.sections['team']['family_name']} {ref}"
    made = (
        (FileKind.PICTURE, _sketch(proposal.key), f"{name}.jpg", SHOWS[proposal.language]),
        (FileKind.DOCUMENT, _plan(proposal), f"{name}.pdf", PLAN[proposal.language]),
    )
    for kind, data, file_name, title in made:
        with store.workplace() as place:
            source = place / "upload"
            source.write_bytes(data)
            found = check_kind(kind, source)
            cleaned = clean_file(kind, source, place)
            uploaded = Uploaded(file_name, found, store.put(source), len(data))
            store.put(cleaned.clean)
            preview = store.put(cleaned.preview) if cleaned.preview else None
            add_file(session, applicant, ref, kind, title, uploaded, Clean(cleaned, preview), now)


def _sketch(key: str) -> bytes:
    """Mountains, a yard, trees where there are none yet."""
    chance, (width, height) = Random(f"sketch {key}"), SIZE
    picture = Image.new("RGB", SIZE, "#fbf7ee")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((930, 70, 1050, 190), fill="#f0b45a")
    for level, colour in ((330, "#c9d6cf"), (400, "#9db8aa")):
        ridge = [(x, level - chance.randint(0, 190)) for x in range(0, width + 1, 120)]
        draw.polygon([(0, height), *ridge, (width, height)], fill=colour)
    draw.rectangle((0, 500, width, height), fill="#e6dcc3")
    draw.line([(540, height), (600, 640), (570, 500)], fill="#cdbd97", width=70, joint="curve")
    places = [(chance.randint(60, 1140), chance.randint(530, 740)) for _ in range(9)]
    for x, y in sorted(places, key=lambda place: place[1]):
        size = 34 + (y - 500) // 4
        draw.line((x, y, x, y - size), fill="#6b4a2f", width=9)
        crown = (x - size // 2, y - 2 * size, x + size // 2, y - size + 10)
        draw.ellipse(crown, fill="#2f6b4f", outline="#1f4a36", width=3)
    for x in (300, 800):
        draw.rectangle((x, 690, x + 120, 704), fill="#8a5a34")
        draw.line((x + 14, 704, x + 14, 736), fill="#5a3a22", width=8)
        draw.line((x + 106, 704, x + 106, 736), fill="#5a3a22", width=8)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def _plan(proposal: Proposal) -> bytes:
    rows: Any = proposal.sections["work_plan"]["activities"]
    plan = {
        "title": PLAN[proposal.language],
        "rows": [
            [
                str(row["title"]),
                f"{row['from_month']} – {row['to_month']}",
                f"{row.get('output_number', '')} {row.get('output_unit', '')}",
            ]
            for row in rows
        ],
    }
    return bytes(typst.compile(_TYPST.encode(), sys_inputs={"plan": json.dumps(plan, ensure_ascii=False)}))
