"""Facts and changes of themes in plain words, for the report and the pages. Every number in them was counted elsewhere."""

from dataclasses import dataclass

from assistant.domain.theme import Theme, ThemeSet
from assistant.domain.theme_facts import Burst, Counts, LoudMinority, RatingFacts, ThemeFacts
from assistant.domain.theme_trend import Change, ChangeKind, Grain, Period, Span

_LISTED = 4
_KINDS = {
    ChangeKind.spike: "a spike",
    ChangeKind.fade: "fading",
    ChangeKind.new: "new",
    ChangeKind.rise: "on the rise",
    ChangeKind.decline: "on the decline",
}


@dataclass(frozen=True)
class Line:
    """A fact with what it is about."""

    about: str
    text: str
    warns: bool = False
    """Whether it says that the theme may look larger than it is."""


def counts_of(themes: ThemeSet) -> Counts:
    """What shares are of: people, or records where authors aren't known."""
    if themes.facts is not None:
        return themes.facts.counts
    return "people" if themes.people else "records"


def count_of(themes: ThemeSet, theme: Theme) -> int:
    """People of a theme, or its records where those are counted."""
    return theme.people if counts_of(themes) == "people" else theme.records


def share_of(themes: ThemeSet, theme: Theme) -> float:
    """Of all people, or of all records where those are counted."""
    whole = themes.people if counts_of(themes) == "people" else themes.records
    return count_of(themes, theme) / whole if whole else 0.0


def flags_of(theme: Theme) -> list[str]:
    """Why a theme may look larger than it is, in a word each."""
    facts = theme.facts
    return (
        []
        if facts is None
        else [word for word, is_so in (("few voices", facts.loud), ("burst", facts.burst)) if is_so]
    )


def lines_of(facts: ThemeFacts | None, everyone: ThemeFacts | None) -> list[Line]:
    """What the facts of a theme say. Args: everyone: the same of everything, to compare with."""
    if facts is None:
        return []
    found: list[Line] = []
    if facts.loud is not None:
        found.append(Line("few voices", _loud(facts.loud), warns=True))
    if facts.burst is not None:
        found.append(Line("burst", _burst(facts.burst, facts), warns=True))
    reach = facts.reach
    found.append(
        Line(
            "share",
            f"{_percent(reach.value)}, between {_percent(reach.low)} and {_percent(reach.high)} with 95 %",
        )
    )
    usual = {one.scale: one for one in everyone.ratings} if everyone else {}
    found += [Line("rating", _rating(one, usual.get(one.scale))) for one in facts.ratings[:2]]
    moods = {name: count for name, count in facts.sentiments.items() if name != "unknown"}
    if moods:
        found.append(Line("mood", _spread(moods)))
    if len(facts.sources) > 1:
        found.append(
            Line("sources", _spread({name.replace("_", " "): n for name, n in facts.sources.items()}))
        )
    if len(facts.languages) > 1:
        found.append(
            Line(
                "languages",
                _spread(
                    {"not known" if name == "und" else name: count for name, count in facts.languages.items()}
                ),
            )
        )
    if facts.accounts:
        found.append(Line("accounts", f"{facts.accounts:,}"))
    if facts.weight is not None:
        weight = facts.weight
        found.append(
            Line(
                weight.segment.replace("_", " "),
                f"{weight.total:,.0f} of {weight.whole:,.0f}, by {weight.holders:,} who have one",
            )
        )
    return found


def change_of(change: Change) -> str:
    """What a change is, in one line."""
    chance = "under 0.1 %" if change.probability < 0.001 else f"{100 * change.probability:.1f} %"
    release = f" Nearest release: {change.release}." if change.release else ""
    return (
        f"{_KINDS[change.kind]} since {change.since}: {_span(change.before)} before, {_span(change.after)} after. "
        f"Chance alone: {chance}.{release}"
    )


def period_name(period: Period, grain: Grain) -> str:
    """A period as people write it: `2026-03`, `2026 Q1`, or its first day."""
    if grain is Grain.quarter:
        return f"{period.first.year} Q{(period.first.month + 2) // 3}"
    return f"{period.first:%Y-%m}" if grain is Grain.month else f"{period.first}"


def _span(span: Span) -> str:
    return f"{_percent(span.share)} ({span.told:,} of {span.heard:,})"


def _loud(loud: LoudMinority) -> str:
    return f"{loud.few:,} of {loud.of:,} {loud.by} wrote {loud.records:,} of {loud.of_records:,} records"


def _burst(burst: Burst, facts: ThemeFacts) -> str:
    by = "people" if facts.people else "accounts"
    return (
        f"{burst.records:,} records of {burst.people:,} {by} from {burst.first} to {burst.last}: {_percent(burst.share)} of the theme, "
        f"{_percent(burst.usual)} of everything"
    )


def _rating(rating: RatingFacts, usual: RatingFacts | None) -> str:
    worst, best = (f"{end:g}" for end in rating.scale)
    beside = f"; everything: {usual.mean:.2f}" if usual else ""
    return (
        f"{rating.mean:.2f} from {worst} to {best}, between {rating.low:.2f} and {rating.high:.2f} with 95 %, "
        f"{rating.count:,} {'rating' if rating.count == 1 else 'ratings'}{beside}"
    )


def _spread(counts: dict[str, int]) -> str:
    """The most frequent ones with their numbers."""
    order = sorted(counts, key=lambda name: (-counts[name], name))
    rest = sum(counts[name] for name in order[_LISTED:])
    listed = [f"{counts[name]:,} {name}" for name in order[:_LISTED]]
    return ", ".join([*listed, *([f"{rest:,} others"] if rest else [])])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
