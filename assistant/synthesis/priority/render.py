"""A table in the form that was asked for."""

from assistant.domain.priority import KanoTable, MoscowTable, PriorityTable, ScoreTable
from assistant.synthesis.priority.kano_sheet import kano_sheet
from assistant.synthesis.priority.moscow_sheet import moscow_sheets
from assistant.synthesis.priority.score_sheet import LIVE_RANKS, score_sheet
from assistant.synthesis.priority.sheet import Sheet
from assistant.synthesis.priority.to_csv import to_csv
from assistant.synthesis.priority.to_markdown import to_markdown
from assistant.synthesis.priority.wording import formula_sentence, source_words, sources

FORMS = ("csv", "xlsx", "json", "md")


def sheets(table: PriorityTable) -> list[Sheet]:
    """The table's own sheets, then where its numbers come from, and notes."""
    match table:
        case ScoreTable():
            own = [score_sheet(table)]
        case MoscowTable():
            own = moscow_sheets(table)
        case KanoTable():
            own = [kano_sheet(table)]
    if origins := sources(table):
        header = ("item", "number", "value", "low", "high", "from")
        rows = [
            (item, name, given.value, given.low, given.high, source_words(given))
            for item, name, given in origins
        ]
        own.append(Sheet("Numbers", header, rows, wide=frozenset({"item", "from"})))
    if isinstance(table, ScoreTable) and len(table.rows) > LIVE_RANKS:
        ranks: tuple[str, ...] = (
            f"Of more than {LIVE_RANKS:,} items the ranks are numbers; the scores are formulas.",
        )
    else:
        ranks = ()
    notes = [(formula_sentence(table),), *((note,) for note in (*table.notes, *ranks))]
    return [*own, Sheet("Notes", ("note",), notes, wide=frozenset({"note"}))]


def render(table: PriorityTable, form: str) -> bytes:
    """The table as `csv`, `xlsx`, `json` or `md`. The same table gives the same bytes."""
    match form:
        case "csv":
            return to_csv(sheets(table)[0])
        case "xlsx":
            # Only a workbook needs the library that writes one.
            from assistant.synthesis.priority.to_xlsx import to_xlsx

            return to_xlsx(sheets(table))
        case "json":
            return (table.model_dump_json(indent=2) + "\n").encode()
        case "md":
            return to_markdown(table)
        case _:
            raise ValueError(f"no form '{form}'")
