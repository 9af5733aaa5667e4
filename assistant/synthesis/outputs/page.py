"""The report's file: template, style and script in one, with a policy that lets nothing else in.

The template engine escapes every text; the script gets numbers only, and never writes markup.
"""

import json
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import BaseLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from assistant.domain.theme import Theme
from assistant.domain.theme_trend import Change
from assistant.synthesis.outputs.charts import SPARK
from assistant.synthesis.outputs.compact import MAX_ROWS, Compact, packed
from assistant.synthesis.outputs.export import Export
from assistant.synthesis.outputs.positions import Circle
from assistant.synthesis.outputs.told import Line, change_of, counts_of, flags_of, lines_of, share_of

if TYPE_CHECKING:
    from assistant.synthesis.outputs.report import Entry

_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


@dataclass(frozen=True)
class Mapped:
    """A map for one sort of window."""

    width: float
    height: float
    text: float
    spots: tuple[tuple[Theme, Circle, int], ...]
    """Theme, where it lies, and the number of its colour."""
    level: int
    left_out: int


@dataclass(frozen=True)
class Page:
    """Everything that the template shows."""

    export: Export
    compact: Compact
    entries: tuple["Entry", ...]
    """Areas, largest first."""
    leaves: list[list[int]]
    maps: tuple[Mapped, ...]
    untold: int
    changes: tuple[Change, ...]
    """Changes of areas that are told, newest first."""


def filled(page: Page) -> str:
    """The whole file."""
    style, script = _asset("report.css"), _asset("report.js")
    export, themes = page.export, page.export.themes
    run = themes.run
    return _environment().from_string(_asset("report.html")).render(
        policy=policy(),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=Markup(_data(page)),  # noqa: S704 - numbers, and what could end the element is escaped
        workspace=page.export.bench.workspace,
        themes=themes,
        run=run,
        as_of=run.as_of.date().isoformat() if run.as_of else "",
        measure=(measure := counts_of(themes)),
        whole=themes.people if measure == "people" else themes.records,
        facts=lambda theme: [
            Line(export.shown(one.about), export.shown(one.text), one.warns)
            for one in lines_of(theme.facts, themes.facts)
        ],
        flags=flags_of,
        changes=[(one, export.shown(change_of(one))) for one in page.changes],
        areas=page.entries,
        maps=page.maps,
        filters=page.compact.filters if _filterable(page) else (),
        filterable=_filterable(page),
        max_rows=MAX_ROWS,
        periods=page.compact.periods,
        count=sum(one.level == 2 for one in themes.themes if not one.is_single_voice),
        single=sum(one.level == 2 for one in themes.themes if one.is_single_voice),
        untold=page.untold,
        names=page.export.names,
        spark_size=SPARK,
        widest=max((share_of(themes, one.theme) for one in page.entries), default=0.0),
        share=lambda theme: share_of(themes, theme),
        masked=page.export.masks,
    )  # fmt: skip


def policy() -> str:
    """What a browser lets the report do: its own style and its own script, nothing else, and no request at all."""
    style, script = _hash(_asset("report.css")), _hash(_asset("report.js"))
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"
    )


def _trends(page: Page) -> list[tuple[int, ...]]:
    """In the order of the entries' numbers."""
    found: dict[int, tuple[int, ...]] = {}
    left = list(page.entries)
    while left:
        entry = left.pop()
        found[entry.number] = entry.trend
        left += entry.parts
    return [found[number] for number in sorted(found)]


def _filterable(page: Page) -> bool:
    return len(page.compact.rows) <= MAX_ROWS


def _data(page: Page) -> str:
    """What the script counts with, as JSON that can't end the element that holds it."""
    compact = page.compact
    told: dict[str, Any] = {
        "measure": counts_of(page.export.themes),
        "periods": compact.periods.names,
        "unit": compact.periods.unit,
        "open": compact.periods.is_last_open,
        "spark": SPARK,
        "themes": page.leaves,
        "trends": _trends(page),
    }
    if _filterable(page):
        sizes = [len(rows) for rows in compact.members.values()]
        whole = np.concatenate(list(compact.members.values())) if sizes else np.empty(0, np.int64)
        told |= {
            "voice": packed(compact.voice, "<u4"),
            "person": packed(compact.person, "<i4"),
            "period": packed(compact.periods.of, "<i2"),
            "filters": [packed(one.codes, "u1") for one in compact.filters],
            "sizes": sizes,
            "rows": packed(whole, "<u4"),
        }
    text = json.dumps(told, separators=(",", ":"), sort_keys=True)
    for one, escaped in _IN_SCRIPT.items():
        text = text.replace(one, escaped)
    return text


def _hash(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    return (files("assistant.synthesis.outputs") / "templates" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=BaseLoader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["percent"] = lambda share: f"{100 * share:.1f} %"
    environment.filters["short"] = lambda number: f"{number:.1f}".removesuffix(".0")
    environment.filters["whole"] = lambda text: text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return environment
