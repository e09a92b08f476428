"""The typesetter's own process: reads one order from its standard input, writes one PDF or PNG to its output.

It is started for one document and ends with it, so that what a document costs is bounded and given back.
It is given no environment, may write no file, and reads only below the directory of the application.
Started as a file, never imported: nothing else of the application is loaded.
"""

import json
import resource
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import typst

HERE = Path(__file__).parent
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    """Make the PDF of the order: `template`, `data` (JSON), `at` (seconds), `seconds` that it may take.

    With `points_an_inch` instead of `at` it is the picture of the one page.
    """
    order = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    compiler = typst.Compiler(
        HERE / f"{order['template']}.typ",
        root=HERE.parent,
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(order["data"], ensure_ascii=False)},
    )
    if "points_an_inch" in order:
        picture = compiler.compile(format="png", ppi=float(order["points_an_inch"]))
        assert isinstance(picture, bytes)  # noqa: S101 - one page, and to no file
        sys.stdout.buffer.write(picture)
        return
    try:
        made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=order["at"])
    except typst.TypstError as error:
        # Better a document that promises less than none: it is tagged all the same.
        sys.stderr.write(f"not PDF/UA: {error.message}\n")
        made = compiler.compile(format="pdf", timestamp=order["at"])
    assert isinstance(made, bytes)  # noqa: S101 - one PDF, and to no file
    sys.stdout.buffer.write(_small(made))


def _small(made: bytes) -> bytes:
    """The same document at half its size: its tags, which are many and alike, packed together."""
    packed = BytesIO()
    pikepdf.settings.set_flate_compression_level(9)
    with pikepdf.open(BytesIO(made)) as pdf:
        pdf.save(
            packed,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
        )
    return packed.getvalue()


if __name__ == "__main__":
    main()
