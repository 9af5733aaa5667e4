"""The demo's themes: found, the largest ones told, and the truths that the sample hides beside them."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.cli.files import writing
from api.cli.session import Session
from assistant.domain.theme import Theme, ThemeSet
from assistant.synthesis.outputs.export import export_of
from assistant.synthesis.outputs.report import report_html
from assistant.synthesis.pipeline import synthesize
from assistant.workbench import Workbench
from evals.kanbo.planted_truths import Hidden, planted_truths
from evals.kanbo.truth import Truth

REPORT = "themes.html"
_SHOWN = 8


@dataclass(frozen=True)
class Themed:
    """The themes of the sample."""

    themes: ThemeSet
    hidden: list[Hidden]
    report: Path
    """The themes as one page that works offline."""
    seconds: float

    @property
    def areas(self) -> list[Theme]:
        """Of the first level, without single voices, most people first."""
        several = [one for one in self.themes.of_level(1) if not one.is_single_voice]
        return sorted(several, key=lambda one: (-one.people, -one.records, one.id))


def find_themes(session: Session, bench: Workbench, truth: Truth, out: Path) -> Themed:
    """Group what the customers of the sample say, write the report, and look for what the sample hides."""
    session.output.note("Finding themes …")
    started = time.perf_counter()
    with session.output.progress("finding themes") as progress:
        themes = synthesize(bench, progress=progress)
    report = out / REPORT
    with writing(report) as stream:
        stream.write(report_html(export_of(bench)).encode("utf-8"))
    return Themed(themes, planted_truths(bench, truth), report, time.perf_counter() - started)


def show_themes(session: Session, found: Themed, out: Path) -> None:
    """A short table, and each truth with what shows it."""
    themes = found.themes
    session.output.say(
        f"\n{themes.statements:,} statements in {len(found.areas):,} areas, found in {found.seconds:.1f} s. The largest:"
    )
    rows = [[one.name, one.people, one.records, f"{one.share:.1%}"] for one in found.areas[:_SHOWN]]
    session.output.table(["area", "people", "records", "share of people"], rows)
    session.output.say(
        f"\n{found.report} shows all of them: a map, trends, filters, and the quotes behind every number."
    )
    session.output.say(
        f"\nWhat was hidden in the sample ({out / 'sample' / 'truth.json'}), and what the themes show of it:"
    )
    for one in found.hidden:
        mark = "found" if one.is_found else "missed"
        session.output.say(f"  {mark}: {one.hidden}\n         “{one.name}”: {one.shown}")


def told(found: Themed) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "report": str(found.report),
        "statements": found.themes.statements,
        "areas": len(found.areas),
        "themes": len(found.themes.of_level(2)),
        "largest": [
            {"id": one.id, "name": one.name, "people": one.people, "records": one.records, "share": one.share}
            for one in found.areas[:_SHOWN]
        ],
        "truths": [
            {"planted": one.planted, "theme": one.theme, "name": one.name, "found": one.is_found,
             "hidden": one.hidden, "shown": one.shown}
            for one in found.hidden
        ],
        "seconds": round(found.seconds, 2),
    }  # fmt: skip
