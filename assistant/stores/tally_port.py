"""The seam to what is counted for whoever keeps the service running."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Tally:
    """Counts alone: nothing of what anybody said or asked."""

    records: int
    """Current ones."""
    passages: int
    drafts: Mapping[tuple[str, str], int]
    """Kind and verdict → versions that are kept."""
    calls: int
    """Replies of models that are kept."""
    tokens: int
    usd: float
    effects: Mapping[str, int]
    """State → how many."""
    hook_messages: Mapping[str, int]
    """State → how many."""
    deliveries: int
    """Messages of issue systems whose ids are remembered."""
    arrived: int
    """What came in from issue systems and waits to be worked on."""


class TallyStore(Protocol):
    """Counts of one workspace, or of all together."""

    def tally(self, workspace: str | None) -> Tally:
        """Count now. Args: workspace: None: all of them, which only who runs the server may ask. Raises: StoreError."""
        ...
