"""Whether all reviewers can be compared with each other, and how firmly. Pure; codes in, codes out."""

from collections.abc import Collection, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from app.scoring.reading import Pair


def components(pairs: Collection[Pair]) -> Sequence[frozenset[str]]:
    """The groups of reviewers whose applications link them, the largest first.

    More than one: nothing that was read in one group says how strict the other one is.
    """
    reviewers = sorted({reviewer for reviewer, _ in pairs})
    if not reviewers:
        return []
    _, labels = connected_components(_shared(pairs, reviewers), directed=False)
    groups = [
        frozenset(reviewer for reviewer, own in zip(reviewers, labels, strict=True) if own == label)
        for label in range(max(labels) + 1)
    ]
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def connectivity(pairs: Collection[Pair]) -> float:
    """How firmly the reviewers hang together: 0 when they fall apart, 1 when each pair shares equally much.

    The second smallest eigenvalue of the normalised Laplacian of the reviewers, linked by the applications
    that they share, divided by n / (n - 1), its value for n reviewers who are linked evenly (Chung, "Spectral
    Graph Theory", 1997, lemma 1.7). 0 below two reviewers.
    """
    reviewers = sorted({reviewer for reviewer, _ in pairs})
    if len(reviewers) < 2 or len(components(pairs)) > 1:
        return 0.0
    shared = _shared(pairs, reviewers).toarray()
    degrees = shared.sum(axis=1)
    root = np.sqrt(degrees)
    laplacian = np.eye(len(reviewers)) - shared / np.outer(root, root)
    value = float(np.linalg.eigvalsh(laplacian)[1])
    return min(1.0, max(0.0, value * (len(reviewers) - 1) / len(reviewers)))


def _shared(pairs: Collection[Pair], reviewers: Sequence[str]) -> csr_array:
    """How many applications each two reviewers share; nothing on the diagonal."""
    applications = sorted({application for _, application in pairs})
    row = {code: n for n, code in enumerate(reviewers)}
    column = {code: n for n, code in enumerate(applications)}
    reads = np.zeros((len(reviewers), len(applications)))
    for reviewer, application in pairs:
        reads[row[reviewer], column[application]] = 1
    shared = reads @ reads.T
    np.fill_diagonal(shared, 0)
    return csr_array(shared)
