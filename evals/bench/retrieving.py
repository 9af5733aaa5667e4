"""Retrieval quality on banking77, ours and LangChain + Chroma's: which of 10,003 texts share the question's intent?"""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.domain.record import RecordKind
from assistant.search.query import search
from evals.bench.embeddings import KeptEmbedder
from evals.bench.measure import Result, Setting, at_least
from evals.bench.peer import GivenEmbeddings, Peer
from evals.bench.retrieval import Labelled, mean_ndcg, measure_banking77, read_banking77
from evals.bench.texts import write_csv
from evals.bench.workspaces import kept_workspace, open_at, say

NDCG = 0.87


def measure_retrieval(setting: Setting) -> list[Result]:
    """nDCG@10 over 1,000 test questions."""
    folder, count = setting.data / "banking77", 50 if setting.quick else 1000
    corpus, asked = read_banking77(folder, count)
    home = kept_workspace(setting.cache, "banking77", lambda inputs: _write(inputs, corpus))
    note = f"{len(asked.texts):,} test questions, {len(corpus.texts):,} texts"
    with open_at(home) as bench, closing(KeptEmbedder(bench.embedder, setting.cache)) as embedder:
        say("retrieval: the parts of search, without a store")
        parts = measure_banking77(folder, embedder, count)
        bench.embedder = embedder
        say("retrieval: our search over a workspace")

        def ours(question: str) -> list[str]:
            hits = search(bench, question, limit=10)
            records = bench.catalog.records.get(bench.workspace, [hit.record_id for hit in hits])
            return [(records[hit.record_id].external_id or "").removeprefix("T") for hit in hits]

        through_search = mean_ndcg(ours, corpus, asked)
        say("retrieval: LangChain + Chroma")
        peer = _peer_ndcg(home / "input" / "train.csv", embedder, corpus, asked)
    rows = (
        ("our search, over a workspace", through_search, at_least(NDCG), note),
        ("ours: dense 1 : BM25 0.3, without a store", parts.hybrid, at_least(NDCG), note),
        ("ours: dense alone", parts.dense, None, note),
        ("ours: BM25 alone", parts.lexical, None, note),
        ("LangChain + Chroma, given our embedder", peer, None, note),
    )
    return [
        Result(bench="retrieval", what=f"nDCG@10, {what}", value=value, target=target, note=note)
        for what, value, target, note in rows
    ]


def _write(folder: Path, corpus: Labelled) -> list[tuple[Path, RecordKind]]:
    write_csv(folder / "train.csv", corpus.texts)
    return [(folder / "train.csv", RecordKind.customer)]


def _peer_ndcg(path: Path, embedder: KeptEmbedder, corpus: Labelled, asked: Labelled) -> float:
    with TemporaryDirectory() as folder, closing(Peer(Path(folder), GivenEmbeddings(embedder))) as peer:
        peer.add_file(path)

        def theirs(question: str) -> list[str]:
            return [name.removeprefix("T") for name in peer.find_ids(question, 10)]

        return mean_ndcg(theirs, corpus, asked)
