"""Languages: search, themes and cost with the English and the multilingual embedder; whether cues tell complaints in real French."""

import csv
import math
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from assistant.domain.clean import clean
from assistant.drafting.needs import COARSE
from assistant.drafting.reader import Reader
from assistant.drafting.themes import theme_map
from assistant.llm.minilm import open_minilm
from assistant.llm.port import Embedder
from assistant.llm.use_multilingual import open_use_multilingual
from assistant.search.marks import marks_of
from assistant.search.matrix import matrix_of
from assistant.search.query import search
from assistant.search.stance import DECIDES
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.bench.embeddings import KeptEmbedder
from evals.bench.measure import Result, Setting, at_least
from evals.bench.retrieval import measure_banking77, ndcg
from evals.bench.workspaces import say
from evals.planted.corpus import LANGUAGES, Corpus, corpus, write_corpus
from ingest.options import IngestOptions
from ingest.pipeline import ingest

_EMBEDDERS: dict[str, Callable[[], Embedder]] = {
    "minilm": lambda: open_minilm(None, 1),
    "use-multilingual": open_use_multilingual,
}
_TOP = 10
_GOOD = 0.9


def measure_languages(setting: Setting) -> list[Result]:
    """Five planted corpora, 2,000 real French reviews, and banking77 for what English pays."""
    opened = {name: make() for name, make in _EMBEDDERS.items()}
    rows: list[Result] = []
    for language in LANGUAGES:
        for name, embedder in opened.items():
            rows += _planted(corpus(language), name, embedder)
    rows += _cost(setting, opened)
    rows += _cues(setting)
    rows += _english(setting, opened)
    return rows


def _row(what: str, value: float, unit: str = "", note: str = "", least: float | None = None) -> Result:
    target = None if least is None else at_least(least)
    return Result(bench="languages", what=what, value=value, unit=unit, note=note, target=target)


def _opened(home: Path, embedder: Embedder) -> Workbench:
    bench = open_workbench(Settings(home=home))
    bench.embedder = embedder
    return bench


def _planted(one: Corpus, name: str, embedder: Embedder) -> list[Result]:
    least = _GOOD if name == "use-multilingual" else None
    with TemporaryDirectory() as folder, closing(_opened(Path(folder), embedder)) as bench:
        ingest(bench, [write_corpus(Path(folder) / "feedback.csv", one.language)], IngestOptions())
        own = [(topic.name, asked) for topic in one.topics for asked in (topic.brief, *topic.questions)]
        english = [(topic.name, topic.english) for topic in one.topics]
        found, gain = _retrieval(bench, one, own)
        _, abroad = _retrieval(bench, one, english)
        pure = _purity(bench, one)
    where = f"{one.language}, {name}"
    note = f"{len(own)} questions, {len(one.records)} planted records"
    return [
        _row(f"recall@10, {where}", found, "", note, least),
        _row(f"nDCG@10, {where}", gain, "", note, least),
        _row(f"nDCG@10 of English questions, {where}", abroad, "", f"{len(english)} questions", least),
        _row(f"themes, purity, {where}", pure, "", "ungrouped records count as wrong", least),
    ]


def _retrieval(bench: Workbench, one: Corpus, asked: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Recall among the ten first (of ten that could be there), and nDCG@10."""
    members = {
        topic.name: frozenset(r.external_id for r in one.records if r.topic == topic.name)
        for topic in one.topics
    }
    recalls, gains = [], []
    for topic, question in asked:
        hits = search(bench, question, limit=_TOP)
        records = bench.catalog.records.get(bench.workspace, [hit.record_id for hit in hits])
        found = [records[hit.record_id].external_id or "" for hit in hits]
        recalls.append(sum(name in members[topic] for name in found) / min(_TOP, len(members[topic])))
        gains.append(ndcg(found, members[topic]))
    return mean(recalls), mean(gains)


def _purity(bench: Workbench, one: Corpus) -> float:
    matrix = matrix_of(bench)
    reader = Reader(bench, matrix)
    planted = {r.external_id: r.topic for r in one.records}
    mask = np.ones(len(matrix.rows.record_ids), dtype=np.bool_)
    right = 0
    for group in theme_map(reader, mask, COARSE).groups:
        records = {int(matrix.passage_record[passage]) for passage in group.passages.tolist()}
        topics = Counter(planted[reader.record(row).external_id or ""] for row in records)
        right += max(topics.values())
    return right / len(one.records)


def _cost(setting: Setting, opened: dict[str, Embedder]) -> list[Result]:
    texts = [row["data"] for row in _reviews(setting, "fr")][: 50 if setting.quick else None]
    rows = []
    for name, embedder in opened.items():
        say(f"languages: {len(texts):,} French reviews with {name}")
        with TemporaryDirectory() as folder, closing(_opened(Path(folder), embedder)) as bench:
            path = Path(folder) / "reviews.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([["text"], *([text] for text in texts)])
            begun = process_time()
            records = ingest(bench, [path], IngestOptions()).records
            whole = process_time() - begun
        begun = process_time()
        embedder.embed(texts)
        alone = process_time() - begun
        note = f"{records:,} reviews in French; embedding alone {1000 * alone / len(texts):.1f} ms"
        rows.append(_row(f"ingest, CPU time a record, {name}", 1000 * whole / records, "ms", note))
    return rows


def _cues(setting: Setting) -> list[Result]:
    """How well marks tell reviews that report a problem or ask for something from the others, with and without a language's cues."""
    rows = []
    for language, name in (("fr", "French"), ("en", "English")):
        reviews = _reviews(setting, language)
        wanted = [row["problem_report"] == "1" or row["feature_request"] == "1" for row in reviews]
        with_cues = _f1(wanted, [_troubled(row["data"], language) for row in reviews])
        note = f"{sum(wanted):,} of {len(reviews):,} reviews report or ask"
        rows.append(_row(f"complaints and wishes told in {name} reviews, F1", with_cues, "", note))
        if language != "en":
            without = _f1(wanted, [_troubled(row["data"], "en") for row in reviews])
            rows.append(_row(f"the same with English phrases alone, F1, {name}", without, "", note))
    return rows


def _troubled(text: str, language: str) -> bool:
    score, symptoms, flags = marks_of(clean(text).text, language).split("|")
    return float(score) <= -DECIDES or (float(score) < DECIDES and bool(symptoms or "w" in flags))


def _f1(wanted: Sequence[bool], found: Sequence[bool]) -> float:
    both = sum(a and b for a, b in zip(wanted, found, strict=True))
    total = sum(wanted) + sum(found)
    return 2 * both / total if total else math.nan


def _reviews(setting: Setting, language: str) -> list[dict[str, str]]:
    path = setting.data / "minibar" / f"classes_garmin_connect.{language}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _english(setting: Setting, opened: dict[str, Embedder]) -> list[Result]:
    questions = 20 if setting.quick else 500
    rows = []
    for name, inner in opened.items():
        say(f"languages: banking77 with {name}")
        with closing(KeptEmbedder(inner, setting.cache)) as embedder:
            scores = measure_banking77(setting.data / "banking77", embedder, questions)
        note = f"{scores.questions} test questions; dense alone {scores.dense:.3f}"
        rows.append(_row(f"nDCG@10 on banking77 (English), {name}", scores.hybrid, "", note))
    return rows
