"""The contract of `LexicalIndex`: BM25 as the textbook has it, whatever came and went before."""

import math
import random
from collections import Counter

import pytest

from assistant.domain.ids import passage_id
from assistant.domain.text import index_terms
from assistant.stores.lexical_port import Keys, Scores
from assistant.stores.port import Catalog
from tests.support.store_samples import WORKSPACE, batch, record

WORDS = [f"word{i}" for i in range(40)]


def _by_hand(texts: dict[str, str], question: list[str]) -> dict[str, float]:
    """BM25 (k1 1.2, b 0.75) from its formula."""
    bags = {name: Counter(index_terms(text)) for name, text in texts.items()}
    mean = sum(sum(bag.values()) for bag in bags.values()) / len(bags)
    scores = dict.fromkeys(texts, 0.0)
    for term in set(question):
        holders = [name for name, bag in bags.items() if term in bag]
        idf = math.log(1 + (len(bags) - len(holders) + 0.5) / (len(holders) + 0.5))
        for name in holders:
            count, length = bags[name][term], sum(bags[name].values())
            scores[name] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / mean))
    return {name: score for name, score in scores.items() if score}


def _named(catalog: Catalog, keys: Keys, scores: Scores) -> dict[str, float]:
    rows = catalog.records.corpus(WORKSPACE)
    name = dict(zip(rows.passage_keys.tolist(), rows.passage_ids, strict=True))
    return {name[key]: score for key, score in zip(keys.tolist(), scores.tolist(), strict=True)}


def _random_texts(rng: random.Random, count: int) -> list[str]:
    return [" ".join(rng.choices(WORDS, weights=range(1, 41), k=rng.randint(1, 30))) for _ in range(count)]


def test_scores_are_bm25_after_adding_changing_and_erasing(catalog: Catalog) -> None:
    rng = random.Random(3)
    texts = dict(enumerate(_random_texts(rng, 1500)))
    for start in range(0, 1500, 250):
        catalog.records.add(WORKSPACE, batch([record(str(i), texts[i]) for i in range(start, start + 250)]))
    texts |= dict(zip(range(0, 300, 3), _random_texts(rng, 100), strict=True))
    catalog.records.add(WORKSPACE, batch([record(str(i), texts[i]) for i in range(0, 300, 3)]))
    gone = [record(str(i), texts.pop(i)).id for i in range(1, 300, 3)]
    catalog.pages.erase(WORKSPACE, gone)
    named = {passage_id(record(str(i), text).id, 0): text for i, text in texts.items()}
    for _ in range(10):
        question = rng.sample(WORDS, 4)
        expected = _by_hand(named, question)
        hits = catalog.lexical.search(WORKSPACE, question, 3000)
        assert dict(hits) == pytest.approx(expected)
        assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
        assert catalog.lexical.search(WORKSPACE, question, 7) == hits[:7]
        assert _named(catalog, *catalog.lexical.scored(WORKSPACE, question)) == dict(hits)
    apart = catalog.lexical.scored_apart(WORKSPACE, [*question, "nobody"])
    assert apart.keys() == set(question)
    for term, found in apart.items():
        assert _named(catalog, *found) == dict(catalog.lexical.search(WORKSPACE, [term], 3000))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Broken since v4.2 came out", "v4.2"),
        ("We have 10,000 rows", "10,000"),
        ("エクスポートが失敗します", "失敗"),
        ("내보내기 실패", "실패"),
        ("It doesn't sync", "sync"),
        ("Größe: SELECT * FROM x; -- NEAR(a b)", "größe"),
    ],
)
def test_words_of_any_script_are_found_whole(catalog: Catalog, text: str, question: str) -> None:
    catalog.records.add(WORKSPACE, batch([record("1", text), record("2", "4 2 10 000 失 敗 something")]))
    found = [name for name, _ in catalog.lexical.search(WORKSPACE, index_terms(question), 5)]
    assert found == [passage_id(record("1", text).id, 0)]


@pytest.mark.parametrize("terms", [[], ["absent"], ['"quote', "a*", "OR", "NEAR(x"], ["", " "]])
def test_questions_without_a_known_word_find_nothing(catalog: Catalog, terms: list[str]) -> None:
    catalog.records.add(WORKSPACE, batch([record("1", "plain words"), record("2", "!!!")]))
    assert catalog.lexical.search(WORKSPACE, terms, 5) == []
    assert catalog.lexical.search("other", ["plain"], 5) == []
    assert catalog.lexical.search(WORKSPACE, ["plain"], 0) == []


def test_ties_are_broken_by_id(catalog: Catalog) -> None:
    records = [record(str(i), "same words here") for i in range(30)]
    catalog.records.add(WORKSPACE, batch(records[15:]))
    catalog.records.add(WORKSPACE, batch(records[:15]))
    hits = catalog.lexical.search(WORKSPACE, ["word"], 5)
    assert [name for name, _ in hits] == sorted(passage_id(r.id, 0) for r in records)[:5]


def test_a_word_that_left_and_came_back_is_found(catalog: Catalog) -> None:
    one = record("1", "quokka")
    catalog.records.add(WORKSPACE, batch([one, record("2", "other")]))
    catalog.pages.erase(WORKSPACE, [one.id])
    assert catalog.lexical.search(WORKSPACE, ["quokka"], 5) == []
    catalog.records.add(WORKSPACE, batch([one]))
    assert len(catalog.lexical.search(WORKSPACE, ["quokka"], 5)) == 1


def test_it_tells_how_many_passages_hold_a_term(catalog: Catalog) -> None:
    catalog.records.add(
        WORKSPACE, batch([record(str(i), "quokka word" if i < 3 else "word") for i in range(700)])
    )
    assert catalog.lexical.frequencies(WORKSPACE, ["quokka", "word", "word", "absent"]) == (
        700,
        {"quokka": 3, "word": 700},
    )
    assert catalog.lexical.frequencies("other", ["word"]) == (0, {})
