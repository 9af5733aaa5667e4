"""How far the graders can be trusted: all kinds of the dev pack in all clean drafts they apply to, and harmless edits beside them."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.workspaces import say
from evals.mutators.packs import OWN, load_packs
from evals.trust.drafts import ENOUGH, clean_drafts
from evals.trust.measure import run_trust
from evals.trust.report import LEAST_MEAN, LEAST_WORST, MOST_ON_CLEAN, MOST_ON_EDITS, Share, Trust


def measure_trust(setting: Setting) -> list[Result]:
    """Detection by kind, the worst kind, false alarms. Everything but the packs of others."""
    with TemporaryDirectory() as folder:
        say("trust: clean drafts of two writers")
        cleans = clean_drafts(Path(folder), 12 if setting.quick else ENOUGH)
    say(f"trust: {len(cleans)} clean drafts")
    found = run_trust(
        cleans,
        load_packs([OWN]),
        sample=2 if setting.quick else 0,
        workers=1 if setting.quick else os.cpu_count() or 1,
        tell=_told,
    )
    return rows_of(found)


def rows_of(found: Trust) -> list[Result]:
    """The rows of the table. What isn't reached is named in the notes."""
    layers = [(layer, [row for row in found.counted if row.layer == layer]) for layer in range(4)]
    writers = ", ".join(f"{name} {number}" for name, number in found.writers.items())
    worst = found.worst
    least = worst.caught.value if worst else 0.0
    below = [row.name for row in sorted(found.counted, key=lambda row: (row.caught.value, row.name)) if row.caught.value < LEAST_WORST]  # fmt: skip
    tried = sum(row.caught.whole for row in found.counted)
    return [
        _row(
            "kinds of defect caught, mean",
            found.mean,
            at_least(100 * LEAST_MEAN),
            f"{len(found.counted)} kinds, {tried:,} defects in {found.clean.whole} drafts ({writers})",
        ),
        _row("worst kind of defect caught", least, at_least(100 * LEAST_WORST), _listed(below)),
        *(
            _row(f"kinds of L{layer} caught, mean", sum(one.caught.value for one in held) / len(held), None, f"{len(held)} kinds")
            for layer, held in layers
            if held
        ),
        _row("caught for the right reason, mean", found.mean_right, None, "a grader that should see it said so"),
        _alarms("harmless edits stopped", found.edits_stopped, MOST_ON_EDITS, f"{len(found.edits)} kinds of edit"),
        _alarms("clean drafts stopped", found.clean, MOST_ON_CLEAN, ""),
        Result(
            bench="trust",
            what="graders and mutators at fault",
            value=len(found.faults),
            target=at_most(0),
            note=" ".join(found.faults)[:300] or "none sees nothing, cries wolf or breaks off",
        ),
    ]  # fmt: skip


def _row(what: str, value: float, target: Target | None, note: str) -> Result:
    return Result(bench="trust", what=what, value=100 * value, unit="%", target=target, note=note)


def _alarms(what: str, share: Share, most: float, note: str) -> Result:
    counted = f"{share.part} of {share.whole:,}, 95 % interval {share.low:.2%} to {share.high:.2%}"
    return _row(what, share.value, at_most(100 * most), f"{counted}{', ' if note else ''}{note}")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return f"below {LEAST_WORST:.0%}: {', '.join(names[:6])}{more}" if names else ""


def _told(done: int, total: int | None, what: str) -> None:
    if done % 20 == 0 or done == total:
        say(f"  {what}: {done} of {total}")
