"""`voxspec align` over branches of the Kanbo sample: what it links, what it refuses to guess, and how it ends."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.align.align import align
from api.align.alignment import Alignment, Stand, Verdict
from api.align.branch import Branch, Commit
from api.align.spec import spec_of, spec_of_markdown
from assistant.domain.draft import Draft
from assistant.domain.ticket import TicketState
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from tests.support.alignments import DRAFTS, Case, cases
from tests.support.command_line import CommandLine
from tests.support.mirrored import AT, a_mirror, a_ticket, forget, link, put

WORKED = (Stand.does, Stand.touches, Stand.contradicted)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with open_workbench(Settings.load(home=tmp_path_factory.mktemp("home"))) as bench:
        yield bench


@pytest.fixture(scope="module")
def aligned(nothing: Workbench) -> list[tuple[Case, Alignment]]:
    return [(one, align(nothing, spec_of_markdown(nothing, one.draft.read_text("utf-8"), one.draft.name), one.branch, one.pr_text)) for one in cases()]  # fmt: skip


def items(found: Alignment, *stands: Stand) -> set[str]:
    return {one.item for stand in stands for one in found.of(stand)}


def test_what_is_promised_and_what_is_undone_is_found_without_an_error(aligned: list[tuple[Case, Alignment]]) -> None:  # fmt: skip
    for case, found in aligned:
        assert items(found, Stand.does) == case.does, case.name
        assert items(found, Stand.contradicted) == case.against, case.name


def test_the_linking_is_as_good_as_docs_say(aligned: list[tuple[Case, Alignment]]) -> None:
    counts: Counter[str] = Counter()
    for case, found in aligned:
        worked = items(found, *WORKED)
        counts += Counter(right=len(worked & case.worked), wrong=len(worked - case.worked), left=len(case.worked - worked))  # fmt: skip
    assert len(aligned) == 44
    assert counts["wrong"] == 0
    assert counts["right"] >= 28
    assert counts["right"] + counts["left"] == 33


def test_a_branch_about_something_else_is_linked_to_nothing(aligned: list[tuple[Case, Alignment]]) -> None:
    for case, found in aligned:
        if not case.worked and not case.non_goals:
            assert found.verdict is Verdict.unclear, case.name
            assert {one.stand for one in found.items} <= {Stand.absent, Stand.unclear}


def test_a_non_goal_that_is_worked_on_is_told(aligned: list[tuple[Case, Alignment]]) -> None:
    for case, found in aligned:
        told = [one.text.lower() for one in found.non_goals]
        assert len(told) == len(case.non_goals), case.name
        assert all(any(word in one for one in told) for word in case.non_goals)


def test_every_link_says_why(aligned: list[tuple[Case, Alignment]]) -> None:
    for _, found in aligned:
        for one in found.items:
            assert (one.stand is Stand.absent) or one.signs
            for sign in one.signs:
                assert sign.text
                assert sign.by != "words" or sign.words


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Draft]]:
    bench, draft = a_mirror(tmp_path_factory.mktemp("mirror"))
    yield bench, draft
    bench.close()


@pytest.fixture
def mirror(opened: tuple[Workbench, Draft]) -> Iterator[tuple[Workbench, Draft]]:
    """The items US-1, US-2, FR-1 (both stories) and NFR-1 (US-1), and a ticket of FR-1."""
    bench, draft = opened
    put(
        bench,
        a_ticket("ABC-1", "Offline", state=TicketState.open),
        a_ticket("ABC-2", "Loose", state=TicketState.open),
    )
    link(bench, draft, "FR-1", "ABC-1")
    yield bench, draft
    forget(bench)


def said(bench: Workbench, draft: Draft, message: str) -> Alignment:
    branch = Branch("topic", "main", (Commit("1" * 40, message),), ())
    return align(bench, spec_of(draft, is_stored=True), branch)


def test_a_tickets_key_stands_for_its_requirement(mirror: tuple[Workbench, Draft]) -> None:
    found = said(*mirror, "Closes ABC-1")
    assert items(found, Stand.does) == {"FR-1"}
    assert found.items[0].signs[0].by == "ticket ABC-1"
    assert found.verdict is Verdict.aligned


def test_a_ticket_without_a_requirement_is_a_misfit(mirror: tuple[Workbench, Draft]) -> None:
    found = said(*mirror, "Implements FR-1, closes ABC-2; ABC-3 and UTF-8 are something else")
    assert found.verdict is Verdict.misaligned
    assert {(one.rule, one.target, one.severity.value) for one in found.misfits} == {
        ("ticket", "ABC-2", "block"), ("ticket", "ABC-3", "advise"),
    }  # fmt: skip
    assert "ABC-2 (Loose) has no requirement." in [one.message for one in found.misfits]


def test_a_part_of_a_requirements_ticket_belongs_to_it(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    put(bench, a_ticket("ABC-9", "A part", state=TicketState.open, parent="ABC-1"))
    assert items(said(bench, draft, "Part of ABC-9"), Stand.touches) == {"FR-1"}


def test_an_id_that_the_draft_does_not_hold_is_a_misfit(mirror: tuple[Workbench, Draft]) -> None:
    found = said(*mirror, "Implements FR-1 and FR-9")
    assert found.unknown == ("FR-9",)
    assert found.verdict is Verdict.misaligned


def test_stale_evidence_of_what_is_worked_on_is_told_and_of_nothing_else(tmp_path: Path) -> None:
    bench, draft = a_mirror(tmp_path)
    with bench:
        # FR-1 rests on C1, NFR-1 on it through US-1; no item rests on C3.
        of_c1, of_c3 = (
            [draft.quotes[name].record_id for name in draft.claims[one].quote_ids] for one in ("C1", "C3")
        )
        bench.catalog.tombstones.bury("default", sorted(set(of_c3) - set(of_c1)), AT)
        assert not [one for one in said(bench, draft, "Implements NFR-1").misfits if "C3" in one.message]
        bench.catalog.tombstones.bury("default", of_c1, AT)
        found = said(bench, draft, "Implements NFR-1")
        assert {(one.rule, one.target) for one in found.misfits} == {("stale", "NFR-1")}
        assert found.verdict is Verdict.misaligned
        assert not [one for one in said(bench, draft, "Bump react").misfits if one.rule == "stale"]


def test_requirements_none_is_an_answer(mirror: tuple[Workbench, Draft]) -> None:
    assert said(*mirror, "Bump react").verdict is Verdict.unclear
    assert said(*mirror, "Bump react\n\nRequirements: none").verdict is Verdict.aligned


@pytest.fixture
def shop(tmp_path: Path) -> CommandLine:
    """A repository with a PRD, on a branch."""
    folder = tmp_path / "shop"
    folder.mkdir()
    run = CommandLine(folder, tmp_path / "home")
    (folder / "prd.md").write_text(DRAFTS["exports"].read_text("utf-8"), "utf-8")
    for command in (
        "git init -q -b main", "git config user.name Ada", "git config user.email ada@example.org", "git add .",
        "git commit -q -m Begin", "git checkout -q -b topic",
    ):  # fmt: skip
        subprocess.run(command.split(), cwd=folder, check=True)
    return run


def commit(shop: CommandLine, message: str) -> None:
    (shop.folder / "code.py").write_text(f"# {message}\n", "utf-8")
    subprocess.run(["git", "add", "."], cwd=shop.folder, check=True)
    subprocess.run(["git", "commit", "-q", "-m", message], cwd=shop.folder, check=True)


def test_the_exit_code_is_the_verdict(shop: CommandLine) -> None:
    shop.run("align", "prd.md", expect=2)
    commit(shop, "Tidy up")
    unclear = shop.run("align", "prd.md", expect=3)
    assert b"Requirements: none" in unclear.stderr
    commit(shop, "FR-3: show progress")
    done = shop.run("align", "prd.md", "--branch", "topic", "--base", "main", expect=0)
    assert b"does         FR-3" in done.stdout
    shop.run("align", "prd.md", "--complete", expect=1)
    commit(shop, "Reverts FR-3 and FR-77")
    assert b"isn't in version" in shop.run("align", "prd.md", expect=1).stdout
    shop.run("align", "nothing.md", expect=2)
    shop.run("align", "prd.md", "--repository", "/", expect=2)


def test_json_is_one_object_and_annotations_name_the_line(shop: CommandLine) -> None:
    commit(shop, "attachments: bigger files for attachments")
    (shop.folder / "pr.txt").write_text(
        "Bigger attachments\n\nNFR-1 takes 300 s at the 95th percentile.", "utf-8"
    )
    told = json.loads(shop.run("align", "prd.md", "--pr-text", "pr.txt", "--json", expect=1).stdout)
    assert (told["verdict"], told["is_stored"]) == ("misaligned", False)
    assert [one["rule"] for one in told["misfits"]] == ["contradicted", "non-goal"]
    lines = shop.run("align", "prd.md", "--pr-text", "pr.txt", "--format", "github", expect=1).stdout.decode()
    assert "::error title=align%3A contradicted::The branch goes against NFR-1: it says 300 s" in lines
