"""From an empty tracker to a line of the release notes: the way that `make loop` shows."""

from tests.integration.trackers.conftest import Office
from tests.support.loop import Loop


def test_a_ticket_goes_all_the_way_from_coming_in_to_the_release_notes(office: Office) -> None:
    with office.tracker.client() as desk:
        told = list(Loop(office.service, desk).walk())
    assert len(told) == 8
