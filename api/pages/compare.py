"""Two versions or two drafts side by side, with why they differ."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.routes.drafts import find_draft
from api.shown import shown_draft, shown_text
from api.web.diffs import side_by_side
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.pages import counted, for_readers, frame
from api.web.render import page
from assistant.domain.draft import Draft
from assistant.drafting.formats.render import render
from assistant.drafting.formats.tree import plain
from assistant.errors import UsageError
from assistant.workbench import Workbench

router = APIRouter(include_in_schema=False)
_OFFERED = 50
_JUMP = re.compile(r"\[([^\[\]]*)\]\(#[^()\s]*\)")
_ANCHOR = re.compile(r'<a id="[^"<>]*"></a>')
"""Marks inside a document: they would only stand between the words."""
_Side = Annotated[str, Query(max_length=120)]


@page_at(router, "/compare")
def get_compare(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    before: _Side = "",
    after: _Side = "",
) -> Response:
    """Each side is `DRAFT` or `DRAFT@VERSION`."""
    if not (before and after):
        drafts = bench.catalog.drafts.newest(bench.workspace, None, _OFFERED)
        choices, pair = _choices(bench, drafts), _likely(drafts)
        return shaped(
            form,
            page=lambda: page(
                "compare.html", **frame(service, workspace, "c"), choices=choices, pair=pair, sides=None
            ),
            data=lambda: {
                "items": [{"side": side, "title": title} for side, title in choices],
                "suggested": dict(zip(("before", "after"), pair, strict=True)) if pair else None,
            },
            table=lambda: Table("Versions", ("side", "title"), choices),
        )
    with for_readers("The page of comparisons lists the versions there are."):
        sides = (_side(service, bench, before), _side(service, bench, after))
    rows = side_by_side(*(_text(bench, one) for one in sides))
    return shaped(
        form,
        page=lambda: page(
            "compare.html",
            **frame(service, workspace, "c"),
            choices=_choices(bench, bench.catalog.drafts.newest(bench.workspace, None, _OFFERED)),
            pair=tuple(f"{one.id}@{one.version}" for one in sides),
            sides=[(one, shown_text(bench.settings, plain(one, one.title))) for one in sides],
            reasons=_reasons(bench, *sides),
            checks=_checks(*sides),
            rows=rows,
        ),
        data=lambda: {
            "before": f"{sides[0].id}@{sides[0].version}",
            "after": f"{sides[1].id}@{sides[1].version}",
            "reasons": _reasons(bench, *sides),
            "checks": [dict(zip(("count", "before", "after"), one, strict=True)) for one in _checks(*sides)],
            "rows": [asdict(one) for one in rows],
        },
    )


def _side(service: Service, bench: Workbench, named: str) -> Draft:
    draft_id, _, version = named.partition("@")
    if version and not (version.isascii() and version.isdigit() and 0 < int(version[:9]) <= 1_000_000):
        raise UsageError(f"'{named[:60]}' is no version of a draft.", hint="Write it as DRAFT@2.")
    held = find_draft(service, bench, draft_id, int(version[:9]) if version else None)
    return shown_draft(bench.settings, held)


def _text(bench: Workbench, draft: Draft) -> str:
    # Without the report: what it says of a version is told above the text.
    bare = draft.model_copy(update={"report": None})
    text = render(bare, "md", show_personal=bench.settings.show_personal_data).decode("utf-8", "replace")
    return _ANCHOR.sub("", _JUMP.sub(r"\1", text))


def _likely(drafts: Sequence[Draft]) -> tuple[str, str] | None:
    """What a reader most likely wants to see side by side: the last two versions of a draft, else the last two drafts of a kind."""
    for draft in drafts:
        if draft.version > 1:
            return f"{draft.id}@{draft.version - 1}", f"{draft.id}@{draft.version}"
    later: dict[str, Draft] = {}
    for draft in drafts:
        if (newer := later.setdefault(draft.kind, draft)) is not draft:
            return f"{draft.id}@{draft.version}", f"{newer.id}@{newer.version}"
    return None


def _choices(bench: Workbench, drafts: Sequence[Draft]) -> list[tuple[str, str]]:
    """Every version of these drafts, newest first."""
    found = []
    for draft in drafts:
        title = shown_text(bench.settings, plain(draft, draft.title))
        found += [
            (f"{draft.id}@{version}", f"{draft.kind.replace('_', ' ')}: {title}, version {version}")
            for version in range(draft.version, 0, -1)
        ]
    return found[: 2 * _OFFERED]


def _reasons(bench: Workbench, one: Draft, other: Draft) -> list[tuple[str, str, str]]:
    """What the two were made from, where it differs: what, before, after."""

    def told(draft: Draft) -> dict[str, Any]:
        made = draft.provenance
        return {
            "brief": shown_text(bench.settings, draft.brief) or "everything in the scope",
            "scope": draft.scope.model_dump_json(exclude_defaults=True),
            "records": made.corpus[:12],
            "prompt": f"{made.prompt_id} {made.prompt_sha256[:12]}",
            "writer": made.writer,
            "quotes": str(len(draft.quotes)),
        }

    left, right = told(one), told(other)
    return [(name, left[name], right[name]) for name in left if left[name] != right[name]]


def _checks(one: Draft, other: Draft) -> list[tuple[str, str, str]]:
    """The verdicts and counts of the two, side by side."""
    sides = [
        {"verdict": draft.report.verdict.value if draft.report else "not checked"}
        | {label: f"{ok}/{total}" for label, ok, total in counted(draft.report)}
        for draft in (one, other)
    ]
    return [(name, sides[0].get(name, ""), sides[1].get(name, "")) for name in sides[0] | sides[1]]
