"""`/static`: the stylesheet, the islands, and what is vendored."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.responses import RedirectResponse, Response

from api.web.assets import assets
from assistant.errors import NotFound

router = APIRouter(include_in_schema=False)

_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"


@router.get("/static/{name:path}")
async def get_static(
    name: str,
    accept_encoding: Annotated[str, Header()] = "",
    version: Annotated[str | None, Query(alias="v", max_length=64)] = None,
) -> Response:
    """A file of ours. Under the version that it has, browsers keep it for good."""
    held = assets().get(name)
    if held is None:
        raise NotFound(f"There is no file {name[:60]}.", hint="Go to / for the pages there are.")
    headers = {
        "Cache-Control": _FOR_GOOD if version == held.version else _FOR_NOW,
        "Vary": "Accept-Encoding",
    }
    if _takes_gzip(accept_encoding):
        headers["Content-Encoding"] = "gzip"
        return Response(held.packed, media_type=held.media_type, headers=headers)
    return Response(held.content, media_type=held.media_type, headers=headers)


@router.get("/favicon.ico")
async def get_favicon() -> Response:
    """The icon, where browsers look for it."""
    return RedirectResponse("/static/icon.svg")


def _takes_gzip(accept: str) -> bool:
    offers = (part.partition(";") for part in accept.lower().split(","))
    return any(
        name.strip() == "gzip" and "q=0" not in weight.replace("q=0.", "") for name, _, weight in offers
    )
