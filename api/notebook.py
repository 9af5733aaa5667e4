"""Themes of a data frame in a notebook: `from api.notebook import synthesize`. No workspace is needed, and none is left."""

import shutil
import weakref
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from jinja2 import BaseLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from api.cli.files import writing
from assistant.domain.theme import ThemeSet
from assistant.errors import InputRejected, UsageError
from assistant.settings import Settings
from assistant.synthesis.outputs.export import PATH, Export, export_of
from assistant.synthesis.outputs.report import report_html
from assistant.synthesis.outputs.tables import Table, assignments_table, themes_table
from assistant.synthesis.outputs.told import count_of, counts_of, share_of
from assistant.synthesis.pipeline import silent
from assistant.synthesis.pipeline import synthesize as find_themes
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from ingest.connectors.frame import framed, numbered
from ingest.options import IngestOptions, Progress
from ingest.pipeline import ingest

_ROW = "voxspec row"
_SHOWN = 15
"""Themes that a notebook shows of a result."""


class Synthesis:
    """Themes of a frame. Shows itself in a notebook; `close()`, `with`, or the end of the program deletes what it was made with."""

    def __init__(self, frame: Any, bench: Workbench, mapping: Mapping[str, str], home: Path) -> None:
        self._frame = frame
        self.mapping = dict(mapping)
        """Field → column: what the columns were taken for."""
        self._held = export = export_of(bench)
        self.result: ThemeSet = export.themes
        self._names = export.names
        self._above = {
            one.id: [export.names[up.id] for up in export.line(one)[:-1]] for one in export.themes.themes
        }
        self._quotes = {
            one.id: export.shown(one.quotes[0].quote.text) for one in export.themes.themes if one.quotes
        }
        self._end = weakref.finalize(self, _discard, bench, home)

    @cached_property
    def themes(self) -> Any:
        """Themes as a frame of the caller's kind: ids, names, people, share, records, keywords."""
        return self._as_frame(themes_table(self._export))

    @cached_property
    def assignments(self) -> Any:
        """Which statement is in which theme, as a frame of the caller's kind.

        `row` is the position of the row in the caller's frame, from 0; `start` and `end` are offsets into its text.
        """
        return self._as_frame(assignments_table(self._export), renamed={"external_id": "row"})

    def report(self, path: str | Path) -> Path:
        """Write the report, one HTML file that opens offline. Raises: UsageError where no file can be written."""
        place = Path(path)
        if place.suffix.lower() not in (".html", ".htm"):
            raise UsageError(f"'{place}' is no name for a report.", hint="End it with .html.")
        content = report_html(self._export).encode("utf-8")
        with writing(place) as stream:
            stream.write(content)
        return place

    def close(self) -> None:
        """Delete the temporary workspace. What was shown or asked for before stays. Closing twice does nothing."""
        self._end()

    def __enter__(self) -> "Synthesis":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        count = len([one for one in self.result.of_level(2) if not one.is_single_voice])
        return f"<{count:,} themes of {self.result.records:,} records; .themes, .assignments, .report('report.html')>"

    def _repr_html_(self) -> str:
        """The largest themes as a table, for notebooks. Every text is escaped."""
        themes = self.result
        real = [one for one in themes.of_level(2) if not one.is_single_voice]
        real.sort(key=lambda one: (-one.people, -one.records, one.id))
        largest = max((share_of(themes, one) for one in real), default=0.0)
        shown = [
            {
                "name": self._names[one.id],
                "path": PATH.join(self._above[one.id]),
                "share": share_of(themes, one),
                "width": round(100 * share_of(themes, one) / largest) if largest else 0,
                "count": count_of(themes, one),
                "quote": self._quotes.get(one.id, ""),
            }
            for one in real[:_SHOWN]
        ]
        return _TEMPLATE.render(
            themes=themes, shown=shown, more=len(real) - len(shown), measure=counts_of(themes)
        )

    @property
    def _export(self) -> Export:
        if not self._end.alive:
            raise UsageError("The synthesis was closed.", hint="Ask for it before close(), or run it again.")
        return self._held

    def _as_frame(self, table: Table, renamed: Mapping[str, str] | None = None) -> Any:
        names = [(renamed or {}).get(column.name, column.name) for column in table.columns]
        columns: dict[str, list[Any]] = {name: [] for name in names}
        for page in table.pages():
            for row in page:
                for name, value in zip(names, row, strict=True):
                    columns[name].append(int(str(value)) if name == "row" else value)
        return framed(columns, self._frame)


def synthesize(
    frame: Any,
    text: str,
    segment: Sequence[str] = (),
    *,
    author: str | None = None,
    said_at: str | None = None,
    rating: str | None = None,
    embedder: str | None = None,
    show_personal_data: bool = False,
    progress: Progress = silent,
) -> Synthesis:
    """Find the themes of a frame's texts.

    Args:
        frame: pandas or polars DataFrame, or an Arrow table.
        text: the column that holds what customers said.
        segment: columns to break numbers down by.
        author, said_at, rating: columns; where they aren't given, they are recognised by name and values.
        embedder: as `VOXSPEC_EMBEDDER`; `use-multilingual` for texts in several languages.
        show_personal_data: show e-mail addresses, telephone numbers and the like, which are masked otherwise.
        progress: called with done, total and a message; raises `Cancelled` to stop.

    Raises: InputRejected where the frame can't be read or has no text; UsageError for a column that there isn't; ModelError.
    """
    rows = numbered(frame, _ROW)
    held = [str(column) for column in rows.columns] if hasattr(rows, "columns") else []
    fields = {"text": text, "author": author, "said_at": said_at, "rating": rating}
    mapping = {name: column for name, column in fields.items() if column is not None}
    mapping |= {f"segment.{name}": name for name in ([segment] if isinstance(segment, str) else segment)}
    home = Path(mkdtemp(prefix="voxspec-"))
    flags = {"embedder": embedder} if embedder else {}
    bench: Workbench | None = None
    try:
        settings = Settings.load(
            home=home, workspace="notebook", show_personal_data=show_personal_data, **flags
        )
        bench = open_workbench(settings, indexed=False)
        options = IngestOptions(source="frame", mapping={**mapping, "external_id": _ROW}, confirmed=True)
        imported = ingest(bench, rows, options, progress)
        if not bench.columns().record_ids:
            raise InputRejected(
                f"Column '{text}' holds no text.",
                hint=f"Name the column with the texts: {', '.join(held[1:13])}.",
            )
        find_themes(bench, progress=progress)
        return Synthesis(frame, bench, {**imported.files[0].mapping}, home)
    except BaseException:
        _discard(bench, home)
        raise


def _discard(bench: Workbench | None, home: Path) -> None:
    if bench is not None:
        bench.close()
    shutil.rmtree(home, ignore_errors=True)


_TEMPLATE = ImmutableSandboxedEnvironment(
    loader=BaseLoader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
).from_string("""\
<div style="max-width:60rem;font:14px/1.5 system-ui,sans-serif;text-align:start">
<p style="margin:.2rem 0 .6rem"><b>{{ '{:,}'.format(shown|length + more) }} {{ 'theme' if shown|length + more == 1 else 'themes' }}</b> in {{ '{:,}'.format(themes.statements) }} statements{% if themes.people %} of {{ '{:,}'.format(themes.people) }} people{% endif %}, {{ '{:,}'.format(themes.records) }} records</p>
{% if shown %}
<table style="border-collapse:collapse;width:100%;margin:0">
<thead><tr style="border-bottom:1px solid rgba(128,128,128,.4);opacity:.7"><th style="text-align:start;font-weight:600">theme</th><th></th><th style="text-align:end;font-weight:600">share</th><th style="text-align:end;font-weight:600">{{ measure }}</th><th style="text-align:start;font-weight:600;padding-inline-start:1rem">typical</th></tr></thead>
<tbody>
{% for one in shown %}
<tr style="border-bottom:1px solid rgba(128,128,128,.2);background:none">
<td dir="auto" style="text-align:start;font-weight:600;padding:.3rem .6rem .3rem 0">{{ one.name or '(no words)' }}{% if one.path %}<div style="font-weight:400;font-size:12px;opacity:.65">{{ one.path }}</div>{% endif %}</td>
<td style="width:6rem"><div style="background:rgba(128,128,128,.18);border-radius:3px"><div style="width:{{ one.width }}%;min-width:2px;height:7px;border-radius:3px;background:#0b8a76"></div></div></td>
<td style="text-align:end;padding:.3rem .6rem;font-variant-numeric:tabular-nums;white-space:nowrap">{{ '%.1f' % (100 * one.share) }} %</td>
<td style="text-align:end;font-variant-numeric:tabular-nums">{{ '{:,}'.format(one.count) }}</td>
<td dir="auto" style="text-align:start;padding-inline-start:1rem;opacity:.85">{{ one.quote|truncate(140) }}</td>
</tr>
{% endfor %}
</tbody></table>
{% if more %}<p style="margin:.5rem 0 0;opacity:.7">And {{ '{:,}'.format(more) }} smaller ones in <code>.themes</code>; all of it with its records: <code>.report("report.html")</code></p>{% endif %}
{% else %}<p style="opacity:.7">Too little for a theme, which takes three statements that are alike.</p>{% endif %}
</div>
""")
