"""``python -m app.demo.corpus``: counts the proposals and lists what is wrong with them."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date

from app.demo.corpus import proposals
from app.demo.corpus.ideas import LANGUAGES, tellings
from app.demo.corpus.rules import faults


def main(languages: list[str]) -> int:
    """Checks the languages named (all when none is); 1 when there are faults."""
    chosen = languages or list(LANGUAGES)
    everything = proposals(date(2026, 4, 1), {language: len(tellings(language)) for language in chosen})
    found = faults(everything)
    by_language = Counter(proposal.language for proposal in everything)
    sys.stdout.write("\n".join([*found, f"{dict(by_language)}, faults: {len(found)}", ""]))
    return 1 if found else 0


sys.exit(main(sys.argv[1:]))
