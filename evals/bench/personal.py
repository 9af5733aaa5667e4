"""Personal data found and false alarms: invented data seeded into real texts, and look-alikes seeded into the same texts."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.personal.find import find_personal, masked
from assistant.domain.personal.kinds import PersonalKind
from evals.bench.measure import Result, Setting, at_least, at_most
from evals.bench.seeds import SEEDS, TRAPS
from evals.bench.texts import many_sentences, reviews
from evals.bench.timing import timed

DEVELOPING, REPORTED = 1, 20_261_122
"""Rules are made while looking at the first seed's misses only."""
_PER_KIND = 3000
_PER_TRAP = 1000
_CJK = (
    "请尽快联系我{}谢谢",
    "ログインできません。{}に連絡してください。",
    "결제 오류입니다 {}로 연락 주세요",
    "我的账号{}无法登录。",
)
_AROUND = (
    "{}",
    "({})",
    "{}.",
    "{},",
    "“{}”",
    "{}!",
    "[{}]",
    "{};",
    "{}?",
    ": {}",
    "{}\n",
    "<{}>",
    "{}…",
    "{}:",
    "{} 12",
    "3 {}",
)
_SOURCES = ("banking77", "skytrax", "gitbugs", "garmin", "clinc150")
_UNLIKELY = {"banking77", "skytrax", "clinc150"}
"""Sources whose texts hold no personal data: every finding in them is a false alarm."""
_NEVER = frozenset(
    {PersonalKind.card, PersonalKind.iban, PersonalKind.phone, PersonalKind.handle, PersonalKind.secret}
)
"""In bug reports addresses of hosts and mail are real; of the other kinds a sample showed none."""


@dataclass
class Tally:
    """How often, of how many, with what went wrong."""

    right: int = 0
    total: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, good: bool, text: str) -> None:
        """Count one."""
        self.total += 1
        self.right += good
        if not good:
            self.wrong.append(text)


def real_texts(data: Path) -> list[tuple[str, str]]:
    """(source, text) of all real texts, whole reviews and sentences."""
    found = [
        (one.source, text)
        for one in many_sentences(data, 80_000)
        if one.source in _SOURCES
        for text in one.texts
    ]
    return found + [("skytrax", text) for text in reviews(data)]


def seeded(texts: list[tuple[str, str]], seed: int, per_kind: int = _PER_KIND) -> dict[PersonalKind, Tally]:
    """Seed each kind into texts that hold none, and look for it: found is what is covered whole."""
    dice = random.Random(seed)
    hosts = [text for _, text in dice.sample(texts, min(len(texts), per_kind * 4)) if not find_personal(text)]
    tallies = {kind: Tally() for kind in SEEDS}
    for kind, make in SEEDS.items():
        for _ in range(per_kind):
            before, held = make(dice)
            text = _placed(dice, dice.choice(hosts), before + held)
            start = text.index(before + held) + len(before)
            spans = [one for one in find_personal(text) if one.start < start + len(held) and one.end > start]
            covered = (
                spans and spans[0].start <= start and spans[-1].end >= start + len(held) and len(spans) == 1
            )
            good = bool(covered) and held not in masked(text)
            tallies[kind].note(
                good, f"{held!r} in {text[max(0, start - 50) : start + len(held) + 30]!r} {spans}"
            )
    return tallies


def trapped(texts: list[tuple[str, str]], seed: int, per_trap: int = _PER_TRAP) -> dict[str, Tally]:
    """Seed look-alikes into texts that hold nothing: a finding is a false alarm."""
    dice = random.Random(seed)
    hosts = [text for _, text in dice.sample(texts, min(len(texts), per_trap * 4)) if not find_personal(text)]
    tallies = {name: Tally() for name in TRAPS}
    for name, make in TRAPS.items():
        for _ in range(per_trap):
            text = _placed(dice, dice.choice(hosts), make(dice), wraps=False)
            spans = find_personal(text)
            tallies[name].note(not spans, f"{[text[a:b] for a, b, _ in spans]} in {text[:160]!r}")
    return tallies


def clean(texts: list[tuple[str, str]]) -> Tally:
    """Real texts as they are."""
    tally = Tally()
    for source, text in texts:
        spans = [one for one in find_personal(text) if source in _UNLIKELY or one.kind in _NEVER]
        tally.note(not spans, f"{source}: {[(k.value, text[a:b]) for a, b, k in spans]}")
    return tally


def _placed(dice: random.Random, host: str, held: str, *, wraps: bool = True) -> str:
    """At the start, at the end, between two words, beside punctuation, or inside Chinese, Japanese or Korean."""
    if wraps and dice.random() < 0.15:
        return dice.choice(_CJK).format(held)
    shown = dice.choice(_AROUND).format(held) if wraps and dice.random() < 0.5 else held
    words = host.split(" ")
    at = dice.choice([0, len(words), dice.randrange(len(words) + 1)])
    return " ".join([*words[:at], shown, *words[at:]])


def measure_personal(setting: Setting) -> list[Result]:
    """Found per kind, false alarms on real texts and on traps, and what looking costs."""
    texts = real_texts(setting.data)
    share = 10 if setting.quick else 1
    found = seeded(texts, REPORTED, _PER_KIND // share)
    traps = trapped(texts, REPORTED, _PER_TRAP // share)
    real = clean(texts)
    rows = [
        _row(f"{kind.value}: found", tally.right, tally.total, setting, least=True)
        for kind, tally in found.items()
    ]
    right, total = sum(one.right for one in found.values()), sum(one.total for one in found.values())
    rows.append(_row("all kinds: found", right, total, setting, least=True))
    rows.append(
        _row("real texts with a false alarm", real.total - real.right, real.total, setting, least=False)
    )
    rows += [
        _row(f"trap: {name}: false alarms", one.total - one.right, one.total, setting, least=False)
        for name, one in traps.items()
    ]
    cost = timed(lambda: [find_personal(text) for _, text in texts])
    rows.append(
        Result(bench="personal", what="looking, per text", value=1e6 * cost.cpu / len(texts), unit="µs of CPU time",
               note=f"{len(texts):,} real texts", quick=setting.quick)
    )  # fmt: skip
    return rows


def _row(what: str, part: int, whole: int, setting: Setting, *, least: bool) -> Result:
    return Result(
        bench="personal",
        what=what,
        value=100 * part / whole,
        unit="%",
        target=at_least(99.5) if least else at_most(0.5),
        note=f"{part:,} of {whole:,}",
        quick=setting.quick,
    )


def main() -> None:
    """For developing: what the first seed's misses look like."""
    texts = real_texts(Path("../shared/data"))
    for tallies in (
        seeded(texts, DEVELOPING, 1000),
        trapped(texts, DEVELOPING, 500),
        {"clean": clean(texts)},
    ):
        for name, tally in tallies.items():
            print(name, tally.right, tally.total, 100 * tally.right / tally.total)
            print(*tally.wrong[:12], sep="\n")


if __name__ == "__main__":
    main()
