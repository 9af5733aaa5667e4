"""Duplicate tickets: ours beside BM25 and dense MiniLM, over the same reports and the same questions, in one run.

What was chosen on one project (weights, threshold) is stated on the other.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.domain.text import index_terms
from assistant.domain.triage import Alike
from assistant.llm.port import Embedder
from assistant.triage.duplicates import alike
from assistant.triage.weights import CHOSEN_ON_HADOOP, CHOSEN_ON_SEAMONKEY, Weights
from assistant.workbench import Workbench
from evals.bench.embeddings import KeptEmbedder
from evals.bench.measure import Result, Setting, at_least
from evals.bench.tickets_data import Project, as_record, fill_with, read_project
from evals.bench.workspaces import open_at, say

DEPTH = 10
BETTER = 1.1
_PROJECTS = (
    ("Hadoop", "hadoop", CHOSEN_ON_SEAMONKEY, "SeaMonkey"),
    ("SeaMonkey", "SeaMonkey", CHOSEN_ON_HADOOP, "Hadoop"),
)
_K1, _B = 1.2, 0.75
_THRESHOLDS = tuple(round(0.2 + 0.01 * step, 2) for step in range(75))
Found = Mapping[str, Sequence[str]]
"""Key of a report → keys of what was found for it, best first."""
Scored = Mapping[str, Sequence[Alike]]


def measure_tickets(setting: Setting) -> list[Result]:
    """Recall@10 of known duplicates on gitbugs, and what the threshold of one project does on the other."""
    rows: list[Result] = []
    scored: dict[str, tuple[Project, Scored]] = {}
    shares: list[tuple[int, float, float, float]] = []
    for name, file, weights, other in _PROJECTS:
        project = read_project(setting.data / "gitbugs", name, file, 8 if setting.quick else None)
        say(f"tickets: {name}")
        with (
            TemporaryDirectory() as home,
            open_at(Path(home)) as bench,
            closing(KeptEmbedder(bench.embedder, setting.cache)) as embedder,
        ):
            bench.embedder = embedder
            fill_with(bench, project)
            ours = _ours(bench, project, weights)
            told = (
                recall({key: [one.ticket for one in found] for key, found in ours.items()}, project),
                recall(_by_words(project), project),
                recall(_by_meaning(embedder, project), project),
            )
        scored[name] = (project, ours)
        shares.append((len(project.duplicates), *told))
        rows += _rows(project, told, f"weights chosen on {other} alone")
    return [*rows, _together(shares), *_thresholds(scored)]


def recall(found: Found, project: Project) -> float:
    """Mean share of a report's known duplicates among the first ten."""
    return float(
        np.mean(
            [len(known & set(found[key][:DEPTH])) / len(known) for key, known in project.duplicates.items()]
        )
    )


def _ours(bench: Workbench, project: Project, weights: Weights) -> dict[str, list[Alike]]:
    asked = (report for report in project.reports if report.key in project.duplicates)
    return {
        report.key: alike(
            bench,
            report.title,
            report.body,
            DEPTH,
            without=as_record(bench.workspace, project, report).id,
            created_at=report.at,
            weights=weights,
        )
        for report in asked
    }


def _by_words(project: Project) -> Found:
    """Textbook BM25 over title and text, with our stems."""
    texts = [Counter(index_terms(f"{one.title}\n{one.body}")) for one in project.reports]
    held = Counter(term for text in texts for term in text)
    lengths = [text.total() for text in texts]
    typical, total = sum(lengths) / len(lengths), len(texts)
    postings: dict[str, list[tuple[int, float]]] = {term: [] for term in held}
    for row, text in enumerate(texts):
        for term, count in text.items():
            idf = math.log1p((total - held[term] + 0.5) / (held[term] + 0.5))
            norm = _K1 * (1 - _B + _B * lengths[row] / typical)
            postings[term].append((row, idf * count * (_K1 + 1) / (count + norm)))

    def scores(row: int) -> Sequence[float]:
        sums = [0.0] * total
        for term in texts[row]:
            for other, score in postings[term]:
                sums[other] += score
        return sums

    return _ranked(project, scores)


def _by_meaning(embedder: Embedder, project: Project) -> Found:
    """Cosine of title and text, the first 256 tokens of them, as the model takes them."""
    vectors = embedder.embed([f"{one.title}\n\n{one.body}" for one in project.reports])
    return _ranked(project, lambda row: (vectors @ vectors[row]).tolist())


def _ranked(project: Project, scores: Callable[[int], Sequence[float]]) -> Found:
    found: dict[str, list[str]] = {}
    for row, report in enumerate(project.reports):
        if report.key in project.duplicates:
            told = np.array(scores(row))
            told[row] = -np.inf
            found[report.key] = [project.reports[one].key for one in np.argsort(-told, kind="stable")[:DEPTH]]
    return found


def _rows(project: Project, told: tuple[float, float, float], chosen: str) -> list[Result]:
    ours, words, meaning = told
    note = f"{len(project.duplicates)} reports with known duplicates among {len(project.reports):,}; {chosen}"
    named = ((ours, "ours", None), (words, "BM25", None), (meaning, "dense MiniLM", None))
    return [
        *(
            Result(
                bench="tickets",
                what=f"{project.name}, recall@10: {what}",
                value=value,
                target=target,
                note=note,
            )
            for value, what, target in named
        ),
        Result(
            bench="tickets",
            what=f"{project.name}, ours against the better of both",
            value=ours / max(words, meaning),
            unit="x",
            target=at_least(BETTER),
            # The table rounds, which can hide on which side of the target it is.
            note=f"{ours / max(words, meaning):.3f}; {note}",
        ),
    ]


def _together(shares: Sequence[tuple[int, float, float, float]]) -> Result:
    """Over the reports of both projects."""
    counts = np.array([count for count, *_ in shares], dtype=np.float64)
    ours, words, meaning = (
        np.array(column) @ counts / counts.sum() for column in list(zip(*shares, strict=True))[1:]
    )
    return Result(
        bench="tickets",
        what="both projects, ours against the better of both",
        value=float(ours / max(words, meaning)),
        unit="x",
        target=at_least(BETTER),
        note=f"recall@10 over {int(counts.sum())} reports: ours {ours:.3f}, BM25 {words:.3f}, dense MiniLM {meaning:.3f}",
    )


def _thresholds(scored: Mapping[str, tuple[Project, Scored]]) -> list[Result]:
    """F1 of what is called a duplicate, at the threshold that is best on the other project."""
    best = {name: _best(*held) for name, held in scored.items()}
    rows: list[Result] = []
    for name, held in scored.items():
        (other,) = (one for one in scored if one != name)
        precision, found, f1 = _marked(*held, best[other])
        rows.append(
            Result(
                bench="tickets",
                what=f"{name}, F1 of what is called a duplicate",
                value=f1,
                note=f"from {best[other]:.2f} on, chosen on {other}: precision {precision:.2f}, recall {found:.2f}; best here: {best[name]:.2f}",
            )
        )
    return rows


def _best(project: Project, scored: Scored) -> float:
    """The threshold with the best F1; the lowest of equals."""
    return max(_THRESHOLDS, key=lambda at: _marked(project, scored, at)[2])


def _marked(project: Project, scored: Scored, at: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs that score so much or more."""
    said = {(key, one.ticket) for key, found in scored.items() for one in found if one.score >= at}
    known = {(key, other) for key, others in project.duplicates.items() for other in others}
    right = len(said & known)
    precision, share = right / max(len(said), 1), right / max(len(known), 1)
    return precision, share, 2 * precision * share / max(precision + share, 1e-9)
