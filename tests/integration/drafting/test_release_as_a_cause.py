"""A release is named as the cause where the shares say so; where everyone is on it, only the dates do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.domain.record import Record
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.tree import plain
from assistant.drafting.pipeline import draft
from tests.support.search_corpus import a_bench, a_record

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEKS, SHIPPED = 20, 12


def _feedback(others_stay_behind: bool) -> list[Record]:
    """Steady talk about calendars; after a release, blank exports of those who are on it."""
    records = []
    for week in range(WEEKS):
        when = START + timedelta(weeks=week)
        late = week >= SHIPPED
        for n in range(6):
            version = "5.0" if late and not (others_stay_behind and n) else "4.9"
            records.append(
                a_record(f"The calendar hides meeting {week} {n}", key=f"c{week}.{n}", author=f"c{week}.{n}",
                         said_at=when, segments={"app_version": version})
            )  # fmt: skip
        records += [
            a_record(f"The board export ends blank again {week} {n}", key=f"e{week}.{n}", author=f"e{week}.{n}",
                     said_at=when, segments={"app_version": "5.0"})
            for n in range(4 if late else 0)
        ]  # fmt: skip
    return records


@pytest.mark.parametrize("others_stay_behind", [True, False])
def test_shares_are_told_only_where_they_tell_something(tmp_path: Path, others_stay_behind: bool) -> None:
    with a_bench(tmp_path, _feedback(others_stay_behind)) as bench:
        written = draft(bench, DraftRequest(kind="prd", brief="board export is blank"))
    told = " ".join(plain(written, claim.text) for claim in written.claims.values())
    assert "first names 5.0" in told
    assert ("of everyone who wrote since" in told) is others_stay_behind
    assert ("the shares can't" in told) is not others_stay_behind
