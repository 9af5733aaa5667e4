"""Issues from Jira: a header per value, so `Labels`, `Sprint` and `Comment` stand there as often as one issue has them."""

from collections.abc import Callable, Mapping

from ingest.layouts.port import Shape, TableLook, fields_from, names_of

_FIELDS = {
    "text": ("description",),
    "title": ("summary",),
    "external_id": ("issuekey",),
    "said_at": ("created",),
    "author": ("reporterid", "reporter", "creatorid", "creator"),
    "account": ("customfieldorganizations", "organizations"),
    "rating": ("satisfactionrating", "customfieldsatisfactionrating"),
}
_SEGMENTS = {
    "type": ("issuetype",),
    "status": ("status",),
    "priority": ("priority",),
    "resolution": ("resolution",),
    "project": ("projectkey", "projectname"),
    "labels": ("labels",),
    "component": ("components", "component"),
    "version": ("affectsversions", "affectsversion"),
    "sprint": ("sprint",),
}
_TYPICAL = ("issueid", "issuetype", "projectkey", "reporter", "created", "status")


def jira(look: TableLook) -> Shape | None:
    """Issue key and summary, with the columns that no other tracker has beside them."""
    if not look.has("issuekey", "summary") or sum(key in look.keys for key in _TYPICAL) < 3:
        return None
    names = names_of(look)
    fields = fields_from(look, _FIELDS)
    if "text" not in fields:
        fields["text"] = fields.pop("title")
    derived: dict[str, Callable[[Mapping[str, str]], str]] = {}
    for segment, keys in _SEGMENTS.items():
        place = look.place(*keys)
        if place is None:
            continue
        fields[f"segment.{segment}"] = names[place]
        if look.keys.count(look.keys[place]) > 1:
            derived[names[place]] = _joined(
                [n for n, key in zip(names, look.keys, strict=True) if key == look.keys[place]]
            )
    comments = look.keys.count("comment")
    return Shape(
        layout="jira",
        confidence=look.sureness(*_TYPICAL),
        columns=names,
        fields=fields,
        derived=derived,
        source="jira",
        notes=("comments of the team and of reporters stand in the same columns and were left out",)
        if comments
        else (),
    )


def _joined(columns: list[str]) -> Callable[[Mapping[str, str]], str]:
    """The values of a repeated column, each once, in an order that doesn't depend on the columns'."""

    def joined(cells: Mapping[str, str]) -> str:
        return ", ".join(sorted({cells.get(name, "").strip() for name in columns} - {""}))

    return joined
