"""One row of the sample on its way to a file, with the truth about it."""

from dataclasses import dataclass, field
from datetime import datetime

from evals.kanbo.people import Person


@dataclass(eq=False)
class Entry:
    """What somebody wrote. Filled step by step: cast, worded, repeated, written."""

    source: str
    theme: str
    batch: str
    stance: str
    person: Person
    when: datetime
    version: str
    recipes: tuple[str, ...] = ()
    extra: list[str] = field(default_factory=list)
    subject: str = ""
    text: str = ""
    parts: frozenset[str] = frozenset()
    """Parts of the theme that the text has sentences of."""
    largest: int = 0
    """Cards of the board that an export text names."""
    rating: int | None = None
    """Stars 1 to 5 in reviews, 0 to 10 in NPS."""
    question: str = ""
    choice: str = ""
    near_of: "Entry | None" = None
    external_id: str = ""
    row: int = 0
    """From 1, as a person counts the data rows or messages of the file."""

    @property
    def is_empty(self) -> bool:
        """True where nothing was written, or a placeholder for nothing."""
        return not self.theme
