"""The graders there are, by name: our own, then those that others add through the entry points `voxspec.graders`."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import entry_points

from assistant.errors import UsageError
from evals.grader import Grader
from evals.graders import (
    anecdotes,
    brief_coverage,
    canary_words,
    claims_supported,
    claims_used,
    conflicting_bounds,
    counter_evidence,
    dangling_references,
    dependency_cycles,
    escape_clauses,
    foreign_links,
    formula_text,
    gherkin,
    glossary_drift,
    hidden_characters,
    ids_resolve,
    injected_text,
    look_alike_letters,
    markup,
    measurable_then,
    near_duplicate_requirements,
    near_duplicate_stories,
    negative_requirements,
    numbers_bound,
    numbers_recomputed,
    orphan_stories,
    passive_requirements,
    personal_data,
    placeholders,
    priority_against_evidence,
    quote_verbatim,
    requirement_form,
    schema_sections,
    scope_contradictions,
    secrets,
    story_form,
    theme_coverage,
    vague_words,
    wish_atomic,
    wish_minimal,
    wish_uniform,
)
from evals.view import KindSpec

OWN: tuple[Grader, ...] = (
    schema_sections.GRADER,
    ids_resolve.GRADER,
    placeholders.GRADER,
    story_form.GRADER,
    gherkin.GRADER,
    requirement_form.GRADER,
    wish_atomic.GRADER,
    wish_minimal.GRADER,
    wish_uniform.GRADER,
    measurable_then.GRADER,
    escape_clauses.GRADER,
    dangling_references.GRADER,
    negative_requirements.GRADER,
    passive_requirements.GRADER,
    vague_words.GRADER,
    quote_verbatim.GRADER,
    numbers_bound.GRADER,
    numbers_recomputed.GRADER,
    claims_supported.GRADER,
    anecdotes.GRADER,
    counter_evidence.GRADER,
    near_duplicate_stories.GRADER,
    near_duplicate_requirements.GRADER,
    scope_contradictions.GRADER,
    conflicting_bounds.GRADER,
    dependency_cycles.GRADER,
    orphan_stories.GRADER,
    brief_coverage.GRADER,
    priority_against_evidence.GRADER,
    glossary_drift.GRADER,
    claims_used.GRADER,
    theme_coverage.GRADER,
    personal_data.GRADER,
    secrets.GRADER,
    injected_text.GRADER,
    canary_words.GRADER,
    foreign_links.GRADER,
    markup.GRADER,
    hidden_characters.GRADER,
    look_alike_letters.GRADER,
    formula_text.GRADER,
)
"""By layer, in the order in which findings are reported."""


@lru_cache(maxsize=1)
def graders() -> dict[str, Grader]:
    """All graders by name. Raises: UsageError where an installed one can't be used."""
    found = {grader.name: grader for grader in OWN}
    for entry in sorted(entry_points(group="voxspec.graders"), key=lambda entry: entry.name):
        grader = entry.load()
        if not isinstance(grader, Grader):
            raise UsageError(
                f"The installed grader '{entry.name}' is no Grader.",
                hint="Its entry point must name an evals.grader.Grader.",
            )
        if grader.name in found:
            raise UsageError(
                f"Two graders are called '{grader.name}'.",
                hint=f"Uninstall or rename the one from '{entry.value}'.",
            )
        found[grader.name] = grader
    return found


def graders_for(kind: KindSpec) -> tuple[Grader, ...]:
    """Those that a kind names, or all; installed ones of others always apply. In the order of the registry."""
    own = {grader.name for grader in OWN}
    wanted = set(kind.graders)
    return tuple(g for g in graders().values() if not wanted or g.name in wanted or g.name not in own)


def check_names(names: Iterable[str]) -> None:
    """Refuse names that no grader has. Raises: UsageError."""
    if unknown := sorted(set(names) - set(graders())):
        raise UsageError(
            f"There is no grader called '{unknown[0]}'.", hint=f"Graders here: {', '.join(graders())}."
        )
