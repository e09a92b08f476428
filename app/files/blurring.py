"""A copy of a picture in which nobody can be recognised: all of it, or some of nine parts of it.

Where it is blurred only a few points of the picture are left, with soft passages between them: what is
smoothed could be sharpened again, what is not there cannot.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from app.files.kinds import PREVIEW_WIDTH
from app.files.picture import PREVIEW_QUALITY, QUALITY

POINTS = 24
"""So many are left along the longer side."""
ROWS = COLUMNS = 3
AREAS = ROWS * COLUMNS
"""They are counted in the order of reading, from 1."""


def blur(source: BinaryIO, areas: Collection[int], folder: Path) -> dict[str, Any]:
    """Write `clean` and `preview`, both JPEG, into the folder; without areas all of it is blurred."""
    with Image.open(source, formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    soft = _soft(picture)
    for area in sorted(areas) or range(1, AREAS + 1):
        box = _box(picture.size, area)
        picture.paste(soft.crop(box), box)
    picture.save(folder / "clean", "JPEG", quality=QUALITY, optimize=True)
    small = picture
    if picture.width > PREVIEW_WIDTH:
        height = max(1, round(picture.height * PREVIEW_WIDTH / picture.width))
        small = picture.resize((PREVIEW_WIDTH, height), Image.Resampling.LANCZOS)
    small.save(folder / "preview", "JPEG", quality=PREVIEW_QUALITY, optimize=True)
    return {"width": picture.width, "height": picture.height}


def _soft(picture: Image.Image) -> Image.Image:
    longer = max(picture.size)
    few = (max(1, picture.width * POINTS // longer), max(1, picture.height * POINTS // longer))
    return picture.resize(few, Image.Resampling.BOX).resize(picture.size, Image.Resampling.BICUBIC)


def _box(size: tuple[int, int], area: int) -> tuple[int, int, int, int]:
    """From left, top to right, bottom; together the nine are the whole picture."""
    width, height = size
    row, column = divmod(area - 1, COLUMNS)
    return (
        width * column // COLUMNS,
        height * row // ROWS,
        width * (column + 1) // COLUMNS,
        height * (row + 1) // ROWS,
    )
