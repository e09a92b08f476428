"""A small picture of the first page of a cleaned PDF, so that people see which document it is.

Runs in `child.py` alone, and only ever on the clean copy: it shows nothing that the copy does not, and
nothing stands beside its points.
"""

from pathlib import Path
from typing import Any

import pypdfium2

from app.files.kinds import PREVIEW_HEIGHT, PREVIEW_WIDTH

QUALITY = 72


def paint(folder: Path) -> dict[str, Any]:
    """Write `preview`, a WebP picture, beside `clean`, and say its size."""
    page = pypdfium2.PdfDocument(folder / "clean")[0]
    scale = min(PREVIEW_WIDTH / page.get_width(), PREVIEW_HEIGHT / page.get_height())
    painted = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    # Rounding up may add a point.
    painted = painted.crop((0, 0, min(painted.width, PREVIEW_WIDTH), min(painted.height, PREVIEW_HEIGHT)))
    painted.save(folder / "preview", "WEBP", quality=QUALITY)
    return {"width": painted.width, "height": painted.height}
