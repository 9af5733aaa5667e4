"""Priorities in words for people: numbers, sentences, and the rows of short tables."""

from collections.abc import Sequence

from assistant.domain.priority import (
    Flip,
    Input,
    KanoResult,
    KanoTable,
    MoscowTable,
    Move,
    Origin,
    Placed,
    PriorityTable,
    Ranked,
    ScoreTable,
    Share,
)
from assistant.synthesis.priority.registry import SCORES

_NAME = 60


def shown(value: float) -> str:
    """A number with as many digits as a person reads: four, or all before the point."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def flip_sentence(flip: Flip) -> str:
    """What would have to change for two neighbours to swap."""
    how = f" ({_signed(flip.ties_at / flip.value - 1)})" if flip.value else ""
    inside = "; inside its interval" if flip.within else ""
    item, other = flip.item[:_NAME], flip.other[:_NAME]
    return f"{item}: {flip.input} {shown(flip.value)} → {shown(flip.ties_at)}{how} draws level with {other}{inside}"  # fmt: skip


def move_sentence(move: Move) -> str:
    """What would have to change for an item to go into another bucket."""
    side = "" if move.side == "at" else f"{move.side} "
    inside = "; inside its interval" if move.within else ""
    return f"{move.input} {shown(move.value)} → {side}{shown(move.threshold)} makes it a {move.bucket.label}{inside}"


def formula_sentence(table: PriorityTable) -> str:
    """How the table is worked out."""
    match table:
        case ScoreTable():
            method = SCORES[table.method]
            names = {one.name: one.name.replace("_", " ") for one in method.parameters}
            return f"{method.title} = {method.formula.format(**names).replace('*', ' x ').replace('/', ' / ').replace('+', ' + ')}"
        case MoscowTable():
            rules = "; ".join(str(rule) for rule in table.rules)
            return f"Rules: {rules}; else Won't." if rules else "Buckets as people set them."
        case KanoTable():
            return (
                "Better = (A + O) / (A + O + M + I), worse = (O + M) / (A + O + M + I), each with its 95 % interval. "
                "M must-be, O one-dimensional, A attractive, I indifferent, R reverse, Q questionable."
            )


def overview(table: PriorityTable, limit: int | None = None) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the table as people read it, at most `limit` rows."""
    match table:
        case ScoreTable():
            return ["rank", "item", "score", "interval", "rank may be", "what would flip it"], [
                _ranked(row) for row in table.rows[:limit]
            ]
        case MoscowTable():
            return ["bucket", "item", "why", "may be", "what would move it"], [
                _placed(row) for row in table.rows[:limit]
            ]
        case KanoTable():
            header = ["segment", "feature", "category", "pairs", *"MOAIRQ", "better", "worse", "what would flip it"]  # fmt: skip
            rows = [_kano(row) for row in table.rows[:limit]]
            if any(row.segment for row in table.rows[:limit]):
                return header, rows
            return header[1:], [row[1:] for row in rows]


def sources(table: PriorityTable) -> list[tuple[str, str, Input]]:
    """Every number that stands in the table: item, input, and where it comes from."""
    if isinstance(table, KanoTable):
        return []
    rows: Sequence[Ranked | Placed] = table.rows
    return [(row.item.name, name, given) for row in rows for name, given in row.item.inputs.items()]


def source_words(given: Input) -> str:
    """Where a number comes from."""
    match given.origin:
        case Origin.fact:
            return f"counted: {given.source} over {given.over}" if given.over else f"counted: {given.source}"
        case Origin.person:
            return f"set by {given.source}" if given.source else "set by a person"
        case Origin.missing:
            return f"missing: {given.source}" if given.source else "missing"


def _ranked(row: Ranked) -> list[str]:
    if row.score is None or row.low is None or row.high is None:
        return ["–", row.item.name, "", "", "", row.reason]
    flip = flip_sentence(row.flips[0]) if row.flips else ""
    return [
        str(row.rank),
        row.item.name,
        shown(row.score),
        "" if row.low == row.high else f"{shown(row.low)} – {shown(row.high)}",
        str(row.rank) if row.best_rank == row.worst_rank else f"{row.best_rank} – {row.worst_rank}",
        flip,
    ]


def _placed(row: Placed) -> list[str]:
    if row.bucket is None or row.highest is None or row.lowest is None:
        return ["–", row.item.name, row.reason, "", ""]
    may = "" if row.highest is row.lowest else f"{row.highest.label} – {row.lowest.label}"
    return [row.bucket.label, row.item.name, row.rule, may, move_sentence(row.move) if row.move else ""]


def category_words(row: KanoResult) -> str:
    """The category; two where the lead of the first may be chance."""
    if row.category is None:
        return "–"
    if row.clear or row.second is None:
        return row.category.label
    return f"{row.category.label} or {row.second.label}"


def kano_sentence(row: KanoResult) -> str:
    """How firm the category is."""
    if row.category is None:
        return row.reason
    if row.second is None:
        return "all answers agree"
    if not row.lead:
        return f"{row.category.label} and {row.second.label} are level; a tie goes to the one named first"
    people = f"{row.flips_at} of {row.pairs} people answering '{row.second.label}' instead would draw level"
    firm = "" if row.clear else f"a lead of {row.lead} may be chance ({row.threshold:.1f} would be clear); "
    return f"{firm}{people}"


def _kano(row: KanoResult) -> list[str]:
    counts = [str(row.counts[category]) for category in row.counts]
    return [
        row.segment,
        row.feature,
        category_words(row),
        str(row.pairs),
        *counts,
        _share(row.better),
        _share(row.worse),
        kano_sentence(row),
    ]


def _share(share: Share | None) -> str:
    return f"{share.value:.2f} ({share.low:.2f} – {share.high:.2f})" if share else ""


def _signed(change: float) -> str:
    percent = change * 100
    digits = 0 if abs(percent) >= 10 else 1
    return f"{percent:+.{digits}f} %".replace("-", "−")
