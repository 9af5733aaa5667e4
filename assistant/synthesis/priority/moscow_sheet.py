"""MoSCoW as a sheet whose buckets are formulas over its own numbers, and the sum of the Musts beside it."""

from assistant.domain.priority import Bucket, Condition, MoscowTable, Placed, Rule
from assistant.synthesis.priority.moscow import MUST_SHARE
from assistant.synthesis.priority.sheet import Cell, Formula, Sheet, place, whole
from assistant.synthesis.priority.wording import move_sentence

TITLE = "MoSCoW"


def moscow_sheets(table: MoscowTable) -> list[Sheet]:
    """The items, and the capacity where one was given."""
    names = _inputs(table)
    with_ends = {name for name in names for row in table.rows if (given := row.item.inputs.get(name)) and given.low is not None}  # fmt: skip
    inputs = [
        column
        for name in names
        for column in ([name, f"{name}_low", f"{name}_high"] if name in with_ends else [name])
    ]
    header = ("bucket", "item", *inputs, "rule", "highest", "lowest", "what_would_move_it", "reason")
    at = {name: position for position, name in enumerate(header)}
    rows = [_cells(table, row, number, at) for number, row in enumerate(table.rows)]
    items = Sheet(
        TITLE,
        header,
        rows,
        formulas=("bucket",) if table.rules else (),
        wide=frozenset({"item", "rule", "what_would_move_it", "reason"}),
    )
    return [items] if table.capacity is None else [items, _capacity(table, at)]


def _inputs(table: MoscowTable) -> list[str]:
    asked = [one.input for rule in table.rules for one in rule.conditions]
    held = sorted({name for row in table.rows for name in row.item.inputs})
    return list(dict.fromkeys([*asked, *held]))


def _cells(table: MoscowTable, row: Placed, number: int, at: dict[str, int]) -> list[Cell]:
    found: dict[str, Cell] = {
        "bucket": _bucket(table.rules, row, number, at),
        "item": row.item.name,
        "rule": row.rule,
        "highest": row.highest.label if row.highest else "",
        "lowest": row.lowest.label if row.lowest else "",
        "what_would_move_it": move_sentence(row.move) if row.move else "",
        "reason": row.reason,
    }
    for name, given in row.item.inputs.items():
        found[name] = given.value
        if f"{name}_low" in at and given.value is not None:
            found |= {f"{name}_low": given.least, f"{name}_high": given.most}
    return [found.get(name) for name in at]


def _bucket(rules: tuple[Rule, ...], row: Placed, number: int, at: dict[str, int]) -> Cell:
    label = row.bucket.label if row.bucket else ""
    if row.item.bucket or not rules:
        return label
    formula = f'"{Bucket.wont.label}"'
    for rule in reversed(rules):
        terms = ",".join(_term(one, number, at) for one in rule.conditions)
        formula = f'IF(AND({terms}),"{rule.bucket.label}",{formula})'
    cells = [place(at[name], number) for name in dict.fromkeys(one.input for rule in rules for one in rule.conditions)]  # fmt: skip
    return Formula(f'IF(COUNT({",".join(cells)})={len(cells)},{formula},"")', label)


def _term(condition: Condition, number: int, at: dict[str, int]) -> str:
    return f"{place(at[condition.input], number)}{condition.operator}{condition.value:.15g}"


def _capacity(table: MoscowTable, at: dict[str, int]) -> Sheet:
    told = table.capacity
    assert told is not None
    count = len(table.rows)

    def total(name: str) -> str:
        buckets = f"{TITLE}!{whole(at['bucket'], count)}"
        return f'SUMIF({buckets},"{Bucket.must.label}",{TITLE}!{whole(at[name], count)})'

    low, high = ("effort_low", "effort_high") if "effort_low" in at else ("effort", "effort")
    efforts = [(total(low), told.must_low), (total("effort"), told.must), (total(high), told.must_high)] if "effort" in at else []  # fmt: skip
    cells: list[Cell] = [Formula(*one) for one in efforts] or [told.must_low, told.must, told.must_high]
    rows: list[list[Cell]] = [
        ["capacity", told.capacity],
        ["allowed for Musts", Formula(f"{MUST_SHARE}*B2", told.allowed)],
        ["effort of the Musts, low", cells[0]],
        ["effort of the Musts", cells[1]],
        ["effort of the Musts, high", cells[2]],
        ["verdict", told.verdict],
        ["in words", told.sentence],
    ]
    return Sheet("Capacity", ("what", "value"), rows, wide=frozenset({"what"}))
