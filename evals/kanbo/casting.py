"""Who writes which record, when: batches to entries without texts."""

from collections.abc import Sequence
from datetime import timedelta

from evals.kanbo.dice import Dice
from evals.kanbo.entry import Entry
from evals.kanbo.people import Account, Person, Population, home_of
from evals.kanbo.plan import (
    BASE_PLANS,
    CHAT,
    COMMON,
    IMPROVE,
    LIKE,
    NPS,
    PLANTED,
    PRAISE_THEMES,
    REVIEWS,
    SURVEY,
    Batch,
)
from evals.kanbo.weeks import EXPORT_RELEASE, RELEASES, moment, spread, version_at, week_of

_LANGUAGES = {"german_reminders": "de", "japanese_search": "ja"}
_KNOWN = {"support_tickets": 0.44, "nps": 0.35, "survey": 0.93, "app_reviews": 0.07, "team_chat": 0.72}
"""How likely a record of a common theme is by somebody who wrote before."""


def cast_all(population: Population, seed: int, scale: int) -> list[Entry]:
    """Cast every batch, planted ones first so that their people and accounts are theirs."""
    casts: dict[str, list[Entry]] = {}
    for batch in (*PLANTED, *COMMON):
        dice = Dice(seed, "cast", batch.name)
        casts[batch.name] = _cast(batch, population, dice, scale, casts.get(batch.among, []))
    entries = [entry for entries in casts.values() for entry in entries]
    _reply(entries, Dice(seed, "replies"))
    return entries


def _reply(entries: Sequence[Entry], dice: Dice) -> None:
    """Put most of the chat's small talk behind a message, as a chat has it."""
    chat = [entry for entry in entries if entry.source == CHAT and entry.theme != "noise"]
    for entry in entries:
        if entry.source == CHAT and entry.theme == "noise" and dice.chance(0.7):
            before = dice.pick(chat).when
            later = before + timedelta(minutes=dice.between(1, 9))
            entry.when = later if later.date() == before.date() else before


def _cast(
    batch: Batch, population: Population, dice: Dice, scale: int, before: Sequence[Entry]
) -> list[Entry]:
    if batch.among:
        return _cast_again(batch, dice, scale, before)
    if batch.people:
        entries = _cast_new(batch, population, dice, scale)
    else:
        entries = _cast_known(batch, population, dice, batch.records * scale)
    for part, count in batch.extra.items():
        # NPS comments are too short to say a second thing.
        room = [e for e in entries[: batch.people * scale] if e.source not in {NPS}]
        for entry in dice.shuffled(room)[: count * scale]:
            entry.extra.append(part)
    return entries


def _entry(batch: Batch, source: str, person: Person, week: int, dice: Dice) -> Entry:
    after = RELEASES[EXPORT_RELEASE] if batch.shape == "after" else None
    when = moment(week, dice, after)
    version = version_at(when, person.days_behind)
    if after:
        version = max(version, EXPORT_RELEASE)
    entry = Entry(source, batch.theme, batch.name, batch.stance, person, when, version, batch.parts)
    entry.question, entry.choice = batch.question, batch.choice
    if batch.theme in PRAISE_THEMES:
        entry.stance = "praise"
    elif batch.theme == "noise":
        entry.stance = "neutral"
    if source == SURVEY and not batch.question:
        entry.question = LIKE if entry.stance == "praise" else IMPROVE
    entry.rating = _rating(source, entry.stance, dice)
    return entry


def _rating(source: str, stance: str, dice: Dice) -> int | None:
    if source == REVIEWS:
        weights = {
            "problem": {1: 26, 2: 30, 3: 30, 4: 12, 5: 2},
            "praise": {4: 25, 5: 75},
            "neutral": {1: 6, 3: 20, 4: 24, 5: 50},
        }
        return dice.weighted(weights[stance])
    if source == NPS:
        weights = {
            "problem": {1: 3, 2: 6, 3: 9, 4: 11, 5: 16, 6: 21, 7: 19, 8: 12, 9: 3},
            "praise": {8: 18, 9: 38, 10: 44},
            "neutral": {0: 2, 5: 14, 6: 10, 7: 25, 8: 26, 9: 13, 10: 10},
        }
        return dice.weighted(weights[stance])
    return None


def _cast_new(batch: Batch, population: Population, dice: Dice, scale: int) -> list[Entry]:
    count, total = batch.people * scale, batch.records * scale
    sources = dice.apportion(count, batch.sources)
    people = _new_people(batch, population, dice, sources, scale)
    later = dice.apportion(total - count, batch.sources) if total > count else []
    pairs = list(zip(sources, people, strict=True))
    for source in later:
        alike = [person for person in people if person.home == home_of(source)]
        pairs.append((source, dice.pick(alike or people)))
    pairs = [
        (s if p.home == home_of(s) else "support_tickets" if p.home == "mail" else "app_reviews", p)
        for s, p in pairs
    ]
    weeks = dice.shuffled(spread(total, batch.shape, dice))
    return [
        _entry(batch, source, person, week, dice) for (source, person), week in zip(pairs, weeks, strict=True)
    ]


def _new_people(
    batch: Batch, population: Population, dice: Dice, sources: Sequence[str], scale: int
) -> list[Person]:
    mail = sum(home_of(source) == "mail" for source in sources)
    plans = iter(dice.apportion(mail, batch.plans or BASE_PLANS))
    # The loud minority stays three accounts at any scale; other reserved accounts grow with it.
    grow = 1 if batch.name == "dark_loud" else scale
    reserved = {plan: population.reserve(plan, count * grow) for plan, count in batch.reserved.items()}
    turn = dict.fromkeys(reserved, 0)
    mobile = iter(dice.apportion(len(sources), {True: batch.mobile or 0, False: 1 - (batch.mobile or 0)}))
    people = []
    for source in sources:
        account: Account | None = None
        if home_of(source) == "mail":
            plan = next(plans)
            account = (
                _seat(reserved[plan], turn, plan, dice) if plan in reserved else population.account(plan)
            )
        people.append(
            population.create(
                home_of(source),
                account=account,
                language=_LANGUAGES.get(batch.theme, "en"),
                platform=_platform(batch, next(mobile), source, dice),
                role=(dice.weighted(batch.roles) or None) if batch.roles else None,
            )
        )
    return people


def _seat(accounts: Sequence[Account], turn: dict[str, int], plan: str, dice: Dice) -> Account:
    turn[plan] += 1
    return accounts[turn[plan] - 1] if turn[plan] <= len(accounts) else dice.pick(accounts)


def _platform(batch: Batch, mobile: bool, source: str, dice: Dice) -> str | None:
    if batch.mobile is None:
        return None
    if mobile:
        return dice.pick(["ios", "android"])
    # A review comes from a store; those not on a phone wrote about the desktop app.
    return "desktop" if source == REVIEWS else dice.pick(["web", "desktop"])


def _cast_again(batch: Batch, dice: Dice, scale: int, before: Sequence[Entry]) -> list[Entry]:
    total = batch.records * scale
    pools: dict[str, list[Entry]] = {}
    for entry in before:
        pools.setdefault(entry.person.home, []).append(entry)
    entries: list[Entry] = []
    met: set[str] = set()
    weeks = spread(total, batch.shape, dice)
    for source, week in zip(dice.apportion(total, batch.sources), weeks, strict=True):
        first = _earlier(pools[home_of(source)], week, met if batch.once else set(), dice)
        met.add(first.person.author)
        entries.append(_entry(batch, source, first.person, week, dice))
    return entries


def _earlier(pool: Sequence[Entry], week: int, met: set[str], dice: Dice) -> Entry:
    """Somebody's first text from before that week; failing that, from the pool, yet nobody who was met."""
    rest = None
    for entry in dice.shuffled(pool) if len(pool) < 200 else (dice.pick(pool) for _ in range(200)):
        if entry.person.author in met:
            continue
        rest = rest or entry
        if week_of(entry.when) < week:
            return entry
    return rest or pool[0]


def _cast_known(batch: Batch, population: Population, dice: Dice, total: int) -> list[Entry]:
    written: set[str] = set()
    entries = []
    for source, week in zip(
        dice.apportion(total, batch.sources), spread(total, batch.shape, dice), strict=True
    ):
        person = _somebody(batch, source, population, dice, written)
        written.add(person.author)
        entries.append(_entry(batch, source, person, week, dice))
    return entries


def _somebody(batch: Batch, source: str, population: Population, dice: Dice, written: set[str]) -> Person:
    home = home_of(source)
    known = population.known(home, "en")
    if known and dice.chance(_KNOWN[source]):
        for _ in range(12):
            person = dice.pick(known)
            if person.author not in written and _suits(batch, source, person):
                return person
    account = population.account(dice.weighted(BASE_PLANS)) if home == "mail" else None
    platform = "android" if batch.theme == "android_crash" else None
    return population.create(home, account=account, platform=platform)


def _suits(batch: Batch, source: str, person: Person) -> bool:
    if batch.theme == "android_crash":
        return person.platform == "android"
    if batch.theme in {"permissions", "billing_admin"}:
        return person.role not in {"field technician", "volunteer"}
    return source != REVIEWS or person.platform in {"ios", "android"}
