"""Counting what becomes of every row; the counts travel in checkpoints, so that a resumed import reports the whole."""

from collections.abc import Iterable, Mapping
from typing import Literal

from assistant.domain.personal.find import find_personal
from assistant.domain.personal.kinds import PersonalKind
from ingest.port import FileReport

Outcome = Literal["kept", "duplicate", "empty", "rejected"]
_OUTCOMES: tuple[Outcome, ...] = ("kept", "duplicate", "empty", "rejected")
_REASON = "reason:"
_FIRST = "first:"
_PERSONAL = "personal:"
_LANGUAGE = "language:"


class Tally:
    """Rows by outcome, and the reasons with the first row that each was seen at."""

    def __init__(self, stored: Mapping[str, int] | None = None) -> None:
        self._counts: dict[str, int] = dict.fromkeys(_OUTCOMES, 0) | dict(stored or {})

    @property
    def rows(self) -> int:
        """Rows that are accounted for."""
        return sum(self._counts[outcome] for outcome in _OUTCOMES)

    def count(self, outcome: Outcome, row: int, reason: str = "") -> None:
        """Account for one row."""
        self._counts[outcome] += 1
        if reason:
            self.remark(row, reason)

    def remark(self, row: int, reason: str) -> None:
        """Note something about a row, whatever becomes of it."""
        self._counts[_REASON + reason] = self._counts.get(_REASON + reason, 0) + 1
        self._counts.setdefault(_FIRST + reason, row)

    def found_personal(self, text: str) -> None:
        """Count the personal data in a text."""
        for span in find_personal(text):
            name = _PERSONAL + span.kind.value
            self._counts[name] = self._counts.get(name, 0) + 1

    def found_languages(self, codes: Iterable[str]) -> None:
        """Count the languages of records that are new or changed."""
        for code in codes:
            self._counts[_LANGUAGE + code] = self._counts.get(_LANGUAGE + code, 0) + 1

    def stored(self) -> dict[str, int]:
        """As it is kept in a checkpoint."""
        return dict(self._counts)

    def fill(self, report: FileReport, notes: tuple[str, ...] = ()) -> None:
        """Write the counts into a report."""
        report.rows = self.rows
        report.kept, report.duplicate = self._counts["kept"], self._counts["duplicate"]
        report.empty, report.rejected = self._counts["empty"], self._counts["rejected"]
        reasons = [
            (n, name.removeprefix(_REASON)) for name, n in self._counts.items() if name.startswith(_REASON)
        ]
        report.reasons = [
            f"{n:,} {'row' if n == 1 else 'rows'}: {reason} (first: row {self._counts[_FIRST + reason]:,})"
            for n, reason in sorted(reasons, key=lambda pair: (-pair[0], pair[1]))
        ]
        report.reasons.extend(notes)
        spoken = [(n, name) for name, n in self._counts.items() if name.startswith(_LANGUAGE)]
        report.languages = {
            name.removeprefix(_LANGUAGE): n
            for n, name in sorted(spoken, key=lambda pair: (-pair[0], pair[1]))
        }
        report.personal = {
            kind.value: self._counts[_PERSONAL + kind.value]
            for kind in PersonalKind
            if _PERSONAL + kind.value in self._counts
        }
