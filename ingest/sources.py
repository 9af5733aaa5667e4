"""Names of sources: what a file's records are filed under, so that files of one import never overwrite each other."""

import os
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import InputRejected
from ingest.connectors.encoding import hash_file

NAMESAKE = "another file of this import is called '{stem}' too, so the source of this one is '{name}' (--source names it)"


def stem_of(path: Path) -> str:
    """The file's name without its ending; bytes of it that are no UTF-8 are replaced, since no database stores them."""
    return _storable(path.stem)


def _storable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


def source_names(paths: Sequence[Path]) -> dict[Path, str]:
    """A name for each file of one import: its stem, or as much of its path as tells it from its namesakes.

    The ids of records depend on the name, so it depends on the paths alone, never on their order. Namesakes of the same
    content keep one name: the second of them is a repetition of the first.

    Returns: path → for example `reviews`, or `jan/reviews` beside `feb/reviews`.
    """
    namesakes: dict[str, list[Path]] = {}
    for path in paths:
        namesakes.setdefault(stem_of(path), []).append(path)
    names: dict[Path, str] = {}
    for stem, group in namesakes.items():
        names.update({group[0]: stem} if len(group) == 1 else _told_apart(stem, group))
    return names


def _told_apart(stem: str, group: Sequence[Path]) -> dict[Path, str]:
    contents: dict[str, list[Path]] = {}
    for path in group:
        contents.setdefault(_content(path), []).append(path)
    speaking = [min(same, key=lambda path: path.parts) for same in contents.values()]
    told = {path: _suffix(path, speaking) if len(speaking) > 1 else stem for path in speaking}
    return {
        path: told[first] for first, same in zip(speaking, contents.values(), strict=True) for path in same
    }


def _content(path: Path) -> str:
    try:
        return hash_file(path)
    except InputRejected:
        return str(path)  # Its own report will say why.


def _suffix(path: Path, group: Sequence[Path]) -> str:
    others = [other for other in group if other != path]
    for ending in (stem_of(path), path.name):
        parts = (*path.parent.parts, ending)
        for length in range(2 if ending == stem_of(path) else 1, len(parts) + 1):
            if all(_tail(other, length, ending == path.name) != parts[-length:] for other in others):
                return _storable("/".join(part.strip("/\\") for part in parts[-length:]))
    return _storable(path.as_posix())


def _tail(path: Path, length: int, with_ending: bool) -> tuple[str, ...]:
    return (*path.parent.parts, path.name if with_ending else stem_of(path))[-length:]
