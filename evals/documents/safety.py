"""Everything of layer 3 that one text can hold, for texts that a person typed into a file."""

from collections.abc import Iterator

from assistant.search.instructions import is_instruction_like
from evals.graders.foreign_links import find_links
from evals.graders.formula_text import find_formulas
from evals.graders.hidden_characters import find_hidden
from evals.graders.look_alike_letters import find_look_alikes
from evals.graders.markup import find_markup
from evals.graders.personal_data import find_people
from evals.graders.secrets import find_keys
from evals.reading.spot import Spot


def find_foreign(text: str, brief: str) -> Iterator[tuple[str, Spot]]:
    """Links, mark-up, hidden characters, look-alikes, formulas, personal data, secrets and orders, each under its grader."""
    for grader, spots in (
        ("foreign_links", find_links(text, brief, brief.casefold())),
        ("markup", find_markup(text, brief)),
        ("hidden_characters", find_hidden(text)),
        ("look_alike_letters", find_look_alikes(text, brief)),
        ("formula_text", find_formulas(text)),
        ("personal_data", find_people(text, brief)),
        ("secrets", find_keys(text)),
    ):
        for spot in spots:
            yield grader, spot
    if is_instruction_like(text):
        yield "injected_text", Spot(0, len(text), "This gives orders to whoever reads it.")
