"""Rows and documents to records."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import islice

from assistant.domain.base import digest
from assistant.domain.clean import CleanText, clean
from assistant.domain.ids import person_id, record_id
from assistant.domain.record import Record, RecordKind
from assistant.stores.ledger import Identity
from ingest.clean.duplicates import voice
from ingest.clean.identity import identities_of
from ingest.clean.language import detect_language, language_code
from ingest.clean.language_batch import detect_languages
from ingest.mapping import ColumnMapping
from ingest.options import WebPage
from ingest.port import Document, Row
from ingest.values import is_blank, parse_date, parse_rating
from ingest.web.freshness import FETCHED

_SEGMENT_CHARS = 200
_NAME_CHARS = 500
_ROWS_AHEAD, _CHARS_AHEAD = 512, 300_000


@dataclass(frozen=True)
class Origin:
    """What all records of a file share."""

    workspace: str
    source: str
    kind: RecordKind
    language: str | None = None
    person_key: bytes = field(default=b"", repr=False)
    """Secret of the pseudonyms; empty where the installation has none."""


@dataclass(frozen=True)
class Candidate:
    """A record with its cleaned text, not yet looked up."""

    record: Record
    cleaned: CleanText
    is_document: bool = False
    own: tuple[tuple[int, int], ...] | None = None
    """Spans of the raw text that may be cited, where that isn't all of it."""
    identities: frozenset[Identity] = frozenset()
    """By what its author can be known in other channels."""


@dataclass
class Built:
    """What one row gives: a record per text in it; none if there is no text."""

    number: int
    candidates: list[Candidate] = field(default_factory=list)
    problem: str = ""
    remarks: list[str] = field(default_factory=list)
    left_out: bool = False
    """The problem is that the row is no feedback."""


def build_rows(rows: Iterable[Row], mapping: ColumnMapping, origin: Origin) -> Iterator[Built]:
    """Make the records of rows, in order. Values that can't be understood are left out and remarked on, never guessed.

    A few hundred rows are read ahead, because the languages of many texts are told in half the time of one after the other.
    """
    coming = iter(rows)
    while some := _next(coming):
        read = [_read(row, mapping, origin) for row in some]
        languages = iter(detect_languages([text for one in read for text in one.unknown]))
        for one in read:
            yield one.built(languages)


def _next(rows: Iterator[Row]) -> list[Row]:
    some: list[Row] = []
    chars = 0
    for row in islice(rows, _ROWS_AHEAD):
        some.append(row)
        chars += sum(map(len, row.cells.values()))
        if chars >= _CHARS_AHEAD:
            break
    return some


@dataclass
class _Read:
    """A row whose values are understood, and its texts cleaned."""

    row: Built
    answers: list[tuple[str, CleanText, Mapping[str, str], tuple[tuple[int, int], ...] | None]]
    """Raw text, cleaned, segments of its own, and spans that may be cited."""
    shared: "_Shared | None" = None

    @property
    def unknown(self) -> list[str]:
        """The texts whose language has to be told from their words."""
        told = self.shared is None or self.shared.language is not None
        return [] if told else [cleaned.text for _, cleaned, _, _ in self.answers]

    def built(self, languages: Iterator[str]) -> Built:
        """With its records. Args: languages: those of the `unknown` texts come next."""
        if self.shared is not None:
            for raw, cleaned, context, own in self.answers:
                record = self.shared.record(raw, cleaned, context, self.shared.language or next(languages))
                self.row.candidates.append(
                    Candidate(record, cleaned, own=own, identities=self.shared.identities)
                )
        return self.row


def _read(row: Row, mapping: ColumnMapping, origin: Origin) -> _Read:
    read = _Read(Built(row.number, problem=row.problem, remarks=list(row.remarks), left_out=row.left_out), [])
    if row.problem:
        return read
    cells = _Cells(row.cells, mapping, read.row.remarks)
    answers = [(name, row.cells[name]) for name in mapping.texts if not is_blank(row.cells.get(name, ""))]
    title = cells.get("title")
    if not answers and title is not None:
        answers, title = [("", row.cells[mapping.fields["title"]])], None
    read.shared = _Shared(cells, title, origin)
    for name, raw in answers:
        own = row.own if name in mapping.texts else None
        cleaned = clean(raw if own is None else "\n".join(raw[start:end] for start, end in own))
        if cleaned.text:
            read.answers.append((raw, cleaned, mapping.context_of(name), own))
    return read


def build_document(document: Document, name: str, origin: Origin, page: WebPage | None = None) -> Built:
    """Make the record of a document. A web page keeps its id when it is fetched again: what changed is a new revision."""
    cleaned = clean(document.text)
    built = Built(1)
    if not cleaned.text:
        return built
    key = digest("document", document.text, document.title) if page is None else page_key(page)
    fetched = datetime.combine(page.fetched_on, time(), UTC) if page else None
    record = Record(
        workspace=origin.workspace,
        id=record_id(origin.workspace, origin.source, key),
        source=origin.source,
        kind=origin.kind,
        raw=document.text,
        segments={FETCHED: page.fetched_on.isoformat()} if page else {},
        said_at=fetched,
        language=origin.language or detect_language(cleaned.text),
        url=page.url if page else None,
        title=document.title or name,
        anchors=document.anchors,
        voice=voice(cleaned.text, None),
    )
    built.candidates.append(Candidate(record, cleaned, is_document=True))
    return built


def page_key(page: WebPage) -> str:
    """What a web page's record is known by, whatever it says."""
    return digest("page", page.url)


class _Cells:
    """A row's values by field."""

    def __init__(self, cells: Mapping[str, str], mapping: ColumnMapping, remarks: list[str]) -> None:
        self._cells = cells
        self._mapping = mapping
        self._remarks = remarks

    def get(self, name: str, limit: int = _NAME_CHARS) -> str | None:
        """The field's value on one line, or None."""
        column = self._mapping.fields.get(name)
        value = self._cells.get(column, "") if column else ""
        return None if is_blank(value) else " ".join(value.split())[:limit]

    def said_at(self) -> datetime | None:
        value = self.get("said_at")
        moment = parse_date(value, self._mapping.order) if value else None
        if value and moment is None:
            self._remarks.append("date not understood; kept without a date")
        return moment

    def rating(self) -> float | None:
        value = self.get("rating")
        rating = parse_rating(value) if value else None
        if value and rating is None:
            self._remarks.append("rating not understood; kept without a rating")
        return rating

    def language(self) -> str | None:
        value = self.get("language")
        return language_code(value) if value else None

    def url(self) -> str | None:
        value = self.get("url", 2_000)
        return value if value and value.startswith(("https://", "http://")) else None

    def segments(self) -> dict[str, str]:
        found = {name: self._cells.get(column, "") for name, column in self._mapping.segments.items()}
        return {
            name: " ".join(value.split())[:_SEGMENT_CHARS]
            for name, value in found.items()
            if not is_blank(value)
        }


class _Shared:
    """What the records of one row have in common."""

    def __init__(self, cells: _Cells, title: str | None, origin: Origin) -> None:
        self._origin = origin
        self._title = title
        self._external_id = cells.get("external_id")
        author = cells.get("author")
        self._person = person_id(origin.workspace, author, origin.person_key) if author else None
        self._account = cells.get("account")
        self.identities = (
            identities_of(origin.workspace, author, self._account, origin.person_key)
            if author
            else frozenset[Identity]()
        )
        self._rating = cells.rating()
        self._said_at = cells.said_at()
        self._url = cells.url()
        self._segments = cells.segments()
        self.language = origin.language or cells.language()

    def record(self, raw: str, cleaned: CleanText, context: Mapping[str, str], language: str) -> Record:
        question = context.get("question", "")
        segments = self._segments | {name: value[:_SEGMENT_CHARS] for name, value in context.items()}
        return Record(
            workspace=self._origin.workspace,
            id=record_id(self._origin.workspace, self._origin.source, self._key(raw, question, segments)),
            source=self._origin.source,
            kind=self._origin.kind,
            raw=raw,
            external_id=self._external_id,
            person=self._person,
            account=self._account,
            segments=segments,
            rating=self._rating,
            said_at=self._said_at,
            language=language,
            url=self._url,
            title=self._title,
            voice=voice(cleaned.text, self._person, self._account),
        )

    def _key(self, raw: str, question: str, segments: Mapping[str, str]) -> str:
        """The source's own id; else a hash of what the row says, so that its place in the file doesn't matter."""
        if self._external_id is not None:
            return f"{self._external_id}\x1f{question}" if question else self._external_id
        said = self._said_at.isoformat() if self._said_at else None
        return digest(
            raw, self._title, self._person, self._account, self._rating, said, self._url, dict(segments)
        )
