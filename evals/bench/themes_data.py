"""Public texts that people have sorted into themes, with the vectors that both sides get."""

import csv
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from assistant.domain.base import digest
from assistant.llm.minilm import open_minilm
from assistant.llm.port import Embedder
from assistant.llm.use_multilingual import open_use_multilingual
from assistant.stores.theme_port import Uncut
from assistant.synthesis.cut import statements_of
from evals.bench.bulk_rows import write_bulk
from evals.bench.embeddings import KeptEmbedder
from evals.bench.measure import Setting

_FIRST, _EVERY = 15_000, 2
_QUICK = 1_200

Ints = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sorted:
    """Texts in the order of their hash, each once, with the theme that a person gave them."""

    name: str
    texts: tuple[str, ...]
    themes: tuple[str, ...]
    vectors: Vectors

    def first(self, count: int) -> "Sorted":
        """A sample of so many: the order is that of a hash."""
        return Sorted(self.name, self.texts[:count], self.themes[:count], self.vectors[:count])

    @cached_property
    def count(self) -> int:
        """How many themes people told apart."""
        return len(set(self.themes))


def intents(setting: Setting) -> list[Sorted]:
    """Every second of the first 15,000 training questions of banking77 and of clinc150."""
    with (setting.data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        banking = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    text = (setting.data / "clinc150" / "data_full.json").read_text(encoding="utf-8")
    clinc = [(one, intent) for one, intent in json.loads(text)["train"]]
    some = {"banking77": banking, "clinc150": clinc}
    return [
        _sorted(setting, name, rows[:_FIRST:_EVERY][: _QUICK if setting.quick else None], open_minilm())
        for name, rows in some.items()
    ]


def reviews(setting: Setting) -> list[Sorted]:
    """App reviews of minibar in English and French, 200 requests and 200 problems, each with the theme that people saw in it."""
    found = []
    for name in ("feature_request", "problem_report"):
        path = setting.data / "minibar" / "clusters_garmin_connect" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["data"], row["ground_truth"]) for row in csv.DictReader(file)]
        found.append(_sorted(setting, f"minibar {name}", rows, open_use_multilingual()))
    return found


def said_longest(setting: Setting, one: Sorted) -> Sorted:
    """The longest statement of each review, with the theme of the review."""
    cut = [statements_of(Uncut("", text, "und", ((0, len(text)),))) for text in one.texts]
    longest = [max((part.text for part in parts), key=len, default="") for parts in cut]
    return replace(one, texts=tuple(longest), vectors=embedded(setting, longest, open_use_multilingual()))


def sentences(setting: Setting, count: int) -> Sorted:
    """So many distinct short texts, as batch synthesis is measured with, in the order of their hash; nobody has sorted them."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "bulk.csv"
        write_bulk(table, setting.data, count)
        with table.open(encoding="utf-8", newline="") as file:
            texts = [row["comment"] for row in csv.DictReader(file)]
    texts.sort(key=lambda text: digest(text, size=16))
    return Sorted("sentences", tuple(texts), (), embedded(setting, texts, open_minilm()))


def embedded(setting: Setting, texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Vectors, from disk where they are there."""
    with closing(KeptEmbedder(embedder, setting.cache)) as kept:
        return np.concatenate(
            [kept.embed(texts[start : start + 5_000]) for start in range(0, len(texts), 5_000)]
        )


def _sorted(setting: Setting, name: str, rows: Sequence[tuple[str, str]], embedder: Embedder) -> Sorted:
    theme = dict(reversed(rows))
    texts = sorted(theme, key=lambda text: digest(text, size=16))
    return Sorted(
        name, tuple(texts), tuple(theme[text] for text in texts), embedded(setting, texts, embedder)
    )
