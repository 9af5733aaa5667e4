"""The seams of statements and themes in the catalog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from assistant.domain.lineage import ThemeChanges, ThemeEvent
from assistant.domain.theme import Statement, ThemeNode, ThemeRun, ThemeSet
from assistant.domain.theme_edit import EditResult, LoggedEdit


@dataclass(frozen=True)
class Uncut:
    """A record whose statements nobody has looked for."""

    record_id: str
    raw: str
    language: str
    passages: tuple[tuple[int, int], ...]
    """Spans that may be cited, in order."""


@dataclass(frozen=True)
class StatementRows:
    """The statements of current customer records as columns, by record id and ordinal."""

    record_ids: tuple[str, ...]
    """Records with statements, sorted."""
    keys: npt.NDArray[np.int64]
    """What the catalog knows each statement by, shape (statements,)."""
    record: npt.NDArray[np.int32]
    """Row of `record_ids`."""
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    text: npt.NDArray[np.int32]
    """Row of `hashes`: statements of the same words share it."""
    hashes: tuple[str, ...]
    """Distinct text hashes, sorted, so that their order depends on content alone."""
    vectors: npt.NDArray[np.float16]
    """Shape (hashes, dimension)."""
    theme: npt.NDArray[np.int32]
    """Row of `theme_ids`, or -1 where it is in no theme yet."""
    theme_ids: tuple[str, ...]
    """Themes without parts of their own that hold statements, or held them before edits, sorted."""
    found: npt.NDArray[np.int32]
    """As `theme`, but where clustering put it, whatever people decided since."""


class StatementStore(Protocol):
    """What the records say, statement by statement, with their vectors."""

    def uncut(
        self, workspace: str, embedder: str, after: str | None, limit: int, until: str | None = None
    ) -> list[Uncut]:
        """Current customer records without statements, or with one that lacks its vector, after that record id, by id.

        Args: until: least id behind those that are asked for; None: to the last.
        """
        ...

    def without_vector(self, workspace: str, embedder: str, text_hashes: Sequence[str]) -> list[str]:
        """Those of the hashes that have no vector of that embedder, as passage or as statement, in the order given."""
        ...

    def add(
        self,
        workspace: str,
        embedder: str,
        statements: Mapping[str, Sequence[Statement]],
        vectors: Mapping[str, npt.NDArray[np.float32]],
    ) -> int:
        """Keep statements of current records (record id → statements) and vectors (text hash → vector) in one transaction.

        Statements and vectors that are there already are left as they are. Returns: statements that were new.
        Raises: Conflict where the workspace holds vectors of another embedder meanwhile; DiskFull, StoreError.
        """
        ...

    def rows(self, workspace: str, embedder: str) -> StatementRows:
        """All statements that have a vector of that embedder."""
        ...


@dataclass(frozen=True)
class ThemeState:
    """The themes as they are remembered, without what can be counted again."""

    run: ThemeRun
    nodes: tuple[ThemeNode, ...]
    """By level, then id."""
    found: tuple[ThemeNode, ...] = ()
    """As clustering found them, before edits; empty where there are none."""
    events: tuple[ThemeEvent, ...] = ()
    """What runs did to themes, oldest first. What edits did is told by their log."""
    changes: ThemeChanges = field(default_factory=ThemeChanges)
    """What the last run changed."""
    became: Mapping[str, str] = field(default_factory=dict)
    """Themes that edits name and that are no longer there → the one that holds most of what they held."""
    results: tuple[EditResult, ...] = ()
    """What became of the edits when they were done last, by number."""
    steered: str = ""
    """Hash of the edits in force; empty without any."""


class CountedStore(Protocol):
    """What was counted over the whole workspace last, for readers who can't wait for it."""

    def stamp(self, workspace: str) -> str | None:
        """Of what the kept counts are, as `keep` was told; None where nothing is kept."""
        ...

    def read(self, workspace: str, name: str) -> bytes | None:
        """What was kept under a name."""
        ...

    def keep(self, workspace: str, stamp: str, contents: Mapping[str, bytes]) -> None:
        """Replace everything that was kept, in one transaction. An erasure removes it."""
        ...


class ThemeMark(NamedTuple):
    """What tells that themes changed, without reading what they are."""

    state: str
    """Hash of the state."""
    is_shown: bool
    """Whether `shown` has something."""


class ThemeStore(Protocol):
    """The themes of a workspace."""

    def mark(self, workspace: str) -> ThemeMark | None:
        """Another one whenever a run, an edit or an erasure changed them; None before the first run."""
        ...

    def state(self, workspace: str) -> ThemeState | None:
        """What the last run left; None before the first."""
        ...

    def save(
        self,
        workspace: str,
        state: ThemeState,
        moved: Mapping[str, npt.NDArray[np.int64]],
        found: Mapping[str, npt.NDArray[np.int64]] | None = None,
        edit: LoggedEdit | None = None,
    ) -> None:
        """Keep the state, put statements into themes (theme id → keys), and keep an edit, in one transaction.

        Statements that aren't named stay where they are, unless their theme is no longer among the nodes: they are in none then.

        Args:
            found: of those that are moved, the ones that clustering has in another theme, by that theme.
            edit: new, or with another mark than before.
        """
        ...

    def edits(self, workspace: str) -> tuple[LoggedEdit, ...]:
        """The log of what people decided, by number."""
        ...

    def shown(self, workspace: str) -> ThemeSet | None:
        """What `show` was given last, whatever has changed since; None once something of it was erased."""
        ...

    def show(self, workspace: str, themes_shown: ThemeSet) -> None:
        """Keep the themes as people read them."""
        ...
