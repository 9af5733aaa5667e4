"""A table as GitHub-flavoured Markdown. Names are escaped: they may come from anybody."""

from collections.abc import Sequence

from assistant.domain.escaping import markdown_words as escape
from assistant.domain.priority import MoscowTable, PriorityTable
from assistant.synthesis.priority.wording import (
    formula_sentence,
    overview,
    shown,
    source_words,
    sources,
)

_TITLES = {"rice": "RICE", "wsjf": "WSJF", "ice": "ICE", "moscow": "MoSCoW", "kano": "Kano"}


def to_markdown(table: PriorityTable) -> bytes:
    """The whole table, the notes, and where each number comes from."""
    header, rows = overview(table)
    parts = [f"# Priorities by {_TITLES[table.method]}", formula_sentence(table), _grid(header, rows)]
    if isinstance(table, MoscowTable) and table.capacity:
        parts.append(f"**Capacity: {table.capacity.verdict}.** {escape(table.capacity.sentence)}")
    if table.notes:
        parts.append("\n".join(f"- {escape(note)}" for note in table.notes))
    if origins := sources(table):
        numbers = [
            [item, name, "–" if given.value is None else shown(given.value), _interval(given.low, given.high), source_words(given)]
            for item, name, given in origins
        ]  # fmt: skip
        parts += [
            "## Where the numbers come from",
            _grid(["item", "number", "value", "interval", "from"], numbers),
        ]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{shown(low)} – {shown(high)}"


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *([escape(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
