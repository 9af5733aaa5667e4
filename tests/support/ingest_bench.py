"""A workbench over a real catalog in a folder, with the hash embedder and no vector index."""

from dataclasses import replace
from pathlib import Path

from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.workbench import Workbench
from ingest.options import IngestResult
from tests.support.hash_embedder import HashEmbedder


def open_bench(
    home: Path,
    *,
    workspace: str = "default",
    max_field_chars: int = 1_000_000,
    embedder: HashEmbedder | None = None,
) -> Workbench:
    """Open a workspace under a folder."""
    home.mkdir(parents=True, exist_ok=True)
    used = embedder or HashEmbedder()
    return Workbench(
        Settings(home=home, workspace=workspace, max_field_chars=max_field_chars),
        open_catalog=lambda: open_catalog(home / "catalog.db"),
        open_index=lambda: None,
        open_embedder=lambda: used,
        open_model=lambda: None,
    )


def without_samples(result: IngestResult) -> IngestResult:
    """A dry run's result as the import of the same files gives it: only a dry run shows records."""
    return replace(result, files=tuple(replace(report, samples=[]) for report in result.files))
