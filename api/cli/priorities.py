"""`voxspec prioritise`: tables of items or survey answers, in order."""

import math
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.files import demand_place, writing
from api.cli.session import Session
from assistant.domain.priority import KanoAnswer, MoscowTable, PriorityTable
from assistant.errors import UsageError
from assistant.synthesis.priority.moscow import parse_rule
from assistant.synthesis.priority.render import FORMS, render
from assistant.synthesis.priority.wording import formula_sentence, overview
from ingest.priorities.prioritise import Rows, Wishes, open_table
from ingest.priorities.prioritise import prioritise as work_out

_SHOWN = 50
_SUFFIXES = {".markdown": "md"}


_Method = Annotated[str, Argument(metavar="METHOD", help="rice, wsjf, ice, moscow or kano.")]
_File = Annotated[
    Path | None,
    Argument(metavar="FILE", help="Items, or a Kano survey: CSV, XLSX or JSON; kano alone: the records."),
]
_Out = Annotated[
    Path | None, Option("--out", metavar="FILE", help="Write the table to .csv, .xlsx, .json or .md.")
]
_Columns = Annotated[
    list[str] | None, Option("--map", metavar="FIELD=COLUMN", help="Which column a field is; repeatable.")
]
_By = Annotated[str, Option("--by", metavar="NAME", help="Who set the numbers.")]
_Rules = Annotated[
    list[str] | None,
    Option("--rule", metavar="RULE", help="MoSCoW: 'must: people >= 50 and rating <= 2.5'; repeatable."),
]
_Capacity = Annotated[float | None, Option("--capacity", metavar="EFFORT", help="MoSCoW: what can be done.")]
_Pairs = Annotated[
    list[str] | None,
    Option("--pair", metavar="FEATURE=COLUMN,COLUMN", help="Kano: the columns with it and without it."),
]
_Segments = Annotated[
    list[str] | None, Option("--segment", metavar="COLUMN", help="Kano: also per value; repeatable.")
]
_Answers = Annotated[
    list[str] | None,
    Option("--answer", metavar="ANSWER=TEXT", help="Kano: what another wording of an answer means."),
]
_Counted = Annotated[
    list[str] | None,
    Option(
        "--count",
        metavar="NUMBER=MEASURE",
        help="Count it over the theme that an item is called like: people, records, accounts, share; repeatable.",
    ),
]


def prioritise(
    session: Session,
    method: _Method,
    file: _File = None,
    out: _Out = None,
    columns: _Columns = None,
    by: _By = "",
    rules: _Rules = None,
    capacity: _Capacity = None,
    pairs: _Pairs = None,
    segments: _Segments = None,
    answers: _Answers = None,
    counted: _Counted = None,
) -> ExitCode:
    """Put items in order: RICE, WSJF, ICE, MoSCoW, Kano.

    Says the interval of each score, the ranks that are possible, and what would flip the order.

    Items are rows with the method's numbers: item, reach, impact, confidence, effort (rice); item, business_value, time_criticality,
    risk_reduction, job_size (wsjf); item, impact, confidence, ease (ice). An interval of a number stands beside it in <name>_low and
    <name>_high. A number that is missing is never filled in: its item has no rank.

    `--count reach=people` takes the numbers that no person gave from the workspace's themes, counted by code.

    Without a file kano reads the answers that the workspace's records have as segments.
    """
    form = _form(out)
    wishes = Wishes(
        method=method.casefold(),
        named=dict(map(_column, columns or [])),
        by=by,
        rules=[parse_rule(rule) for rule in rules or []],
        capacity=capacity,
        pairs=dict(map(_pair, pairs or [])),
        segments=segments or [],
        answers=dict(map(_answer, answers or [])),
        **_counting(session, counted or []),
    )
    if capacity is not None and not math.isfinite(capacity):
        raise UsageError("The capacity is no number.", hint="Give it in the unit of the effort.")
    table = work_out(_rows(session, file, wishes), wishes)
    if out is not None:
        with writing(out) as stream:
            stream.write(render(table, form))
    if session.as_json:
        session.output.raw(render(table, "json").decode("utf-8"))
    else:
        _show(session, table)
    if out is not None:
        session.output.note(f"{out}: {len(table.rows):,} rows.")
    return ExitCode.ok


def _counting(session: Session, counted: list[str]) -> dict[str, Any]:
    """What is counted, and the themes that it is counted over. Raises: UsageError where there are none."""
    if not counted:
        return {}
    pairs = [text.partition("=") for text in counted]
    for name, equals, measure in pairs:
        if not (name.strip() and equals and measure.strip()):
            raise UsageError(
                f"'{(name + equals + measure)[:60]}' doesn't say what to count.",
                hint="For example --count reach=people",
            )
    # Only counting needs the stores.
    from api.cli.themes_trend import known_themes

    with session.bench() as bench:
        themes = known_themes(bench)
    return {"counted": {name.strip(): measure.strip() for name, _, measure in pairs}, "themes": themes}


def _rows(session: Session, file: Path | None, wishes: Wishes) -> Rows:
    if file is not None:
        return open_table(file, session.settings())
    if wishes.method != "kano":
        raise UsageError(
            f"{wishes.method} needs a file with items.", hint=f"voxspec prioritise {wishes.method} items.csv"
        )
    # Only the records need the stores.
    from ingest.priorities.records import record_rows

    with session.bench() as bench:
        return record_rows(bench)


def _form(out: Path | None) -> str:
    if out is None:
        return ""
    form = _SUFFIXES.get(out.suffix.lower(), out.suffix.lower().removeprefix("."))
    if form not in FORMS:
        raise UsageError(
            f"'{out}' names no form that a table can be written in.",
            hint=f"End the name with {', '.join(f'.{one}' for one in FORMS)}.",
        )
    demand_place(out)
    return form


def _column(text: str) -> tuple[str, str]:
    name, equals, column = (part.strip() for part in text.partition("="))
    if not (name and equals and column):
        raise UsageError(
            f"--map '{text[:80]}' isn't of the form field=column.", hint="For example --map reach=Users."
        )
    return name, column


def _pair(text: str) -> tuple[str, tuple[str, str]]:
    feature, equals, two = text.partition("=")
    with_it, comma, without = two.partition(",")
    if not (feature.strip() and equals and with_it.strip() and comma and without.strip()):
        raise UsageError(
            f"The pair '{text[:80]}' is not of the form feature=column,column.",
            hint="Name the column with the feature first, then the one without it: --pair 'Export=Q3,Q4'.",
        )
    return feature.strip(), (with_it.strip(), without.strip())


def _answer(text: str) -> tuple[str, KanoAnswer]:
    name, equals, wording = text.partition("=")
    known = {answer.name: answer for answer in KanoAnswer} | {str(int(answer)): answer for answer in KanoAnswer}  # fmt: skip
    answer = known.get(name.strip().casefold().replace("-", "_"))
    if answer is None or not equals or not wording.strip():
        raise UsageError(
            f"The answer '{text[:80]}' is not of the form answer=text.",
            hint=f"The answers are {', '.join(one.name for one in KanoAnswer)}: --answer 'like=I would be thrilled'.",
        )
    return wording.strip(), answer


def _show(session: Session, table: PriorityTable) -> None:
    header, rows = overview(table, _SHOWN)
    session.output.table(header, rows)
    if len(table.rows) > _SHOWN:
        session.output.note(f"The first {_SHOWN} of {len(table.rows):,} rows; --out FILE has all of them.")
    if isinstance(table, MoscowTable) and table.capacity is not None:
        session.output.say(f"capacity: {table.capacity.verdict}. {table.capacity.sentence}")
    session.output.note(formula_sentence(table))
    for note in table.notes:
        session.output.note(note)
