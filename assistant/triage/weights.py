"""How alike two tickets are, as a weighted sum of what they share. The weights, and from where on a ticket counts as a duplicate.

Cross-validated on gitbugs: what was chosen on one project is stated on the other (`evals/bench/ticket_duplicates.py`); the product uses
the mean of both.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """Shares of the parts of a score; they sum to one."""

    gist: float
    """Cosine of the titles and openings together."""
    title: float
    """Cosine of the title with the nearest passage of the other."""
    passages: float
    """Cosine of the two passages that are nearest to each other."""
    words: float
    """Share of the weight of the ticket's words that the other holds (BM25 against the ticket's own score)."""
    title_words: float
    """The same of the words of its title."""
    near: float
    """How close in time both were made: 1 for the same day, 0.59 for a month apart, 0.28 for a year."""
    duplicate_at: float
    """From this score on a ticket is called a duplicate."""


CHOSEN_ON_HADOOP = Weights(0.226, 0.02, 0.327, 0.13, 0.058, 0.239, 0.58)
CHOSEN_ON_SEAMONKEY = Weights(0.276, 0.181, 0.135, 0.125, 0.055, 0.228, 0.52)
WEIGHTS = Weights(0.251, 0.1, 0.231, 0.128, 0.056, 0.234, 0.55)
FEW = Weights(0.257, 0.09, 0.218, 0.165, 0.07, 0.2, 0.59)
"""Where tickets are too few to tell what they have in common (`assistant.triage.background`)."""
