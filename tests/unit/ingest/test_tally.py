"""Counts of a file travel through checkpoints, those of personal data too."""

from ingest.port import FileReport
from ingest.tally import Tally


def test_personal_data_is_counted_per_kind_across_a_resumed_import() -> None:
    first = Tally()
    first.found_personal("mail ann@example.com or bob@example.com, @ann_lee")
    resumed = Tally(first.stored())
    resumed.found_personal("mail eve@example.com")
    resumed.found_personal("nothing here")
    report = FileReport("a.csv")
    resumed.fill(report)
    assert report.personal == {"e-mail": 3, "handle": 1}
    assert report.reasons == []
    assert resumed.rows == 0
