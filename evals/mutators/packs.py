"""The packs of mutators there are: our own, and those that others install under the entry point `voxspec.mutators`."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from assistant.errors import UsageError
from evals.mutators.guard import Crash, guarded
from evals.mutators.port import Mutator

GROUP = "voxspec.mutators"
OWN = "dev"
HELD_OUT = "second"
"""Ours too, written by others without sight of the graders. It runs only where it is named: nothing is tuned to it."""


@dataclass(frozen=True)
class Pack:
    """Mutators under one name, in the order in which they are shown."""

    name: str
    mutators: tuple[Mutator, ...] = ()
    problem: str = ""
    """Why it can't be used, in one sentence; it has no mutators then."""


def pack_names() -> tuple[str, ...]:
    """Our own two first, then the installed ones by name."""
    return (OWN, HELD_OUT, *sorted({entry.name for entry in entry_points(group=GROUP)} - {OWN, HELD_OUT}))


def load_packs(names: Iterable[str] = ()) -> tuple[Pack, ...]:
    """Packs by name; all but the one held out where none is named. One that can't be loaded has a `problem`.

    Raises: UsageError for a name that no pack has.
    """
    known = pack_names()
    wanted = tuple(dict.fromkeys(names)) or tuple(name for name in known if name != HELD_OUT)
    if unknown := [name for name in wanted if name not in known]:
        raise UsageError(
            f"There is no pack of mutators called '{unknown[0]}'.", hint=f"Packs here: {', '.join(known)}."
        )
    return tuple(_ours(name) if name in (OWN, HELD_OUT) else _installed(name) for name in wanted)


def _ours(name: str) -> Pack:
    pack: tuple[Mutator, ...] = import_module(f"evals.mutators.{name}").PACK
    return Pack(name, pack)


def _installed(name: str) -> Pack:
    entry = next(entry for entry in entry_points(group=GROUP) if entry.name == name)
    pack = guarded(lambda: _checked(name, entry))
    if isinstance(pack, Crash):
        return Pack(name, problem=f"'{entry.value}' can't be loaded: {pack.said}.")
    return pack


def _checked(name: str, entry: EntryPoint) -> Pack:
    held = _listed(entry)
    if not held:
        return Pack(name, problem=f"'{entry.value}' holds no mutators.")
    if strange := [one for one in held if not _is_mutator(one)]:
        kind = type(strange[0]).__name__
        return Pack(
            name, problem=f"'{entry.value}' holds a {kind}, which lacks name, expected, applies or mutate."
        )
    names = [one.name for one in held]
    if twice := sorted({one for one in names if names.count(one) > 1}):
        return Pack(name, problem=f"'{entry.value}' has two mutators called '{twice[0]}'.")
    return Pack(name, held)


def _listed(entry: EntryPoint) -> tuple[Mutator, ...]:
    """What an entry point names: one mutator, a class of one, or an iterable of them."""
    held = entry.load()
    one = held() if isinstance(held, type) else held
    return (one,) if isinstance(one, Mutator) else tuple(one)


def _is_mutator(one: object) -> bool:
    return (
        isinstance(one, Mutator)
        and isinstance(one.name, str)
        and isinstance(one.expected, tuple | list)
        and callable(one.applies)
        and callable(one.mutate)
    )
