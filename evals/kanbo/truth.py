"""The truth about a generated sample, to hold results against. Models only; `count` fills them."""

from datetime import date
from typing import Self

from assistant.domain.base import Frozen


class FileTruth(Frozen):
    """Rows of one file: `rows == kept + duplicate + empty`."""

    rows: int
    kept: int
    duplicate: int
    """Rows that repeat a text of the same person in an earlier row."""
    empty: int
    """Rows without a text, or with a placeholder (`n/a`, `-`, `none`)."""


class RecordTruth(Frozen):
    """One row of a file."""

    file: str
    row: int
    """From 1: data rows of a table, messages of the chat."""
    external_id: str | None
    """The row's own id; None in the chat, which has none."""
    author: str
    """As it is written in the file; one person writes under one name."""
    account: str | None
    plan: str | None
    """As far as the file says."""
    week: int
    theme: str | None
    """None where the row is empty."""
    stance: str
    """`problem`, `praise` or `neutral`."""
    parts: tuple[str, ...] = ()
    """What the text speaks of: parts of the theme's sentence file, sorted."""
    duplicate_of: str | None = None
    """Key of the first row with this text by this person."""
    near_of: str | None = None
    """Key of the row that this one is an edited copy of."""

    @property
    def key(self) -> str:
        """`file#row`, unique in the sample."""
        return f"{self.file}#{self.row}"


class Count(Frozen):
    """How many, and exactly which rows."""

    records: int
    people: int
    accounts: int
    keys: tuple[str, ...]


class ThemeTruth(Frozen):
    """One theme, counted over kept rows."""

    name: str
    total: Count
    problem: Count
    against: Count
    """Rows that praise, or say that it works."""
    weekly: tuple[int, ...]
    """Records per week; 40 numbers."""
    plans: dict[str, int]
    """People by plan; people whose file names no plan are left out."""
    platforms: dict[str, int]
    """People by platform, where the file names one."""
    sources: dict[str, int]
    """Records by file."""
    languages: dict[str, int]
    """Records by language."""
    mean_stars: float | None
    mean_nps: float | None
    external_ids: tuple[str, ...]
    """Ids of the rows that have one, sorted."""
    parts: dict[str, Count]
    """Part of the sentence file → rows with a sentence of it."""


class ExportTruth(Frozen):
    """Exports of large boards end blank or time out since release 4.2."""

    release: str
    released_on: date
    before: Count
    after: Count
    enterprise_people: int
    """Of the people after the release."""
    unsure: Count
    """Don't know whether an export still runs, or started it again."""
    split: Count
    """Say that it works after splitting the board."""
    fine: Count
    """Say that exports work."""
    names_format: Count
    names_safari: Count
    largest_board: int
    """Cards; the greatest number named."""


class OfflineTruth(Frozen):
    """Field people ask for work without a network, steadily."""

    total: Count
    mobile_people: int
    field_technicians: int
    """People whose file says so; reviews name no role."""
    per_week_first_half: float
    per_week_second_half: float


class PricingTruth(Frozen):
    """Churn tickets blame the price; the survey calls it fair."""

    churn: Count
    churn_starter_people: int
    answers: Count
    fair: Count
    unfair: Count
    fair_share: float
    """Answers that say yes, over all answers to the question."""


class LoudTruth(Frozen):
    """Dark mode: many records, few people."""

    total: Count
    top_accounts: tuple[str, ...]
    top_records: int
    top_people: int
    top_share: float
    rank_by_records: int
    rank_by_people: int
    """1 + how many themes have more people."""


class Truth(Frozen):
    """Everything that is planted in a sample, by plain counting over its rows."""

    seed: int
    scale: int
    first_day: date
    last_day: date
    weeks: int
    releases: dict[str, date]
    files: dict[str, FileTruth]
    competitors: tuple[str, ...]
    records: int
    """Kept rows of all files."""
    duplicates: int
    near_duplicates: int
    people: int
    accounts: int
    plans: dict[str, int]
    """People by plan, where a file names it."""
    languages: dict[str, int]
    themes: dict[str, ThemeTruth]
    export: ExportTruth
    offline: OfflineTruth
    pricing: PricingTruth
    dark_mode: LoudTruth
    injection: str
    """Key of the review that tries to give orders."""
    injection_url: str
    rows: tuple[RecordTruth, ...]
    """Every row of every file, empty ones and duplicates too."""

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """Read `truth.json`."""
        return cls.model_validate_json(text)
