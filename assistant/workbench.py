"""The opened seams of one workspace: the first argument of every use-case function."""

from collections.abc import Callable, Sequence
from functools import cached_property

from assistant.domain.staleness import StaleClaim
from assistant.errors import IndexLocked
from assistant.llm.port import BatchServer, ChatModel, Embedder
from assistant.settings import Settings
from assistant.stores.index_port import VectorIndex
from assistant.stores.person_key import read_person_key
from assistant.stores.port import Catalog, CorpusRows


class Workbench:
    """Seams that open when they are first used, so that a command pays only for what it needs.

    Use as a context manager: closing gives back the index's lock and the database.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        open_catalog: Callable[[], Catalog],
        open_index: Callable[[], VectorIndex | None],
        open_embedder: Callable[[], Embedder],
        open_model: Callable[[], ChatModel | None],
        open_batches: Callable[[], BatchServer | None] = lambda: None,
        open_speech: Callable[[], Embedder] | None = None,
        open_judge: Callable[[], ChatModel | None] = lambda: None,
    ) -> None:
        self.settings = settings
        self.workspace = settings.workspace
        self._open_catalog = open_catalog
        self._open_index = open_index
        self._open_embedder = open_embedder
        self._open_model = open_model
        self._open_batches = open_batches
        self._open_speech = open_speech or open_embedder
        self._open_judge = open_judge
        self.stale_listeners: list[Callable[[Sequence[StaleClaim]], None]] = []
        """Called with claims that became stale, after they were marked; at most once for each, so none of them may be lost by a crash of theirs."""
        self._corpus: CorpusRows | None = None
        self._embedded_with: str | None = None
        self._heeded: str | None = None
        """What the workspace was embedded with when `heed_embedder` looked."""
        self.index_is_kept = False
        """Whether somebody else in this process brings the index up to date, so that no search has to."""
        self.index_refusal: IndexLocked | None = None
        """Why `index` is None, once it was asked for."""

    @cached_property
    def catalog(self) -> Catalog:
        return self._open_catalog()

    @cached_property
    def index(self) -> VectorIndex | None:
        """None where another process owns the index; search is then exact over the catalog's vectors."""
        return self._open_index()

    @cached_property
    def embedder(self) -> Embedder:
        return self._open_embedder()

    @cached_property
    def model(self) -> ChatModel | None:
        """None: the extractive writer works alone."""
        return self._open_model()

    @cached_property
    def judge(self) -> ChatModel | None:
        """The model that judges drafts: one of its own where the settings name one, else the writer's. None: nobody."""
        return self._open_judge() or self.model

    @cached_property
    def batches(self) -> BatchServer | None:
        """None: the model takes no batches."""
        return self._open_batches()

    @cached_property
    def speech(self) -> Embedder:
        """By which a person's turns are understood: people write in their language, whatever the records are embedded with."""
        return self._open_speech()

    @cached_property
    def person_key(self) -> bytes:
        """Secret of the pseudonyms of authors; empty where the installation has none. Raises: UsageError."""
        return read_person_key(self.settings)

    def corpus(self) -> CorpusRows:
        """The workspace's records as columns, read again only when they changed or were embedded anew."""
        return self._read(with_passages=True)

    def columns(self) -> CorpusRows:
        """The same without passages and their vectors, which nothing that only counts looks at. Whole where that is held anyway.

        With the statements of 200,000 records the process holds 659 MB, where it held 937 with the whole.
        """
        return self._read(with_passages=False)

    def _read(self, *, with_passages: bool) -> CorpusRows:
        snapshot = self.catalog.records.snapshot(self.workspace)
        stored = self.catalog.pages.embedder(self.workspace)
        held = self._corpus
        is_current = held is not None and (held.snapshot, self._embedded_with) == (snapshot, stored)
        if held is not None and is_current and (held.has_passages or not with_passages):
            return held
        if self._embedded_with not in (None, stored):
            self.reopen_embedder()
        known = held if self._embedded_with == stored else None
        read = self.catalog.records.corpus(self.workspace, with_passages=with_passages, held=known)
        self._corpus, self._embedded_with = read, stored
        return read

    def heed_embedder(self) -> None:
        """Choose the embedder again where another process embedded the workspace, since this was last asked for."""
        # Not compared with what the open one says it is: one of a server would have to ask it.
        if self._heeded != (stored := self.catalog.pages.embedder(self.workspace)):
            self._heeded = stored
            self.reopen_embedder()

    def reopen_embedder(self) -> None:
        """Choose the embedder again when it is next used: the workspace changed to another one."""
        self.__dict__.pop("embedder", None)

    def __enter__(self) -> "Workbench":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what was opened. Closing twice does nothing."""
        if (index := self.__dict__.pop("index", None)) is not None:
            index.close()
        if (catalog := self.__dict__.pop("catalog", None)) is not None:
            catalog.close()
        # 210 MB of the built-in one, which would else stay until the garbage of the workbench is collected.
        self.reopen_embedder()
        self._corpus = None
