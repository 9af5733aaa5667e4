"""`python -m evals.bench --data DIR --write docs/benchmarks.md [--only NAME…] [--quick]`.

Each measurement runs in a process of its own: none sees the memory, threads or crash of another.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from platformdirs import user_cache_path

from evals.bench.measure import Result, Setting, Target
from evals.bench.table import merge, read_results, show, to_lines, to_markdown

BENCHES = {
    "ingest": ("Ingest, end to end", "evals.bench.ingesting:measure_ingest"),
    "layouts": ("Exports of known layouts", "evals.bench.layouts:measure_layouts"),
    "bulk": ("Large imports", "evals.bench.bulk:measure_bulk"),
    "search": ("Search at 100,000 passages", "evals.bench.searching:measure_search"),
    "retrieval": ("Retrieval on banking77", "evals.bench.retrieving:measure_retrieval"),
    "drafts": ("Drafts at 100,000 records", "evals.bench.drafts:measure_drafts"),
    "personal": ("Personal data, found and false alarms", "evals.bench.personal:measure_personal"),
    "facets": ("Types and sentiments of records", "evals.bench.facets:measure_facets"),
    "duplicates": ("Near and exact duplicates", "evals.bench.duplicates:measure_duplicates"),
    "hostile": ("Hostile files, refused", "evals.bench.hostile:measure_hostile"),
    "languages": ("Languages other than English", "evals.bench.languages:measure_languages"),
    "batch": ("Batch synthesis, end to end", "evals.bench.batch:measure_batch"),
    "themes": ("Themes, beside BERTopic", "evals.bench.themes:measure_themes"),
    "workers": ("Themes by several workers", "evals.bench.workers:measure_workers"),
    "evals": ("Evaluation sets", "evals.bench.eval_sets:measure_evals"),
    "matching": ("Quotations, matched", "evals.bench.matching:measure_matching"),
    "injections": ("Injections, with a model that obeys each", "evals.bench.injections:measure_injections"),
    "quality": ("Defects per story", "evals.bench.quality:measure_quality"),
    "judge": ("Judges, beside labels of people", "evals.bench.judging:measure_judges"),
    "trust": ("Graders, put to the test", "evals.bench.trust:measure_trust"),
    "grading": ("Drafts, graded", "evals.bench.grading:measure_grading"),
    "proof": ("Quotes and numbers, proven", "evals.bench.proof:measure_proof"),
    "rendering": ("Drafts of hostile strings, rendered", "evals.bench.rendering:measure_rendering"),
    "chats": ("Answers to chat clients", "evals.bench.chats:measure_chats"),
    "load": ("Many at once on one server", "evals.bench.load:measure_load"),
    "map": ("The map of 300,000 statements, in a browser", "evals.bench.map:measure_map"),
    "once": ("Exactly once, in a real tracker", "evals.bench.once:measure_once"),
    "incoming": ("Tickets that come in", "evals.bench.incoming:measure_incoming"),
    "tickets": ("Duplicate tickets, beside BM25 and dense", "evals.bench.ticket_duplicates:measure_tickets"),
    "suite": ("The tests", "evals.bench.suite:measure_suite"),
}
"""Name → heading, and where the measurement is."""
_TIMEOUT_S = 3 * 3600
_QUIET = {"LANGSMITH_TRACING": "false", "OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, write. Returns: 0, also where a target was missed; 1 where a measurement broke off; 2 for bad usage."""
    asked = _arguments(arguments)
    setting = Setting(asked.data, asked.cache, asked.quick)
    if asked.one:
        asked.one_out.write_text(to_lines(_measure(asked.one, setting)), encoding="utf-8")
        return 0
    if not setting.data.is_dir():
        print(f"There is no folder {setting.data}. Give the public data sets with --data.", file=sys.stderr)
        return 2
    rows: list[Result] = []
    for name in asked.only or BENCHES:
        rows += _in_own_process(name, setting)
        _print([row for row in rows if row.bench == name])
        if asked.write:
            # After each, so that stopping half way keeps what was measured.
            _write(asked.write, rows)
    return 1 if any(row.value is None for row in rows) else 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--write", type=Path, help="Markdown file; JSON lines go beside it")
    parser.add_argument("--only", nargs="+", choices=list(BENCHES), metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="small inputs, only to see that it runs")
    default = user_cache_path("voxspec", appauthor=False) / "bench"
    parser.add_argument("--cache", type=Path, default=default, help="kept embeddings and workspaces")
    parser.add_argument("--one", choices=list(BENCHES), help=argparse.SUPPRESS)
    parser.add_argument("--one-out", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _measure(name: str, setting: Setting) -> list[Result]:
    module, _, function = BENCHES[name][1].partition(":")
    measure: Callable[[Setting], list[Result]] = getattr(import_module(module), function)
    today = datetime.now(UTC).date().isoformat()
    return [row.model_copy(update={"measured": today, "quick": setting.quick}) for row in measure(setting)]


def _in_own_process(name: str, setting: Setting) -> list[Result]:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "rows"
        command = [sys.executable, "-m", "evals.bench", "--one", name, "--one-out", str(out)]
        command += ["--data", str(setting.data), "--cache", str(setting.cache)]
        command += ["--quick"] if setting.quick else []
        try:
            ended = subprocess.run(
                command, env=os.environ | _QUIET, timeout=_TIMEOUT_S, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            ended = None
        rows = read_results(out)
    if ended == 0 and rows:
        return rows
    reason = "no answer within three hours" if ended is None else f"its process ended with {ended}"
    return [
        Result(
            bench=name,
            what=BENCHES[name][0],
            value=None,
            target=Target(sense="at least", bound=1),
            note=reason,
            measured=datetime.now(UTC).date().isoformat(),
        )
    ]


def _print(rows: Sequence[Result]) -> None:
    for row in rows:
        mark = {None: " ", True: "+", False: "-"}[row.reached]
        print(f"{mark} {row.bench:10} {row.what}: {show(row)}  {row.note}", flush=True)


def _write(path: Path, rows: Sequence[Result]) -> None:
    lines = path.with_suffix(".json")
    merged = merge(read_results(lines), rows, list(BENCHES))
    path.parent.mkdir(parents=True, exist_ok=True)
    lines.write_text(to_lines(merged), encoding="utf-8")
    path.write_text(
        to_markdown(merged, {name: title for name, (title, _) in BENCHES.items()}), encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
