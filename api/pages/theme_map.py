"""The map of what was said: a page with a table for every reader, and the points for the canvas."""

import gzip
from typing import Annotated, Any

from fastapi import APIRouter, Header
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.pages.counting import counting
from api.shown import shown_text
from api.web.counts import Counts, counts_of
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.pages import frame
from api.web.render import page
from assistant.synthesis.outputs.points import HEIGHT, WIDTH

router = APIRouter(include_in_schema=False)
_COLUMNS = (
    "id",
    "name",
    "area",
    "people",
    "records",
    "statements",
    "x",
    "y",
    "r",
    "label",
    "label_x",
    "label_y",
    "hue",
)


@page_at(router, "/themes/map")
def get_map(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, form: FormDep) -> Response:
    """The themes that have a disc, as a table beside their map."""
    counts = counts_of(bench)
    rows = _rows(counts)
    count = counts.map().count if rows else 0
    return shaped(
        form,
        page=lambda: page(
            "theme_map.html",
            **frame(service, workspace, "t"),
            rows=rows,
            count=count,
            size=(int(WIDTH), int(HEIGHT)),
            **counting(service, counts),
        ),
        data=lambda: {
            "width": WIDTH,
            "height": HEIGHT,
            "points": count,
            "items": rows,
        },
        table=lambda: Table(
            "Map of themes", _COLUMNS, [tuple(row[name] for name in _COLUMNS) for row in rows]
        ),
    )


@router.get("/themes/map/points")
def get_points(bench: BenchDep, accept_encoding: Annotated[str, Header()] = "") -> Response:
    """The points as `Points.packed` has them, gzipped where the reader takes that."""
    counts = counts_of(bench)
    packed = counts.map().packed if counts.overview.areas else gzip.compress(b"", mtime=0)
    kind = "application/octet-stream"
    if "gzip" in accept_encoding.lower():
        return Response(
            packed, media_type=kind, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        )
    return Response(gzip.decompress(packed), media_type=kind, headers={"Vary": "Accept-Encoding"})


def _rows(counts: Counts) -> list[dict[str, Any]]:
    """The discs as they are shown; none without themes."""
    if not counts.overview.areas:
        return []
    settings = counts.bench.settings

    def shown() -> list[dict[str, Any]]:
        return [
            one.model_dump()
            | {
                "name": shown_text(settings, one.name) or "(no words)",
                "area": shown_text(settings, one.area),
                "label": shown_text(settings, one.label),
            }
            for one in counts.map().discs
        ]

    return counts.once("discs", shown)
