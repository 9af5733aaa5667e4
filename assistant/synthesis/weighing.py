"""Themes by a weight that a person names, such as revenue. What is kept of a theme stays as it is; only its weight is summed anew."""

import numpy as np

from assistant.domain.record import RecordKind
from assistant.domain.theme import Theme, ThemeSet
from assistant.domain.theme_facts import WeightFacts
from assistant.synthesis.material import material_of
from assistant.synthesis.members import counted, members_of
from assistant.synthesis.pairs import pairs_of
from assistant.synthesis.tree import remembered
from assistant.synthesis.weights import weight_segment, weights_of
from assistant.workbench import Workbench


def weighed(bench: Workbench, themes: ThemeSet, weight: str) -> ThemeSet:
    """The same themes with the weight of their accounts.

    Args: themes: as `pipeline.themes_of` gives them. weight: `segment.NAME` or `NAME`.
    Raises: UsageError where the segment doesn't exist or doesn't hold numbers; StoreError.
    """
    state = bench.catalog.themes.state(bench.workspace)
    material = material_of(bench)
    segment = weight_segment(material.matrix, weight)
    if state is None or segment is None:
        return themes
    customers = np.flatnonzero(material.matrix.kind.among([RecordKind.customer.value]))
    members = members_of(material, remembered(state.nodes, material.rows))
    pairs = pairs_of(material.matrix, [*(one.records for one in members), counted(material, customers)[0]])
    weights = weights_of(pairs, customers, segment)
    by_id = {one.node.id: weight for one, weight in zip(members, weights[:-1], strict=True)}
    return themes.model_copy(
        update={
            "themes": tuple(_with(theme, by_id.get(theme.id)) for theme in themes.themes),
            "facts": themes.facts and themes.facts.model_copy(update={"weight": weights[-1]}),
        }
    )


def _with(theme: Theme, weight: WeightFacts | None) -> Theme:
    if theme.facts is None:
        return theme
    return theme.model_copy(update={"facts": theme.facts.model_copy(update={"weight": weight})})
