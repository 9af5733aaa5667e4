"""Dev pack, layer 1: stored numbers that another query would give, or none."""

from datetime import timedelta
from random import Random

from assistant.domain.draft import Draft
from assistant.domain.fact import Fact, FactFilter, Measure
from evals.mutators.parts import kind, used_facts, with_fact
from evals.mutators.port import Seeded

Site = tuple[str, Fact]
_COUNTS = {Measure.people, Measure.records, Measure.accounts}
_SHARES = {Measure.share_of_people, Measure.share_of_records, Measure.top_accounts_share}


def _counts(draft: Draft) -> list[Site]:
    return used_facts(draft, lambda fact: fact.measure in _COUNTS)


def _shares(draft: Draft) -> list[Site]:
    return used_facts(draft, lambda fact: fact.measure in _SHARES and 0 < float(fact.value) < 1)


def _off(draft: Draft, site: Site, rng: Random) -> Draft:
    return with_fact(draft, site[0], value=int(site[1].value) + 1)


def _rounded(draft: Draft, site: Site, rng: Random) -> Draft:
    value = int(site[1].value)
    return with_fact(draft, site[0], value=(value // 10 + 1) * 10)


def _digits_turned(draft: Draft, site: Site, rng: Random) -> Draft:
    return with_fact(draft, site[0], value=int(str(int(site[1].value))[::-1]))


def _unlike_turned(draft: Draft) -> list[Site]:
    return [
        site for site in _counts(draft) if (digits := str(int(site[1].value))) != digits[::-1].lstrip("0")
    ]


def _filtered(draft: Draft) -> list[Site]:
    """Counts over a group that is smaller than another count's, so that counting everybody gives more."""
    return [site for site in _counts(draft) if site[1].filter.selection in draft.selections]


def _everybody(draft: Draft, site: Site, rng: Random) -> Draft:
    fact = site[1]
    return with_fact(draft, site[0], filter=fact.filter.model_copy(update={"selection": None}))


def _dated(draft: Draft) -> list[Site]:
    return [
        site for site in _counts(draft) if site[1].filter.scope.since is not None and int(site[1].value) > 1
    ]


def _no_window(draft: Draft, site: Site, rng: Random) -> Draft:
    """The window shrinks to its first day; the number stays that of the whole."""
    where = site[1].filter
    since = where.scope.since
    assert since is not None
    scope = where.scope.model_copy(update={"until": since + timedelta(hours=1)})
    return with_fact(draft, site[0], filter=where.model_copy(update={"scope": scope}))


def _other_groups(draft: Draft) -> list[tuple[str, str]]:
    """(fact, selection) where the selection is another one with other records."""
    return [
        (name, key)
        for name, fact in _filtered(draft)
        for key, chosen in draft.selections.items()
        if key != fact.filter.selection and len(chosen.record_ids) < int(fact.value)
    ]


def _other_group(draft: Draft, site: tuple[str, str], rng: Random) -> Draft:
    where = draft.facts[site[0]].filter.model_copy(update={"selection": site[1]})
    return with_fact(draft, site[0], filter=where)


def _whole_of_itself(draft: Draft, site: Site, rng: Random) -> Draft:
    return with_fact(draft, site[0], denominator=site[1].filter)


def _whole_unbounded(draft: Draft) -> list[Site]:
    """Shares of a narrower whole, which can be shown as shares of everyone."""
    return [
        site
        for site in _shares(draft)
        if site[1].denominator is not None and site[1].denominator.selection in draft.selections
    ]


def _of_everyone(draft: Draft, site: Site, rng: Random) -> Draft:
    return with_fact(draft, site[0], denominator=FactFilter())


def _inflated(draft: Draft, site: Site, rng: Random) -> Draft:
    return with_fact(draft, site[0], value=min(0.99, float(site[1].value) * 1.2 + 0.05))


def _rows(draft: Draft) -> list[Site]:
    """Counts of people whose group has more rows than people."""
    return [
        site
        for site in _filtered(draft)
        if site[1].measure is Measure.people
        and len(draft.selections[site[1].filter.selection or ""].record_ids) > int(site[1].value)
    ]


def _rows_as_people(draft: Draft, site: Site, rng: Random) -> Draft:
    rows = len(draft.selections[site[1].filter.selection or ""].record_ids)
    return with_fact(draft, site[0], value=rows)


def _as_records(draft: Draft, site: Site, rng: Random) -> Draft:
    """The query counts rows, the sentence still says people."""
    rows = len(draft.selections[site[1].filter.selection or ""].record_ids)
    return with_fact(draft, site[0], measure=Measure.records, value=rows)


def _groups(draft: Draft) -> list[tuple[str, str]]:
    """(selection, other) where the other has records of its own, and a count stands on the first."""
    counted = {site[1].filter.selection for site in _counts(draft)}
    return [
        (key, name)
        for key, one in draft.selections.items()
        for name, other in draft.selections.items()
        if key in counted and len(set(other.record_ids) - set(one.record_ids)) >= 5
    ]


def _padded(draft: Draft, site: tuple[str, str], rng: Random) -> Draft:
    one, other = draft.selections[site[0]], draft.selections[site[1]]
    ids = tuple(sorted({*one.record_ids, *other.record_ids}))
    changed = one.model_copy(update={"record_ids": ids})
    return draft.model_copy(update={"selections": {**draft.selections, site[0]: changed}})


def _halved(draft: Draft, site: Site, rng: Random) -> Draft:
    key = site[1].filter.selection or ""
    one = draft.selections[key]
    changed = one.model_copy(update={"record_ids": one.record_ids[: len(one.record_ids) // 4]})
    return draft.model_copy(update={"selections": {**draft.selections, key: changed}})


def _strangers(draft: Draft, site: Site, rng: Random) -> Draft:
    key = site[1].filter.selection or ""
    one = draft.selections[key]
    ids = tuple(sorted((*one.record_ids, f"rec_{rng.getrandbits(80):020x}")))
    return draft.model_copy(
        update={"selections": {**draft.selections, key: one.model_copy(update={"record_ids": ids})}}
    )


def _newer(draft: Draft, site: Site, rng: Random) -> Draft:
    assert site[1].as_of is not None
    return with_fact(draft, site[0], as_of=site[1].as_of + timedelta(days=rng.randint(20, 90)))


def _stated(draft: Draft) -> list[Site]:
    return used_facts(
        draft, lambda fact: fact.measure is Measure.stated and any(map(str.isdigit, str(fact.value)))
    )


def _stated_otherwise(draft: Draft, site: Site, rng: Random) -> Draft:
    value = str(site[1].value)
    at = rng.choice([place for place, c in enumerate(value) if c.isdigit()])
    other = rng.choice([c for c in "123456789" if c != value[at]])
    return with_fact(draft, site[0], value=f"{value[:at]}{other}{value[at + 1 :]}")


def _stated_cut(draft: Draft, site: Site, rng: Random) -> Draft:
    """Half of a number is a number, too."""
    quote_id, start, end = site[1].param.rsplit(":", 2)
    value = str(site[1].value)
    return with_fact(draft, site[0], value=value[:-1], param=f"{quote_id}:{start}:{int(end) - 1}")


def _day(draft: Draft, site: Site, rng: Random) -> Draft:
    year, month, day = str(site[1].value).split("-")
    return with_fact(draft, site[0], value=f"{year}-{month}-{int(day) % 28 + 1:02d}")


def _constant(draft: Draft, site: Site, rng: Random) -> Draft:
    value = str(rng.randint(200, 9000))
    return with_fact(draft, site[0], measure=Measure.constant, value=value, param=value, denominator=None)


FACTS: tuple[Seeded, ...] = (
    kind("count off by one", 1, "numbers_recomputed", _counts, _off, "A count is one too high."),
    kind("count rounded up", 1, "numbers_recomputed", _counts, _rounded, "A count was rounded up to the next ten."),
    kind("count with digits turned", 1, "numbers_recomputed", _unlike_turned, _digits_turned, "A count was copied with its digits turned round."),
    kind("count of everybody", 1, "numbers_recomputed", _filtered, _everybody, "The filter was dropped; the number is no longer that of the group."),
    kind("count of another group", 1, "numbers_recomputed", _other_groups, _other_group, "The number belongs to another group."),
    kind("count of a longer window", 1, "numbers_recomputed", _dated, _no_window, "The number of months is given for an hour."),
    kind("count of rows as people", 1, "numbers_recomputed numbers_bound", _rows, _rows_as_people, "One person who wrote three times is counted three times."),
    kind("rows counted, people said", 1, "numbers_bound numbers_recomputed", _rows, _as_records, "The query counts rows; the sentence says people."),
    kind("share inflated", 1, "numbers_recomputed", _shares, _inflated, "A share is a fifth greater than it was counted."),
    kind("share of itself", 1, "numbers_recomputed", _shares, _whole_of_itself, "The whole was exchanged for the part."),
    kind("share of everyone", 1, "numbers_recomputed", _whole_unbounded, _of_everyone, "A share of few is given as a share of everyone."),
    kind("group padded", 1, "numbers_recomputed", _groups, _padded, "Records that don't belong to the group were put into it."),
    kind("group thinned", 1, "numbers_recomputed", lambda d: [s for s in _filtered(d) if len(d.selections[s[1].filter.selection or ""].record_ids) > 3], _halved, "Records were taken out of the group; the number stayed."),
    kind("group with strangers", 1, "ids_resolve numbers_recomputed", _filtered, _strangers, "A record that never was belongs to the group."),
    kind("as of a later day", 1, "numbers_recomputed", lambda d: used_facts(d, lambda f: f.as_of is not None), _newer, "The number is sold as newer than any record."),
    kind("stated number changed", 1, "numbers_recomputed", _stated, _stated_otherwise, "The number that a customer wrote was changed."),
    kind("stated number cut", 1, "numbers_recomputed", _stated, _stated_cut, "The number that a customer wrote lost a digit."),
    kind("date moved", 1, "numbers_recomputed", lambda d: used_facts(d, lambda f: f.measure in (Measure.first_date, Measure.last_date)), _day, "Another first or last day."),
    kind("count made a constant", 1, "numbers_recomputed", _counts, _constant, "An invented number that poses as part of the query."),
)  # fmt: skip
