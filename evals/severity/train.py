"""`python -m evals.severity.train [--write FILE] [--validate]`: texts to the weights that say how grave a ticket reads.

The same bytes each time: the texts are files, nothing is drawn at random but with a fixed seed, and the solver runs until the weights move
less than they are rounded by. Of a critical report only the two parts that read gravest are learned as grave, of a harmless one all parts
as harmless: what stands around a grave sentence is not grave itself.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from assistant.domain.clean import clean
from assistant.llm.use_multilingual import UseEmbedder, open_use_multilingual
from assistant.triage.graveness import GRAVE_FROM, HARMLESS_TO, parts_of, rounded
from evals.facets.seed_texts import all_seeds
from evals.severity.texts import LEARNED, Planted, folder, lines, planted

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

SCALE = 1024
"""Weights are rounded to so many parts of one unit of log-odds."""
_C = 1.0
_ROUNDS = 2
_GRAVEST = 2
_FOLDS = 4
_PLAIN = 1100
"""The first so many seeds of the facets are single lines; every second one is taken, as harmless."""
_SHARES = {"line": 1.0, "facet": 0.5, "grave": 0.7, "harmless": 0.4}
"""How much a text counts. A report gives several."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Report:
    """A planted report with the vectors of its parts, shape (parts, dimension)."""

    is_critical: bool
    parts: Floats


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write, check. Returns: 0."""
    parser = argparse.ArgumentParser(prog="python -m evals.severity.train", description=__doc__)
    parser.add_argument("--write", type=Path, help="the file, for example assistant/models/severity.use.json")
    parser.add_argument("--validate", action="store_true", help="also check by cross-validation")
    asked = parser.parse_args(arguments)
    known = [_report(one) for one in planted() if one.half in LEARNED]
    fitted = fit(known)
    content = _written(fitted)
    sys.stdout.write(f"sha256 {hashlib.sha256(content).hexdigest()}\n")
    if asked.validate:
        _tell("learned from, cross-validated", known, cross_validated(known))
        for half in sorted({one.half for one in planted()} - LEARNED):
            held = [_report(one) for one in planted() if one.half == half]
            _tell(f"half {half}, never learned from", held, _worst(fitted, held))
    if asked.write:
        asked.write.write_bytes(content)
    return 0


def fit(known: Sequence[Report]) -> "LogisticRegression":
    """Learn from the lines, then again with the reports' gravest parts as the first model saw them."""
    rows, grave, shares = _lines()
    model = _fitted(rows, grave, shares)
    for _ in range(_ROUNDS):
        more, told, counts = [rows], [grave], [shares]
        for one in known:
            parts = one.parts
            if one.is_critical:
                order = np.argsort(-model.decision_function(parts), kind="stable")
                parts = parts[order[:_GRAVEST]]
            more.append(parts)
            told.append(np.full(len(parts), one.is_critical))
            counts.append(np.full(len(parts), _SHARES["grave" if one.is_critical else "harmless"]))
        model = _fitted(np.vstack(more), np.concatenate(told), np.concatenate(counts))
    return model


def cross_validated(known: Sequence[Report]) -> Floats:
    """How grave each report reads to weights that didn't learn from it."""
    order = np.random.default_rng(0).permutation(len(known))
    odds = np.empty(len(known))
    for fold in range(_FOLDS):
        asked = order[fold::_FOLDS]
        left = set(asked.tolist())
        model = fit([one for place, one in enumerate(known) if place not in left])
        odds[asked] = _worst(model, [known[place] for place in asked])
    return odds


def _worst(model: "LogisticRegression", held: Sequence[Report]) -> Floats:
    return np.array([model.decision_function(one.parts).max() for one in held])


def _tell(what: str, held: Sequence[Report], odds: Floats) -> None:
    critical = np.array([one.is_critical for one in held], dtype=bool)
    called, harmless = odds >= GRAVE_FROM, odds <= HARMLESS_TO
    sys.stdout.write(
        f"{what}: critical called so {int(called[critical].sum())} of {int(critical.sum())}, "
        f"harmless called critical {int(called[~critical].sum())} of {int((~critical).sum())}, "
        f"both read as harmless {int(harmless[critical].sum())} and {int(harmless[~critical].sum())}, "
        f"least of a critical one {odds[critical].min():.2f}\n"
    )


@cache
def _embedder() -> UseEmbedder:
    return open_use_multilingual()


def _report(one: Planted) -> Report:
    return Report(one.is_critical, rounded(_embedder(), [part.text for part in parts_of(one.text)]))


@cache
def _lines() -> tuple[Floats, npt.NDArray[np.bool_], Floats]:
    told = lines()
    plain = [seed.text for seed in all_seeds()[:_PLAIN:2]]
    texts = [clean(text).text for text in (*(text for _, text in told), *plain)]
    grave = np.array([*(is_critical for is_critical, _ in told), *(False for _ in plain)])
    shares = np.array([*(_SHARES["line"] for _ in told), *(_SHARES["facet"] for _ in plain)])
    return rounded(_embedder(), texts), grave, shares


def _fitted(rows: Floats, grave: npt.NDArray[np.bool_], shares: Floats) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    # Newton steps on one thread, as for the weights of the facets: they end at the same place to 1e-12.
    with threadpool_limits(1):
        model = LogisticRegression(
            C=_C, class_weight="balanced", solver="newton-cholesky", tol=1e-10, max_iter=200
        )
        return model.fit(rows, grave, sample_weight=shares)


def _written(model: "LogisticRegression") -> bytes:
    rows, _, _ = _lines()
    held = {
        "about": "Weights of how grave a ticket reads, made by python -m evals.severity.train from texts under CC0.",
        "embedder": _embedder().identity,
        "texts": hashlib.sha256(
            b"".join(
                folder().joinpath(name).read_bytes() for name in ("planted.toml", "reports.toml", "seeds.txt")
            )
        ).hexdigest(),
        # Another processor may round a vector in another way: then the weights differ in their last digit, and this shows why.
        "vectors": hashlib.sha256(rows.astype("<f2").tobytes()).hexdigest(),
        "scale": SCALE,
        "bias": round(float(model.intercept_[0]) * SCALE),
        "vector": np.rint(model.coef_[0] * SCALE).astype(int).tolist(),
    }
    return (json.dumps(held, indent=0, separators=(",", ":")).replace(",\n", ",") + "\n").encode()


if __name__ == "__main__":
    sys.exit(main())
