"""Issues from Linear."""

from ingest.layouts.port import Shape, TableLook, fields_from, names_of

_FIELDS = {
    "text": ("description",),
    "title": ("title",),
    "external_id": ("id",),
    "said_at": ("created",),
    "author": ("creator",),
    "segment.team": ("team",),
    "segment.status": ("status",),
    "segment.priority": ("priority",),
    "segment.project": ("project",),
    "segment.labels": ("labels",),
    "segment.cycle": ("cyclename",),
}
_TYPICAL = (
    "estimate",
    "cyclenumber",
    "cyclename",
    "cyclestart",
    "triaged",
    "canceled",
    "archived",
    "parentissue",
)


def linear(look: TableLook) -> Shape | None:
    """Id, team, title, description and creator, with the cycles that only Linear has."""
    if not look.has("id", "team", "title", "description", "created"):
        return None
    if sum(key in look.keys for key in _TYPICAL) < 3:
        return None
    return Shape(
        layout="linear",
        confidence=look.sureness(*_TYPICAL),
        columns=names_of(look),
        fields=fields_from(look, _FIELDS),
        source="linear",
    )
