"""The options of `voxspec themes`. Each says which of its actions it belongs to."""

from pathlib import Path
from typing import Annotated

from typer import Option

from api.cli.theme_export import TableFormat
from assistant.domain.theme_trend import Grain

Afresh = Annotated[bool, Option("--afresh", help="run: group all statements again.")]
Plan = Annotated[bool, Option("--plan", help="run: only say what it would take and cost.")]
Rehearse = Annotated[bool, Option("--rehearse", help="run: over a part, storing nothing.")]
Tokens = Annotated[
    int | None, Option(min=0, help="run: at most, for names by a model; default: one per record.")
]
Batch = Annotated[
    bool, Option("--batch", help="run: ask the model through OpenAI's Batch API, at half the price.")
]
OfLevel = Annotated[
    int, Option("--level", min=1, max=3, help="list, trend: 1 areas, 2 themes in them, 3 their parts.")
]
Limit = Annotated[int, Option(min=1, help="list, trend: how many.")]
Weight = Annotated[
    str | None,
    Option(metavar="segment.NAME", help="list, show: sum this number over the accounts of each theme."),
]
By = Annotated[Grain | None, Option(help="trend: length of a period; default: by the span.")]
Releases = Annotated[
    list[str] | None, Option("--release", metavar="NAME=DATE", help="trend: mark a release; may be repeated.")
]
AsOf = Annotated[
    str | None, Option(metavar="DATE", help="trend: the day that counts as today; default: the clock's.")
]
Yes = Annotated[bool, Option("--yes", "--apply", help="edit: do it; else only show what would change.")]
Parts = Annotated[int, Option(min=2, max=12, help="edit split: into how many.")]
Name = Annotated[str, Option(help="edit track: what the theme is called.")]
Near = Annotated[float, Option(min=0.05, max=1.0, help="edit track: least likeness of a statement.")]
Out = Annotated[
    list[Path] | None,
    Option(
        help="export: .html (report), .csv or .parquet (assignments), .json, or a folder (all tables); repeatable."
    ),
]
Tables = Annotated[TableFormat, Option("--tables", help="export: what a folder's tables are written as.")]
Excel = Annotated[bool, Option("--excel", help="export: CSV with the mark by which Excel knows UTF-8.")]
