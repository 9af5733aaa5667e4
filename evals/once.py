"""What is worked out of one draft or one corpus, once for all graders that read it."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import ref

_One = TypeVar("_One")
_Answer = TypeVar("_Answer")


def once_each(compute: Callable[[_One], _Answer]) -> Callable[[_One], _Answer]:
    """Keep what a pure function of one frozen object gives for as long as that very object lives.

    By identity: drafts and corpora can't be hashed, and comparing two of them costs more than most answers. The answer must
    not hold the object, or neither would ever be freed.
    """
    known: dict[int, tuple[ref[_One], _Answer]] = {}

    @wraps(compute)
    def remembered(one: _One) -> _Answer:
        key = id(one)
        held = known.get(key)
        if held is not None and held[0]() is one:
            return held[1]
        answer = compute(one)
        # An id is given again only after the object is gone, and then its entry is gone, too.
        known[key] = (ref(one, lambda _: known.pop(key, None)), answer)
        return answer

    return remembered
