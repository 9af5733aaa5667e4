"""Reviews from the Google Play Console: a file per month, UTF-16; a review that changes comes again in a later month."""

import re
from collections.abc import Callable, Mapping

from ingest.layouts.port import Shape, TableLook, fields_from, names_of

_FIELDS = {
    "text": ("reviewtext",),
    "title": ("reviewtitle",),
    "rating": ("starrating",),
    "language": ("reviewerlanguage",),
    "said_at": ("reviewlastupdatedateandtime", "reviewsubmitdateandtime"),
    "url": ("reviewlink",),
    "segment.app": ("packagename",),
    "segment.app_version": ("appversionname", "appversioncode"),
    "segment.device": ("device",),
}
_TYPICAL = (
    "reviewsubmitdateandtime",
    "reviewlastupdatedateandtime",
    "reviewtitle",
    "reviewlink",
    "reviewerlanguage",
)
_REVIEW_ID = re.compile(r"[?&#]reviewid=([^&#\s]+)", re.IGNORECASE)
_READER = re.compile(r"(?<=[?&])hl=[^&#]*&?", re.IGNORECASE)
_ID_COLUMN = "review id"


def google_play(look: TableLook) -> Shape | None:
    """Package name, stars and review text beside the developer's replies; the link holds the review's id."""
    if not look.has("packagename", "starrating", "reviewtext"):
        return None
    fields = fields_from(look, _FIELDS)
    link = fields.get("url")
    if link is not None:
        fields["external_id"] = _ID_COLUMN
    return Shape(
        layout="google-play",
        confidence=look.sureness(*_TYPICAL),
        columns=names_of(look),
        fields=fields,
        derived=_from_link(link) if link is not None else {},
        source="google-play",
        notes=("developer replies were left out",) if look.has("developerreplytext") else (),
    )


def _from_link(link: str) -> dict[str, Callable[[Mapping[str, str]], str]]:
    """The review's id, and its link without the language of whoever exported it, which differs between months."""

    def review_id(cells: Mapping[str, str]) -> str:
        found = _REVIEW_ID.search(cells.get(link, ""))
        return found[1] if found else cells.get(link, "")

    def plain_link(cells: Mapping[str, str]) -> str:
        return _READER.sub("", cells.get(link, ""))

    return {_ID_COLUMN: review_id, link: plain_link}
