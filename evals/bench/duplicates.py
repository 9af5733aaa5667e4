"""Near duplicates: what is found of planted edits, what is found wrongly, and at what speed against datasketch.

Planted truth alone can't tell precision: banking77 and clinc150 hold questions that are almost equal by themselves. A link
counts as wrong where its texts are no edits of one original and the share of shingles they really have in common is below 0.6.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from assistant.stores.grouping import twin_links
from assistant.stores.ledger import TwinLink
from evals.bench.measure import Result, Setting, at_least, at_most
from evals.bench.texts import short_texts
from evals.bench.timing import interleaved, median, timed
from ingest.clean.duplicates import normalised
from ingest.clean.sketches import sketches_of

TIMES_FASTER = 10.0
RECALL, PRECISION = 0.80, 0.99
_REAL = 0.6
_NO_WORD = re.compile(r"[\W_]+")
_CHARS = 4
_PEER_PERMUTATIONS = 128
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LEADS = ("Again:", "Hi,", "Hello there,", "Reminder -", "Second attempt:", "As I wrote before:")
_TAILS = ("Thanks!", "Any news?", "Please advise.", "Still waiting.", "This is still the case.")
_FILLERS = ("really", "just", "still", "now", "please", "always", "again")
_MARKS = ("!!", "...", "?!", ".", " !")


@dataclass(frozen=True)
class Planted:
    """Texts, of which some are edits or copies of others."""

    texts: tuple[str, ...]
    near: tuple[tuple[int, int, str], ...]
    """(place of the original, place of its edit, way of the edit)."""
    exact: tuple[tuple[int, int], ...]
    """(place of the original, place of a copy in other case, spacing, width or with zero-width marks)."""


def measure_duplicates(setting: Setting) -> list[Result]:
    """20,000 texts: 15,000 questions, 4,000 edits, 1,000 copies."""
    planted = planted_texts(setting.data, 1_000 if setting.quick else 20_000)
    texts = planted.texts
    calls: dict[str, Callable[[], object]] = {
        "ours": lambda: links_of(texts),
        "peer": lambda: peer_pairs(texts, by_batch=True),
    }
    some = texts[: len(texts) // 10]
    slow = timed(lambda: peer_pairs(some, by_batch=False)).cpu * len(texts) / len(some)
    costs = {name: median(cost) for name, cost in interleaved(calls, 1 if setting.quick else 3).items()}
    links = links_of(texts)
    group = {int(one.record_id): one.first_id for one in links.values()}
    return [
        *_times(len(texts), costs["ours"].cpu, costs["peer"].cpu, slow),
        *_recall(planted, group),
        _precision(planted, links),
        _exact(planted, links),
    ]


def planted_texts(data: Path, count: int, seed: int = 8) -> Planted:
    """Distinct questions of banking77 and clinc150, a fifth as many edits, a twentieth as many copies, shuffled."""
    dice = random.Random(seed)
    own = list(dict.fromkeys([*short_texts(data, 12_000)[:9_000], *_clinc(data)]))
    distinct = list({normalised(text): text for text in own}.values())
    originals = dice.sample(distinct, count * 3 // 4)
    chosen = dice.sample(range(len(originals)), count // 4)
    texts, near, exact = list(originals), [], []
    for number, place in enumerate(chosen):
        if number < count // 5:
            way = sorted(EDITS)[number % len(EDITS)]
            near.append((place, len(texts), way))
            texts.append(EDITS[way](originals[place], dice))
        else:
            exact.append((place, len(texts)))
            texts.append(_copy(originals[place], dice))
    order = dice.sample(range(len(texts)), len(texts))
    placed = {old: new for new, old in enumerate(order)}
    return Planted(
        tuple(texts[old] for old in order),
        tuple((placed[a], placed[b], way) for a, b, way in near),
        tuple((placed[a], placed[b]) for a, b in exact),
    )


def links_of(texts: Sequence[str]) -> dict[str, TwinLink]:
    """The links that an import of these texts makes. Record ids are their places, with leading zeros."""
    return twin_links({f"{place:08}": one for place, one in enumerate(sketches_of(texts))})


def peer_pairs(texts: Sequence[str], *, by_batch: bool) -> set[tuple[int, int]]:
    """The same with datasketch: MinHash, an LSH of the same threshold, and its check of what that finds.

    Args: by_batch: its fastest way (`generator`), else shingle by shingle, as its documentation begins.
    """
    if by_batch:
        batches = ([shingle.encode() for shingle in shingles(text)] for text in texts)
        hashes = list(MinHash.generator(batches, num_perm=_PEER_PERMUTATIONS))
    else:
        hashes = [MinHash(num_perm=_PEER_PERMUTATIONS) for _ in texts]
        for one, text in zip(hashes, texts, strict=True):
            for shingle in shingles(text):
                one.update(shingle.encode())
    index = MinHashLSH(threshold=_REAL, num_perm=_PEER_PERMUTATIONS)
    found = set()
    for place, one in enumerate(hashes):
        found |= {
            (int(other), place) for other in index.query(one) if hashes[int(other)].jaccard(one) >= _REAL
        }
        index.insert(place, one)
    return found


def shingles(text: str) -> set[str]:
    """Runs of four characters of the normalised text, punctuation left out."""
    plain = f" {_NO_WORD.sub(' ', normalised(text)).strip()} "
    return {plain[i : i + _CHARS] for i in range(max(1, len(plain) - _CHARS + 1))}


def _typo(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text))
    return text[:place] + dice.choice(_LETTERS) + text[place + dice.randrange(2) :]


def _swapped(text: str, dice: random.Random) -> str:
    words = text.split()
    place = dice.randrange(len(words) - 1) if len(words) > 1 else 0
    words[place : place + 2] = words[place : place + 2][::-1]
    return " ".join(words)


def _one_more(text: str, dice: random.Random) -> str:
    words = text.split()
    words.insert(dice.randrange(len(words) + 1), dice.choice(_FILLERS))
    return " ".join(words)


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "typo": _typo,
    "word swap": _swapped,
    "prefix": lambda text, dice: f"{dice.choice(_LEADS)} {text}",
    "suffix": lambda text, dice: f"{text} {dice.choice(_TAILS)}",
    "punctuation": lambda text, dice: text.rstrip(".?! ") + dice.choice(_MARKS),
    "word added": _one_more,
}


def _copy(text: str, dice: random.Random) -> str:
    """The same text in another case, spacing or width, or with marks that nobody sees."""
    way = dice.randrange(4)
    if way == 0:
        return text.upper() if dice.random() < 0.5 else text.title()
    if way == 1:
        return f"  {text.replace(' ', '   ', 2)}\n"
    if way == 2:
        return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in text)
    place = dice.randrange(len(text))
    return f"{text[:place]}\u200b{text[place:]}\ufeff"


def _clinc(data: Path) -> list[str]:
    splits = json.loads((data / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    return [" ".join(text.split()) for name in sorted(splits) for text, _ in splits[name]]


def _times(count: int, ours: float, by_batch: float, one_by_one: float) -> list[Result]:
    def row(what: str, peer: float, note: str) -> Result:
        return Result(
            bench="duplicates",
            what=f"records per CPU-second, against datasketch {what}",
            value=peer / ours,
            unit="x",
            target=at_least(TIMES_FASTER),
            note=f"{count / ours:,.0f} against {count / peer:,.0f}; {note}",
        )

    return [
        row("as its documentation begins", one_by_one, "shingle by shingle, over a tenth of the texts"),
        row("by batches, its fastest way", by_batch, "sketches, groups and check on both sides"),
    ]


def _recall(planted: Planted, group: dict[int, str]) -> list[Result]:
    def share(pairs: Sequence[tuple[int, int, str]]) -> float:
        return sum(_together(group, a, b) for a, b, _ in pairs) / len(pairs)

    ways = ", ".join(
        f"{way} {share([pair for pair in planted.near if pair[2] == way]):.2f}" for way in sorted(EDITS)
    )
    return [
        Result(
            bench="duplicates",
            what="planted edits that are in their original's group",
            value=share(planted.near),
            target=at_least(RECALL),
            note=f"{len(planted.near):,} edits: {ways}",
        )
    ]


def _precision(planted: Planted, links: dict[str, TwinLink]) -> Result:
    original = {edit: place for place, edit, _ in planted.near} | {
        copy: place for place, copy in planted.exact
    }
    near = [(int(one.record_id), int(one.first_id)) for one in links.values() if one.rule == "near"]
    natural = [(a, b) for a, b in near if original.get(a, a) != original.get(b, b)]
    wrong = sum(_jaccard(planted.texts[a], planted.texts[b]) < _REAL for a, b in natural)
    return Result(
        bench="duplicates",
        what="near links that are right",
        value=1 - wrong / len(near) if near else 0.0,
        target=at_least(PRECISION),
        note=f"{wrong} of {len(near):,} links wrong; {len(natural) - wrong:,} are between questions alike by themselves",
    )


def _exact(planted: Planted, links: dict[str, TwinLink]) -> Result:
    texts = [normalised(text) for text in planted.texts]
    group = {int(one.record_id): one.first_id for one in links.values()}
    missed = sum(not _together(group, a, b) for a, b in planted.exact)
    named = [one for one in links.values() if one.rule == "exact"]
    false = sum(texts[int(one.record_id)] != texts[int(one.first_id)] for one in named)
    return Result(
        bench="duplicates",
        what="exact duplicates missed or made up",
        value=missed + false,
        target=at_most(0),
        note=f"{len(planted.exact):,} copies in other case, spacing, width, or with zero-width marks",
    )


def _together(group: dict[int, str], one: int, other: int) -> bool:
    return one in group and group[one] == group.get(other)


def _jaccard(one: str, other: str) -> float:
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)
