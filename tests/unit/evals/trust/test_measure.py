"""Graders put to the test: what counts as seen, what makes the run fail, what breaks off without ending it."""

from random import Random

import pytest

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.mutators.packs import Pack
from evals.mutators.port import Seeded
from evals.registry import OWN
from evals.trust.drafts import Clean
from evals.trust.measure import run_trust
from evals.trust.report import Trust
from evals.view import EvidenceView
from tests.support.drafts import valid_draft, valid_view


def _clean(name: str, **changes: object) -> Clean:
    return Clean(name, "extractive", valid_draft().model_copy(update=changes), valid_view())


CLEANS = tuple(_clean(f"sample/{number}", title=f"A timetable {'x' * number}") for number in range(1, 7))


def _entitled(more: str, *expected: str, name: str = "", layer: int = 0) -> Seeded:
    def mutate(draft: Draft, rng: Random) -> Draft:
        return draft.model_copy(update={"title": f"{draft.title} {more} {'abcdefgh'[rng.randrange(8)]}"})

    return Seeded(name or f"title {more}", layer, expected, lambda draft: True, mutate)  # type: ignore[arg-type]


def _grader(name: str, word: str, severity: Severity = Severity.block) -> Grader:
    """Finds a word in the title."""

    def grade(draft: Draft, view: EvidenceView) -> list[Finding]:
        found = word in draft.title
        return [Finding(grader=name, severity=severity, target="draft", message=f"{word}.")] if found else []

    return Grader(name, 0, severity, grade, lambda d: d, lambda d: d)


SWEARS = _grader("no_swearing", "damn")
SHOUTS = _grader("no_shouting", "LOUD")
DEFECT = _entitled("damn", "no_swearing")
EDIT = _entitled("please")


def _run(*graders: Grader, mutators: tuple[object, ...] = (DEFECT, EDIT), sample: int = 0) -> Trust:
    return run_trust(CLEANS, [Pack("some", mutators)], applied=graders, sample=sample)  # type: ignore[arg-type]


def test_a_grader_that_sees_its_defects_and_nothing_else_is_trusted() -> None:
    found = _run(SWEARS)
    assert (found.passed, found.mean, found.mean_right) == (True, 1.0, 1.0)
    (row,) = found.kinds
    assert (row.caught.part, row.caught.whole, row.right, row.blocked) == (6, 6, 6, 6)
    assert row.caught.low == pytest.approx(0.6097, abs=1e-3)
    assert found.edits_stopped.whole == 6


def test_a_grader_that_does_nothing_makes_trust_fail() -> None:
    nothing = Grader("no_swearing", 0, Severity.block, lambda d, v: [], lambda d: d, lambda d: d)
    found = _run(nothing)
    assert not found.passed
    assert "no_swearing saw none of the 6 defects it is there for." in found.failures
    assert found.kinds[0].missed[0].changes[0].startswith("title: ")


def test_a_grader_that_does_nothing_fails_even_where_another_stops_all_its_defects() -> None:
    nothing = Grader("no_swearing", 0, Severity.block, lambda d, v: [], lambda d: d, lambda d: d)
    found = _run(nothing, _grader("other", "damn"))
    assert (found.mean, found.mean_right, found.passed) == (1.0, 0.0, False)


def test_a_grader_that_always_blocks_makes_trust_fail() -> None:
    found = _run(_grader("no_swearing", ""))
    assert not found.passed
    assert found.clean.value == 1
    assert any("clean drafts are stopped" in sentence for sentence in found.failures)


def test_a_grader_that_advises_whatever_was_changed_makes_trust_fail() -> None:
    def grade(draft: Draft, view: EvidenceView) -> list[Finding]:
        return [Finding(grader="nag", severity=Severity.advise, target="draft", message=draft.title)]

    nag = Grader("nag", 0, Severity.advise, grade, lambda d: d, lambda d: d)
    found = _run(nag, mutators=(_entitled("damn", "nag"), EDIT))
    assert (found.mean, found.edits_stopped.part) == (1.0, 0)
    assert [sentence[:27] for sentence in found.failures] == ["nag says something new after"[:27]]


def test_a_finding_that_was_there_before_the_defect_is_not_counted() -> None:
    known = _clean("known", title="damn")
    found = run_trust([known], [Pack("some", (DEFECT, EDIT))], applied=(SWEARS,))
    assert found.kinds[0].caught.part == 0
    assert found.clean_wrong[0].findings == ("block no_swearing draft: damn.",)


def test_what_another_grader_stops_is_caught_for_another_reason() -> None:
    (row,) = _run(SWEARS, SHOUTS, mutators=(_entitled("damn", "no_shouting"), EDIT)).kinds
    assert (row.caught.part, row.right, row.blocked) == (6, 0, 6)


def test_advice_of_a_grader_that_is_not_meant_does_not_count() -> None:
    hint = _grader("hint", "damn", Severity.advise)
    (row,) = _run(hint, SHOUTS, mutators=(_entitled("damn", "no_shouting"), EDIT)).kinds
    assert row.caught.part == 0
    assert row.missed[0].findings == ("advise hint draft: damn.",)


def test_a_harmless_edit_that_is_stopped_is_shown_with_what_was_said() -> None:
    found = _run(SWEARS, _grader("polite", "please"))
    assert not found.passed
    (row,) = found.edits
    assert (row.stopped.part, row.wrong[0].findings) == (6, ("block polite draft: please.",))


def test_kinds_for_a_judge_count_only_where_there_is_one() -> None:
    meant = _entitled("damn", "judge", layer=4)
    alone = _run(SWEARS, mutators=(DEFECT, meant, EDIT))
    assert [row.name for row in alone.counted] == ["title damn"]
    judged = _run(SWEARS, _grader("judge", "never"), mutators=(DEFECT, meant, EDIT))
    assert len(judged.counted) == 2
    assert not judged.passed


def test_an_expected_grader_that_is_not_there_is_named() -> None:
    (row,) = _run(SWEARS, mutators=(_entitled("x", "no_such", "no_swearing"), EDIT)).kinds
    assert row.absent == ("no_such",)


def _broken(draft: Draft, rng: Random) -> Draft:
    raise ZeroDivisionError("by zero")


def test_a_mutator_that_breaks_off_is_told_and_the_others_go_on() -> None:
    crash = Seeded("crash", 0, ("no_swearing",), lambda draft: True, _broken)
    asks = Seeded("asks", 0, ("no_swearing",), lambda draft: bool(1 / 0), _broken)
    empty = Seeded("empty", 0, ("no_swearing",), lambda draft: True, lambda draft, rng: None)  # type: ignore[arg-type,return-value]
    found = _run(SWEARS, mutators=(crash, asks, empty, DEFECT, EDIT))
    told = " ".join(found.crashes)
    assert (
        "'crash' of the pack 'some' broke off on 6 drafts, first on sample/1: ZeroDivisionError: by zero"
        in told
    )
    assert "'asks' of the pack 'some' broke off when asked whether it applies" in told
    assert "it gave back no draft" in told
    assert found.kinds[3].caught.part == 6
    assert not found.passed


def test_a_grader_that_breaks_off_is_told() -> None:
    def grade(draft: Draft, view: EvidenceView) -> list[Finding]:
        return [] if "damn" not in draft.title else [][1]

    found = _run(Grader("no_swearing", 0, Severity.block, grade, lambda d: d, lambda d: d))
    assert "a grader broke off on what it made: IndexError" in found.crashes[0]
    assert not found.passed


def test_a_mutator_that_changes_nothing_is_not_counted() -> None:
    idle = Seeded("idle", 0, ("no_swearing",), lambda draft: True, lambda draft, rng: draft)
    row = _run(SWEARS, mutators=(idle, DEFECT, EDIT)).kinds[0]
    assert (row.caught.whole, row.idle) == (0, 6)


def test_a_pack_that_can_not_be_loaded_makes_trust_fail() -> None:
    found = run_trust(CLEANS, [Pack("some", (DEFECT, EDIT)), Pack("bad", problem="It is broken.")], applied=(SWEARS,))  # fmt: skip
    assert found.failures == ("The pack 'bad': It is broken.",)


def test_nothing_measured_is_no_trust() -> None:
    assert not run_trust((), [Pack("some", (DEFECT, EDIT))], applied=(SWEARS,)).passed
    assert not _run(SWEARS, mutators=(DEFECT,)).passed


def test_the_order_of_drafts_does_not_matter_and_a_sample_is_always_the_same() -> None:
    packs = [Pack("some", (DEFECT, EDIT))]
    straight = run_trust(CLEANS, packs, applied=(SWEARS,), sample=3)
    turned = run_trust(CLEANS[::-1], packs, applied=(SWEARS,), sample=3)
    assert straight.model_dump_json() == turned.model_dump_json()
    assert straight.kinds[0].caught.whole == 3
    assert straight.edits_stopped.whole == 6  # three times as many


def test_where_a_defect_strikes_depends_on_its_name_and_the_draft_alone() -> None:
    def titles(*mutators: Seeded) -> tuple[str, ...]:
        rows = _run(SHOUTS, mutators=mutators).kinds
        return tuple(sight.changes[0] for row in rows if row.name == "title damn" for sight in row.missed)

    assert titles(DEFECT) == titles(_entitled("dash", "no_swearing"), DEFECT)
    assert len({line[-1] for line in titles(DEFECT)}) > 1


def test_own_graders_that_may_stop_a_draft_need_a_kind_of_our_own_pack() -> None:
    found = run_trust(CLEANS[:1], [Pack("dev", (_entitled("TBD", "placeholders"), EDIT))], applied=OWN)
    assert "gherkin may stop a draft, and no kind of defect puts it to the test." in found.failures
    assert not any("placeholders may stop" in sentence for sentence in found.failures)
