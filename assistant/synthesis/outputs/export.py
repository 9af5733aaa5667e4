"""What an export is written from: the themes of now, the statements behind them, and how texts are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from assistant.domain.personal.find import masked
from assistant.domain.theme import Theme, ThemeSet
from assistant.errors import UsageError
from assistant.jobs.port import Progress
from assistant.synthesis.describe import stamp_of
from assistant.synthesis.material import Material, material_of
from assistant.synthesis.pipeline import show, silent
from assistant.synthesis.tree import Tree, remembered
from assistant.workbench import Workbench

PATH = " › "
"""Between the names of a path, from area to part."""


@dataclass(frozen=True)
class Export:
    """The themes of a workspace with everything that they are counted over. Holds columns, not texts."""

    bench: Workbench
    themes: ThemeSet
    material: Material
    tree: Tree

    @property
    def masks(self) -> bool:
        """Whether personal data is masked."""
        return not self.bench.settings.show_personal_data

    @cached_property
    def shown(self) -> Callable[[str], str]:
        """A text as it leaves: masked where the settings say so, and always Unicode that can be written as UTF-8."""
        return (lambda text: writable(masked(text))) if self.masks else writable

    @cached_property
    def by_id(self) -> dict[str, Theme]:
        """Theme id → theme."""
        return {theme.id: theme for theme in self.themes.themes}

    @cached_property
    def names(self) -> dict[str, str]:
        """Theme id → its name as it is shown."""
        return {theme.id: self.shown(theme.name) for theme in self.themes.themes}

    def path(self, theme: Theme) -> str:
        """Names from the area down to the theme."""
        return PATH.join(self.names[one.id] for one in self.line(theme))

    def line(self, theme: Theme) -> list[Theme]:
        """The themes that hold a theme, area first, and itself."""
        found = [theme]
        while (parent := found[0].parent) is not None:
            found.insert(0, self.by_id[parent])
        return found


def export_of(bench: Workbench, progress: Progress = silent) -> Export:
    """The themes as of the last run, with what is behind them. Raises: UsageError before the first run."""
    state = bench.catalog.themes.state(bench.workspace)
    if state is None:
        raise UsageError(
            f"Workspace '{bench.workspace}' has no themes yet.", hint="Find them: voxspec themes run"
        )
    material = material_of(bench)
    kept = bench.catalog.themes.shown(bench.workspace)
    current = kept is not None and kept.stamp == stamp_of(material.matrix.rows, state)
    themes = kept if kept is not None and current else show(bench, material, state, progress)
    return Export(bench, themes, material, remembered(state.nodes, material.rows))


def writable(text: str) -> str:
    """The text without halves of surrogate pairs, which UTF-8 can't hold; each becomes U+FFFD."""
    if text.isascii():
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= one <= "\udfff" else one for one in text)
