"""What a person asks of an import, and what they are told of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from assistant.stores.decisions import SavedMapping
from ingest.clean.language import language_code
from ingest.port import FileReport

Progress = Callable[[int, int | None, str], None]
"""Called with rows done, rows of the file (None where unknown) and a short message. May raise `Cancelled`."""

_NAME_CHARS = 200


@dataclass(frozen=True)
class WebPage:
    """Where a fetched file comes from."""

    url: str
    fetched_on: date
    """Day in UTC."""


@dataclass(frozen=True)
class IngestOptions:
    """How files are to be read."""

    kind: RecordKind = RecordKind.customer
    source: str | None = None
    """Name of the source; by default the file's stem."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """`--map` field → column. An empty column switches the field off."""
    language: str | None = None
    """Language of all texts; by default a column says it, or it is detected."""
    restore_erased: bool = False
    """Whether rows come back that were erased on request."""
    pages: Mapping[Path, WebPage] = field(default_factory=dict)
    """Which of the files are web pages that were fetched for this import."""
    saved_name: str | None = None
    """Read tables by the saved mapping of this name, whatever their header."""
    save_as: str | None = None
    """Save the mapping of the one table of this import under this name."""
    saved: Sequence[SavedMapping] = ()
    """The workspace's saved mappings, which files with their header are read by; `ingest` and `preview` look them up."""
    sync: bool = False
    """A table is its source's complete export: records of the source that it doesn't hold leave it."""
    confirmed: bool = False
    """A person said yes to what is asked otherwise: guessed columns, and a sync that takes more than half of a source."""

    def __post_init__(self) -> None:
        """Raises: UsageError for a language that is none, and a name that is too long for a source."""
        if self.source is not None and len(self.source) > _NAME_CHARS:
            raise UsageError(
                f"The source's name has {len(self.source):,} characters.",
                hint=f"Use at most {_NAME_CHARS}.",
            )
        if self.language is None:
            return
        code = language_code(self.language)
        if code is None:
            raise UsageError(
                f"'{self.language[:40]}' is no language that can be named.",
                hint="Use a code of two letters, for example de, or pt-BR.",
            )
        object.__setattr__(self, "language", code)


@dataclass(frozen=True)
class IngestResult:
    """What became of every file."""

    files: tuple[FileReport, ...]
    records: int
    """Records that are new or changed. For a preview: that would be."""
    vanished: int = 0
    """Records that left their source. For a preview: that would."""
    offer: str = ""
    """What the workspace's languages call for, as a sentence and a command; empty where its embedder fits them."""

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """Files that were refused as a whole."""
        return tuple(report for report in self.files if report.error)


NOTHING = IngestResult((), 0)
"""The result where there was no file to read."""
