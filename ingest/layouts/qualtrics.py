"""Responses from Qualtrics: three header rows (name, question, import id); previews and tests are no feedback."""

import json
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.connectors.cells import unique_names
from ingest.layouts.port import Shape, TableLook
from ingest.values import DateOrder, parse_date

_FIELDS = {
    "_recordid": "external_id",
    "recipientemail": "author",
    "userlanguage": "language",
    "distributionchannel": "segment.channel",
}
_DATES = ("recordeddate", "enddate", "startdate")
_META = frozenset(
    {
        "startdate",
        "enddate",
        "status",
        "ipaddress",
        "progress",
        "duration",
        "finished",
        "recordeddate",
        "_recordid",
        "recipientlastname",
        "recipientfirstname",
        "recipientemail",
        "externaldatareference",
        "locationlatitude",
        "locationlongitude",
        "distributionchannel",
        "userlanguage",
    }
)
_QUESTION = re.compile(r"qid\d+", re.IGNORECASE)
_STATUSES = {
    "1": "a preview of the survey",
    "2": "a test response",
    "8": "marked as spam by Qualtrics",
    "9": "a preview of the survey",
    "12": "marked as spam by Qualtrics",
    "17": "a preview of the survey",
    "spam": "marked as spam by Qualtrics",
}
_YEAR_FIRST = re.compile(r"\d{4}-\d\d?-\d\d?\b")
_SHARE = 0.8


def qualtrics(look: TableLook) -> Shape | None:
    """The third row holds `{"ImportId": …}` in every column."""
    if len(look.rows) < 3:
        return None
    imports = [_import(cell) for cell in look.rows[2][: len(look.rows[0])]]
    if sum(bool(found) for found in imports) < max(2, _SHARE * len(look.rows[0])):
        return None
    ids = [found.get("importid", "") for found in imports] + [""] * (len(look.rows[0]) - len(imports))
    columns = unique_names([_name(look, place, import_id) for place, import_id in enumerate(ids)])
    by_id = {
        import_id.casefold(): columns[place]
        for place, import_id in reversed(list(enumerate(ids)))
        if import_id
    }
    fields = {field: by_id[key] for key, field in _FIELDS.items() if key in by_id}
    date = next((key for key in _DATES if key in by_id), None)
    derived = {}
    if date is not None:
        fields["said_at"] = column = by_id[date]
        zone = imports[ids.index(next(i for i in ids if i.casefold() == date))].get("timezone", "")
        if (clock := _zone(zone)) is not None:
            derived[column] = lambda cells: _in_zone(cells.get(column, ""), clock)
    status, channel = by_id.get("status", ""), by_id.get("distributionchannel", "")
    questions = [place for place, import_id in enumerate(ids) if _QUESTION.match(import_id)]
    return Shape(
        layout="qualtrics",
        confidence=0.99,
        columns=tuple(columns),
        fields=fields,
        header_rows=3,
        opens=tuple(columns[place] for place in questions if ids[place].casefold().endswith("_text")),
        answers=tuple(columns[place] for place in questions if not ids[place].casefold().endswith("_text")),
        attributes=tuple(
            column
            for place, column in enumerate(columns)
            if place not in questions and ids[place].casefold() not in _META
        ),
        derived=derived,
        drop=lambda cells: _dropped(cells.get(status, ""), cells.get(channel, "")),
    )


def _import(cell: str) -> dict[str, str]:
    """The cell's JSON with keys in lower case; empty if it isn't an import id."""
    if not cell.lstrip().startswith("{"):
        return {}
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        return {}
    plain = {str(key).casefold(): str(item) for key, item in value.items()} if isinstance(value, dict) else {}
    return plain if "importid" in plain else {}


def _name(look: TableLook, place: int, import_id: str) -> str:
    """The question's words; for everything else the column's name in the first row."""
    row = 1 if _QUESTION.match(import_id) else 0
    cell = look.rows[row][place] if place < len(look.rows[row]) else ""
    return cell if cell.strip() else look.rows[0][place]


def _dropped(status: str, channel: str) -> str:
    said = status.strip().casefold()
    if "preview" in said or channel.strip().casefold() == "preview":
        return "a preview of the survey"
    if said == "survey test":
        return "a test response"
    return _STATUSES.get(said, "")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name and name not in ("Z", "UTC") else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _in_zone(cell: str, zone: ZoneInfo) -> str:
    """A local time of the export with its offset."""
    moment = (
        parse_date(cell, DateOrder(day_first=False, certain=True))
        if _YEAR_FIRST.match(cell.strip())
        else None
    )
    return cell if moment is None else moment.replace(tzinfo=zone).isoformat()
