"""Large workspaces that are kept between runs, so that a measurement of a second doesn't wait ten minutes for its data.

A kept workspace is named by its input and by the code that writes it: a change of either builds another.
"""

import hashlib
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from assistant.domain.record import RecordKind
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.bench.embeddings import KeptEmbedder
from ingest.options import IngestOptions
from ingest.pipeline import ingest

_ROOT = Path(__file__).resolve().parents[2]
_WRITERS = (
    "ingest",
    "assistant/stores",
    "assistant/search",
    "assistant/domain",
    "assistant/languages",
    "assistant/llm/minilm.py",
    "evals/kanbo",
)


def say(text: str) -> None:
    """Progress of a measurement; tables go elsewhere."""
    print(text, file=sys.stderr, flush=True)


def open_at(home: Path) -> Workbench:
    """A workbench as a person gets it: no model, the built-in embedder."""
    return open_workbench(Settings(home=home))


def fill(
    bench: Workbench, paths: Sequence[Path], kept: Path | None, kind: RecordKind = RecordKind.customer
) -> int:
    """Ingest files. Args: kept: folder of kept embeddings, or None to compute them. Returns: records."""
    options = IngestOptions(kind=kind)
    if kept is None:
        return ingest(bench, paths, options, _progress).records
    inner = bench.embedder
    with closing(KeptEmbedder(inner, kept)) as embedder:
        bench.embedder = embedder
        try:
            return ingest(bench, paths, options, _progress).records
        finally:
            bench.embedder = inner


def kept_workspace(
    cache: Path, name: str, write: Callable[[Path], Sequence[tuple[Path, RecordKind]]]
) -> Path:
    """The home folder of a filled workspace; built where there is none.

    Args:
        name: says what it holds; part of the folder's name.
        write: writes the files to ingest into a folder and names them.
    """
    home = cache / f"{name}-{_code()}"
    if (home / "complete").is_file():
        return home
    for old in cache.glob(f"{name}-*"):
        shutil.rmtree(old)
    say(f"{name}: building the workspace (kept for the next run)")
    inputs = home / "input"
    for path, kind in write(inputs):
        with open_at(home) as bench:
            fill(bench, [path], cache, kind)
    (home / "complete").touch()
    return home


def _progress(done: int, total: int | None, message: str) -> None:
    if total and (done % 20_480 < 1024 or done >= total):
        say(f"  {message}: {done:,} of {total:,}")


def _code() -> str:
    seen = hashlib.blake2b(digest_size=6)
    for place in _WRITERS:
        path = _ROOT / place
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".toml", ".yaml", ".html"}:
                seen.update(file.read_bytes())
    return seen.hexdigest()
