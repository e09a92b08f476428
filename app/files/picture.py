"""Cleaning a picture: only its points stay. Runs in `child.py`, never where the site is served.

EXIF, GPS, XMP, comments, colour profiles, thumbnails and further frames are not removed one by one: the
points are painted into a new picture, and nothing else was ever in it.
"""

import io
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.files.kinds import PREVIEW_WIDTH, MediaType, media_type
from app.files.refused import Refused

MOST_POINTS = 50_000_000
LONGEST_SIDE = 2400
QUALITY, PREVIEW_QUALITY = 86, 75
_FORMATS = {
    MediaType.JPEG: ("JPEG", "MPO"),
    MediaType.PNG: ("PNG",),
    MediaType.WEBP: ("WEBP",),
    MediaType.HEIC: ("HEIF",),
}


def clean_picture(source: Path, folder: Path) -> dict[str, Any]:
    """Write `clean` and `preview`, both JPEG, into the folder. Refused for what is no whole picture."""
    picture, sharp = _whole(source)
    # Lines of a sketch keep their colours; a photograph needs no such care.
    picture.save(folder / "clean", "JPEG", quality=QUALITY, optimize=True, subsampling=0 if sharp else 2)
    small = picture
    if picture.width > PREVIEW_WIDTH:
        height = max(1, round(picture.height * PREVIEW_WIDTH / picture.width))
        small = picture.resize((PREVIEW_WIDTH, height), Image.Resampling.LANCZOS)
    small.save(folder / "preview", "JPEG", quality=PREVIEW_QUALITY, optimize=True)
    return {"width": picture.width, "height": picture.height}


def painted_whole(source: Path) -> Image.Image:
    """Its points on white, at most LONGEST_SIDE a side. Refused for what is no whole picture."""
    return _whole(source)[0]


def _whole(source: Path) -> tuple[Image.Image, bool]:
    """The painted picture, and whether its lines are to stay sharp."""
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return _painted(source)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("file.too_many_points", most=MOST_POINTS // 1_000_000) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, RuntimeError):
        raise Refused("file.broken") from None


def _painted(source: Path) -> tuple[Image.Image, bool]:
    """The picture as people see it, upright and on white, with no memory of where it comes from."""
    with source.open("rb") as file:
        kind = media_type(file.read(32))
    if kind not in _FORMATS:
        raise Refused("file.broken")
    if kind is MediaType.HEIC:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    with Image.open(source, formats=_FORMATS[kind]) as opened:
        if opened.width * opened.height > MOST_POINTS:
            raise Refused("file.too_many_points", most=MOST_POINTS // 1_000_000)
        # A large photograph is read at the size in which it is kept: less memory, less time.
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        coloured = _in_common_colours(upright)
    painted = Image.new("RGB", coloured.size, "white")
    if "A" in coloured.getbands():
        painted.paste(coloured, mask=coloured.getchannel("A"))
    else:
        painted.paste(coloured)
    return painted, kind is MediaType.PNG


def _in_common_colours(picture: Image.Image) -> Image.Image:
    """Red, green and blue as every screen knows them, so that the profile can be left behind."""
    profile = picture.info.get("icc_profile")
    if picture.mode in {"P", "PA", "LA", "La"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode in {"I;16", "I", "F"}:
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            return ImageCms.profileToProfile(  # type: ignore[return-value]
                picture,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return picture if picture.mode == "RGBA" else picture.convert("RGB")
