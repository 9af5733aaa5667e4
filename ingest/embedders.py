"""Which embedder a workspace's languages call for, and the change from one to another."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from assistant.domain.clean import clean
from assistant.errors import Conflict, EmbedderMismatch, InputRejected
from assistant.llm.port import Embedder
from assistant.stores.rebuild import owned_index
from assistant.stores.sync import rebuild
from assistant.workbench import Workbench
from ingest.build import Origin, build_document, build_rows
from ingest.columns import map_table
from ingest.documents import is_document
from ingest.options import IngestOptions
from ingest.port import FileReport
from ingest.recognise import find_files, open_file

ENGLISH_ONLY = "minilm-int8"
"""Name in the identity of the embedder that knows English alone."""
MULTILINGUAL = "use-multilingual"
"""Setting of the embedder that is offered."""
FOREIGN_SHARE = 0.1
"""Share of records in other languages than English from which the multilingual embedder is offered."""
_BATCH = 512
_TRIES = 20
_LOOK_ROWS, _LOOK_FILES = 300, 50
Switched = Callable[[int, int | None, str], None]
"""Called with texts embedded, texts in all and a short message. May raise `Cancelled`."""


def foreign_share(languages: Mapping[str, int]) -> float:
    """Share of records that aren't English, of those whose language is known. Args: languages: code → records."""
    known = {code: count for code, count in languages.items() if code != "und"}
    total = sum(known.values())
    return 1 - known.get("en", 0) / total if total else 0.0


def offer_of(bench: Workbench, reports: Sequence[FileReport], *, stored: bool) -> str:
    """What to tell a person whose workspace, with what the reports bring, needs the multilingual embedder; else empty.

    Args:
        stored: whether the workspace holds already what the reports tell of.
    """
    languages = Counter(bench.catalog.pages.languages(bench.workspace))
    for report in reports if not stored else ():
        languages.update(report.languages)
    if (
        not any(report.languages for report in reports)
        or foreign_share(languages) <= FOREIGN_SHARE
        or not _knows_english_only(bench)
    ):
        return ""
    return (
        f"{_told(languages)}, and this workspace's embedder knows English only. "
        f"'voxspec embedder {MULTILINGUAL} -w {bench.workspace}' changes it to the multilingual one."
    )


def languages_of(paths: Sequence[Path], options: IngestOptions, bench: Workbench) -> Counter[str]:
    """Languages of the first records of each file, without storing anything. Files that can't be read count for nothing.

    Raises: InputRejected: a path doesn't exist. UsageError: the mapping names an unknown field.
    """
    found = Counter[str]()
    for path in find_files(paths)[:_LOOK_FILES]:
        try:
            found.update(_first_languages(path, options, bench))
        except InputRejected:
            continue
    return found


def _first_languages(path: Path, options: IngestOptions, bench: Workbench) -> list[str]:
    opened = open_file(path, bench.settings)
    origin = Origin(bench.workspace, path.stem, options.kind, options.language)
    if opened.connector is not None and not is_document(opened, options):
        mapping, _ = map_table(opened, opened.connector, options, _LOOK_ROWS)
        rows = islice(opened.connector.rows(), _LOOK_ROWS)
        built = list(build_rows(rows, mapping, origin))
    elif opened.parser is not None:
        built = [build_document(opened.parser(path), path.stem, origin)]
    else:
        return []
    return [candidate.record.language for one in built for candidate in one.candidates]


def told_languages(languages: Mapping[str, int]) -> str:
    """`42 % of the records aren't in English (de 120, fr 3)`; empty where no more than a tenth is."""
    return _told(languages) if foreign_share(languages) > FOREIGN_SHARE else ""


def _told(languages: Mapping[str, int]) -> str:
    others = sorted(
        ((code, count) for code, count in languages.items() if code not in {"en", "und"}),
        key=lambda pair: (-pair[1], pair[0]),
    )
    named = ", ".join(f"{code} {count:,}" for code, count in others[:6])
    return f"{foreign_share(languages):.0%} of the records aren't in English ({named})"


def _knows_english_only(bench: Workbench) -> bool:
    """Told without opening the embedder, which takes 240 MB: a dry run has no use for it."""
    stored = bench.catalog.pages.embedder(bench.workspace)
    if stored is not None:
        return stored.partition(":")[0] == ENGLISH_ONLY
    return bench.settings.embedder.partition(":")[0] == "minilm"


def choose_embedder(bench: Workbench, embedder: Embedder) -> None:
    """Give a workspace without records its embedder; choosing the one that it has changes nothing.

    Raises: EmbedderMismatch where it holds vectors of another one.
    """
    stored = bench.catalog.pages.embedder(bench.workspace)
    if stored == embedder.identity:
        return
    if bench.corpus().passage_ids or not bench.catalog.vectors.adopt(bench.workspace, embedder.identity):
        raise EmbedderMismatch(
            f"Workspace '{bench.workspace}' holds vectors of {stored}.",
            hint="'voxspec embedder NAME' embeds what is there anew with another one; then import.",
        )
    bench.reopen_embedder()


def switch_embedder(bench: Workbench, embedder: Embedder, progress: Switched | None = None) -> int:
    """Embed every passage of the workspace with another embedder and take its vectors into use.

    The new vectors are kept beside the old ones, which serve until all are there; one transaction then changes to the new and
    removes the old. Killed before it, nothing has changed, and the same call goes on where it stopped; killed after it, the next
    open of the index finds that it doesn't fit and builds it anew. The embedder that is in use stays, and ends a change to another
    one that was broken off.

    Returns: passages in the workspace.
    Raises: IndexLocked where another process owns the index, Conflict where an import doesn't stop bringing in more, DiskFull,
        StoreError, ModelError.
    """
    if bench.catalog.pages.embedder(bench.workspace) == embedder.identity:
        bench.catalog.vectors.adopt(bench.workspace, embedder.identity)
        return len(bench.corpus().passage_ids)
    index = owned_index(bench)
    for _ in range(_TRIES):
        _stage(bench, embedder, progress)
        if bench.catalog.vectors.adopt(bench.workspace, embedder.identity):
            bench.reopen_embedder()
            return rebuild(bench.catalog, index, bench.workspace)
    raise Conflict(
        "An import goes on bringing records in with the old embedder.", hint="Let it end, then try again."
    )


def _stage(bench: Workbench, embedder: Embedder, progress: Switched | None) -> None:
    vectors, done, total = bench.catalog.vectors, 0, len(bench.corpus().passage_ids)
    while lacking := vectors.lacking(bench.workspace, embedder.identity, _BATCH):
        records = bench.catalog.records.get(bench.workspace, [one.record_id for one in lacking])
        texts = {
            one.text_hash: clean(records[one.record_id].raw[one.start : one.end]).text
            for one in lacking
            if one.record_id in records
        }
        made = embedder.embed(list(texts.values()))
        vectors.stage(bench.workspace, embedder.identity, dict(zip(texts, made, strict=True)))
        done += len(texts)
        if progress:
            progress(min(done, total), total, "embedding anew")
