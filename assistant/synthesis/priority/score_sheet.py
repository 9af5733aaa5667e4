"""RICE, WSJF and ICE as a sheet whose scores, ranks and tie values are formulas over its own cells."""

from collections.abc import Sequence

from assistant.domain.priority import Input, Ranked, ScoreTable
from assistant.synthesis.priority.method import Method
from assistant.synthesis.priority.ranking import SAME
from assistant.synthesis.priority.registry import SCORES
from assistant.synthesis.priority.sheet import Cell, Formula, Sheet, place, whole
from assistant.synthesis.priority.wording import flip_sentence

_AFTER = ("score", "score_low", "score_high", "best_rank", "worst_rank", "flip_item", "flip_input", "ties_at", "flip", "reason")  # fmt: skip

LIVE_RANKS = 2_000
"""Of more rows the ranks are numbers, not formulas: each would look at all rows (10,000 rows: 75 CPU-seconds in LibreOffice)."""


def score_sheet(table: ScoreTable) -> Sheet:
    """The ranked items, then those without a rank."""
    method = SCORES[table.method]
    columns = _Columns(method, table.rows)
    rows = [columns.cells(table.rows, number) for number in range(len(table.rows))]
    shares = {one.name for one in method.parameters if one.top == 1.0}
    return Sheet(
        title=method.title,
        header=columns.header,
        rows=rows,
        shares=frozenset({*shares, *(f"{name}{end}" for name in shares for end in ("_low", "_high"))}),
        formulas=("score",),
        wide=frozenset({"item", "flip", "reason"}),
    )


class _Columns:
    """Where each column stands."""

    def __init__(self, method: Method, rows: Sequence[Ranked]) -> None:
        self.method = method
        self.names = [one.name for one in method.parameters]
        self.with_ends = {
            name
            for name in self.names
            if any((given := row.item.inputs.get(name)) and given.low is not None for row in rows)
        }
        inputs = []
        for name in self.names:
            inputs += [name, f"{name}_low", f"{name}_high"] if name in self.with_ends else [name]
        self.header = ("rank", "item", *inputs, *_AFTER)
        self.at = {name: position for position, name in enumerate(self.header)}
        self.count = len(rows)

    def cells(self, rows: Sequence[Ranked], number: int) -> list[Cell]:
        """One row. An item without a score has its formulas all the same: they work as soon as somebody fills the gap."""
        row = rows[number]
        falls = {one.name: one.divides for one in self.method.parameters}
        low = {name: self._end(name, "_high" if falls[name] else "_low") for name in self.names}
        high = {name: self._end(name, "_low" if falls[name] else "_high") for name in self.names}
        found: dict[str, Cell] = {"item": row.item.name, "reason": row.reason}
        for name in self.names:
            found |= self._input(name, row.item.inputs.get(name), number)
        found |= {
            "score": self._score({name: name for name in self.names}, number, row.score),
            "score_low": self._score(low, number, row.low),
            "score_high": self._score(high, number, row.high),
            **self._ranks(row, number),
            **self._flip(rows, number),
        }
        return [found.get(name) for name in self.header]

    def _input(self, name: str, given: Input | None, number: int) -> dict[str, Cell]:
        value = None if given is None else given.value
        if name not in self.with_ends:
            return {name: value}
        if given is not None and given.low is not None:
            return {name: value, f"{name}_low": given.low, f"{name}_high": given.high}
        # Where nobody gave an interval its ends follow the number.
        cell = place(self.at[name], number)
        own = Formula(f'IF(ISNUMBER({cell}),{cell},"")', "" if value is None else value)
        return {name: value, f"{name}_low": own, f"{name}_high": own}

    def _end(self, name: str, end: str) -> str:
        return f"{name}{end}" if name in self.with_ends else name

    def _score(self, columns: dict[str, str], number: int, value: float | None) -> Formula:
        cells = {name: place(self.at[column], number) for name, column in columns.items()}
        formula = self.method.formula.format(**cells)
        if value is not None:
            return Formula(formula, value)
        return Formula(f'IF(COUNT({",".join(cells.values())})={len(cells)},{formula},"")', "")

    def _ranks(self, row: Ranked, number: int) -> dict[str, Cell]:
        if self.count > LIVE_RANKS:
            return {"rank": row.rank, "best_rank": row.best_rank, "worst_rank": row.worst_rank}
        ways = (
            ("rank", "score", "score", row.rank),
            ("best_rank", "score_low", "score_high", row.best_rank),
            ("worst_rank", "score_high", "score_low", row.worst_rank),
        )
        return {
            name: self._rank(name, whole(self.at[others], self.count), self.at[own], number, value)
            for name, others, own, value in ways
        }

    def _rank(self, name: str, others: str, own: int, number: int, value: int | None) -> Formula:
        cell = place(own, number)
        # Text counts as more than any number in a comparison, so that items without a score must be left out by name.
        formula = f"1+SUMPRODUCT(ISNUMBER({others})*({others}>{cell}*(1+{SAME:.0E})))"
        if name == "worst_rank":
            low, high = place(self.at["score_low"], number), place(self.at["score_high"], number)
            formula += f"-({high}>{low}*(1+{SAME:.0E}))"
        if value is not None:
            return Formula(formula, value)
        return Formula(f'IF(ISNUMBER({cell}),{formula},"")', "")

    def _flip(self, rows: Sequence[Ranked], number: int) -> dict[str, Cell]:
        if not rows[number].flips:
            return {}
        flip = rows[number].flips[0]
        below = next(n for n in range(number + 1, len(rows)) if rows[n].rank != rows[number].rank)
        changed, other = (number, below) if flip.own else (below, number)
        cells = {name: place(self.at[name], changed) for name in self.names}
        target = place(self.at["score"], other)
        formula = self.method.solved[flip.input].format(**cells, target=target)
        return {
            "flip_item": flip.item,
            "flip_input": flip.input,
            "ties_at": Formula(formula, flip.ties_at),
            "flip": flip_sentence(flip),
        }
