"""What pages make of counts is made once per state of them."""

from pathlib import Path

from api.web.kept import once
from assistant.settings import Settings
from assistant.wiring import open_workbench


def test_it_is_made_once_per_name_and_state_and_let_go_with_the_next_state(tmp_path: Path) -> None:
    made: list[str] = []

    def ask(stamp: str, name: str) -> str:
        def make() -> str:
            made.append(f"{name} of {stamp}")
            return made[-1]

        return once(bench, stamp, name, make)

    with open_workbench(Settings.load(home=tmp_path)) as bench:
        assert [ask("one", "map"), ask("one", "list"), ask("one", "map")] == [
            "map of one",
            "list of one",
            "map of one",
        ]
        assert ask("two", "map") == "map of two"
        assert ask("one", "map") == "map of one"
    assert made == ["map of one", "list of one", "map of two", "map of one"]
