"""Groups of twins and people: the same for any order, stars and never chains, exact where texts are the same."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.stores.grouping import NEAR, near_groups, person_links, twin_links
from assistant.stores.ledger import Identity, Sketch
from ingest.clean.duplicates import normalised
from ingest.clean.sketches import sketches_of

WORDS = [
    "the",
    "export",
    "of",
    "large",
    "boards",
    "fails",
    "again",
    "since",
    "last",
    "update",
    "please",
    "help",
    "our",
    "team",
    "with",
    "it",
]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), min_size=1, max_size=40
)


def _similarity(one: bytes, other: bytes) -> float:
    equal = np.mean(np.frombuffer(one, np.uint8) == np.frombuffer(other, np.uint8))
    return round(float((equal - 1 / 256) / (1 - 1 / 256)), 4)


@settings(max_examples=60)
@given(texts=TEXTS, seed=st.integers(0, 1000))
def test_links_do_not_depend_on_the_order_or_the_batches(texts: list[str], seed: int) -> None:
    named = {f"rec_{i:03}": text for i, text in enumerate(texts)}
    shuffled = random.Random(seed).sample(list(named), len(named))
    cut = seed % len(named)
    first = twin_links(dict(zip(named, sketches_of(list(named.values())), strict=True)))
    sketches: dict[str, Sketch] = {}
    for some in (shuffled[:cut], shuffled[cut:]):
        sketches |= dict(zip(some, sketches_of([named[one] for one in some]), strict=True))
    assert twin_links(sketches) == first


@settings(max_examples=60)
@given(texts=TEXTS)
def test_a_group_is_a_star_around_its_smallest_id(texts: list[str]) -> None:
    sketches = dict(zip([f"rec_{i:03}" for i in range(len(texts))], sketches_of(texts), strict=True))
    links = twin_links(sketches)
    for one in links.values():
        assert one.first_id <= one.record_id
        assert links[one.first_id].first_id == one.first_id
        own, first = sketches[one.record_id], sketches[one.first_id]
        if one.rule == "near":
            assert _similarity(own.signature, first.signature) == one.score >= NEAR
            assert own.text_key != first.text_key
        else:
            assert own.text_key == first.text_key
    same = {sketch.text_key: [] for sketch in sketches.values()}
    for name, sketch in sketches.items():
        same[sketch.text_key].append(links[name].first_id if name in links else name)
    assert all(len(set(firsts)) == 1 for firsts in same.values()), "exact twins are never missed"


def test_a_chain_of_small_edits_does_not_make_one_voice_of_all() -> None:
    words = [f"word{i:02}" for i in range(60)]
    chain = [" ".join(words[i : i + 20]) for i in range(40)]
    links = twin_links(dict(zip([f"rec_{i:02}" for i in range(40)], sketches_of(chain), strict=True)))
    firsts = {links[name].first_id for name in links}
    assert len(firsts) >= 4, "each step is near to the next, the ends have nothing in common"


def test_a_crowd_of_copies_with_small_edits_is_one_group() -> None:
    dice = random.Random(2)
    crowd = [
        f"Please bring the offline mode to the mobile app, ticket {dice.randrange(10**5)}" for _ in range(600)
    ]
    links = twin_links(dict(zip([f"rec_{i:03}" for i in range(600)], sketches_of(crowd), strict=True)))
    assert len(links) == 600
    assert len({one.first_id for one in links.values()}) <= 3


def test_signatures_of_a_hostile_crowd_are_grouped_in_bounded_time() -> None:
    matrix = np.random.default_rng(3).integers(0, 256, (20_000, 128), dtype=np.uint8)
    matrix[:, :5] = 7  # all share a bucket, none is near
    assert near_groups(matrix) == {}


IDENTITIES = st.lists(
    st.builds(
        Identity,
        person=st.sampled_from([f"per_{c}" for c in "abcdefgh"]),
        rule=st.sampled_from(["email", "account_name", "handle", "manual"]),
        identity=st.sampled_from("123456"),
    ),
    max_size=20,
)


@given(known=IDENTITIES, seed=st.integers(0, 1000))
def test_people_do_not_depend_on_the_order(known: list[Identity], seed: int) -> None:
    rules = ("email", "account_name", "handle")
    links = person_links(known, rules, frozenset({"per_b"}))
    assert person_links(random.Random(seed).sample(known, len(known)), rules, frozenset({"per_b"})) == links
    for one in links.values():
        assert one.first_person < one.person
        assert one.first_person not in links
        assert "per_b" not in one


def test_a_name_in_an_account_tells_nothing_where_two_addresses_have_it() -> None:
    name = [Identity(f"per_{c}", "account_name", "john smith acme") for c in "abc"]
    rules = ("email", "account_name")
    one_address = [*name, Identity("per_a", "email", "1")]
    assert set(person_links(one_address, rules, frozenset())) == {"per_b", "per_c"}
    two_addresses = [*one_address, Identity("per_b", "email", "2")]
    assert person_links(two_addresses, rules, frozenset()) == {}


@given(text=st.text(max_size=60), other=st.text(max_size=60))
def test_sketches_never_fail_and_exact_means_the_same_normalised_text(text: str, other: str) -> None:
    one, two = sketches_of([text, other])
    assert (one.text_key == two.text_key) == (normalised(text) == normalised(other))
    assert sketches_of([text]) == [one]
