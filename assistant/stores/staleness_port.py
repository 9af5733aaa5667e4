"""The seam of staleness: what drafts rest on, and the claims that no longer hold."""

from collections.abc import Sequence
from typing import Protocol

from assistant.domain.staleness import Proof, StaleClaim

Evaluated = tuple[Proof, tuple[StaleClaim, ...] | None]
"""A proof as it is now, and the stale claims of its draft; None: its foundation is as it was, so that its claims are, too."""


class StalenessStore(Protocol):
    """Saving a version of a draft makes its proof anew, in the same transaction; an erasure cleans both."""

    def due(self, workspace: str) -> tuple[str, list[Proof]]:
        """The corpus of now, by a name, and the proofs that nobody held against it, by draft id."""
        ...

    def put(self, workspace: str, corpus: str, evaluated: Sequence[Evaluated]) -> list[StaleClaim] | None:
        """Keep what came of it, in one transaction. A draft of which there is a newer version by now is left out.

        Args: corpus: the name that it was evaluated under. Returns: claims that weren't stale before; None, and nothing is kept,
        where the corpus of now is another one.
        """
        ...

    def claims(self, workspace: str, draft_id: str | None = None) -> list[StaleClaim]:
        """Stale claims as they were kept last, of one draft or of all, by draft and claim."""
        ...
