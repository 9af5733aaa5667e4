"""The facts of a theme in plain lines: what a person reads beside its quotes."""

from assistant.domain.theme_facts import RatingFacts, SegmentFacts, ThemeFacts

_VALUES = 4
"""Values of a segment or source that are named; the rest is in --json."""
LEAST_TOLD = 5
_LONG = 32


def note_of(facts: ThemeFacts | None) -> str:
    """Whether the theme looks larger than it is, in a word."""
    if facts is None:
        return ""
    return ", ".join(word for word, is_so in (("loud minority", facts.loud), ("burst", facts.burst)) if is_so)


def weight_name(everyone: ThemeFacts | None) -> list[str]:
    """Head of the weight's column, where there is a weight."""
    return [everyone.weight.segment] if everyone is not None and everyone.weight is not None else []


def weight_of(facts: ThemeFacts | None) -> list[str]:
    """The weight of a theme with its share of everyone's, where there is one."""
    if facts is None or facts.weight is None:
        return []
    share = facts.weight.total / facts.weight.whole if facts.weight.whole else 0.0
    return [f"{facts.weight.total:,.0f} ({share:.1%})"]


def fact_lines(facts: ThemeFacts | None, everyone: ThemeFacts | None) -> list[str]:
    """The facts of a theme, compared with those of everyone; nothing where there are none."""
    if facts is None or everyone is None:
        return []
    reach = facts.reach
    lines = [
        f"share of {facts.counts}: {reach.low:.1%} to {reach.high:.1%} (95 % interval)"
        + (
            f"; {facts.accounts:,} {'account' if facts.accounts == 1 else 'accounts'}"
            if facts.accounts
            else ""
        ),
        *_warnings(facts),
        f"sources: {_most(facts.sources)}",
        f"sentiment: {_most(facts.sentiments)}; types: {_most(facts.types)}",
    ]
    lines += [f"rating: {_rating(one)}" for one in facts.ratings]
    lines += [
        line
        for name, one in facts.segments.items()
        if (line := _segment(name, one, everyone.segments.get(name)))
    ]
    if facts.weight is not None:
        weight = facts.weight
        lines.append(
            f"{weight.segment}: {weight.total:,.0f} of {weight.whole:,.0f}, from {weight.holders:,} holders; {weight.unknown:,} without a number"
        )
    return lines


def _warnings(facts: ThemeFacts) -> list[str]:
    lines = []
    if facts.loud is not None:
        loud = facts.loud
        lines.append(
            f"loud minority: {loud.few:,} of {loud.of:,} {loud.by} wrote {loud.records:,} of {loud.of_records:,} records"
        )
    if facts.burst is not None:
        burst = facts.burst
        lines.append(
            f"burst: {burst.records:,} records by {burst.people:,} people from {burst.first} to {burst.last}, "
            f"{burst.share:.0%} of the theme and {burst.usual:.0%} of everything"
        )
    if facts.undated:
        lines.append(f"without a date: {facts.undated:,} records")
    return lines


def _rating(one: RatingFacts) -> str:
    nps = "" if one.nps is None else f"; as NPS {one.nps:+.0f} ({one.nps_low:+.0f} to {one.nps_high:+.0f})"
    return (
        f"{one.mean:.1f} ({one.low:.1f} to {one.high:.1f}) on {one.scale[0]:g} to {one.scale[1]:g}, "
        f"{one.count:,} in {', '.join(one.sources[:_VALUES])}{nps}"
    )


def _segment(name: str, own: SegmentFacts, everyone: SegmentFacts | None) -> str | None:
    """Values with their share of those who say one, beside everyone's. None where fewer than five, or than a fifth, say one."""
    told, known = sum(own.values.values()) + own.others, 0
    if everyone is not None:
        known = sum(everyone.values.values()) + everyone.others
    if everyone is None or told < LEAST_TOLD or 5 * told < own.total:
        return None
    values = [
        f"{_cut(value)} {count:,} ({count / told:.0%}; of everyone {everyone.values.get(value, 0) / max(1, known):.0%})"
        for value, count in list(own.values.items())[:_VALUES]
    ]
    rest = told - sum(list(own.values.values())[:_VALUES])
    more = [f"{rest:,} others"] * bool(rest) + [f"{own.several:,} several"] * bool(own.several)
    return f"{name}: {', '.join([*values, *more, f'{own.unknown:,} unknown'])}"


def _most(counts: dict[str, int]) -> str:
    shown = [f"{_cut(name)} {count:,}" for name, count in list(counts.items())[:_VALUES]]
    rest = sum(list(counts.values())[_VALUES:])
    return ", ".join([*shown, *([f"{rest:,} in others"] if rest else [])])


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
