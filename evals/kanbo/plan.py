"""What is planted: every batch of records with its size, people, time course and segments, at scale 1."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TICKETS, REVIEWS, NPS, SURVEY, CHAT = "support_tickets", "app_reviews", "nps", "survey", "team_chat"
SOURCES = (TICKETS, REVIEWS, NPS, SURVEY, CHAT)
"""In the order in which the files are counted."""
BASE_PLANS = {"starter": 51.0, "team": 35.0, "enterprise": 14.0}
"""Plans of people outside the batches with plans of their own; with those, about 45/33/22 of all."""

Stance = Literal["problem", "praise", "neutral"]


@dataclass(frozen=True)
class Batch:
    """Records of one theme that are cast in one way."""

    theme: str
    records: int
    sources: Mapping[str, float]
    stance: Stance = "problem"
    name: str = ""
    people: int = 0
    """Exactly so many, all new; 0: mostly known people."""
    shape: str = "even"
    plans: Mapping[str, float] = field(default_factory=dict)
    reserved: Mapping[str, int] = field(default_factory=dict)
    """Accounts by plan that only this batch's people belong to."""
    among: str = ""
    """Name of an earlier batch whose people write again."""
    once: bool = False
    """Nobody of them twice."""
    parts: tuple[str, ...] = ()
    """Recipes in place of the theme's own."""
    extra: Mapping[str, int] = field(default_factory=dict)
    """Part → how many people's first text also has a sentence of it."""
    mobile: float | None = None
    """Share of people on a phone; None leaves it to chance."""
    roles: Mapping[str, float] = field(default_factory=dict)
    """Roles of new people; empty: what is usual on their plan, and so is the role `""`."""
    question: str = ""
    choice: str = ""


PRICE = "Is the price fair?"
IMPROVE = "What should we improve first?"
LIKE = "What do you like most about Kanbo?"

_EXPORT = "export_large_boards"
_SURVEY_PLANS = {"starter": 83.0, "team": 80.0, "enterprise": 51.0}


def _usual(records: int, tickets: int, reviews: int, nps: int, survey: int, chat: int) -> dict[str, float]:
    weights = dict(zip(SOURCES, (tickets, reviews, nps, survey, chat), strict=True))
    return {source: weight for source, weight in weights.items() if weight and records}


def _theme(theme: str, records: int, mix: tuple[int, int, int, int, int], shape: str = "even") -> Batch:
    return Batch(theme, records, _usual(records, *mix), name=theme, shape=shape)


def _price(records: int, stance: Stance, part: str, choice: str) -> Batch:
    return Batch(
        "pricing_survey",
        records,
        {SURVEY: 1},
        stance=stance,
        name=f"price_{part}",
        people=records,
        shape="survey",
        plans=_SURVEY_PLANS,
        parts=(part,),
        question=PRICE,
        choice=choice,
    )


PLANTED = (
    Batch(
        _EXPORT,
        100,
        {TICKETS: 60, NPS: 14, SURVEY: 12, REVIEWS: 5, CHAT: 9},
        name="export_after",
        people=97,
        shape="after",
        plans={"enterprise": 72, "team": 9, "starter": 2},
        reserved={"enterprise": 21, "team": 8, "starter": 2},
        extra={"unsure": 40, "format": 8, "safari": 8, "largest": 1},
        roles={"admin": 58, "project manager": 22, "PMO lead": 12, "": 8},
    ),
    Batch(
        _EXPORT,
        52,
        {TICKETS: 34, NPS: 6, CHAT: 4},
        name="export_again",
        shape="again",
        among="export_after",
        parts=("follow", "follow cost", "follow ask?", "follow detail? ask"),
    ),
    Batch(
        _EXPORT,
        4,
        {TICKETS: 1},
        name="export_before",
        people=4,
        shape="before",
        parts=("before detail?", "before"),
    ),
    Batch(
        _EXPORT,
        11,
        {TICKETS: 8, CHAT: 3},
        stance="praise",
        name="export_split",
        shape="late",
        among="export_after",
        once=True,
        parts=("workaround",),
    ),
    Batch(
        _EXPORT,
        6,
        {NPS: 3, SURVEY: 2, CHAT: 1},
        stance="praise",
        name="export_fine",
        people=6,
        shape="late",
        parts=("fine",),
    ),
    Batch(
        "offline",
        62,
        {REVIEWS: 34, TICKETS: 23, SURVEY: 5},
        name="offline",
        people=61,
        mobile=0.8,
        roles={"field technician": 72, "": 28},
    ),
    Batch(
        "pricing_churn",
        40,
        {TICKETS: 1},
        name="pricing_churn",
        people=38,
        shape="third quarter",
        plans={"starter": 29, "team": 8, "enterprise": 1},
    ),
    _price(152, "praise", "yes", "Yes"),
    _price(44, "problem", "no", "No"),
    _price(18, "neutral", "unsure", "Not sure"),
    Batch(
        "dark_mode",
        55,
        {TICKETS: 38, NPS: 12, SURVEY: 5},
        name="dark_loud",
        people=7,
        shape="waves",
        plans={"team": 1},
        reserved={"team": 3},
    ),
    Batch("dark_mode", 37, {REVIEWS: 16, NPS: 10, TICKETS: 6, CHAT: 5}, name="dark_rest", people=27),
    Batch("german_reminders", 40, {TICKETS: 18, REVIEWS: 14, NPS: 8}, name="german_reminders", people=37),
    Batch("japanese_search", 30, {REVIEWS: 16, TICKETS: 10, NPS: 4}, name="japanese_search", people=27),
    Batch("integrations", 2, {TICKETS: 1, NPS: 1}, name="calendar", people=2, parts=("calendar",)),
)
"""Batches with exact sizes; cast first."""

COMMON = (
    _theme("notifications", 104, (34, 24, 24, 12, 10)),
    _theme("slow_loading", 116, (42, 26, 24, 12, 12), "waves"),
    _theme("search", 88, (30, 16, 22, 12, 8)),
    _theme("permissions", 80, (42, 4, 16, 12, 6)),
    _theme("recurring_tasks", 66, (22, 16, 16, 10, 2)),
    _theme("android_crash", 34, (10, 24, 0, 0, 0)),
    _theme("integrations", 73, (34, 4, 16, 10, 9)),
    _theme("onboarding_praise", 58, (2, 24, 22, 10, 0)),
    _theme("general_praise", 252, (4, 110, 106, 22, 10)),
    _theme("support_praise", 36, (6, 10, 16, 4, 0)),
    _theme("automation", 52, (26, 4, 12, 8, 4)),
    _theme("reporting", 50, (20, 4, 14, 10, 2)),
    _theme("attachments", 44, (24, 12, 8, 0, 0)),
    _theme("billing_admin", 36, (32, 0, 4, 0, 0)),
    _theme("login_sso", 50, (34, 10, 6, 0, 0), "waves"),
    _theme("shortcuts", 28, (10, 4, 8, 4, 2)),
    _theme("importing", 24, (16, 2, 4, 2, 0), "fading"),
    _theme("spreadsheet_link", 14, (8, 0, 4, 2, 0)),
    _theme("scheduled_exports", 7, (4, 0, 3, 0, 0)),
    _theme("noise", 114, (3, 22, 36, 11, 42)),
)
"""Batches of plausible size, by people who mostly write elsewhere too."""

PRAISE_THEMES = frozenset({"onboarding_praise", "general_praise", "support_praise"})
NEAR_DUPLICATES = {
    "slow_loading": 11,
    "export_large_boards": 10,
    "notifications": 9,
    "permissions": 8,
    "search": 8,
    "general_praise": 8,
    "recurring_tasks": 6,
}
"""Edited copies, by theme."""
EXACT_DUPLICATES = {TICKETS: 44, REVIEWS: 43, NPS: 17, SURVEY: 8, CHAT: 6}
"""Rows that repeat a person's text, by source."""
EMPTY_ROWS = {TICKETS: 4, REVIEWS: 23, NPS: 391, SURVEY: 14}
"""Rows without a text, by source."""
