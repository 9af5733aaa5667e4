"""The dev pack: what a lying or careless writer, model or person, does to a real draft; and what does no harm.

It was written from the writer's side: no module of it knows a grader beyond the name that should see the defect.
"""

from evals.mutators.dev_benign import BENIGN
from evals.mutators.dev_claims import CLAIMS
from evals.mutators.dev_coverage import COVERAGE
from evals.mutators.dev_facts import FACTS
from evals.mutators.dev_forms import FORMS
from evals.mutators.dev_meaning import MEANING
from evals.mutators.dev_numbers import NUMBERS
from evals.mutators.dev_quotes import QUOTES
from evals.mutators.dev_safety import SAFETY
from evals.mutators.dev_sets import SETS
from evals.mutators.dev_structure import STRUCTURE
from evals.mutators.port import Seeded

PACK: tuple[Seeded, ...] = (
    *STRUCTURE,
    *FORMS,
    *QUOTES,
    *FACTS,
    *NUMBERS,
    *CLAIMS,
    *SETS,
    *COVERAGE,
    *SAFETY,
    *MEANING,
    *BENIGN,
)
"""In the order of the layers, harmless edits last."""
