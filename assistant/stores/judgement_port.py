"""The seams of what people judged: labels, and cases of a workspace's own evaluation sets."""

from collections.abc import Mapping
from typing import Protocol

from assistant.domain.label import KeptCase, Label


class LabelStore(Protocol):
    """Labels of a workspace."""

    def put(self, workspace: str, label: Label) -> None:
        """Keep a label, in place of the same person's earlier answer."""
        ...

    def labels(self, workspace: str, question: str = "", item: str = "") -> list[Label]:
        """Labels by question, item and rater. Args: question, item: only those that begin with it."""
        ...

    def forget(self, workspace: str, label_id: str) -> bool:
        """Remove a label. Returns whether there was one."""
        ...


class CaseStore(Protocol):
    """Evaluation sets that live in the workspace."""

    def put(self, workspace: str, case: KeptCase) -> None:
        """Keep a case, in place of one of that id in its set. Raises: UsageError: the set is for another kind."""
        ...

    def cases(self, workspace: str, set_name: str) -> list[KeptCase]:
        """The cases of a set, by id."""
        ...

    def sets(self, workspace: str) -> Mapping[str, tuple[str, int]]:
        """Name of each set → its kind and how many cases it has, by name."""
        ...

    def remove(self, workspace: str, set_name: str, case_id: str) -> bool:
        """Remove a case. Returns whether there was one."""
        ...
