"""Numbers of themes fill what no person gave, as facts."""

import pytest

from assistant.domain.priority import Input, Item, Origin
from assistant.domain.theme import ThemeSet
from assistant.synthesis.pipeline import synthesize
from assistant.synthesis.priority.from_themes import MEASURES, with_counts
from tests.unit.assistant.synthesis.test_pipeline import SAID, filled


@pytest.fixture(scope="module")
def themes(tmp_path_factory: pytest.TempPathFactory) -> ThemeSet:
    with filled(tmp_path_factory.mktemp("themes"), SAID) as bench:
        return synthesize(bench)


@pytest.mark.parametrize("measure", list(MEASURES))
def test_a_missing_number_is_counted_over_the_theme_of_that_name(themes: ThemeSet, measure: str) -> None:
    area = themes.of_level(1)[0]
    assert area.facts is not None
    wanted = {
        "people": area.people,
        "records": area.records,
        "accounts": area.facts.accounts,
        "share": area.facts.reach.value,
    }[measure]
    for name in (area.name.upper(), area.id):
        (item,) = with_counts([Item(name=name)], themes, {"reach": measure})
        found = item.inputs["reach"]
        assert (found.value, found.origin, found.source) == (wanted, Origin.fact, measure)
        assert area.id in found.over


def test_a_persons_number_stays_and_an_unknown_theme_has_none(themes: ThemeSet) -> None:
    area = themes.of_level(1)[0]
    said = Item(name=area.name, inputs={"reach": Input.said(7, by="Ana")})
    other = Item(name="nobody speaks of it", inputs={"impact": Input.said(2)})
    kept, lacking = with_counts([said, other], themes, {"reach": "people"})
    assert kept == said
    assert lacking.inputs["reach"].origin is Origin.missing
    assert "no theme" in lacking.inputs["reach"].source
    assert lacking.inputs["impact"] == other.inputs["impact"]
