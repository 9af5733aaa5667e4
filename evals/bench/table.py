"""Results to a Markdown table and to JSON lines beside it, so that a partial run replaces only its own rows."""

import json
from collections.abc import Sequence
from pathlib import Path

from evals.bench.measure import Result

_HEAD = """# Benchmarks

Measured by `make bench` on 2 cores, side by side in one process per measurement: medians of interleaved repetitions. CPU
time counts all threads. Ratios compare calls of the same run; the bare figures say what to expect of such a machine.
`docs/benchmarks.json` holds the same rows, one JSON object a line.

The data are public sets that the repository doesn't ship (banking77, clinc150, skytrax, minibar, gitbugs); give their folder
with `--data`. The other pipeline is LangChain + Chroma as their documentation shows it (`evals/bench/peer.py`). Chroma's own
embedder runs unchanged, with padding to 256 tokens; where it would download its MiniLM weights, it finds those that Voxspec
uses (stored as int8, computed in float32 like its own). Since it does a few records a second, it gets a sample, and records
per second are compared.
"""
_QUICK = "**These figures are of a quick run over small inputs and mean nothing.**\n"


def merge(old: Sequence[Result], new: Sequence[Result], order: Sequence[str]) -> list[Result]:
    """Replace the rows of every measurement that ran. Args: order: names of the measurements, as they are shown."""
    ran = {row.bench for row in new}
    rows = [row for row in old if row.bench not in ran and row.bench in order]
    return sorted([*rows, *new], key=lambda row: order.index(row.bench))


def read_results(path: Path) -> list[Result]:
    """Rows of an earlier run; none where there is no file. Raises: ValueError where it holds something else."""
    if not path.is_file():
        return []
    return [
        Result.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines() if line
    ]


def to_lines(rows: Sequence[Result]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(row.model_dump(mode="json"), ensure_ascii=False) + "\n" for row in rows)


def to_markdown(rows: Sequence[Result], titles: dict[str, str]) -> str:
    """The document. Args: titles: measurement → heading, in the order of the document."""
    aimed = [row for row in rows if row.target]
    missed = [row for row in aimed if not row.reached]
    parts = [_HEAD]
    if any(row.quick for row in rows):
        parts.append(_QUICK)
    parts.append(f"Targets reached: {len(aimed) - len(missed)} of {len(aimed)}.\n")
    if missed:
        listed = "\n".join(
            f"- {row.bench}: {row.what}: {show(row)}, target {_target(row)}{_after(row)}" for row in missed
        )
        parts.append(f"**Not reached**\n\n{listed}\n")
    for name, title in titles.items():
        own = [row for row in rows if row.bench == name]
        if own:
            parts.append(_section(name, title, own))
    return "\n".join(parts)


def _section(name: str, title: str, rows: Sequence[Result]) -> str:
    lines = ["| what | measured | target | reached | |", "|---|---:|---:|---|---|"]
    for row in rows:
        reached = {None: "", True: "yes", False: "**no**"}[row.reached]
        lines.append(f"| {row.what} | {show(row)} | {_target(row)} | {reached} | {row.note} |")
    table = "\n".join(lines)
    days = ", ".join(sorted({row.measured for row in rows if row.measured}))
    command = f"`python -m evals.bench --data DIR --write docs/benchmarks.md --only {name}`"
    return f"## {title}\n\n{table}\n\nRepeat: {command} ({days})\n"


def show(row: Result) -> str:
    """The figure as it is read."""
    if row.value is None:
        return "broke off"
    return _number(row.value, row.unit)


def _target(row: Result) -> str:
    if row.target is None:
        return ""
    sign = "≤" if row.target.sense == "at most" else "≥"
    return f"{sign} {_number(row.target.bound, row.unit, bare=True)}"


def _after(row: Result) -> str:
    return f" ({row.note})" if row.note else ""


def _number(value: float, unit: str, *, bare: bool = False) -> str:
    if bare or value == int(value):
        digits = f"{value:,g}"
    elif unit in {"x", "%"} and abs(value) < 100:
        digits = f"{value:.2f}"
    elif abs(value) < 1 or not unit:
        digits = f"{value:.3f}"
    else:
        digits = f"{value:,.1f}"
    return f"{digits}{unit}" if unit == "x" else f"{digits} {unit}".strip()
