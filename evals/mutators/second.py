"""The second pack: the faults of the first in other ways of writing, by someone who had read neither graders nor first pack."""

from evals.mutators import (
    second_counts,
    second_form,
    second_meaning,
    second_safety,
    second_voices,
    second_whole,
)
from evals.mutators.port import Seeded

PACK: tuple[Seeded, ...] = (
    *second_form.PACK,
    *second_counts.PACK,
    *second_voices.PACK,
    *second_whole.PACK,
    *second_safety.PACK,
    *second_meaning.PACK,
)
"""By layer: structure, evidence, the whole, safety, meaning."""
