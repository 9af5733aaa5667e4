"""From what a person asks to an edit: names become ids, and what can't be done is refused with the way out."""

from typing import assert_never

from pydantic import Field

from assistant.domain.base import Frozen
from assistant.domain.ids import person_id
from assistant.domain.theme import Theme
from assistant.domain.theme_edit import EditAction, ThemeEdit
from assistant.errors import NotFound, UsageError
from assistant.stores.index_port import Vectors
from assistant.synthesis.grid import likeness
from assistant.synthesis.members import LEAST_STATEMENTS
from assistant.synthesis.parting import parted, seeds_of
from assistant.synthesis.scene import Scene
from assistant.synthesis.steer import split_id, tracked_id

NEAR = 0.5
"""Cosine to a tracked phrase from which a statement speaks of it."""
_SEEDS = 40
"""Texts by which each part of a split theme is known."""
_MOST_PARTS = 12
_LONGEST_NAME = 120
_LONGEST_PHRASE = 500


class EditRequest(Frozen):
    """What a person asks. Themes by id or name, a record or one statement of it as `rec_…` or `rec_…:2`."""

    action: EditAction
    theme: str = ""
    """rename, split: the theme. merge: the one that stays. move: what moves; pin: the record."""
    others: tuple[str, ...] = ()
    """merge: themes that end in it."""
    to: str = ""
    """move: the theme it goes to, or the area or theme it hangs under. pin: the theme; empty: where it is."""
    name: str = ""
    """rename; track, merge: a name where one is wanted."""
    author: str = ""
    """exclude: as the source has the name, or `per_…`."""
    phrase: str = ""
    """track: words, or `rec_…` as an example."""
    near: float = Field(default=NEAR, gt=0.0, le=1.0)
    """track: least likeness of a statement, as a cosine."""
    parts: int = Field(default=2, ge=2, le=_MOST_PARTS)
    """split: into how many."""


def edit_of(scene: Scene, asked: EditRequest) -> ThemeEdit:
    """The edit that is meant. Raises: UsageError; NotFound."""
    match asked.action:
        case EditAction.rename:
            return _rename(scene, asked)
        case EditAction.merge:
            return _merge(scene, asked)
        case EditAction.splitting:
            return _split(scene, asked)
        case EditAction.move:
            return _move(scene, asked)
        case EditAction.pin:
            return _placed(scene, asked, scene.theme(asked.to) if asked.to else None)
        case EditAction.exclude:
            return _exclude(scene, asked)
        case EditAction.track:
            return _track(scene, asked)
        case _:
            assert_never(asked.action)


def _rename(scene: Scene, asked: EditRequest) -> ThemeEdit:
    theme, name = scene.theme(asked.theme), _name(asked.name)
    if not name:
        raise UsageError("A theme can't be called nothing.", hint="voxspec themes edit rename THEME NAME")
    if theme.name == name and theme.named_by.value == "person":
        raise UsageError(f"Theme {theme.id} is called '{name}' already; nothing was changed.")
    return ThemeEdit(action=asked.action, theme=theme.id, name=name)


def _merge(scene: Scene, asked: EditRequest) -> ThemeEdit:
    into = scene.theme(asked.theme)
    others = [scene.theme(one) for one in asked.others]
    if not others:
        raise UsageError("Merging takes two themes or more.", hint="voxspec themes edit merge THEME OTHER…")
    for one in others:
        if one.id == into.id:
            raise UsageError(f"'{into.name}' can't be merged with itself; nothing was changed.")
        if one.level != into.level:
            raise UsageError(
                f"'{one.name}' is {_KINDS[one.level]} and '{into.name}' is {_KINDS[into.level]}; only like ones can be merged.",
                hint="To put one under the other: voxspec themes edit move THEME PARENT",
            )
    ids = tuple(dict.fromkeys(one.id for one in others))
    return ThemeEdit(action=asked.action, theme=into.id, themes=ids)


def _split(scene: Scene, asked: EditRequest) -> ThemeEdit:
    theme = scene.theme(asked.theme)
    if theme.level == 1:
        raise UsageError(
            f"'{theme.name}' is an area; it is parted by moving themes out of it.",
            hint="voxspec themes edit move THEME AREA",
        )
    node = scene.tree.row[theme.id]
    texts = scene.tree.texts_of()[node]
    if theme.statements < LEAST_STATEMENTS or len(texts) < asked.parts:
        raise UsageError(
            f"'{theme.name}' holds {theme.statements:,} statements of {len(texts):,} different wordings: too few for "
            f"{asked.parts} parts."
        )
    steps, hashes = scene.sight.steps[texts], scene.material.rows.hashes
    seeds = seeds_of(steps, parted(steps, asked.parts), _SEEDS)
    if len(seeds) < 2:
        raise UsageError(f"All statements of '{theme.name}' mean the same; there is nothing to split.")
    parts = tuple(tuple(sorted(hashes[row] for row in texts[part].tolist())) for part in seeds)
    if split_id(theme.id, parts[1]) in scene.tree.row:
        raise UsageError(f"'{theme.name}' is split like this already; nothing was changed.")
    return ThemeEdit(action=asked.action, theme=theme.id, seeds=parts)


def _move(scene: Scene, asked: EditRequest) -> ThemeEdit:
    if _is_record(asked.theme):
        return _placed(scene, asked, scene.theme(asked.to))
    theme = scene.theme(asked.theme)
    to = scene.theme(asked.to, level=2 if theme.level == 3 else 1)
    if theme.level == 1:
        raise UsageError(
            f"'{theme.name}' is an area; areas hang under nothing.",
            hint="To join it with another one: voxspec themes edit merge AREA AREA",
        )
    has_parts = any(one.parent == theme.id for one in scene.state.nodes)
    if to.level == 3 or to.id == theme.id or (to.level == 2 and has_parts):
        raise UsageError(
            f"'{theme.name}' can't hang under '{to.name}'.",
            hint="Areas hold themes, themes hold parts, parts hold statements only.",
        )
    if theme.parent == to.id:
        raise UsageError(f"'{theme.name}' is under '{to.name}' already; nothing was changed.")
    return ThemeEdit(action=asked.action, theme=theme.id, parent=to.id)


def _placed(scene: Scene, asked: EditRequest, to: Theme | None) -> ThemeEdit:
    """A record, or one statement of it, put into a theme."""
    record, text = _statement(scene, asked.theme)
    leaf = scene.tree.leaf[scene.texts_of(record)] if text is None else scene.tree.leaf[[text]]
    themes = sorted({scene.tree.nodes[row].id for row in leaf.tolist() if row >= 0})
    if to is None:
        if len(themes) != 1:
            raise UsageError(
                f"What record {record} says is in {len(themes)} themes.",
                hint=f"Name the theme, or one statement: {record}:0. Its themes: {', '.join(themes[:5])}",
            )
        target = themes[0]
    elif to.level == 1:
        raise UsageError(
            f"'{to.name}' is an area; statements are in the themes below it.",
            hint="Name a theme or a part of one.",
        )
    else:
        target = to.id
    if asked.action is EditAction.move and themes == [target]:
        raise UsageError(
            f"{asked.theme} is in that theme already; nothing was changed.",
            hint="To keep it there whatever later runs find: voxspec themes edit pin RECORD",
        )
    text_hash = "" if text is None else scene.material.rows.hashes[text]
    return ThemeEdit(action=asked.action, theme=target, record=record, text_hash=text_hash)


def _exclude(scene: Scene, asked: EditRequest) -> ThemeEdit:
    bench, name = scene.bench, asked.author
    person = name if name.startswith("per_") else person_id(bench.workspace, name, bench.person_key)
    if not name.strip() or not scene.sight.wrote(person):
        raise NotFound(
            f"Nobody named '{name[:60]}' wrote in workspace '{bench.workspace}'.",
            hint="Write the name as it stands in the source; upper and lower case don't matter.",
        )
    if any(one.is_in_force and one.edit.person == person for one in scene.edits):
        raise UsageError("That author is excluded already; nothing was changed.")
    return ThemeEdit(action=asked.action, person=person)


def _track(scene: Scene, asked: EditRequest) -> ThemeEdit:
    said = " ".join(asked.phrase.split())
    if not said or len(said) > _LONGEST_PHRASE:
        raise UsageError(
            f"Say what to track, in up to {_LONGEST_PHRASE} characters.",
            hint="voxspec themes edit track 'dark mode', or an example: voxspec themes edit track rec_…",
        )
    edit = ThemeEdit(action=asked.action, name=_name(asked.name), near=asked.near)
    if _is_record(said):
        record, text = _statement(scene, said)
        if text is None and len(texts := scene.texts_of(record)) > 1:
            raise UsageError(
                f"Record {record} says {len(texts)} things.",
                hint=f"Name one of them: {record}:0, {record}:1, …",
            )
        row = int(scene.texts_of(record)[0]) if text is None else text
        edit = edit.model_copy(update={"record": record, "text_hash": scene.material.rows.hashes[row]})
        near_to = scene.sight.steps[row]
    else:
        edit = edit.model_copy(update={"phrase": said})
        near_to = scene.sight.vector_of(said)
    if tracked_id(edit) in scene.tree.row:
        raise UsageError("That is tracked already; nothing was changed.")
    return edit.model_copy(update={"parent": _nearest_area(scene, near_to)})


def _nearest_area(scene: Scene, near_to: Vectors) -> str:
    """The area of the statement that is most alike."""
    near = likeness(scene.sight.steps, near_to[None, :])[:, 0]
    near[scene.tree.leaf < 0] = -2.0
    node = scene.tree.nodes[int(scene.tree.leaf[int(near.argmax())])]
    while node.parent is not None:
        node = scene.tree.nodes[scene.tree.row[node.parent]]
    return node.id


def _statement(scene: Scene, address: str) -> tuple[str, int | None]:
    """Record id, and row of the text where the address names one statement. Raises: NotFound; UsageError."""
    record, colon, ordinal = address.partition(":")
    texts = scene.texts_of(record)
    if not colon:
        return record, None
    rows = scene.material.rows
    said = rows.text[rows.record == rows.record_ids.index(record)]
    if not ordinal.isdecimal() or int(ordinal) >= len(said):
        raise NotFound(
            f"Record {record} has no statement '{ordinal[:20]}'.",
            hint=f"It says {len(texts)} things, numbered from 0 to {len(said) - 1}.",
        )
    return record, int(said[int(ordinal)])


def _is_record(name: str) -> bool:
    return name.startswith("rec_")


def _name(given: str) -> str:
    name = " ".join(given.split())
    if len(name) > _LONGEST_NAME:
        raise UsageError(f"A theme's name has at most {_LONGEST_NAME} characters; this one has {len(name)}.")
    return name


_KINDS = {1: "an area", 2: "a theme", 3: "a part of a theme"}
