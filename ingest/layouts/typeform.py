"""Responses from Typeform: the response's token under `#`; questions may carry the same words twice."""

from collections.abc import Mapping

from ingest.layouts.port import Shape, TableLook, names_of

_DATES = ("submitdateutc", "stagedateutc", "startdateutc")
_META = frozenset({*_DATES, "networkid", "responsetype", "tags", "ending"})
_DATE_COLUMN = "answered at"


def typeform(look: TableLook) -> Shape | None:
    """A column `#`, and times in UTC at the other end."""
    tokens = [place for place, cell in enumerate(look.rows[0]) if cell.strip() == "#"]
    if len(tokens) != 1 or not look.has("startdateutc", "submitdateutc"):
        return None
    names = names_of(look)
    # A response that was never submitted has only the time at which it began.
    times = [names[place] for key in _DATES if (place := look.place(key)) is not None]

    def answered_at(cells: Mapping[str, str]) -> str:
        return next((cells[name] for name in times if cells.get(name, "").strip()), "")

    fields = {"external_id": names[tokens[0]], "said_at": _DATE_COLUMN}
    fields |= {
        f"segment.{segment}": names[place]
        for segment, key in (("response_type", "responsetype"), ("tags", "tags"), ("ending", "ending"))
        if (place := look.place(key)) is not None
    }
    return Shape(
        layout="typeform",
        confidence=look.sureness("startdateutc", "submitdateutc", "networkid"),
        columns=names,
        fields=fields,
        answers=tuple(
            name for place, name in enumerate(names) if place != tokens[0] and look.keys[place] not in _META
        ),
        derived={_DATE_COLUMN: answered_at},
    )
