"""Where a reader is in a document: the headings above a place, outermost first."""

SEPARATOR = " › "
_TITLE_CHARS = 80
_PATH_CHARS = 180


class HeadingPath:
    """Follows the headings of a document, in order."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []
        self.first: str | None = None
        """The first heading, whatever its level: a title where the document names none."""

    def enter(self, level: int, title: str) -> None:
        """Pass a heading. It closes those of its own and of deeper levels.

        Args:
            level: 1 is the outermost; a document's title may be 0.
            title: as it is read; white space is made even.
        """
        plain = " ".join(title.split())
        if not plain:
            return
        self.first = self.first or plain
        self._open = [(above, name) for above, name in self._open if above < level]
        self._open.append((level, plain))

    @property
    def label(self) -> str:
        """For example `§ Limits › Export`; empty before the first heading. Outer headings give way where it gets long."""
        if not self._open:
            return ""
        names = [_short(name) for _, name in self._open]
        path = SEPARATOR.join(names)
        while len(path) > _PATH_CHARS and len(names) > 1:
            names = names[1:]
            path = SEPARATOR.join(["…", *names])
        return f"§ {path}"


def _short(name: str) -> str:
    return name if len(name) <= _TITLE_CHARS else name[: _TITLE_CHARS - 1].rstrip() + "…"
