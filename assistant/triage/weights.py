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
    """Mean over the ticket's passages of the cosine with the other's nearest."""
    words: float
    """Share of the weight of the ticket's words that the other holds (BM25 against the ticket's own score)."""
    title_words: float
    """The same of the words of its title."""
    near: float
    """How close in time both were made: 1 for the same day, 0.59 for a month apart, 0.28 for a year."""
    duplicate_at: float
    """From this score on a ticket is called a duplicate."""


CHOSEN_ON_HADOOP = Weights(0.185, 0.0, 0.218, 0.269, 0.126, 0.202, 0.56)
CHOSEN_ON_SEAMONKEY = Weights(0.333, 0.143, 0.143, 0.19, 0.0, 0.191, 0.56)
WEIGHTS = Weights(0.259, 0.072, 0.181, 0.23, 0.063, 0.195, 0.56)
