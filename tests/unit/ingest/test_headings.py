"""The path of headings above a place."""

from ingest.parse.headings import HeadingPath


def test_a_heading_closes_those_of_its_own_and_deeper_levels() -> None:
    path = HeadingPath()
    seen = []
    for level, title in [(1, "Limits"), (2, "Export"), (3, "CSV"), (2, "Import"), (1, "Pricing")]:
        path.enter(level, title)
        seen.append(path.label)
    assert seen == [
        "§ Limits",
        "§ Limits › Export",
        "§ Limits › Export › CSV",
        "§ Limits › Import",
        "§ Pricing",
    ]
    assert path.first == "Limits"


def test_a_skipped_level_doesnt_matter() -> None:
    path = HeadingPath()
    path.enter(3, "Deep")
    path.enter(2, "Less  deep\n")
    assert path.label == "§ Less deep"


def test_before_the_first_heading_there_is_no_label() -> None:
    path = HeadingPath()
    path.enter(1, "  ")
    assert (path.label, path.first) == ("", None)


def test_a_long_path_keeps_the_nearest_heading() -> None:
    path = HeadingPath()
    for level in range(1, 7):
        path.enter(level, f"{level} " + "words " * 30)
    assert len(path.label) <= 200
    assert path.label.startswith("§ … › ")
    assert "6 words" in path.label
