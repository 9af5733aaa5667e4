"""Where a command speaks: results on stdout, chatter on stderr, one JSON object where that was asked for."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

OnProgress = Callable[[int, int | None, str], None]
"""Called with done, total (None where unknown) and a short message."""
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"}
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN_CONTROLS = _PICTURES | dict.fromkeys((*range(0x7F, 0xA0), *_BIDI), 0xFFFD)
_WIDE = 160
"""Columns where nobody is watching: tables in files and pipes shouldn't be cut."""


def harmless(text: str) -> str:
    """Text of a record for a terminal: control and bidi characters are shown, not obeyed."""
    return text.translate(_SHOWN_CONTROLS)


class Output:
    """Stdout and stderr of one command."""

    def __init__(self, *, as_json: bool, verbose: bool) -> None:
        self.as_json = bool(as_json)
        self.verbose = bool(verbose)
        self.err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _WIDE)
        watched = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
        self.out = Console(highlight=False, width=None if watched else _WIDE)

    def note(self, text: str) -> None:
        """One line of chatter, on stderr."""
        self.err.print(Text(harmless(text)), soft_wrap=True)

    def json(self, value: Any) -> None:
        """The one JSON object of a call with `--json`."""
        self.raw(json.dumps(value, ensure_ascii=False, default=str) + "\n")

    def say(self, text: str) -> None:
        """A result in words, on stdout."""
        self.raw(harmless(text).rstrip("\n") + "\n")

    def raw(self, text: str) -> None:
        """Text on stdout as it is, in UTF-8 whatever the terminal's locale."""
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
        sys.stdout.buffer.flush()

    def table(self, header: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
        """A table on stdout. Numbers align right; nothing in a cell is read as markup."""
        table = Table(
            title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False
        )
        for position, name in enumerate(header):
            numeric = bool(rows) and all(isinstance(row[position], int | float) for row in rows)
            table.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(_cell(value)) for value in row))
        with self.out.capture() as printed:
            self.out.print(table)
        # Cells are padded to the width of the page; nobody wants to copy that.
        self.raw("".join(f"{line.rstrip()}\n" for line in printed.get().splitlines()))

    @contextmanager
    def progress(self, what: str) -> Iterator[OnProgress]:
        """A bar on stderr where a person watches, silence elsewhere."""
        if not self.err.is_terminal:
            yield lambda done, total, message: None
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task(what, total=None)
            last = what

            def show(done: int, total: int | None, message: str) -> None:
                nonlocal last
                if done == 0 and message != last:
                    # Another phase: what the one before took says nothing about the time that is left.
                    bar.reset(task, total=total)
                last = message
                bar.update(task, completed=done, total=total, description=harmless(message or what))

            yield show


def _cell(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return harmless(str(value))
