"""For systems that know no hidden field, no version and no reservation: all three made of what every issue has.

The marker is the last line of the text, as a comment that isn't shown. A version is the time of the last change and a digest of what a
change could overwrite. Listing goes on from the last time seen, not from a page's number: what changes while it is listed moves to the
end, and what stood behind it would slip over the page's edge.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.domain.base import digest
from assistant.domain.ticket import with_marker, without_marker

_PART_OF = re.compile(r"\n*Part of #([0-9]+)\Z")
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Body:
    """The text of a ticket, apart from what the adapter added to it."""

    text: str
    marker: str = ""
    parent: str = ""
    """Key of the ticket that it is a part of."""

    def written(self) -> str:
        """As the tracker keeps it. The parent is a line of the text: it is written with the ticket or not at all."""
        if not self.marker:
            return self.text
        return with_marker(
            f"{self.text}\n\nPart of #{self.parent}" if self.parent else self.text, self.marker
        )


def read_body(raw: str | None) -> Body:
    """A text as a tracker tells it; web pages send its lines with carriage returns."""
    text, marker = without_marker((raw or "").replace("\r\n", "\n"))
    part_of = _PART_OF.search(text) if marker else None
    if part_of is None:
        return Body(text, marker)
    return Body(text[: part_of.start()], marker, part_of[1])


def version_of(changed: datetime, *held: object) -> str:
    """A ticket's version. Args: held: all that a change could overwrite."""
    return f"{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}/{digest(*held, size=6)}"


def holds_the_same(version: str, other: str) -> bool:
    """Whether two versions of a ticket hold the same: a comment changes the time, and overwrites nothing."""
    return version.rpartition("/")[2] == other.rpartition("/")[2]


@dataclass(frozen=True)
class Place:
    """Where a listing by the time of change goes on."""

    since: datetime | None
    page: int = 1

    @classmethod
    def of(cls, since: datetime | None, cursor: str | None) -> "Place":
        """The first place, or the one that a cursor names."""
        if cursor is None:
            # A second earlier: some count "since" as "after".
            return cls(since.astimezone(UTC).replace(microsecond=0) - _SECOND if since else None)
        page, _, at = cursor.partition(" ")
        return cls(datetime.fromisoformat(at) if at else None, int(page))

    def after(self, last: datetime) -> str:
        """The cursor behind a page whose last ticket changed then. More than a page within a second is counted in pages."""
        back = last.astimezone(UTC).replace(microsecond=0) - _SECOND
        if self.since is None or back > self.since:
            return f"1 {back.isoformat()}"
        return f"{self.page + 1} {self.since.isoformat()}"
