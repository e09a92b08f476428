"""Making a logo of what a partner sends: its points alone, on white, without the empty room around them.

Runs in `child.py`, never where the site is served. A drawing (SVG) is a program for the browser, so none is
taken: `kinds.py` says which pictures are.
"""

from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from app.files.picture import painted_whole
from app.files.refused import Refused

WIDTH, HEIGHT = 640, 160
"""At most so many points: four times what a page shows, for the screen of a hall."""
MOST_BYTES = 30 * 1024
QUALITIES = (90, 75, 55, 35)
_WHITE = 245
"""A point as light as this is paper."""


def clean_logo(source: Path, folder: Path) -> dict[str, Any]:
    """Write `clean`, a WebP, into the folder. Refused for what is no picture, or shows nothing on white."""
    painted = painted_whole(source)
    box = _drawn(painted)
    if box is None:
        raise Refused("file.only_white")
    logo = painted.crop(box)
    logo.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        logo.save(folder / "clean", "WEBP", quality=quality, method=6)
        if (folder / "clean").stat().st_size <= MOST_BYTES:
            break
    return {"width": logo.width, "height": logo.height}


def _drawn(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """Where there is more than paper, in points from left, top to right, bottom; None where nothing is."""
    dark = ImageChops.invert(picture.convert("L"))
    return dark.point(lambda value: 255 if value > 255 - _WHITE else 0).getbbox()
