"""Everything that an edit is made against: the themes of now, what they consist of, and the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.domain.theme import Level, Theme, ThemeSet
from assistant.domain.theme_edit import LoggedEdit
from assistant.errors import NotFound, UsageError
from assistant.stores.theme_port import ThemeState
from assistant.synthesis.find import theme_named
from assistant.synthesis.grid import Ints
from assistant.synthesis.material import Material, material_of
from assistant.synthesis.pipeline import themes_of
from assistant.synthesis.renew import MaterialSight, Step
from assistant.synthesis.steer import Sight
from assistant.synthesis.tree import Tree, found, remembered
from assistant.workbench import Workbench

NONE_YET = "voxspec themes run"


@dataclass(eq=False)
class Scene:
    """The themes of a workspace as a person steers them. Inside `own_turn`, or for looking only."""

    bench: Workbench
    state: ThemeState
    material: Material
    """Of everyone."""
    edits: tuple[LoggedEdit, ...]

    @cached_property
    def themes(self) -> ThemeSet:
        """As they were shown last: names and counts to find a theme by."""
        shown = self.bench.catalog.themes.shown(self.bench.workspace) or themes_of(self.bench)
        if shown is None:
            raise _none_yet(self.bench)
        return shown

    @cached_property
    def tree(self) -> Tree:
        return remembered(self.state.nodes, self.material.rows)

    @cached_property
    def sight(self) -> Sight:
        return MaterialSight(self.bench, self.material).sight

    def step(self, edits: Sequence[LoggedEdit]) -> Step:
        """From the themes as clustering left them to those with these edits."""
        base = found(self.state, self.material.rows)
        return Step(self.state.run, base, edits, self.state, self.tree)

    def theme(self, wanted: str, level: Level = 2) -> Theme:
        """The theme of an id or a name, of that level first. Raises: NotFound; UsageError where several are called so."""
        return theme_named(self.themes, wanted, exactly=True, level=level)

    def texts_of(self, record_id: str) -> Ints:
        """What a record says. Raises: NotFound; UsageError where no theme holds it yet."""
        texts = self.sight.texts_of(record_id)
        if not len(texts):
            raise NotFound(
                f"There is no customer record '{record_id[:60]}' with statements.",
                hint="`voxspec search` and `voxspec themes show` print ids; a record that came in since the last run waits for "
                "the next one.",
            )
        if (self.tree.leaf[texts] < 0).all():
            raise UsageError(
                f"Record {record_id} came in since the last run and is in no theme yet.",
                hint="Bring it in first: voxspec themes run",
            )
        return texts


def scene_of(bench: Workbench) -> Scene:
    """Look at the themes of now. Raises: UsageError where there are none, or they were made with another embedder."""
    state = bench.catalog.themes.state(bench.workspace)
    if state is None:
        raise _none_yet(bench)
    if state.run.embedder != bench.embedder.identity:
        raise UsageError(
            "The themes were made with another embedder than the workspace has now.",
            hint="Find them afresh: voxspec themes run --afresh",
        )
    return Scene(bench, state, material_of(bench, everyone=True), bench.catalog.themes.edits(bench.workspace))


def _none_yet(bench: Workbench) -> UsageError:
    return UsageError(f"Workspace '{bench.workspace}' has no themes yet.", hint=f"Find them: {NONE_YET}")
