"""A draft whose evidence changed neither goes out nor is approved, until it is written again."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.tickets.publish import Plan, publish
from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, finding_key
from assistant.domain.ticket import Connection
from assistant.workbench import Workbench
from evals.check import check
from evals.editing.amend import Amended
from evals.editing.refresh import refresh
from evals.gate import produce
from evals.release import approve, may_publish, overrule
from ingest.reach import link
from tests.support.flawed_draft import REQUEST, laneway
from tests.support.memory_tracker import MemoryTracker

AT = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with laneway(tmp_path / "home", tmp_path) as opened:
        opened.catalog.connections.put("default", Connection(name="memory", tracker="memory"))
        yield opened


@pytest.fixture
def stale_one(bench: Workbench) -> Draft:
    """A draft one of whose quotes left its source. Its words are still in the catalog, so that no grader objects to them."""
    held = produce(bench, REQUEST)
    bench.catalog.tombstones.bury("default", [held.quotes["Q2"].record_id], AT)
    link(bench)
    return held


def overruled(bench: Workbench, draft: Draft, findings: Iterable[Finding]) -> None:
    for one in findings:
        overrule(bench, draft, finding_key(one), reason="Known.", by="Ida")


def test_what_went_stale_keeps_a_draft_in_where_no_grader_does(bench: Workbench, stale_one: Draft) -> None:
    overruled(bench, stale_one, check(bench, stale_one).blocking)
    refusal = may_publish(bench, stale_one)
    assert refusal is not None
    (left,) = refusal.standing
    assert (left.grader, left.target, left.message) == ("stale", "Q2", "The record of Q2 left its source.")
    assert f"voxspec stale {stale_one.id} --refresh" in refusal.hint
    assert approve(bench, stale_one, by="Ida") == refusal
    assert asyncio.run(publish(bench, stale_one, "memory", MemoryTracker())) == refusal
    assert bench.catalog.effects.page("default") == []


def test_written_again_it_goes_out(bench: Workbench, stale_one: Draft) -> None:
    done = refresh(bench, stale_one.id, version=1, by="Ida")
    assert isinstance(done, Amended)
    assert may_publish(bench, done.draft) is None
    assert isinstance(asyncio.run(publish(bench, done.draft, "memory", MemoryTracker())), Plan)


def test_who_answers_for_it_overrules_that_too_with_a_reason(bench: Workbench, stale_one: Draft) -> None:
    refusal = may_publish(bench, stale_one)
    assert refusal is not None
    overruled(bench, stale_one, refusal.standing)
    assert may_publish(bench, stale_one) is None
