"""Facets: types against hand-made classes of app reviews, tones against ratings that were hidden, and what deciding costs.

What is shipped has seen none of these texts: its seeds are our own. The comparisons have: TF-IDF and logistic regressions are
trained on a part of the very reviews that are asked, so they show what labelled data of the same app would give.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from assistant.domain.clean import clean
from assistant.domain.facets import RecordType, Sentiment, Wording
from assistant.domain.ids import record_id
from assistant.domain.record import Record
from assistant.llm.minilm import open_minilm
from evals.bench.embeddings import KeptEmbedder
from evals.bench.facets_data import (
    GOLD,
    Labelled,
    bugs,
    recommended,
    reviews_by_class,
    starred,
    stories,
    utterances,
)
from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.texts import short_texts, write_csv
from evals.bench.timing import timed
from evals.bench.workspaces import open_at, say
from ingest.facets import wordings_of
from ingest.options import IngestOptions
from ingest.passages import Slice, slices_of
from ingest.pipeline import ingest

SPLITS = 5
TEST_SHARE = 0.3
SHARE_OF_INGEST = 3.0
_SHORT = 4000
_AT_ONCE = 256

Ints = npt.NDArray[np.int64]
Vectors = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Read:
    """Texts with their passages and vectors, as ingest makes them."""

    records: list[Record]
    slices: list[Slice]
    vectors: Vectors
    embedder: str

    def wordings(self, embedder: str | None = None) -> list[Wording]:
        """What each text tells. Args: embedder: another name leaves the vectors out of it."""
        told = wordings_of(self.records, self.slices, self.vectors, embedder or self.embedder)
        return [told[record.id] for record in self.records]

    def first_vectors(self) -> npt.NDArray[np.float32]:
        """The vector of each text's first passage."""
        first = {piece.passage.record_id: piece.passage.text_hash for piece in reversed(self.slices)}
        return np.stack([self.vectors[first[record.id]] for record in self.records])


def measure_facets(setting: Setting) -> list[Result]:
    """Types of two languages, tones of two data sets, other corpora for sanity, and the cost."""
    rows: list[Result] = []
    for language in ("en", "fr"):
        rows += _types(language, reviews_by_class(setting, language), setting)
    for name, rated in (
        ("skytrax", recommended(setting)),
        ("garmin en", starred(setting, "en")),
        ("garmin fr", starred(setting, "fr")),
    ):
        rows += _tones(name, rated, setting)
    rows += _elsewhere(setting)
    return [*rows, *_cost(setting)]


def read(texts: Sequence[str], setting: Setting) -> Read:
    """Texts as records with their passages, embedded."""
    records: list[Record] = []
    slices: list[Slice] = []
    for number, text in enumerate(texts):
        cleaned = clean(text)
        one = Record(
            workspace="bench",
            id=record_id("bench", "facets", str(number)),
            source="facets",
            raw=text,
            voice="v",
        )
        records.append(one)
        slices += slices_of(one, cleaned)
    by_hash = {piece.passage.text_hash: piece.text for piece in slices}
    hashes = list(by_hash)
    embedder = KeptEmbedder(open_minilm(), setting.cache)
    vectors: dict[str, npt.NDArray[np.float32]] = {}
    for first in range(0, len(hashes), _AT_ONCE):
        some = hashes[first : first + _AT_ONCE]
        vectors.update(zip(some, embedder.embed([by_hash[one] for one in some]), strict=True))
    embedder.close()
    return Read(records, slices, vectors, embedder.identity)


def _types(language: str, labelled: Labelled, setting: Setting) -> list[Result]:
    say(f"facets: {len(labelled.texts):,} reviews, {language}")
    own = read(labelled.texts, setting)
    gold = np.array(labelled.classes)
    told = {
        "ours, vectors and cues": _as_classes(own.wordings()),
        "ours, cues alone": _as_classes(own.wordings("none")),
        "majority class": np.full(len(gold), np.bincount(gold).argmax()),
    }
    scores: dict[str, list[tuple[float, float]]] = {}
    for known, asked in _splits(gold):
        for name, guessed in told.items():
            scores.setdefault(name, []).append(_scores(gold[asked], guessed[asked]))
        for name, guessed in _trained(labelled.texts, own.first_vectors(), gold, known, asked).items():
            scores.setdefault(name, []).append(_scores(gold[asked], guessed))
    note = f"minibar, Garmin Connect, {language}; 3 classes; median of {SPLITS} splits, test part of {len(asked):,}"
    floor = [median(part) for part in zip(*scores["majority class"], strict=True)]
    return [
        _row(f"type, {language}: {name}: {what}", 100 * median(one[place] for one in scores[name]), note,
             at_least(100 * floor[place]) if name.startswith("ours, v") else None)
        for name in scores
        for place, what in enumerate(("accuracy", "macro-F1"))
    ]  # fmt: skip


def _as_classes(told: Iterable[Wording]) -> Ints:
    return np.array([GOLD[one.type] for one in told])


def _splits(gold: Ints) -> list[tuple[Ints, Ints]]:
    from sklearn.model_selection import StratifiedShuffleSplit

    splits = StratifiedShuffleSplit(SPLITS, test_size=TEST_SHARE, random_state=0)
    return list(splits.split(gold, gold))


def _trained(
    texts: Sequence[str], vectors: npt.NDArray[np.float32], gold: Ints, known: Ints, asked: Ints
) -> dict[str, Ints]:
    """What regressions say that have seen the rest of the same reviews."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    counted = words.fit_transform([texts[one] for one in known])
    regression = partial(LogisticRegression, C=10, max_iter=3000)
    with threadpool_limits(1):
        by_words = regression().fit(counted, gold[known])
        by_vectors = regression().fit(vectors[known], gold[known])
        return {
            "TF-IDF + logistic regression, trained on the rest of these reviews": by_words.predict(
                words.transform([texts[one] for one in asked])
            ),
            "logistic regression on our vectors, trained on the rest of these reviews": by_vectors.predict(
                vectors[asked]
            ),
        }


def _scores(gold: Ints, guessed: Ints) -> tuple[float, float]:
    from sklearn.metrics import accuracy_score, f1_score

    return float(accuracy_score(gold, guessed)), float(
        f1_score(gold, guessed, average="macro", zero_division=0)
    )


def _tones(name: str, rated: Labelled, setting: Setting) -> list[Result]:
    """The tone of the words alone, against a rating that it doesn't get; neutral counts as wrong for everyone."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    say(f"facets: {len(rated.texts):,} rated texts, {name}")
    gold = np.array(rated.classes)
    vader = SentimentIntensityAnalyzer()
    signs = {Sentiment.positive: 1, Sentiment.negative: 0, Sentiment.neutral: -1}
    own = read(rated.texts, setting)
    told = {
        "ours, rating hidden": [signs[one.tone] for one in own.wordings()],
        "VADER": [_polarity(vader.polarity_scores(text)["compound"]) for text in rated.texts],
        "majority class": [int(np.bincount(gold).argmax())] * len(gold),
    }
    floor = _scores(gold, np.array(told["majority class"]))[0]
    rows = []
    for who, guessed in told.items():
        right, silent = np.array(guessed) == gold, np.array(guessed) == -1
        rows.append(
            _row(f"sentiment, {name}: {who}: accuracy", 100 * float(right.mean()), f"{rated.note}; {len(gold):,} texts; neutral on {100 * silent.mean():.1f} %",
                 at_least(100 * floor) if who.startswith("ours") else None)
        )  # fmt: skip
    return rows


def _polarity(compound: float) -> int:
    """The bounds that VADER's authors give."""
    return 1 if compound >= 0.05 else 0 if compound <= -0.05 else -1


def _elsewhere(setting: Setting) -> list[Result]:
    """Corpora of one type each, for sanity: their misses were looked at while the seeds were written, none was copied."""
    rows = []
    for what, texts, right in (
        ("bug reports (gitbugs) that are a problem", bugs(setting), {RecordType.problem}),
        ("user stories that are a request", stories(setting), {RecordType.request}),
        ("utterances to an assistant (clinc150) that are a question or a request", utterances(setting), {RecordType.question, RecordType.request}),
    ):  # fmt: skip
        told = [one.type for one in read(texts, setting).wordings()]
        rows.append(
            _row(f"type: {what}", 100 * sum(one in right for one in told) / len(told), f"{len(told):,} texts")
        )
    return rows


def _cost(setting: Setting) -> list[Result]:
    """CPU time of deciding, of all that an import of short texts takes."""
    texts = short_texts(setting.data, 400 if setting.quick else _SHORT)
    say(f"facets: cost on {len(texts):,} short texts")
    own = read(texts, setting)
    own.wordings()
    deciding = median(timed(own.wordings).cpu for _ in range(5))
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_csv(folder / "short.csv", texts)
        open_minilm().embed(["warm"])
        with open_at(folder / "home") as bench:
            began = time.process_time()
            ingest(bench, [folder / "short.csv"], IngestOptions())
            whole = time.process_time() - began
    return [
        _row("cost: deciding, of the CPU time of ingest, short texts", 100 * deciding / whole,
             f"{1e6 * deciding / len(texts):.0f} of {1e6 * whole / len(texts):.0f} µs of CPU time a record", at_most(SHARE_OF_INGEST))
    ]  # fmt: skip


def _row(what: str, value: float, note: str, target: Target | None = None) -> Result:
    return Result(bench="facets", what=what, value=value, unit="%", target=target, note=note)
