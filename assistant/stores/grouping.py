"""Finding groups: twins by text and signature, people by what they can be known by. Pure functions of the whole workspace.

A group of twins is a star, not a chain: its first record (the smallest id) is near to every other. Where a is near to b, and
b to c, but a not to c, then b goes with a, and c stays. Otherwise many small edits would make one voice of all feedback.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from assistant.stores.ledger import Identity, PersonLink, PersonRule, Sketch, TwinLink, TwinRule

NEAR = 0.66
"""Least estimated similarity of near twins. The estimate is off by 0.04 (128 permutations), so that the real one is above 0.6."""
_ROWS = 5
"""Bytes of a signature in one band: pairs at 0.66 meet in one of the 25 bands in 97 of 100 cases."""
_WINDOW = 16
"""A record is compared with so many that follow it in a bucket; what is hidden behind them comes to light in the next pass."""
_PASSES = 12
_PAIRS_AT_ONCE = 1 << 14
_CODES_AT_ONCE = 1 << 20
_STRENGTH: tuple[PersonRule, ...] = ("manual", "email", "account_name", "handle")
"""Of several rules that a pseudonym is linked by, the first is named."""

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


def twin_links(sketches: Mapping[str, Sketch]) -> dict[str, TwinLink]:
    """Record id → its link, for records that have a twin.

    The same records give the same links in any order. A text's first record stands for all that say exactly the same.
    """
    return links_in_order(sorted(sketches.items()))


def links_in_order(sketches: Iterable[tuple[str, Sketch]]) -> dict[str, TwinLink]:
    """As `twin_links`, of sketches that come by record id. What is held of each is its bytes in an array."""
    ids: list[str] = []
    figures: dict[int, str] = {}
    keys, signatures, signed = bytearray(), bytearray(), array("q")
    for row, (record_id, sketch) in enumerate(sketches):
        ids.append(record_id)
        keys += sketch.text_key
        if sketch.figures:
            figures[row] = sketch.figures
        if sketch.signature:
            signed.append(row)
            signatures += sketch.signature
    head = _first_of_same(np.frombuffer(keys, dtype="<u8").reshape(len(ids), 2))
    rows = np.array(signed, dtype=np.int64)
    matrix = np.frombuffer(signatures, dtype=np.uint8).reshape(len(rows), -1 if len(rows) else 0)
    is_head = head[rows] == rows
    near = near_groups(matrix[is_head])
    rows = rows[is_head]
    first_of = {int(rows[place]): (int(rows[first]), score) for place, (first, score) in near.items()}
    return _links(ids, figures, head, first_of)


def _first_of_same(keys: npt.NDArray[np.uint64]) -> Ints:
    """For each row the first one with the same key. Args: keys: shape (rows, 2)."""
    order = np.lexsort((np.arange(len(keys)), keys[:, 1], keys[:, 0]))
    begins = np.ones(len(keys), dtype=bool)
    begins[1:] = (keys[order[1:]] != keys[order[:-1]]).any(axis=1)
    head = np.empty(len(keys), dtype=np.int64)
    head[order] = order[np.flatnonzero(begins)[np.cumsum(begins) - 1]]
    return head


def _links(
    ids: Sequence[str], figures: Mapping[int, str], head: Ints, first_of: Mapping[int, tuple[int, float]]
) -> dict[str, TwinLink]:
    named = {*first_of, *(first for first, _ in first_of.values())}
    in_group = np.bincount(head, minlength=len(head))[head] > 1
    in_group |= np.isin(head, np.fromiter(named, np.int64, len(named)))
    links: dict[str, TwinLink] = {}
    for row in np.flatnonzero(in_group).tolist():
        own = int(head[row])
        first, score = first_of.get(own, (own, 1.0))
        rule: TwinRule = "near" if first != own else "exact" if row != first else "first"
        links[ids[row]] = TwinLink(ids[row], ids[first], rule, score, figures.get(row, ""))
    return links


def near_groups(matrix: Bytes) -> dict[int, tuple[int, float]]:
    """Row → (row of the group's first, similarity with it), for rows that are near to an earlier one and no first themselves.

    Args: matrix: a signature per row, in the order of the record ids.
    """
    if len(matrix) < 2:
        return {}
    rows = np.arange(len(matrix), dtype=np.int64)
    found: dict[int, tuple[int, float]] = {}
    for _ in range(_PASSES):
        crowded = np.zeros(len(matrix), dtype=bool)
        sweep, again, band = rows, False, 0
        moved = False
        while band < matrix.shape[1] // _ROWS:
            pairs, scores, band = _near_pairs(matrix, sweep, crowded, band)
            fresh = _stars(pairs, scores)
            again |= _move(matrix, found, fresh)
            moved |= bool(fresh)
            sweep = _without(found, sweep)
        if not moved:
            break
        rows = np.arange(len(matrix)) if again else np.flatnonzero(crowded)
        rows = _without(found, rows)
        if not len(rows):
            break
    return found


def _without(found: Mapping[int, object], rows: Ints) -> Ints:
    return rows[~np.isin(rows, np.fromiter(found, np.int64, len(found)))]


def _stars(pairs: Ints, scores: npt.NDArray[np.float64]) -> dict[int, tuple[int, float]]:
    """Each row goes to the earliest first that it is near to. Args: pairs: (earlier, later), sorted."""
    found: dict[int, tuple[int, float]] = {}
    for earlier, later, score in zip(
        pairs[:, 0].tolist(), pairs[:, 1].tolist(), scores.tolist(), strict=True
    ):
        if earlier not in found and later not in found:
            found[later] = (earlier, score)
    return found


def _move(matrix: Bytes, found: dict[int, tuple[int, float]], fresh: dict[int, tuple[int, float]]) -> bool:
    """Take the new links up. Where a first went to an earlier one, its others follow if they are near to that one too.

    Returns: whether any stayed behind.
    """
    freed = False
    for row, (first, _) in list(found.items()):
        if first in fresh:
            above = fresh[first][0]
            score = float(_similarity(matrix[row][None], matrix[above][None])[0])
            if score >= NEAR:
                found[row] = (above, score)
            else:
                del found[row]
                freed = True
    found.update(fresh)
    return freed


def _near_pairs(
    matrix: Bytes, rows: Ints, crowded: npt.NDArray[np.bool_], band: int
) -> tuple[Ints, npt.NDArray[np.float64], int]:
    """Pairs of rows that share a band and are near, sorted, and the band to go on with.

    Args:
        crowded: marked for rows whose window didn't show all of their bucket.
        band: the first to look at. A crowd shares every bucket: after a million pairs the others wait for its grouping.
    """
    coded = [np.empty(0, np.int64)]
    while band < matrix.shape[1] // _ROWS and sum(map(len, coded)) < _CODES_AT_ONCE:
        keys, placed = _buckets(matrix[rows, band * _ROWS : (band + 1) * _ROWS], rows)
        band += 1
        for step in range(1, _WINDOW + 1):
            meet = np.flatnonzero(keys[step:] == keys[:-step])
            if not len(meet):
                break
            coded.append(placed[meet] * len(matrix) + placed[meet + step])
            if step == _WINDOW:
                crowded[placed[meet]] = crowded[placed[meet + step]] = True
    candidates = _distinct(coded)
    kept, scores = [np.empty(0, np.int64)], [np.empty(0)]
    for start in range(0, len(candidates), _PAIRS_AT_ONCE):
        some = candidates[start : start + _PAIRS_AT_ONCE]
        similar = _similarity(matrix[some // len(matrix)], matrix[some % len(matrix)])
        near = similar >= NEAR
        kept.append(some[near])
        scores.append(similar[near])
    codes = np.concatenate(kept)
    pairs = np.stack([codes // len(matrix), codes % len(matrix)], axis=1)
    return pairs, np.concatenate(scores), band


def _buckets(columns: Bytes, rows: Ints) -> tuple[npt.NDArray[np.uint64], Ints]:
    """Keys of the band and the rows that have them, by key and then by row."""
    packed = np.arange(len(columns), dtype=np.uint64)
    for position in range(columns.shape[1]):
        packed |= columns[:, position].astype(np.uint64) << np.uint64(24 + 8 * position)
    # Key and place in one number: sorting numbers is five times faster than sorting their order.
    packed.sort()
    return packed >> np.uint64(24), rows[(packed & np.uint64(0xFFFFFF)).astype(np.int64)]


def _distinct(coded: Sequence[Ints]) -> Ints:
    codes = np.sort(np.concatenate(coded))
    return codes[np.concatenate([[True], codes[1:] != codes[:-1]])] if len(codes) else codes


def _similarity(one: Bytes, other: Bytes) -> npt.NDArray[np.float64]:
    """Estimated Jaccard similarity; one byte in 256 is equal by chance."""
    equal = np.count_nonzero(one == other, axis=1) / one.shape[1]
    return np.asarray((equal - 1 / 256) / (1 - 1 / 256), dtype=np.float64).round(4)


def person_links(
    identities: Iterable[Identity], rules: Sequence[str], apart: frozenset[str]
) -> dict[str, PersonLink]:
    """Pseudonym → its link, for those that are another one's person.

    Unlike twins, people are chains: who has one's address and another's handle is both. A full name in an account tells
    nothing where two addresses have it. Args: apart: pseudonyms that were split off.
    """
    known = [one for one in identities if one.person not in apart and one.rule in {*rules, "manual"}]
    addresses: dict[str, set[str]] = defaultdict(set)
    for one in known:
        if one.rule == "email":
            addresses[one.person].add(one.identity)
    holders: dict[tuple[PersonRule, str], set[str]] = defaultdict(set)
    for one in known:
        holders[one.rule, one.identity].add(one.person)
    first: dict[str, str] = {}
    shared: dict[str, set[PersonRule]] = defaultdict(set)
    for rule, identity in sorted(holders):
        held = sorted(holders[rule, identity])
        if rule == "account_name" and len(set[str]().union(*(addresses[one] for one in held))) > 1:
            continue
        for other in held[1:]:
            _join(first, held[0], other)
        for person in held if len(held) > 1 else ():
            shared[person].add(rule)
    links: dict[str, PersonLink] = {}
    for person in sorted(first):
        if (top := _top(first, person)) != person:
            links[person] = PersonLink(person, top, min(shared[person], key=_STRENGTH.index))
    return links


def _top(first: dict[str, str], person: str) -> str:
    while first.get(person, person) != person:
        person = first[person]
    return person


def _join(first: dict[str, str], one: str, other: str) -> None:
    low, high = sorted((_top(first, one), _top(first, other)))
    first.setdefault(low, low)
    first[high] = low
