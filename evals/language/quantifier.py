"""What a rule for words of amount, comparison or trend is, and the nouns that such words size."""

import re
from dataclasses import dataclass

from evals.language.licences import Licence

PEOPLE = (
    r"(?:users?|customers?|people|persons?|individuals?|folks?|accounts?|admins?|teams?|respondents?|reviewers?|companies|clients?|members?"
    r"|subscribers?|consumers?|buyers?|participants?|organi[sz]ations?|firms?|businesses|shops?|guests?|voices?|those who|them)"
)
GROUPS = (
    rf"(?:{PEOPLE}|reports?|reviews?|tickets?|complaints?|requests?|records?|wishes|mentions|comments?|messages?|responses"
    r"|submissions|feedback|cases|demand|interest|frustration|dissatisfaction|numbers?|volumes?|rates?|shares?|churn)"
)
PERIOD = r"(?:hour|minute|second|day|night|morning|afternoon|evening|week|weekend|month|quarter|year|release|update|version|sprint)"


@dataclass(frozen=True)
class Quantifier:
    """Words that state an amount, a comparison or a trend without a number."""

    name: str
    pattern: re.Pattern[str]
    licensed: Licence
    needs: str
    ambiguous: bool = False
    """Words that name things, too (`wave`, `jump`, `weekly`): the evidence's and the brief's own words may be said."""
    of_time: bool = False
    """Words that also stand in names of themes: `the tray falls`."""
    may_come: bool = False
    """What may come states nothing: `may grow`."""


def phrases(pattern: str) -> re.Pattern[str]:
    """A pattern at the bounds of words, upper and lower case alike."""
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)
