"""Search at 100,000 passages: what our search adds to a raw index query, what a filter costs, and what it misses."""

import statistics
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from assistant.domain.evidence import Scope
from assistant.domain.record import RecordKind
from assistant.search.candidates import DEPTH
from assistant.search.exact import nearest, similarities
from assistant.search.matrix import CorpusMatrix, matrix_of
from assistant.search.plan import dense
from assistant.search.query import search
from assistant.search.scope import record_mask
from assistant.stores.index_port import VectorIndex
from assistant.workbench import Workbench
from evals.bench.embeddings import KeptEmbedder
from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.peer import GivenEmbeddings, Peer
from evals.bench.texts import PLANS, Texts, many_sentences, questions, write_csv
from evals.bench.timing import interleaved, percentile, timed
from evals.bench.workspaces import kept_workspace, open_at, say

_FIFTH = Scope(segments={"plan": (PLANS[2],)})
_OTHER_TOPIC = Scope(sources=("skytrax",))
"""Also about a fifth, but none of it speaks of what is asked: the hard case for a filter behind the index."""
_LIMIT = 10
Ask = Callable[[str], object]


def measure_search(setting: Setting) -> list[Result]:
    """Test questions of banking77 over 100,000 sentences; the limit is 10."""
    count = 22_000 if setting.quick else 100_000
    asked = questions(setting.data, 40 if setting.quick else 200)
    parts = many_sentences(setting.data, count)
    home = kept_workspace(setting.cache, f"sentences-{count}", lambda folder: _write(folder, parts))
    with open_at(home) as bench, closing(_peer(setting, home, bench)) as peer:
        first = timed(lambda: search(bench, asked[0], limit=_LIMIT)).wall * 1000
        assert bench.index is not None, "another process owns the index"
        matrix = matrix_of(bench)
        say(f"search: {len(matrix.rows.passage_ids):,} passages, {len(asked)} questions")
        waits = _waits(bench, bench.index, peer, asked, 20 if setting.quick else 40)
        vectors = [bench.embedder.embed([question])[0] for question in asked]
        return [*_latency(waits | {"first": [first]}), *_recall(bench, matrix, vectors)]


def _waits(
    bench: Workbench, index: VectorIndex, peer: Peer, asked: Sequence[str], few: int
) -> dict[str, list[float]]:
    """Wall time of each way to ask, in ms. Each question goes through all of them before the next one."""
    ways: dict[str, Ask] = {
        "raw": lambda question: index.query(bench.embedder.embed([question])[0], _LIMIT),
        "ours": lambda question: search(bench, question, limit=_LIMIT),
        "filter": lambda question: search(bench, question, _FIFTH, _LIMIT),
        "topic": lambda question: search(bench, question, _OTHER_TOPIC, _LIMIT),
        "peer": lambda question: peer.find(question, _LIMIT),
        "embed": lambda question: bench.embedder.embed([question]),
    }
    waits: dict[str, list[float]] = {name: [] for name in ways}
    for question in asked[:5]:
        for ask in ways.values():
            ask(question)
    for question in asked:
        costs = interleaved({name: _asking(ask, question) for name, ask in ways.items()}, 1)
        for name, cost in costs.items():
            waits[name].append(cost[0].wall * 1000)
    # Seconds each: a few are enough.
    waits["peer filter"] = [
        timed(_asking(lambda question: peer.find(question, _LIMIT, PLANS[2]), question)).wall * 1000
        for question in asked[:few]
    ]
    return waits


def _asking(ask: Ask, question: str) -> Callable[[], object]:
    return lambda: ask(question)


def _latency(waits: dict[str, list[float]]) -> list[Result]:
    p50 = {name: statistics.median(values) for name, values in waits.items()}
    p95 = {name: percentile(values, 0.95) for name, values in waits.items()}

    def ratio(what: str, one: str, other: str, target: Target | None = None) -> Result:
        note = f"{p50[one]:.1f} against {p50[other]:.1f} ms"
        return Result(
            bench="search", what=what, value=p50[one] / p50[other], unit="x", target=target, note=note
        )

    def wait(what: str, name: str) -> Result:
        return Result(
            bench="search", what=what, value=p50[name], unit="ms", note=f"p50; p95 {p95[name]:.1f} ms"
        )

    return [
        ratio(
            "p50 of our search over embedding the question and a raw Chroma id query",
            "ours",
            "raw",
            at_most(2),
        ),
        ratio("p50 with a filter that leaves 20 % over p50 without", "filter", "ours", at_most(5)),
        ratio("the same where the filter leaves out all that speaks of the question", "topic", "ours"),
        ratio("p50 of LangChain + Chroma over ours", "peer", "ours"),
        ratio("p50 of LangChain + Chroma over ours, each with its filter of 20 %", "peer filter", "filter"),
        wait("our search", "ours"),
        wait("our search, filter of 20 %", "filter"),
        wait("embedding the question and a raw Chroma id query", "raw"),
        wait("of which embedding", "embed"),
        wait("LangChain + Chroma, given our embedder", "peer"),
        wait("LangChain + Chroma, its `where` filter of 20 %", "peer filter"),
        Result(
            bench="search", what="first question, which loads the corpus", value=waits["first"][0], unit="ms"
        ),
    ]


def _recall(bench: Workbench, matrix: CorpusMatrix, vectors: Sequence[np.ndarray]) -> list[Result]:
    scopes = {
        "without a filter": (Scope(), at_least(0.99)),
        "filter of 20 %": (_FIFTH, at_least(0.99)),
        "filter that leaves out all that speaks of the question": (_OTHER_TOPIC, None),
    }
    results = []
    for name, (scope, target) in scopes.items():
        mask = None if scope.is_empty else record_mask(matrix, scope)
        share = 1.0 if mask is None else float(mask.mean())
        hits = 0
        for vector in vectors:
            found = {row for row, _ in dense(bench, matrix, vector, mask, DEPTH)[:_LIMIT]}
            exact = {row for row, _ in nearest(*similarities(matrix, vector, mask), _LIMIT)}
            hits += len(found & exact)
        results.append(
            Result(
                bench="search",
                what=f"recall@10 of the dense ranking against exact, {name}",
                value=hits / (_LIMIT * len(vectors)),
                target=target,
                note=f"{len(vectors)} questions, {share:.0%} of the records",
            )
        )
    return results


def _write(folder: Path, parts: Sequence[Texts]) -> list[tuple[Path, RecordKind]]:
    files, first = [], 0
    for part in parts:
        write_csv(folder / f"{part.source}.csv", part.texts, first)
        files.append((folder / f"{part.source}.csv", RecordKind.customer))
        first += len(part.texts)
    return files


def _peer(setting: Setting, home: Path, bench: Workbench) -> Peer:
    """The same files in LangChain + Chroma, kept beside our workspace; its vectors come from the kept embeddings."""
    folder, inputs = home / "peer", home / "input"
    if not (home / "peer-complete").is_file():
        say("search: filling LangChain + Chroma with the same texts")
        embedder = KeptEmbedder(bench.embedder, setting.cache)
        with closing(embedder), closing(Peer(folder, GivenEmbeddings(embedder))) as filling:
            for path in sorted(inputs.glob("*.csv")):
                filling.add_file(path)
        (home / "peer-complete").touch()
    return Peer(folder, GivenEmbeddings(bench.embedder))
