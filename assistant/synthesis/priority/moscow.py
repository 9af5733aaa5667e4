"""MoSCoW: a person's thresholds on numbers put items into Must, Should, Could and Won't; and whether the Musts fit.

At most 60 % of what can be done may be Musts, so that they are done even when much goes wrong (DSDM, Agile Business Consortium).
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from assistant.domain.priority import (
    Bucket,
    Capacity,
    Condition,
    Item,
    MoscowTable,
    Move,
    Operator,
    Placed,
    Rule,
)
from assistant.errors import InputRejected, UsageError
from assistant.synthesis.priority.answers import plain
from assistant.synthesis.priority.ranking import SAME, by_name, lacking, listed, repeated_names

MUST_SHARE = 0.6
_RULE = re.compile(r"\s*(?P<bucket>[^:]+?)\s*:\s*(?P<terms>.+)", re.DOTALL)
_TERM = re.compile(
    r"\s*(?P<input>\w[\w .-]*?)\s*(?P<operator>>=|<=|≥|≤|>|<)\s*(?P<value>[-+]?\d+(?:\.\d+)?)\s*(?P<percent>%?)\s*\Z"
)
_COLUMNS = {"bucket", "item", "rule", "highest", "lowest", "what_would_move_it", "reason"}
_OPERATORS: dict[str, Operator] = {">=": ">=", "<=": "<=", "≥": ">=", "≤": "<=", ">": ">", "<": "<"}
_BUCKETS = {
    "must": Bucket.must, "must have": Bucket.must, "m": Bucket.must, "muss": Bucket.must,
    "should": Bucket.should, "should have": Bucket.should, "s": Bucket.should, "soll": Bucket.should,
    "could": Bucket.could, "could have": Bucket.could, "c": Bucket.could, "kann": Bucket.could,
    "wont": Bucket.wont, "wont have": Bucket.wont, "will not": Bucket.wont, "w": Bucket.wont, "would": Bucket.wont,
}  # fmt: skip


def parse_rule(text: str) -> Rule:
    """A rule from words: `must: people >= 50 and mean_rating <= 2.5`; a share may be written `10 %`.

    Raises: UsageError with the form that is understood.
    """
    hint = "Write a bucket, a colon and thresholds, for example `must: people >= 50 and mean_rating <= 2.5`."
    match = _RULE.fullmatch(text)
    bucket = parse_bucket(match["bucket"]) if match else None
    if match is None or bucket is None:
        raise UsageError(
            f"The rule '{text[:80]}' doesn't begin with Must, Should, Could or Won't.", hint=hint
        )
    conditions = []
    for term in re.split(r"\s+and\s+|\s*&&\s*", match["terms"].strip(), flags=re.IGNORECASE):
        found = _TERM.match(term)
        if found is None:
            raise UsageError(f"'{term[:60]}' in the rule '{text[:80]}' is no threshold.", hint=hint)
        value = float(found["value"]) / (100 if found["percent"] else 1)
        conditions.append(
            Condition(input=found["input"].strip(), operator=_OPERATORS[found["operator"]], value=value)
        )
    return Rule(bucket=bucket, conditions=tuple(conditions))


def parse_bucket(text: str) -> Bucket | None:
    """The bucket that a word names; None for any other word."""
    plain = re.sub(r"[\s_-]+", " ", re.sub(r"[’'`]", "", text).casefold()).strip()
    return _BUCKETS.get(plain)


def place(items: Sequence[Item], rules: Sequence[Rule], capacity: float | None = None) -> MoscowTable:
    """Put items into buckets: where a person did, there; else by the first rule that holds, from Must down; else Won't.

    Args:
        items: with the inputs that the rules name, and `effort` where there is a capacity.
        rules: several for one bucket are alternatives.
        capacity: what can be done, in the unit of the effort.

    Raises: InputRejected for no items, a bucket that is none, or a negative effort; UsageError for neither rules nor buckets,
        rules on an input that no item has, or a capacity that is not above 0.
    """
    if not items:
        raise InputRejected("There is nothing to place.", hint="Give at least one item.")
    known = {plain(name): name for item in items for name in item.inputs}
    ordered = tuple(
        sorted((_named(one, known) for one in rules), key=lambda one: list(Bucket).index(one.bucket))
    )
    _demand(items, ordered, capacity)
    placed = [_placed(item, ordered) for item in items]
    order = [*Bucket, None]
    rows = sorted(placed, key=lambda one: (order.index(one.bucket), *by_name(one.item)))
    left = sum(one.bucket is None for one in rows)
    notes = list(repeated_names(items))
    if left:
        notes.append(f"{left:,} of {len(rows):,} items have no bucket.")
    return MoscowTable(
        rules=ordered,
        rows=tuple(rows),
        capacity=None if capacity is None else _capacity(rows, capacity),
        notes=tuple(notes),
    )


def _named(rule: Rule, known: Mapping[str, str]) -> Rule:
    """The rule with the inputs' names as the items spell them."""
    conditions = tuple(
        one.model_copy(update={"input": known.get(plain(one.input), one.input)}) for one in rule.conditions
    )
    return rule.model_copy(update={"conditions": conditions})


def _demand(items: Sequence[Item], rules: Sequence[Rule], capacity: float | None) -> None:
    if capacity is not None and not (math.isfinite(capacity) and capacity > 0):
        raise UsageError(
            "The capacity isn't above 0.", hint="Give what can be done, in the same unit as the effort."
        )
    if not rules and not any(item.bucket for item in items):
        raise UsageError(
            "There are no rules, and no item names its bucket.",
            hint="Give rules such as `must: people >= 50`, or a column `moscow`.",
        )
    known = {name for item in items for name in item.inputs}
    ends = {f"{name}_{end}" for name in known for end in ("low", "high")}
    if clash := sorted(known & (_COLUMNS | ends)):
        raise UsageError(
            f"A number can't be called '{clash[0]}': a column of the table is.",
            hint="Call it something else.",
        )
    unknown = sorted({one.input for rule in rules for one in rule.conditions} - known)
    if unknown:
        raise UsageError(
            f"A rule asks for '{unknown[0]}', which no item has.",
            hint=f"The items have {', '.join(sorted(known)) or 'no numbers'}.",
        )
    strange = [f"'{item.name[:60]}': '{item.bucket[:30]}'" for item in items if item.bucket and not parse_bucket(item.bucket)]  # fmt: skip
    if strange:
        raise InputRejected(
            f"Not a bucket of MoSCoW: {listed(strange)}.", hint="Write Must, Should, Could or Won't."
        )
    negative = [f"'{item.name[:60]}': {item.inputs['effort'].least:.15g}" for item in items if "effort" in item.inputs and item.inputs["effort"].value is not None and item.inputs["effort"].least < 0]  # fmt: skip
    if negative:
        raise InputRejected(f"An effort can't be negative: {listed(negative)}.", hint="Correct it.")


def _placed(item: Item, rules: Sequence[Rule]) -> Placed:
    said = parse_bucket(item.bucket) if item.bucket else None
    if said is not None:
        return Placed(item=item, bucket=said, highest=said, lowest=said, rule="a person put it there")
    needed = sorted({one.input for rule in rules for one in rule.conditions})
    if not rules:
        return Placed(item=item, reason="no bucket is given, and there are no rules")
    if missing := lacking(item, needed):
        return Placed(
            item=item, reason=f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        )
    values = {name: value for name in needed if (value := item.inputs[name].value) is not None}
    bucket, rule = _bucket(values, rules)
    possible = [one.bucket for one in rules if _somewhere(one, item)]
    certain = [one.bucket for one in rules if _everywhere(one, item)]
    return Placed(
        item=item,
        bucket=bucket,
        rule=str(rule) if rule else "no rule holds",
        highest=possible[0] if possible else Bucket.wont,
        lowest=certain[0] if certain else Bucket.wont,
        move=_move(item, values, rules, bucket),
    )


def _bucket(values: Mapping[str, float], rules: Sequence[Rule]) -> tuple[Bucket, Rule | None]:
    for rule in rules:
        if all(_holds(one, values[one.input]) for one in rule.conditions):
            return rule.bucket, rule
    return Bucket.wont, None


def _holds(condition: Condition, value: float) -> bool:
    match condition.operator:
        case ">=":
            return value >= condition.value
        case "<=":
            return value <= condition.value
        case ">":
            return value > condition.value
        case "<":
            return value < condition.value


def _everywhere(rule: Rule, item: Item) -> bool:
    # What a rule asks of one input is an interval, so both ends decide.
    return all(
        _holds(one, item.inputs[one.input].least) and _holds(one, item.inputs[one.input].most)
        for one in rule.conditions
    )


def _somewhere(rule: Rule, item: Item) -> bool:
    for name in {one.input for one in rule.conditions}:
        asked = [one for one in rule.conditions if one.input == name]
        low, high = item.inputs[name].least, item.inputs[name].most
        points = sorted({low, high, *(one.value for one in asked if low <= one.value <= high)})
        points += [(a + b) / 2 for a, b in pairwise(points)]
        if not any(all(_holds(one, point) for one in asked) for point in points):
            return False
    return True


def _move(item: Item, values: Mapping[str, float], rules: Sequence[Rule], bucket: Bucket) -> Move | None:
    """The nearest threshold behind which the item stands in another bucket. Between thresholds nothing changes."""
    moves = list(_moves(item, values, rules, bucket))
    order = list(Bucket)
    return min(
        moves,
        key=lambda one: (
            math.inf if one.relative is None else one.relative,
            abs(one.threshold - one.value),
            one.input,
            order.index(one.bucket),
        ),
        default=None,
    )


def _moves(item: Item, values: Mapping[str, float], rules: Sequence[Rule], bucket: Bucket) -> Iterator[Move]:
    thresholds = sorted({(one.input, one.value) for rule in rules for one in rule.conditions})
    for name, threshold in thresholds:
        value, given = values[name], item.inputs[name]
        beyond = -math.inf if threshold <= value else math.inf
        outward: tuple[float, ...] = (threshold, math.nextafter(threshold, beyond))
        if threshold == value:
            outward = (*outward, math.nextafter(threshold, math.inf))
        for at in outward:
            then, _ = _bucket({**values, name: at}, rules)
            if then is not bucket:
                yield Move(
                    input=name,
                    value=value,
                    threshold=threshold,
                    side="at" if at == threshold else "above" if at > threshold else "below",
                    relative=abs(threshold - value) / abs(value) if value else None,
                    bucket=then,
                    within=None if given.low is None else given.least <= threshold <= given.most,
                )
                break


def _capacity(rows: Sequence[Placed], capacity: float) -> Capacity:
    musts = [one.item for one in rows if one.bucket is Bucket.must]
    unknown = [f"'{item.name[:60]}'" for item in musts if lacking(item, ["effort"])]
    efforts = [item.inputs["effort"] for item in musts if not lacking(item, ["effort"])]
    must = math.fsum(one.value for one in efforts if one.value is not None)
    low, high = math.fsum(one.least for one in efforts), math.fsum(one.most for one in efforts)
    allowed = MUST_SHARE * capacity
    limit = allowed * (1 + SAME)
    takes = f"The Musts take {_span(must, low, high)} of {capacity:.6g}; 60 % of it is {allowed:.6g}."
    if low > limit:
        need = must / MUST_SHARE
        return _verdict(capacity, (must, low, high), "too much", f"{takes} They are too much by {must - allowed:.6g}: a capacity of {need:.6g} would hold them.")  # fmt: skip
    if unknown:
        are = "effort is" if len(unknown) == 1 else "efforts are"
        return _verdict(capacity, (must, low, high), "unknown", f"{takes} Whether all fit can't be said: {len(unknown)} {are} missing ({listed(unknown)}).")  # fmt: skip
    if high > limit:
        return _verdict(capacity, (must, low, high), "may not fit", f"{takes} At the high end of the efforts they are too much by {high - allowed:.6g}.")  # fmt: skip
    return _verdict(capacity, (must, low, high), "fits", f"{takes} They fit, with {allowed - high:.6g} to spare.")  # fmt: skip


def _span(value: float, low: float, high: float) -> str:
    return f"{value:.6g} ({low:.6g} to {high:.6g})" if low != high else f"{value:.6g}"


def _verdict(capacity: float, efforts: tuple[float, float, float], verdict: str, sentence: str) -> Capacity:
    must, low, high = efforts
    return Capacity.model_validate(
        {
            "capacity": capacity,
            "must": must,
            "must_low": low,
            "must_high": high,
            "allowed": MUST_SHARE * capacity,
            "verdict": verdict,
            "sentence": sentence,
        }
    )
