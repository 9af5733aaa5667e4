"""Extractive drafts at 100,000 records: how long one takes after load, and whether the same inputs give the same bytes."""

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.domain.draft import Draft, StoryBlock
from assistant.domain.record import RecordKind
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.render import render
from assistant.drafting.pipeline import draft
from assistant.workbench import Workbench
from evals.bench.measure import Result, Setting, at_least, at_most
from evals.bench.shuffling import shuffle_rows
from evals.bench.timing import Cost, percentile, timed
from evals.bench.workspaces import kept_workspace, open_at, say
from evals.kanbo.generate import write_sample

BRIEFS = (
    "exporting large boards",
    "offline mode for field teams",
    "single sign-on and login",
    "notifications that people can trust",
    "the pricing page and plans",
    "a calendar and recurring tasks",
    "search that finds old cards",
    "permissions and guest access",
    "faster loading of big boards",
    "the Android app crashes",
    "importing from other tools",
    "reports for managers",
    "attachments and files",
    "keyboard shortcuts",
    "",
)
_STORIES = 10
_SECOND = 1.0
_OWN_CORE = 0.9
"""A draft is one thread of computing: below this share of a core, others held the machine."""


def measure_drafts(setting: Setting) -> list[Result]:
    """User stories of the generated Kanbo sample, 10 asked for, with 15 briefs."""
    home = sample_workspace(setting, 2 if setting.quick else 50)
    with open_at(home) as bench:
        records = len(bench.corpus().record_ids)
        say(f"drafts: {records:,} records, {len(BRIEFS)} briefs")
        written: list[Draft] = []
        cold = timed(_writing(bench, BRIEFS[-1], written))
        costs = [_told(timed(_writing(bench, brief, written)), brief, written) for brief in BRIEFS]
        # Again in another order: whatever a workbench keeps between drafts must not show in them.
        again: list[Draft] = []
        costs += [timed(_writing(bench, brief, again)) for brief in reversed(BRIEFS)]
    with open_at(home) as bench:
        fresh: list[Draft] = []
        _writing(bench, BRIEFS[0], fresh)()
    pairs = [*zip(written[1:], reversed(again), strict=True), (written[1], fresh[0]), (written[0], again[0])]
    return [*_waits(records, cold, costs, written[1:]), _identical(pairs), _shuffled(setting)]


def sample_workspace(setting: Setting, scale: int, shuffled: bool = False) -> Path:
    """Home folder of the ingested Kanbo sample. Args: scale: 50 is about 100,000 records. shuffled: rows in another order."""

    def write(folder: Path) -> list[tuple[Path, RecordKind]]:
        write_sample(folder, scale=scale)
        feedback = folder / "feedback"
        if shuffled:
            for path in sorted(feedback.iterdir()):
                shuffle_rows(path)
        return [(feedback, RecordKind.customer), (folder / "competitors", RecordKind.competitor)]

    return kept_workspace(setting.cache, f"kanbo-{scale}{'-shuffled' if shuffled else ''}", write)


def _writing(bench: Workbench, brief: str, written: list[Draft]) -> Callable[[], None]:
    request = DraftRequest(kind="user_stories", brief=brief, max_items=_STORIES)
    return lambda: written.append(draft(bench, request))


def _told(cost: Cost, brief: str, written: Sequence[Draft]) -> Cost:
    say(
        f"  {cost.wall:6.2f} s wall, {cost.cpu:6.2f} s CPU, {_stories(written[-1]):2} stories: {brief or '(everything)'}"
    )
    return cost


def _stories(one: Draft) -> int:
    return sum(isinstance(block, StoryBlock) for block in one.blocks())


def _waits(records: int, cold: Cost, costs: Sequence[Cost], written: Sequence[Draft]) -> list[Result]:
    wall, cpu = [cost.wall for cost in costs], [cost.cpu for cost in costs]
    stories = statistics.median(_stories(one) for one in written)
    core = sum(cpu) / sum(wall)
    busy = "" if core > _OWN_CORE else f"; others were at work, it had {core:.0%} of a core"
    note = f"{records:,} records, {len(costs)} drafts, {stories:g} stories in the median one{busy}"
    rows = (
        (
            "p95 of a draft of 10 stories, after load, wall time",
            percentile(wall, 0.95),
            at_most(_SECOND),
            note,
        ),
        ("p50, wall time", statistics.median(wall), None, ""),
        ("p95, CPU time", percentile(cpu, 0.95), None, ""),
        ("p50, CPU time", statistics.median(cpu), None, ""),
        ("first draft of a process, wall time", cold.wall, None, f"loads the corpus; {cold.cpu:.1f} CPU-s"),
    )
    return [
        Result(bench="drafts", what=what, value=value, unit="s", target=target, note=note)
        for what, value, target, note in rows
    ]


def _identical(pairs: Sequence[tuple[Draft, Draft]]) -> Result:
    same = sum(_bytes(one) == _bytes(other) for one, other in pairs)
    return Result(
        bench="drafts",
        what="two runs of the same request that are byte-identical",
        value=100 * same / len(pairs),
        unit="%",
        target=at_least(100),
        note=f"{same} of {len(pairs)} pairs; order of the drafts changed, one pair in a fresh workbench",
    )


def _shuffled(setting: Setting) -> Result:
    """The same rows in another order, in a workspace of their own."""
    say("drafts: the same rows in another order")
    scale = 1 if setting.quick else 5
    requests = [
        DraftRequest(kind=kind, brief=brief, max_items=_STORIES)
        for kind in ("user_stories", "prd", "insight_summary")
        for brief in (BRIEFS[0], BRIEFS[1], "")
    ]
    with (
        open_at(sample_workspace(setting, scale)) as straight,
        open_at(sample_workspace(setting, scale, shuffled=True)) as turned,
    ):
        records = len(straight.corpus().record_ids)
        same = sum(_bytes(draft(straight, one)) == _bytes(draft(turned, one)) for one in requests)
    return Result(
        bench="drafts",
        what="drafts that are byte-identical when the input was shuffled",
        value=100 * same / len(requests),
        unit="%",
        target=at_least(100),
        note=f"{same} of {len(requests)} drafts of three kinds, {records:,} records",
    )


def _bytes(one: Draft) -> bytes:
    return render(one, "json", {})
