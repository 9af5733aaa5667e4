"""However a workspace grew and whatever people decided in between, its themes read as if they were described for the first time."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant.domain.theme_edit import EditAction
from assistant.errors import UsageError
from assistant.synthesis.ask_edit import EditRequest
from assistant.synthesis.describe import described
from assistant.synthesis.material import material_of
from assistant.synthesis.pipeline import silent, synthesize, themes_of
from assistant.synthesis.steering import steer, undo
from assistant.workbench import Workbench
from tests.support.hash_embedder import HashEmbedder
from tests.support.ingest_bench import open_bench
from tests.support.theme_sample import bring_in, rows_of

CORPORA = {"plain": rows_of(45, cities=5), "many people": rows_of(60, cities=40)}
STEPS = st.lists(
    st.sampled_from(["grow", "grow", "rename", "exclude", "merge", "undo"]), min_size=2, max_size=4
)


@given(
    name=st.sampled_from(sorted(CORPORA)), first=st.integers(3, 30), steps=STEPS, pick=st.integers(0, 1000)
)
@settings(
    max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
def test_what_a_grown_run_shows_is_what_describing_anew_gives(
    name: str, first: int, steps: list[str], pick: int
) -> None:
    rows = CORPORA[name]
    with TemporaryDirectory() as home, open_bench(Path(home), embedder=HashEmbedder(32)) as bench:
        bring_in(bench, Path(home), rows[:first])
        synthesize(bench)
        reached = first
        for number, step in enumerate(steps):
            if step == "grow" and reached < len(rows):
                reached += 1 + (pick + number) % 17
                bring_in(bench, Path(home), rows[:reached])
                synthesize(bench)
            else:
                _decide(bench, step, pick + number)
            _is_as_new(bench)


def _is_as_new(bench: Workbench) -> None:
    shown, state = themes_of(bench), bench.catalog.themes.state(bench.workspace)
    assert state is not None
    assert shown is not None
    anew = described(material_of(bench), state, silent)
    assert shown.model_dump_json() == anew.model_dump_json()


def _decide(bench: Workbench, step: str, pick: int) -> None:
    """Do an edit where it can be done; where it can't, it is refused and changes nothing."""
    shown = themes_of(bench)
    assert shown is not None
    themes = shown.of_level(2)
    one, other = themes[pick % len(themes)], themes[(pick + 1) % len(themes)]
    people = sorted({who for who in bench.corpus().person if who})
    asked = {
        "rename": EditRequest(action=EditAction.rename, theme=one.id, name=f"Name {pick}"),
        "merge": EditRequest(action=EditAction.merge, theme=one.id, others=(other.id,)),
        "exclude": EditRequest(
            action=EditAction.exclude, author=people[pick % len(people)] if people else ""
        ),
    }
    try:
        if step in asked:
            steer(bench, asked[step], by="ann", dry_run=False)
        elif step == "undo" and (log := bench.catalog.themes.edits(bench.workspace)):
            undo(bench, log[-1].number)
    except UsageError:
        pass
