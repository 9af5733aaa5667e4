"""What was planted in the Kanbo sample stands in the facts and trends of its themes, held against the truth file."""

from collections import Counter
from collections.abc import Iterable

import pytest

from assistant.domain.theme import Theme, ThemeSet
from assistant.domain.theme_trend import ChangeKind, Grain, Release, Trends
from assistant.synthesis.pipeline import whole
from assistant.synthesis.tree import remembered
from assistant.synthesis.trends import Asked, told_of, trends_of
from tests.support.kanbo_workspace import Kanbo


@pytest.fixture(scope="module")
def planted(kanbo: Kanbo, kanbo_themes: ThemeSet) -> dict[str, Counter[str]]:
    """Theme id → records by the theme that they were planted as, for all areas."""
    state = kanbo.bench.catalog.themes.state("default")
    assert state is not None
    state, material = whole(kanbo.bench, state)
    ids = material.matrix.rows.record_ids
    records = kanbo.bench.catalog.records.get("default", ids)
    themes = {one: truth.theme or "" for one in ids if (truth := kanbo.truth_of(records[one]))}
    return {
        one.id: Counter(themes.get(ids[row], "") for row in one.records.tolist())
        for one in told_of(material, remembered(state.nodes, material.rows), kanbo_themes, 1)
    }


def about(planted: dict[str, Counter[str]], theme: str) -> str:
    """The area with most records of a planted theme."""
    return max(planted, key=lambda one: planted[one][theme])


def trends(kanbo: Kanbo, themes: ThemeSet, grain: Grain | None = None) -> Trends:
    releases = tuple(Release(name=name, day=day) for name, day in kanbo.truth.releases.items())
    return trends_of(kanbo.bench, themes, Asked(grain=grain, releases=releases, today=kanbo.truth.last_day))


def by_id(themes: Iterable[Theme], wanted: str) -> Theme:
    return next(one for one in themes if one.id == wanted)


@pytest.mark.parametrize("grain", [None, Grain.month, Grain.day])
def test_the_export_spike_is_dated_within_ten_days_of_its_release(
    kanbo: Kanbo, kanbo_themes: ThemeSet, planted: dict[str, Counter[str]], grain: Grain | None
) -> None:
    truth, export = kanbo.truth.export, about(planted, "export_large_boards")
    alerts = [one for one in trends(kanbo, kanbo_themes, grain).alerts if one.theme == export]
    assert [one.kind for one in alerts] == [ChangeKind.rise]
    assert abs((alerts[0].since - truth.released_on).days) <= 10
    assert alerts[0].release == truth.release
    assert alerts[0].after.share > 3 * alerts[0].before.share
    assert alerts[0].probability < 0.001


def test_nothing_that_was_planted_steadily_raises_an_alert(
    kanbo: Kanbo, kanbo_themes: ThemeSet, planted: dict[str, Counter[str]]
) -> None:
    changing = {"export_large_boards", "pricing_churn", "pricing_survey", "importing"}
    for alert in trends(kanbo, kanbo_themes).alerts:
        assert planted[alert.theme].most_common(1)[0][0] in changing, alert.name


def test_dark_mode_is_a_loud_minority_and_nothing_else_is(
    kanbo_themes: ThemeSet, planted: dict[str, Counter[str]]
) -> None:
    flagged = [one.id for one in kanbo_themes.of_level(1) if one.facts and one.facts.loud]
    assert flagged == [about(planted, "dark_mode")]
    facts = by_id(kanbo_themes.themes, flagged[0]).facts
    assert facts is not None
    assert facts.loud is not None
    assert 5 * facts.loud.few <= facts.people < facts.of_records.part / 2
    assert 2 * facts.loud.records >= facts.loud.of_records


def test_the_spike_is_one_of_enterprise(kanbo_themes: ThemeSet, planted: dict[str, Counter[str]]) -> None:
    facts, everyone = (
        by_id(kanbo_themes.themes, about(planted, "export_large_boards")).facts,
        kanbo_themes.facts,
    )
    assert facts is not None
    assert everyone is not None
    plans, all_plans = facts.segments["plan"], everyone.segments["plan"]
    assert next(iter(plans.values)) == "enterprise"
    assert plans.values["enterprise"] / plans.total > 2 * all_plans.values["enterprise"] / all_plans.total
    assert facts.sentiments["negative"] > sum(facts.sentiments.values()) / 2
