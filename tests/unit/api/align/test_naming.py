"""What a branch says where it names a requirement: only a promise is one."""

import pytest

from api.align.branch import Branch, ChangedFile, Commit
from api.align.naming import Says, named_in, passages, says_none


def told(pr_text: str = "", commits: tuple[str, ...] = (), files: tuple[ChangedFile, ...] = (), name: str = "topic") -> dict[str, set[Says]]:  # fmt: skip
    """Name → what is said of it, wherever it stands."""
    branch = Branch(name, "main", tuple(Commit(f"{at:040x}", one) for at, one in enumerate(commits)), files)
    found: dict[str, set[Says]] = {}
    for passage in passages(branch, pr_text):
        for one in named_in(passage):
            found.setdefault(one.name, set()).add(one.says)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Implements FR-7",
        "This closes FR-6, FR-7 and FR-8.",
        "Fixes: FR-7",
        "Title\n\n- [x] FR-7 progress",
        "Title\n\nRequirements: FR-2, FR-7",
        "FR-7: show progress",
        "[FR-7] show progress",
        "feat(FR-7): show progress",
        "feat: FR-7 Show progress",
        "Title\n\nThe exporter is rewritten, which\ncompletes FR-7.",
        "Erledigt FR-7",
    ],
)
def test_a_promise_is_one(text: str) -> None:
    assert told(text)["FR-7"] == {Says.does}


@pytest.mark.parametrize(
    "text",
    [
        "See FR-7",
        "This is a part of FR-7.",
        "Doesn't implement FR-7 yet.",
        "Title\n\n- [ ] FR-7 progress",
        "FR-7: first step towards progress",
        "Groundwork for FR-7",
        "Without breaking FR-7 the exporter is faster.",
        "Implements part of FR-7",
    ],
)
def test_what_is_no_promise_only_touches(text: str) -> None:
    assert told(text)["FR-7"] == {Says.touches}


@pytest.mark.parametrize(
    "text",
    ["Reverts FR-7 for now.", "This removes FR-7.", "Drops support for FR-7", "It breaks FR-6 and FR-7"],
)
def test_taking_away_goes_against_it(text: str) -> None:
    assert told(text)["FR-7"] == {Says.against}


def test_gits_own_words_for_taking_back_are_understood() -> None:
    assert told(commits=('Revert "FR-7: show progress"',))["FR-7"] == {Says.against}
    assert told(commits=('Revert "Revert "FR-7: show progress""',))["FR-7"] == {Says.does}


def test_comments_of_templates_say_nothing_and_keep_the_lines() -> None:
    text = "<!-- for example:\nImplements FR-1 -->\nImplements FR-7"
    assert told(text) == {"FR-7": {Says.does}}
    (named,) = [one for passage in passages(Branch("x", "main", (), ()), text) for one in named_in(passage)]
    assert named.passage.line == 3


def test_code_names_and_branches_and_paths_touch() -> None:
    files = (ChangedFile("tests/test_fr_7_progress.py", "", ((4, "def test_x():  # NFR-2"),)),)
    assert told(files=files, name="feature/fr-3-bar") == {
        "FR-3": {Says.touches}, "FR-7": {Says.touches}, "NFR-2": {Says.touches},
    }  # fmt: skip


def test_other_words_with_a_hyphen_and_a_number_are_no_requirements() -> None:
    assert set(told("Reads UTF-8, x-FR-7-y and https://e.example/FR-7 in us-east-1; colour #123456.")) <= {"UTF-8", "#123456"}  # fmt: skip


def test_ticket_keys_are_named_with_what_is_said_of_them() -> None:
    assert told("Closes ABC-12 and #42, see ABC-13") == {
        "ABC-12": {Says.does}, "#42": {Says.does}, "ABC-13": {Says.touches},
    }  # fmt: skip


def test_somebody_can_say_that_it_is_about_no_requirement() -> None:
    branch = Branch("x", "main", (Commit("1" * 40, "Bump react"),), ())
    assert says_none("Bump\n\nRequirements: none", branch)
    assert not says_none("Bump <!-- Requirements: none -->", branch)
    assert not says_none("Requirements: FR-1", branch)
