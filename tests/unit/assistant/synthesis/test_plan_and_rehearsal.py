"""What a run would take is told without doing it; a rehearsal shows themes and leaves nothing behind."""

from pathlib import Path

from assistant.synthesis.naming import Naming
from assistant.synthesis.pipeline import synthesize
from assistant.synthesis.plan import plan
from assistant.synthesis.rehearsal import rehearse
from assistant.workbench import Workbench
from tests.unit.assistant.synthesis.test_naming import SAID, give, honest, with_model
from tests.unit.assistant.synthesis.test_pipeline import filled, more

NEW = [("zoe", "The export of large boards fails everywhere. I need a dark mode for the garden.")]


def as_model(bench: Workbench, price: float) -> None:
    bench.settings = bench.settings.model_copy(
        update={"model": "openai:test", "price_in": price, "price_out": price}
    )


def stored(bench: Workbench) -> tuple[object, int]:
    rows = bench.catalog.statements.rows("default", bench.embedder.identity)
    return bench.catalog.themes.state("default"), len(rows.keys)


def test_a_plan_tells_what_is_to_be_embedded_and_stores_nothing(tmp_path: Path) -> None:
    with filled(tmp_path, SAID) as bench:
        told = plan(bench)
        assert (told.records, told.new_records, told.statements) == (12, 12, 12)
        assert (told.calls, told.cost_usd, told.estimated) == (0, None, False)
        assert stored(bench) == (None, 0)
        synthesize(bench)
        assert (plan(bench).new_records, plan(bench).texts_to_embed) == (0, 0)
        more(bench, tmp_path, [*SAID, *NEW])
        told = plan(bench)
        assert (told.new_records, told.texts_to_embed, told.statements) == (1, 2, 14)


def test_a_plan_tells_the_calls_tokens_and_cost_that_a_run_then_has(tmp_path: Path) -> None:
    bench, model = with_model(tmp_path, honest)
    with bench:
        as_model(bench, 2.0)
        before = plan(bench)
        assert before.calls >= 1
        synthesize(bench, naming=Naming(most_tokens=0))
        told = plan(bench)
        assert not model.calls
        synthesize(bench)
        assert told.calls == len(model.calls)
        assert told.cost_usd == round((told.tokens_in + told.tokens_out) * 2.0 / 1_000_000, 6)
        assert plan(bench, batch=True, afresh=True).cost_usd is not None
        assert plan(bench).calls == 0, "what is named is not asked again"


def test_a_rehearsal_shows_themes_with_quotes_and_leaves_nothing(tmp_path: Path) -> None:
    bench = filled(tmp_path, SAID)
    model = give(bench, honest)
    with bench:
        before = bench.catalog.records.snapshot("default")
        found = rehearse(bench, lambda *_: None)
        assert found.statements == 12
        assert all(theme.quotes for theme in found.of_level(1))
        assert (stored(bench), model.calls) == ((None, 0), [])
        assert bench.catalog.records.snapshot("default") == before
        whole = synthesize(bench, naming=Naming(most_tokens=0))
        assert [theme.id for theme in found.themes] == [theme.id for theme in whole.themes]
        assert rehearse(bench, lambda *_: None) == found
