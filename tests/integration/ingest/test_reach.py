"""Reach: twins and people over whole imports. Undone, every count is what it was; order, batches and files leave no trace."""

import csv
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.drafting.facts import FactBook
from assistant.search.matrix import matrix_for
from assistant.stores.ledger import Ledger
from assistant.stores.port import CorpusRows
from assistant.workbench import Workbench
from evals.recounting.recount import Recount
from ingest.options import IngestOptions
from ingest.pipeline import ingest, preview
from tests.support.drafts import valid_draft
from tests.support.ingest_bench import open_bench

HEADER = ["id", "text", "author", "company", "date", "rating", "plan"]
PLAIN = (Measure.records, Measure.people, Measure.accounts, Measure.duplicates, Measure.per_week, Measure.mean_rating,
         Measure.weeks, Measure.first_date, Measure.last_date)  # fmt: skip
OPTIONS = IngestOptions(
    source="feedback", mapping={"external_id": "id", "author": "author", "account": "company"}
)
RULES = ("email", "account_name", "handle")


def rows(count: int = 240, seed: int = 3) -> list[list[str]]:
    """Feedback of forty people under two names each, with repeats, small edits and anonymous rows."""
    dice = random.Random(seed)
    subjects = [
        "export of large boards",
        "search in comments",
        "login with single sign-on",
        "offline mode",
        "invoices",
    ]
    texts = [
        f"The {one} {verb} since the last update of the app."
        for one in subjects
        for verb in ("fails", "is slow", "is better")
    ]
    ways = [
        str,
        str.upper,
        lambda t: t.rstrip(".") + "!!",
        lambda t: f"Again: {t}",
        lambda t: t.replace("last", "latest"),
    ]
    made = []
    for number in range(count):
        person = dice.randrange(40)
        account = f"Company {person % 9}"
        author = dice.choice(
            [
                f"First{chr(97 + person % 26)} Last{chr(97 + person // 26)}",
                f"Firsta{person}@c.example",
                f"@user{person}",
                f"user{person}",
                "",
            ]
        )
        text = dice.choice(ways)(dice.choice(texts))
        day = f"2026-0{dice.randint(1, 6)}-{dice.randint(1, 28):02}"
        made.append([str(number), text, author, dice.choice([account, ""]), day, str(dice.randint(1, 5)), dice.choice(["pro", "free"])])  # fmt: skip
    return made


def table(path: Path, some: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *some])
    return path


def counts(corpus: CorpusRows) -> dict[str, object]:
    """Every measure over the whole corpus and over two scopes."""
    found: dict[str, object] = {}
    for scope in (Scope(), Scope(segments={"plan": ("pro",)}), Scope(accounts=("Company 1", "Company 2"))):
        book = FactBook(matrix_for(corpus), scope)
        for measure in PLAIN:
            found[f"{measure} {scope.model_dump_json()}"] = book.value(book.fact(measure))
        for k in ("1", "3"):
            name = f"top {k} {scope.model_dump_json()}"
            found[name] = book.value(book.fact(Measure.top_accounts_share, param=k))
        found[f"plan {scope}"] = book.value(book.fact(Measure.top_value, param="plan"))
        for share in (Measure.share_of_people, Measure.share_of_records):
            found[f"{share} {scope}"] = book.value(book.fact(share, of=FactFilter()))
    return found


def told_apart(corpus: CorpusRows) -> CorpusRows:
    """The corpus before anything was linked: every record is a voice, every pseudonym a person."""
    return replace(
        corpus, voice=corpus.record_ids, own_voices=corpus.record_ids, person=corpus.authors,
        reach_account=corpus.account, ledger=Ledger(),
    )  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    opened = open_bench(tmp_path / "home")
    ingest(opened, [table(tmp_path / "feedback.csv", rows())], OPTIONS)
    return opened


def test_undoing_restores_every_count_and_the_snapshot_and_redoing_links_again(bench: Workbench) -> None:
    linked = bench.corpus()
    twins = bench.catalog.twins.links("default")
    assert {one.rule for one in twins} == {"first", "exact", "near"}
    merged = bench.catalog.people.links("default")
    assert {one.rule for one in merged} == {"handle"}
    before = told_apart(linked)
    assert (
        counts(linked)[f"records {Scope().model_dump_json()}"]
        != counts(before)[f"records {Scope().model_dump_json()}"]
    )
    bench.catalog.twins.mark("default", [one.first_id for one in twins], undone=True)
    for one in merged:
        bench.catalog.people.split("default", one.person, RULES)
    undone = bench.corpus()
    assert undone.snapshot != linked.snapshot
    assert counts(undone) == counts(before)
    bench.catalog.twins.mark("default", [one.record_id for one in twins], undone=False)
    for one in merged:
        bench.catalog.people.merge("default", one.person, one.first_person, RULES)
    again = bench.corpus()
    assert again.snapshot == linked.snapshot
    assert counts(again) == counts(linked)


def test_one_undo_and_its_redo_are_exact(bench: Workbench) -> None:
    linked = bench.corpus()
    for one in bench.catalog.twins.links("default")[:6]:
        changed = bench.catalog.twins.mark("default", [one.record_id], undone=True)
        assert bench.corpus().snapshot != linked.snapshot
        bench.catalog.twins.mark("default", changed, undone=False)
        assert bench.corpus().snapshot == linked.snapshot
        assert bench.corpus().voice == linked.voice


@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_number_of_files_leave_no_trace(bench: Workbench, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    given = dice.sample(rows(), 240)
    cuts = sorted(dice.sample(range(240), 3))
    with open_bench(tmp_path / "other") as other:
        for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, 240], strict=True)):
            ingest(other, [table(tmp_path / f"part{number}.csv", given[start:end])], OPTIONS)
        one, two = bench.corpus(), other.corpus()
        assert (one.snapshot, one.record_ids, one.voice, one.person, one.reach_account) == (
            two.snapshot, two.record_ids, two.voice, two.person, two.reach_account,
        )  # fmt: skip
        assert bench.catalog.twins.links("default") == other.catalog.twins.links("default")
        assert counts(one) == counts(two)


def test_counting_again_by_plain_loops_agrees_on_every_measure(bench: Workbench) -> None:
    some = bench.catalog.twins.links("default")
    bench.catalog.twins.mark("default", [some[1].record_id, some[5].record_id], undone=True)
    corpus = bench.corpus()
    recount = Recount(corpus, valid_draft())
    for scope in (Scope(), Scope(segments={"plan": ("pro",)}), Scope(accounts=("Company 1",))):
        book = FactBook(matrix_for(corpus), scope)
        for measure in PLAIN:
            fact: Fact = book.facts[book.fact(measure).strip("{}")]
            assert recount.answer(fact) == pytest.approx(fact.value), measure
        fact = book.facts[book.fact(Measure.top_accounts_share, param="2").strip("{}")]
        assert recount.answer(fact) == pytest.approx(fact.value)


def test_a_record_without_account_counts_for_the_one_its_person_has_elsewhere(tmp_path: Path) -> None:
    given = [
        ["1", "The export of large boards fails.", "@ana_d", "Acme", "", "", ""],
        ["2", "And search is slow for us as well.", "ana_d", "", "", "", ""],
        ["3", "Dark mode would be nice to have.", "bob_b", "Bolt", "", "", ""],
    ]
    with open_bench(tmp_path / "home") as bench:
        ingest(bench, [table(tmp_path / "a.csv", given)], OPTIONS)
        book = FactBook(matrix_for(bench.corpus()), Scope())
        assert book.value(book.fact(Measure.people)) == 2
        assert book.value(book.fact(Measure.accounts)) == 2
        assert book.value(book.fact(Measure.top_accounts_share, param="1")) == pytest.approx(2 / 3)
        wide = FactBook(matrix_for(bench.corpus()), Scope(accounts=("Acme",)))
        assert wide.value(wide.fact(Measure.records)) == 1, "what a filter asks for is what the record says"


def test_anonymous_orders_with_other_numbers_are_other_people(tmp_path: Path) -> None:
    given = [
        [str(n), f"My order {1000 + n // 2} has not arrived yet, please help.", "", "", "", "", ""]
        for n in range(40)
    ]
    with open_bench(tmp_path / "home") as bench:
        ingest(bench, [table(tmp_path / "a.csv", given)], OPTIONS)
        assert len(set(bench.corpus().voice)) == 20


def test_the_report_tells_of_near_duplicates_and_a_preview_tells_the_same(tmp_path: Path) -> None:
    path = table(tmp_path / "feedback.csv", rows())
    with open_bench(tmp_path / "home") as bench:
        [looked] = preview(bench, [path], OPTIONS).files
        assert bench.catalog.twins.links("default") == []
        [report] = ingest(bench, [path], OPTIONS).files
        [again] = ingest(bench, [path], OPTIONS).files
    assert replace(looked, samples=[]) == report
    assert 0 < report.near_duplicate <= report.kept
    assert again.near_duplicate == 0


def test_records_of_an_earlier_version_are_linked_by_the_next_import(tmp_path: Path) -> None:
    whole = tmp_path / "feedback.csv"
    table(whole, rows())
    with open_bench(tmp_path / "home") as bench, open_bench(tmp_path / "other") as other:
        ingest(other, [whole], OPTIONS)
        ingest(bench, [whole], OPTIONS)
        from sqlalchemy import create_engine, text

        engine = create_engine(f"sqlite:///{tmp_path / 'home' / 'catalog.db'}")
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM sketches"))
        engine.dispose()
        bench.catalog.twins.relink("default")
        assert bench.catalog.twins.links("default") == []
        ingest(bench, [whole], OPTIONS)
        assert bench.corpus().snapshot == other.corpus().snapshot
