"""The seams of ingestion: connectors give rows, parsers turn bytes into text with anchors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from assistant.domain.record import Anchor

MAP_FIELDS = ("text", "external_id", "said_at", "author", "account", "rating", "language", "url", "title")
"""Fields that `--map field=column` can name, besides `segment.<name>`."""


@dataclass(frozen=True)
class Row:
    """One row of a table, or one element of a JSON file, by column name."""

    number: int
    """From 1, as a person counts the data rows."""
    cells: Mapping[str, str]
    problem: str = ""
    """Why the row can't be read; its cells are then empty."""
    remarks: tuple[str, ...] = ()
    """What the person should know of the row, whatever becomes of it."""
    own: tuple[tuple[int, int], ...] | None = None
    """Spans of the text that are its author's own words, where the rest is quoted; None: all of it."""


@dataclass(frozen=True)
class TextBlock:
    """A run of a document's text, with the place a person finds it at."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Document:
    """A parsed document: its text with anchors."""

    text: str
    title: str | None = None
    anchors: tuple[Anchor, ...] = ()


class Parser(Protocol):
    """Bytes of a document to text blocks.

    Raises: InputRejected with a sentence for the person.
    """

    def __call__(self, path: Path) -> Document: ...


class Connector(Protocol):
    """A file of rows.

    Raises: InputRejected where the file as a whole can't be read; a bad row is a Row with a `problem`.
    """

    @property
    def layout(self) -> str:
        """What was recognised, for example `csv`."""
        ...

    def columns(self) -> Sequence[str]: ...

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`."""
        ...


@dataclass
class FileReport:
    """What became of one file: `kept + duplicate + empty + rejected == rows`."""

    path: str
    layout: str = ""
    confidence: float = 0.0
    """How sure the column detection is, 0 to 1."""
    mapping: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    kept: int = 0
    duplicate: int = 0
    """Rows that repeat a record: same person and text, or imported before."""
    near_duplicate: int = 0
    """Of the kept ones, those that almost repeat another record: both stay, and count once where they are one person's."""
    empty: int = 0
    rejected: int = 0
    reasons: list[str] = field(default_factory=list)
    """`3 rows: longer than 1,000,000 characters (first: row 17)`, most frequent first."""
    personal: dict[str, int] = field(default_factory=dict)
    """Personal data in the texts: kind (`e-mail`, `phone`, …) → how often. It is masked wherever texts are shown."""
    languages: dict[str, int] = field(default_factory=dict)
    """Records that are new or changed by language, most frequent first; `und` where a text is too short to tell."""
    error: str = ""
    """Why the whole file was refused."""
    hint: str = ""
