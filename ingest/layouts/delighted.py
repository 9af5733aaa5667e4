"""Answers from Delighted: score and comment, times in seconds since 1970, the person's properties as further columns."""

import re

from ingest.layouts.port import Shape, TableLook, fields_from, names_of

_FIELDS = {
    "text": ("comment",),
    "rating": ("score",),
    "external_id": ("id", "responseid", "surveyresponseid"),
    "said_at": ("createdat", "respondedat", "responsecreatedat", "timestamp", "updatedat"),
    "author": ("email", "personemail", "person", "personid", "name"),
    "account": ("company", "companyname", "account"),
    "url": ("permalink",),
    "segment.survey_type": ("surveytype",),
}
_KNOWN = frozenset(key for keys in _FIELDS.values() for key in keys) | {"notes", "updatedat", "phonenumber"}
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?\Z")


def delighted(look: TableLook) -> Shape | None:
    """Score and comment, seconds for a date, and a link to delighted.com or the columns that its API names."""
    times = [place for key in _FIELDS["said_at"] if (place := look.place(key)) is not None]
    if not look.has("score", "comment") or not times:
        return None
    if not all(_EPOCH.match(value) for place in times for value in look.below(place)):
        return None
    link = look.place("permalink")
    linked = link is not None and any("delighted.com/" in value.casefold() for value in look.below(link))
    signs = sum(
        look.place(*keys) is not None for keys in (("surveytype",), ("person", "personid"), ("updatedat",))
    )
    if not linked and signs < 2:
        return None
    names = names_of(look)
    return Shape(
        layout="delighted",
        confidence=0.97 if linked else 0.85,
        columns=names,
        fields=fields_from(look, _FIELDS),
        attributes=tuple(name for place, name in enumerate(names) if look.keys[place] not in _KNOWN),
        source="delighted",
    )
