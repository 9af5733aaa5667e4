"""The seams of storage. The catalog is the truth; lexical and vector index are caches of it.

Every call names its workspace: there is no unscoped query. All adapters pass `tests/contract`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.domain.draft import Draft
from assistant.domain.events import DraftEvent
from assistant.domain.facets import Facets, Wording
from assistant.domain.record import Passage, Record
from assistant.stores import tracker_port
from assistant.stores.access_port import AccessStore, AuditLog
from assistant.stores.decisions import MappingStore, TombstoneStore
from assistant.stores.erasure_port import CatalogEraser, ErasureLog
from assistant.stores.history_port import CommentStore, HistoryStore
from assistant.stores.hook_port import HookOutbox, HookStore
from assistant.stores.index_port import OutboxStore
from assistant.stores.judgement_port import CaseStore, LabelStore
from assistant.stores.ledger import Identity, Ledger, PeopleStore, Sketch, TwinStore
from assistant.stores.lexical_port import LexicalIndex
from assistant.stores.moved import Reached
from assistant.stores.stack import Stack
from assistant.stores.staleness_port import StalenessStore
from assistant.stores.tally_port import TallyStore
from assistant.stores.theme_port import CountedStore, StatementStore, ThemeStore
from assistant.stores.thread_port import SpendStore, ThreadStore, TurnStore


@dataclass(frozen=True)
class Checkpoint:
    """How far the import of one file has come; saved in the same transaction as its rows."""

    import_key: str
    """Hash of the file's bytes, the source's name and the mapping."""
    rows_done: int
    """Rows of the file that are accounted for."""
    tally: Mapping[str, int] = field(default_factory=dict)
    """`kept`, `duplicate`, `near_duplicate`, `empty`, `rejected`, and one count per reason."""
    finished: bool = False


@dataclass(frozen=True)
class RecordBatch:
    """What one transaction adds: records, their passages, the vectors that were computed for them."""

    records: Sequence[Record]
    passages: Sequence[Passage]
    vectors: Mapping[str, npt.NDArray[np.float32]]
    """Passage.text_hash → vector; hashes that are stored already may be left out."""
    terms: Mapping[str, str]
    """Passage id → its words for the lexical index (`domain.text.index_terms`)."""
    embedder: str
    """Name, file hash and dimension of the embedder; a workspace holds vectors of one only."""
    checkpoint: Checkpoint | None = None
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    """Record id → what its words tell; records may be left out, and are looked at when the workspace is opened next."""
    worded_by: str = ""
    """What the wordings were decided with (`search.facet_weights.worded_by`)."""
    sketches: Mapping[str, Sketch] = field(default_factory=dict)
    """Record id → what its twins are found by."""
    identities: frozenset[Identity] = frozenset()
    """By what the authors can be known in other channels."""
    restores_erased: bool = False
    """Whether somebody asked that records come back that were erased."""


@dataclass(frozen=True)
class CorpusRows:
    """A workspace's current records and passages as columns, in the order of their ids: the same for any order of arrival."""

    snapshot: str
    record_ids: tuple[str, ...]
    kind: tuple[str, ...]
    source: tuple[str, ...]
    person: tuple[str | None, ...]
    """Who counts as the author: the pseudonyms of one person are one here."""
    account: tuple[str | None, ...]
    voice: tuple[str, ...]
    """Records of one voice count once: twins of one person."""
    language: tuple[str, ...]
    rating: tuple[float | None, ...]
    said_at: tuple[int | None, ...]
    """Unix seconds, UTC."""
    segments: tuple[Mapping[str, str], ...]
    passage_ids: tuple[str, ...]
    passage_record: npt.NDArray[np.int32]
    """Row of the record that each passage belongs to."""
    stack: Stack
    places: npt.NDArray[np.int64]
    """Where the vector of each passage is in the stack."""
    passage_keys: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """The catalog's number of each passage, as the lexical index knows it."""
    marks: tuple[str, ...] = ()
    """What each passage says (`Passage.marks`); empty, or an empty text, where it isn't known."""
    type: tuple[str | None, ...] = ()
    """Facet of each record (`domain.facets.RecordType`); empty, or None, where it isn't known."""
    sentiment: tuple[str | None, ...] = ()
    """Facet of each record (`domain.facets.Sentiment`), by the scale of its source; else as `type`."""
    authors: tuple[str | None, ...] = ()
    """The author's own pseudonym, as the record has it; empty where `person` was not resolved."""
    own_voices: tuple[str, ...] = ()
    """The voice as the record has it."""
    reach_account: tuple[str | None, ...] = ()
    """The account that is counted: the record's own, else the only one that its merged person has elsewhere. Empty: as `account`."""
    ledger: Ledger = field(default_factory=Ledger)
    """What `person`, `voice` and `reach_account` were resolved by."""
    has_passages: bool = True
    """False where passages, marks and vectors were not read."""
    reached: Reached = field(default_factory=Reached)

    @property
    def vectors(self) -> npt.NDArray[np.float16]:
        """Shape (passages, dimension); made anew each time."""
        return self.stack.at(self.places)


class RecordStore(Protocol):
    """Records, their passages and vectors."""

    def add(self, workspace: str, batch: RecordBatch) -> int:
        """Save a batch in one transaction, with one outbox row per passage. Returns records that were new or changed.

        A record whose id is known with the same revision is left as it is; with another revision, the new one
        becomes current and the passages of the old one leave the indexes.
        Raises: EmbedderMismatch, Conflict where a record was erased meanwhile, DiskFull, StoreError.
        """
        ...

    def known(self, workspace: str, record_ids: Sequence[str]) -> dict[str, str]:
        """Ids that are stored, with their current revision."""
        ...

    def get(
        self, workspace: str, record_ids: Sequence[str], revision: str | None = None
    ) -> dict[str, Record]:
        """Records by id (current, or that revision); ids that aren't stored are absent from the answer."""
        ...

    def passages(self, workspace: str, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Passages of current records by id; unknown ids are absent."""
        ...

    def corpus(
        self, workspace: str, *, with_passages: bool = True, held: CorpusRows | None = None
    ) -> CorpusRows:
        """All current records and passages as columns.

        Args:
            with_passages: False leaves passages and vectors out.
            held: what was read before: where only a few records came since, the rest is taken from it. The answer is the same.
        """
        ...

    def snapshot(self, workspace: str) -> str:
        """Hash of the current records, the same for any order of arrival. One indexed read."""
        ...


class RecordPages(Protocol):
    """Reading many records in order, for export and pages."""

    def page(self, workspace: str, after: str | None, limit: int) -> list[Record]:
        """Current records by id, after that id."""
        ...

    def erase(self, workspace: str, record_ids: Sequence[str]) -> int:
        """Remove records with every revision, passage and vector of theirs; outbox rows tell the indexes."""
        ...

    def languages(self, workspace: str) -> dict[str, int]:
        """Current records by language."""
        ...

    def voices(self, workspace: str) -> Iterator[tuple[str, str]]:
        """(record id, voice) of all current records, one after the other: a whole workspace is never held."""
        ...

    def embedder(self, workspace: str) -> str | None:
        """The embedder whose vectors the workspace holds."""
        ...

    def workspaces(self) -> list[str]:
        """Names of the workspaces that hold records."""
        ...


class VectorStore(Protocol):
    """The vectors by the hash of the text they belong to: an embedding is never paid twice."""

    def get(
        self, workspace: str, embedder: str, text_hashes: Sequence[str]
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Stored vectors; hashes without one are absent."""
        ...

    def lacking(self, workspace: str, embedder: str, limit: int) -> list[Passage]:
        """Passages of current records whose text has no vector of that embedder, one of each text."""
        ...

    def stage(self, workspace: str, embedder: str, vectors: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Keep vectors (text hash → vector) beside those in use, for `adopt`. Hashes that are stored already are left as they are."""
        ...

    def adopt(self, workspace: str, embedder: str) -> bool:
        """Change the workspace to that embedder's vectors in one transaction, and remove all others.

        Returns: False where a passage lacks its vector, for example because it came in meanwhile; nothing was changed then.
        """
        ...


@dataclass(frozen=True)
class Uttered:
    """A passage, with what the facets of its record are decided from."""

    text: str
    """The passage's span of the raw record, or that cleaned."""
    marks: str
    vector: npt.NDArray[np.float16]
    """As it is stored, shape (dimension,)."""


class FacetStore(Protocol):
    """What sort of thing each record says, and with which feeling."""

    def get(
        self, workspace: str, record_ids: Sequence[str], revision: str | None = None
    ) -> dict[str, Facets]:
        """Facets of records by id (current, or that revision). Ids that nobody has looked at are absent."""
        ...

    def worded_by(self, workspace: str) -> tuple[str, str | None]:
        """What the workspace's wordings were decided with, empty where some are missing; and the embedder of its vectors."""
        ...

    def uttered(self, workspace: str, after: str | None, limit: int) -> list[tuple[str, list[Uttered]]]:
        """Current records after that one by id, each with its passages in their order."""
        ...

    def put(self, workspace: str, wordings: Mapping[str, Wording]) -> None:
        """Keep what the words of current records tell, in place of what was there."""
        ...

    def finish(self, workspace: str, worded_by: str) -> None:
        """Remember that all wordings were decided with that."""
        ...


class DraftStore(Protocol):
    """Drafts with their versions, and the events of their writing."""

    def save(self, draft: Draft) -> None:
        """Keep a version. Saving the same bytes again changes nothing. Raises: Conflict on other bytes for that version."""
        ...

    def get(self, workspace: str, draft_id: str, version: int | None = None) -> Draft | None:
        """That version, or the newest."""
        ...

    def newest(self, workspace: str, after: str | None, limit: int) -> list[Draft]:
        """Newest versions, newest first, after that draft id."""
        ...

    def append_events(self, workspace: str, draft_id: str, events: Sequence[DraftEvent]) -> None:
        """Append to the log. An event whose `seq` is there already is left out."""
        ...

    def events(self, workspace: str, draft_id: str, after_seq: int) -> list[DraftEvent]:
        """Events with a greater `seq`, in order."""
        ...


class CallStore(Protocol):
    """Finished model calls by the hash of everything that was sent."""

    def get(self, workspace: str, key: str) -> dict[str, Any] | None:
        """The stored reply."""
        ...

    def put(self, workspace: str, key: str, reply: Mapping[str, Any]) -> None:
        """Keep a reply before anyone uses it."""
        ...


class ImportStore(Protocol):
    """How far imports have come."""

    def get(self, workspace: str, import_key: str) -> Checkpoint | None:
        """The last saved checkpoint of that file."""
        ...


class Turns(Protocol):
    """Locks by name, for what only one process may do at a time."""

    def take(self, what: str, workspace: str) -> Callable[[], None] | None:
        """Become the holder without waiting. Returns: what gives it back; None where another one has it."""
        ...


@dataclass(frozen=True)
class Catalog:
    """The opened catalog: one database, seen through its small seams."""

    records: RecordStore
    pages: RecordPages
    vectors: VectorStore
    drafts: DraftStore
    history: HistoryStore
    comments: CommentStore
    calls: CallStore
    imports: ImportStore
    outbox: OutboxStore
    lexical: LexicalIndex
    facets: FacetStore
    twins: TwinStore
    people: PeopleStore
    tombstones: TombstoneStore
    mappings: MappingStore
    eraser: CatalogEraser
    erasures: ErasureLog
    staleness: StalenessStore
    statements: StatementStore
    themes: ThemeStore
    counted: CountedStore
    labels: LabelStore
    cases: CaseStore
    access: AccessStore
    audit: AuditLog
    threads: ThreadStore
    said: TurnStore
    spending: SpendStore
    connections: tracker_port.ConnectionStore
    tickets: tracker_port.TicketStore
    links: tracker_port.LinkStore
    effects: tracker_port.EffectStore
    hooks: HookStore
    hook_outbox: HookOutbox
    deliveries: tracker_port.DeliveryStore
    asked: tracker_port.AskedStore
    turns: Turns
    tally: TallyStore
    identity: str
    """Where it lies, the same for all who open it."""
    close: Callable[[], None]
