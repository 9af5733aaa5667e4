"""What `ingest` takes: files and folders, a data frame, or records that came as lines of JSON."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Union

from assistant.errors import UsageError
from assistant.settings import Settings
from ingest.connectors.encoding import hash_file
from ingest.connectors.frame import FrameRows
from ingest.connectors.json_rows import JsonRows
from ingest.connectors.json_source import JsonSource
from ingest.layouts.field_names import FieldNames
from ingest.options import IngestOptions
from ingest.recognise import Opened, find_files, open_file
from ingest.sources import NAMESAKE, source_names, stem_of

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoDataFrame

RECORDS = "records"
"""Layout, and default source, of records that came as lines of JSON."""


@dataclass(frozen=True)
class RecordLines:
    """A file of JSON Lines whose fields are called as `--map` calls them, so that nothing has to be recognised."""

    path: Path


What = Union[Sequence[Path], RecordLines, "IntoDataFrame"]
"""Files and folders; or a pandas or polars DataFrame, or Arrow data; or records as lines of JSON."""


@dataclass(frozen=True)
class Item:
    """One of the things that are imported together."""

    path: Path
    """Where it lies; of a frame, the name of its source."""
    name: str
    """Name of its source, unless the options or its layout give another."""
    open: Callable[[Settings], Opened] = field(repr=False)
    """Raises: InputRejected where it can't be read."""
    note: str = ""
    """What the person should know where its source gets that name."""


def items_of(what: What, options: IngestOptions) -> list[Item]:
    """The things to import, in order.

    Raises: InputRejected: a path doesn't exist. UsageError: a frame without a name for its source.
    """
    if isinstance(what, RecordLines):
        return [Item(what.path, RECORDS, partial(open_records, what.path))]
    if isinstance(what, Sequence) and not isinstance(what, str | bytes):
        files = find_files(what)
        names = source_names(files)
        return [_file(path, names[path]) for path in files]
    if not options.source:
        raise UsageError(
            "A data frame has no file name that its source could be called by.",
            hint="Name it: IngestOptions(source='…'). The same name again finds the same records again.",
        )
    return [Item(Path(options.source), options.source, partial(_open_frame, what, options.source))]


def _file(path: Path, name: str) -> Item:
    stem = stem_of(path)
    note = NAMESAKE.format(stem=stem, name=name) if name != stem else ""
    return Item(path, name, partial(open_file, path), note)


def _open_frame(frame: object, name: str, settings: Settings) -> Opened:
    rows = FrameRows(frame, settings.max_field_chars)
    return Opened(Path(name), rows.content_hash(), rows.layout, connector=rows, notes=rows.notes)


def open_records(path: Path, settings: Settings) -> Opened:
    """Open lines of JSON. Raises: InputRejected if none of the first lines is an object."""
    # The byte order mark that some tools write is no part of the first line.
    source = JsonSource(path, "utf-8-sig", settings.max_field_chars, 0, lines=True)
    rows = JsonRows(source, settings.max_field_chars)
    return Opened(path, hash_file(path), RECORDS, connector=rows, known=FieldNames())
