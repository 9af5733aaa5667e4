"""How long the graders of all layers take over a draft of 10 stories and 40 quotes."""

from collections.abc import Sequence

from assistant.domain.draft import Draft, StoryBlock
from assistant.domain.request import DraftRequest
from assistant.drafting.pipeline import draft
from assistant.search.query import search
from assistant.workbench import Workbench
from evals.bench.drafts import BRIEFS, sample_workspace
from evals.bench.measure import Result, Setting, at_most
from evals.bench.timing import Cost, percentile, timed
from evals.bench.workspaces import open_at, say
from evals.check import grade
from evals.reading.prose import stories
from evals.registry import graders_for
from evals.view import view_of

_STORIES, _QUOTES = 10, 40
_KINDS = ("user_stories", "prd")
_REPEATED = 3
_TARGET_MS = 100.0


def measure_grading(setting: Setting) -> list[Result]:
    """Each draft of the sample as it is written, filled up to the size of the target, then graded three times."""
    home = sample_workspace(setting, 1)
    with open_at(home) as bench:
        drafts = [
            filled_up(bench, draft(bench, DraftRequest(kind=kind, brief=brief, max_items=_STORIES)))
            for brief in (BRIEFS[:2] if setting.quick else BRIEFS)
            for kind in _KINDS
        ]
        say(f"grading: {len(drafts)} drafts")
        costs = [cost for one in drafts for cost in _graded(bench, one)]
    wall, cpu = [1000 * cost.wall for cost in costs], [1000 * cost.cpu for cost in costs]
    note = f"{len(drafts)} drafts of {_STORIES} stories and {_QUOTES} quotes or more, each {_REPEATED} times; median {percentile(wall, 0.5):.0f} ms"
    return [
        Result(
            bench="grading",
            what="p95 of all graders over a draft, wall time",
            value=percentile(wall, 0.95),
            unit="ms",
            target=at_most(_TARGET_MS),
            note=note,
        ),
        Result(
            bench="grading",
            what="p95 of all graders over a draft, CPU time",
            value=percentile(cpu, 0.95),
            unit="ms",
        ),
    ]


def filled_up(bench: Workbench, one: Draft) -> Draft:
    """The draft with quotes that a search finds and copies of its stories until it has 40 and 10."""
    quotes = dict(one.quotes)
    for hit in search(bench, one.brief or BRIEFS[0], limit=_QUOTES):
        if len(quotes) >= _QUOTES:
            break
        quotes[f"Q{len(quotes) + 1}"] = hit.quote
    held = stories(one)
    more = _copies(held, _STORIES - len(held))
    sections = tuple(
        section.model_copy(update={"blocks": (*section.blocks, *more)})
        if section.id == "stories"
        else section
        for section in one.sections
    )
    return one.model_copy(update={"quotes": quotes, "sections": sections})


def _copies(held: Sequence[StoryBlock], missing: int) -> tuple[StoryBlock, ...]:
    last = max((int(story.id.removeprefix("US-")) for story in held), default=0)
    return tuple(
        held[place % len(held)].model_copy(
            update={"id": f"US-{last + 1 + place}", "title": f"{held[place % len(held)].title} again"}
        )
        for place in range(missing if held else 0)
    )


def _graded(bench: Workbench, one: Draft) -> list[Cost]:
    view = view_of(bench, one)
    applied = graders_for(view.kind)
    return [timed(lambda: grade(one, view, applied)) for _ in range(_REPEATED)]
