"""Both changed the same place: nothing is written, and both ways to say it are told."""

from api.tickets.merge import merge

BASE = "Title\n\nWant\n\nWhy"


def test_a_place_that_both_changed_is_a_conflict() -> None:
    merged = merge(BASE, "Title\n\nWant it soon\n\nWhy", "Title\n\nWant it all\n\nWhy")
    assert merged.conflicts == (("Want it soon", "Want it all"),)
    assert "Want it soon" in merged.text


def test_a_place_that_they_took_out_and_we_changed_is_one_too() -> None:
    merged = merge(BASE, "Title\n\nWhy", "Title\n\nWant it all\n\nWhy")
    assert merged.conflicts == (("", "Want it all"),)


def test_two_things_put_in_at_the_same_place_are_one_too() -> None:
    merged = merge(BASE, f"{BASE}\n\nby hand", f"{BASE}\n\nby code")
    assert merged.conflicts == (("by hand", "by code"),)


def test_windows_line_ends_are_no_change() -> None:
    merged = merge(BASE, BASE.replace("\n", "\r\n"), BASE.replace("Why", "Because"))
    assert merged.conflicts == ()
    assert "Because" in merged.text
