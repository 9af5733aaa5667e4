"""How old a web page is that was read: in words, for whoever looks at it. Drafts show the day itself, which doesn't change."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

FETCHED = "fetched"
"""Segment of a web page's record: the day on which it was read."""
STALE_DAYS = 90
"""From then on a page is said to be old."""


def fetched_on(segments: Mapping[str, str]) -> date | None:
    """The day on which a record's page was read; None where it is no page."""
    try:
        return date.fromisoformat(segments.get(FETCHED, ""))
    except ValueError:
        return None


def age(day: date, today: date | None = None) -> str:
    """For example `read on 2026-03-01, 12 days ago`. Args: today: in UTC."""
    days = ((today or datetime.now(UTC).date()) - day).days
    told = "today" if days <= 0 else "1 day ago" if days == 1 else f"{days:,} days ago"
    return f"read on {day.isoformat()}, {told}" + (": it may have changed since" if days > STALE_DAYS else "")
