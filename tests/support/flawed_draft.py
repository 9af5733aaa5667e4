"""A workspace with a draft that a check refuses: somebody typed a number into its first section."""

from pathlib import Path

from assistant.domain.draft import Draft, DraftStatus, TextBlock
from assistant.domain.request import DraftRequest
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.cases.case import as_file, load_set, shipped_sets
from evals.check import check
from evals.gate import produce
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.ingest_bench import open_bench

SET = "laneway_stories"
REQUEST = DraftRequest(kind="user_stories", brief="open the timetable without a network")


def laneway(home: Path, folder: Path, *, served: bool = False) -> Workbench:
    """The opened default workspace with the records of Laneway. Args: served: as the product opens it, not only quick."""
    bench = open_workbench(Settings.load(home=home, workspace="default")) if served else open_bench(home)
    path = folder / "reviews.jsonl"
    path.write_text(as_file(list(load_set(shipped_sets()[SET]).records)), encoding="utf-8")
    mapping = {"text": "text", "external_id": "external_id", "author": "author"}
    ingest(bench, [path], IngestOptions(mapping=mapping))
    return bench


def flawed(bench: Workbench) -> Draft:
    """A stored version 2 whose report blocks on a typed number."""
    held = produce(bench, REQUEST)
    typed = TextBlock(text="Altogether 97 swimmers left last month.")
    first = held.sections[0].model_copy(update={"blocks": (*held.sections[0].blocks, typed)})
    changed = {"sections": (first, *held.sections[1:]), "version": 2, "parent_version": 1}
    draft = held.model_copy(update=changed)
    draft = draft.model_copy(update={"report": check(bench, draft), "status": DraftStatus.draft})
    draft = Draft.model_validate_json(draft.model_dump_json())
    bench.catalog.drafts.save(draft)
    return draft
