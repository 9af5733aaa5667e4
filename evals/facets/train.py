"""`python -m evals.facets.train [--write FILE] [--validate]`: seed texts to the weights that decide the type of a record.

The same bytes each time: the seeds are files, nothing is drawn at random but with a fixed seed, and the solver runs until the
weights move less than they are rounded by. Without `--write` the bytes go nowhere, and only the figures are shown.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from assistant.domain.clean import clean
from assistant.llm.minilm import open_minilm
from assistant.search.facets import TYPES
from assistant.search.marks import marks_of
from assistant.search.type_cues import NAMES, cues_of
from evals.facets.seed_texts import Seed, all_seeds, folder

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

SCALE = 1024
"""Weights are rounded to so many parts of one unit of log-odds."""
_STRETCH = 2.0
"""Vectors have unit length, cues go from 0 to 1: beside them vectors are penalised too much. Chosen by cross-validation on the seeds."""
_C = 1.0
_FOLDS = 5

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write, check. Returns: 0."""
    parser = argparse.ArgumentParser(prog="python -m evals.facets.train", description=__doc__)
    parser.add_argument(
        "--write", type=Path, help="where the weights go, for example assistant/models/facets.minilm.json"
    )
    parser.add_argument("--validate", action="store_true", help="also check by cross-validation")
    asked = parser.parse_args(arguments)
    seeds = all_seeds()
    vectors, cues, types = features(seeds)
    content = weights(seeds, vectors, cues, types)
    sys.stdout.write(f"{len(seeds):,} seeds, sha256 {hashlib.sha256(content).hexdigest()}\n")
    if asked.validate:
        both, alone = (cross_validated(seeds, given, cues, types) for given in (vectors, None))
        sys.stdout.write(f"macro-F1, {_FOLDS}-fold: {both:.3f}; of the cues alone {alone:.3f}\n")
    if asked.write:
        asked.write.write_bytes(content)
    return 0


def features(seeds: Sequence[Seed]) -> tuple[Floats, Floats, Ints]:
    """Vectors as the catalog stores them, cues, and types as places in `TYPES`; a row per seed."""
    texts = [clean(seed.text).text for seed in seeds]
    vectors = open_minilm().embed(texts).astype(np.float16).astype(np.float64)
    cues = np.array([cues_of(text, marks_of(text)) for text in texts], dtype=np.float64)
    return vectors, cues, np.array([TYPES.index(seed.type) for seed in seeds], dtype=np.int64)


def weights(seeds: Sequence[Seed], vectors: Floats, cues: Floats, types: Ints) -> bytes:
    """The file's bytes: JSON, a list of whole numbers a line."""
    both = _fitted(np.hstack([cues, _STRETCH * vectors]), types)
    alone = _fitted(cues, types)
    held: dict[str, Any] = {
        "about": "Weights of the types of records, made by python -m evals.facets.train from seed texts under CC0.",
        "embedder": open_minilm().identity,
        "types": [kind.value for kind in TYPES],
        "cues": list(NAMES),
        "scale": SCALE,
        "seeds": _seeds_sha256(),
        # Another processor may round a vector in another way: then the weights differ in their last digit, and this shows why.
        "vectors": hashlib.sha256(vectors.astype("<f2").tobytes()).hexdigest(),
        "without_vectors": {"bias": _whole(alone.intercept_), "cues": _whole(alone.coef_)},
        "with_vectors": {
            "bias": _whole(both.intercept_),
            "cues": _whole(both.coef_[:, : len(NAMES)]),
            "vector": _whole(_STRETCH * both.coef_[:, len(NAMES) :]),
        },
    }
    return _written(held).encode()


def cross_validated(seeds: Sequence[Seed], vectors: Floats | None, cues: Floats, types: Ints) -> float:
    """Macro-F1 over seeds that weren't trained on, nor others of their group."""
    from sklearn.metrics import f1_score
    from sklearn.model_selection import GroupKFold

    rows = cues if vectors is None else np.hstack([cues, _STRETCH * vectors])
    guessed = np.empty_like(types)
    for known, asked in GroupKFold(_FOLDS).split(rows, types, [seed.group for seed in seeds]):
        guessed[asked] = _fitted(rows[known], types[known]).predict(rows[asked])
    return float(f1_score(types, guessed, average="macro"))


def _fitted(rows: Floats, types: Ints) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    # Newton steps: they end at the same place to 1e-12, where steps along the gradient end near it.
    # On one thread: several share a sum in another order, and on a busy machine wait for each other.
    with threadpool_limits(1):
        return LogisticRegression(C=_C, solver="newton-cholesky", tol=1e-10, max_iter=200).fit(rows, types)


def _whole(values: Floats) -> Any:
    return np.rint(values * SCALE).astype(int).tolist()


def _seeds_sha256() -> str:
    files = sorted(folder().iterdir(), key=lambda file: file.name)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _written(value: Any, depth: int = 0) -> str:
    """JSON with one line per list of numbers."""
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {_written(one, depth + 1)}" for name, one in value.items()]
        return "{\n" + ",\n".join(parts) + "\n}" + ("\n" if depth == 0 else "")
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(_written(one, depth + 1) for one in value) + "\n]"
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
