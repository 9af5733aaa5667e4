"""The small map of numbers answers as a dict does."""

import random

import pytest

from ingest import numbers
from ingest.numbers import NumberMap


@pytest.mark.parametrize("seed", range(5))
def test_it_answers_as_a_dict_does(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "_NEW", 16)
    chance = random.Random(seed)
    keys = [0, (1 << 64) - 1, *(chance.getrandbits(64) for _ in range(60))]
    wanted: dict[int, int] = {}
    held = NumberMap()
    for _ in range(500):
        key, value = chance.choice(keys), chance.choice([0, (1 << 64) - 1, chance.getrandbits(64)])
        wanted[key] = value
        held.put(key, value)
        asked = chance.choice(keys)
        assert held.get(asked) == wanted.get(asked)
    assert {key: held.get(key) for key in keys} == {key: wanted.get(key) for key in keys}
    assert held.get(1) is None
