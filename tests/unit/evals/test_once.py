"""What is worked out of one object is kept for that object, and no longer than it lives."""

from dataclasses import dataclass
from weakref import ref

from evals.once import once_each


@dataclass(frozen=True)
class _Held:
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Answer:
    first: str


def _first(held: _Held) -> _Answer:
    return _Answer(held.words[0])


def test_the_same_object_is_read_once_and_an_equal_one_for_itself() -> None:
    first = once_each(_first)
    one, other = _Held(("a", "b")), _Held(("a", "b"))
    assert first(one) is first(one)
    assert first(other) == first(one)
    assert first(other) is not first(one)


def test_an_object_at_the_place_of_a_freed_one_gets_its_own_answer() -> None:
    first = once_each(_first)
    assert [first(_Held((str(number),))).first for number in range(1000)] == [str(n) for n in range(1000)]


def test_an_answer_goes_with_its_object() -> None:
    first = once_each(_first)
    one = _Held(("a",))
    kept = ref(first(one))
    assert kept() is not None
    del one
    assert kept() is None
