"""The lineage of one theme: what runs and edits did to it."""

from collections.abc import Iterable

from assistant.domain.lineage import EventKind, ThemeEvent
from assistant.domain.theme_edit import EditAction, LoggedEdit
from assistant.stores.theme_port import ThemeState
from assistant.synthesis.steer import split_id, tracked_id


def history_of(theme: str, state: ThemeState, edits: Iterable[LoggedEdit]) -> tuple[ThemeEvent, ...]:
    """What happened to a theme: by runs, oldest first, then by edits in force, by number.

    A theme without any was found by its first run and never changed.
    """
    told = [*state.events, *(_event(one) for one in edits if one.is_in_force)]
    return tuple(one for one in told if one is not None and theme in (*one.before, *one.after))


def _event(logged: LoggedEdit) -> ThemeEvent | None:
    """What an edit did; None where it moved statements only."""
    edit, own = logged.edit, (logged.edit.theme,)
    what: dict[EditAction, tuple[EventKind, tuple[str, ...], tuple[str, ...]]] = {
        EditAction.rename: (EventKind.renamed, own, own),
        EditAction.merge: (EventKind.merged, (*own, *edit.themes), own),
        EditAction.splitting: (
            EventKind.splitting,
            own,
            (*own, *(split_id(edit.theme, part) for part in edit.seeds[1:])),
        ),
        EditAction.track: (EventKind.born, (), (tracked_id(edit),)),
    }
    if edit.action is EditAction.move and edit.parent:
        what[EditAction.move] = (EventKind.moved, own, own)
    if edit.action not in what:
        return None
    kind, before, after = what[edit.action]
    return ThemeEvent(kind=kind, edit=logged.number, as_of=logged.at, before=before, after=after)
