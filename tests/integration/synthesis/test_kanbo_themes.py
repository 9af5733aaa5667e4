"""What was planted in the Kanbo sample is found in its stored themes, held against the truth file."""

from collections.abc import Iterator, Mapping

import pytest

from assistant.domain.draft import Draft
from assistant.domain.fact import Measure
from assistant.domain.finding import Verdict
from assistant.domain.theme import ThemeSet
from assistant.drafting.formats.tree import plain
from assistant.synthesis.pipeline import synthesize
from evals.kanbo.generate import INJECTION_TEXT, INJECTION_URL
from evals.kanbo.planted_truths import ENOUGH, Hidden, planted_truths
from evals.kanbo.theme_truth import Planted, compare, members, rows_of
from tests.support.kanbo_workspace import Kanbo, open_kanbo

pytestmark = pytest.mark.slow  # Embeds three thousand statements once.


@pytest.fixture(scope="module")
def kanbo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kanbo]:
    """A workspace of its own: with themes in it, drafts are others than without."""
    folder = tmp_path_factory.mktemp("kanbo-themes")
    opened = open_kanbo(folder / "sample", folder / "home")
    yield opened
    opened.bench.close()


@pytest.fixture(scope="module")
def themes(kanbo: Kanbo) -> ThemeSet:
    return synthesize(kanbo.bench)


@pytest.fixture(scope="module")
def hidden(kanbo: Kanbo, themes: ThemeSet) -> Mapping[str, Hidden]:
    return {one.planted: one for one in planted_truths(kanbo.bench, kanbo.truth)}


@pytest.fixture(scope="module")
def areas(kanbo: Kanbo, themes: ThemeSet) -> Mapping[str, Planted]:
    names = {theme.id: theme.name for theme in themes.of_level(1)}
    return compare(names, members(kanbo.bench), rows_of(kanbo.records(), kanbo.truth))


@pytest.fixture(scope="module")
def summary(kanbo: Kanbo, themes: ThemeSet) -> Draft:
    return kanbo.draft("insight_summary")


@pytest.mark.parametrize(
    "planted",
    ["export_large_boards", "dark_mode", "pricing_survey", "german_reminders", "japanese_search"],
)
def test_every_hidden_truth_is_shown_by_the_themes(hidden: Mapping[str, Hidden], planted: str) -> None:
    assert hidden[planted].is_found, hidden[planted]


def test_everything_that_was_said_is_in_an_area_and_in_a_theme(themes: ThemeSet) -> None:
    assert themes.waiting == 0
    for level in (1, 2):
        assert sum(theme.statements for theme in themes.of_level(level)) == themes.statements  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "planted",
    ["export_large_boards", "dark_mode", "german_reminders", "japanese_search", "offline", "search"],
)
def test_an_area_holds_most_of_the_people_of_a_planted_theme(
    areas: Mapping[str, Planted], planted: str
) -> None:
    best = areas[planted].best
    assert best is not None
    assert best.people >= ENOUGH * areas[planted].people, best


def test_planted_themes_are_areas_rather_than_heaps_of_words(areas: Mapping[str, Planted]) -> None:
    """0.49 where statements are grouped without what stands around them."""
    records = sum(one.records for one in areas.values())
    mean = sum(one.best.f1 * one.records for one in areas.values() if one.best) / records
    assert mean >= 0.52


def test_the_note_that_gives_orders_is_quoted_nowhere(themes: ThemeSet, summary: Draft) -> None:
    quotes = [quote.quote.text for theme in themes.themes for quote in theme.quotes]
    quotes += [quote.text for quote in summary.quotes.values()]
    assert quotes
    orders = [text for text in quotes if INJECTION_URL in text or "ignore all previous" in text]
    assert orders == []
    assert INJECTION_TEXT not in summary.model_dump_json()


def test_the_summary_of_the_themes_is_proven_throughout(summary: Draft) -> None:
    assert "themes" in summary.provenance.parameters
    assert summary.report is not None
    assert (summary.report.verdict, summary.report.findings) == (Verdict.ready, ())
    assert any("in the theme «export»" in one.rule for one in summary.selections.values())


def test_the_summary_tells_the_truths(kanbo: Kanbo, summary: Draft) -> None:
    told = {claim.id: plain(summary, claim.text) for claim in summary.claims.values()}
    breath = next(section for section in summary.sections if section.id == "summary")
    first = " ".join(told[name] for block in breath.blocks for name in getattr(block, "claim_ids", ()))
    assert "What changed is “export”" in first
    assert "price" in first
    assert "depends on whom one asks" in first
    assert "louder than it is wide is “dark mode”" in first
    abroad = " ".join(
        told[name]
        for section in summary.sections
        if section.id == "languages"
        for block in section.blocks
        for name in getattr(block, "claim_ids", ())
    )
    assert "In German" in abroad
    assert "In Japanese" in abroad


def test_a_theme_of_low_ratings_is_told_with_both_means_and_no_cause(summary: Draft) -> None:
    facts = [fact for fact in summary.facts.values() if fact.measure is Measure.rating_below_low]
    assert facts
    assert all(isinstance(fact.value, float) for fact in facts)
    assert any(float(fact.value) > 0 for fact in facts)
    texts = [block.text for block in summary.blocks() if block.type == "text"]
    assert any("doesn't show the cause" in text for text in texts)


def test_the_summary_says_what_it_cannot_say(summary: Draft) -> None:
    silent = next(section for section in summary.sections if section.id == "silence")
    told = " ".join(
        plain(summary, summary.claims[name].text)
        for block in silent.blocks
        for name in getattr(block, "claim_ids", ())
    )
    assert "German (" in told
    assert "Japanese (" in told
    assert "name no account" in told
    assert "“support tickets”" in told
    assert "no rating" in told


def test_a_second_run_changes_no_theme(kanbo: Kanbo, themes: ThemeSet) -> None:
    assert synthesize(kanbo.bench) == themes
