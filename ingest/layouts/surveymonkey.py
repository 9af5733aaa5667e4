"""Responses from SurveyMonkey: questions in the first row, what was answered in the second; a blank header continues its left."""

from ingest.connectors.cells import unique_names
from ingest.layouts.port import Shape, TableLook, squashed

_FIELDS = {
    "external_id": ("respondentid",),
    "said_at": ("datecreated", "startdate", "datemodified", "enddate"),
    "author": ("emailaddress",),
    "segment.collector": ("collectorid",),
}
_META = frozenset(
    {
        "respondentid",
        "collectorid",
        "datecreated",
        "datemodified",
        "startdate",
        "enddate",
        "ipaddress",
        "emailaddress",
        "firstname",
        "lastname",
    }
)
_PLAIN = frozenset({"response", "openendedresponse"})
_OPEN = ("openendedresponse", "otherpleasespecify", "pleasespecify", "comment")
_DATES = ("datecreated", "datemodified", "startdate", "enddate")


def surveymonkey(look: TableLook) -> Shape | None:
    """Respondent and collector id, and under them a second header row that is blank there."""
    if not look.has("respondentid", "collectorid") or not any(key in look.keys for key in _DATES):
        return None
    respondent = look.place("respondentid") or 0
    second = look.rows[1] if len(look.rows) > 1 else ()
    has_second = bool(second) and not (respondent < len(second) and second[respondent].strip())
    parts = [cell.strip() for cell in second] if has_second else []
    parts += [""] * (len(look.rows[0]) - len(parts))
    columns = unique_names(_names(look.rows[0], parts))
    answers = [place for place, key in enumerate(_continued(look)) if key not in _META]
    custom = [place for place in answers if look.keys[place].startswith("customdata")]
    answers = [place for place in answers if place not in custom]
    opens = [place for place in answers if squashed(parts[place]).startswith(_OPEN)]
    fields = {name: place for name, keys in _FIELDS.items() if (place := look.place(*keys)) is not None}
    return Shape(
        layout="surveymonkey",
        confidence=look.sureness("datecreated", "datemodified", "ipaddress", "emailaddress", "customdata1")
        if has_second
        else 0.85,
        columns=tuple(columns),
        fields={name: columns[place] for name, place in fields.items()},
        header_rows=2 if has_second else 1,
        opens=tuple(columns[place] for place in opens),
        answers=tuple(columns[place] for place in answers if place not in opens),
        attributes=tuple(columns[place] for place in custom),
        day_first=False,
    )


def _continued(look: TableLook) -> list[str]:
    """Every column's question: a blank header continues the one to its left."""
    found: list[str] = []
    for cell, key in zip(look.rows[0], look.keys, strict=True):
        found.append(key if cell.strip() or not found else found[-1])
    return found


def _names(header: tuple[str, ...], parts: list[str]) -> list[str]:
    names: list[str] = []
    question = ""
    for cell, part in zip(header, parts, strict=False):
        question = cell.strip() or question
        plain = not part or squashed(part) in _PLAIN
        names.append(question if plain else f"{question} - {part}")
    return names
