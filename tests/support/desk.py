"""`make desk` serves a real Roundup and a Voxspec that is connected to it; `make loop` walks through everything between them.

Both live in the folder `.loop`, which the first one empties.
"""

import json
import shutil
import signal
import sys
from pathlib import Path

import httpx

from tests.support.command_line import CommandLine
from tests.support.loop import Loop
from tests.support.roundup_tracker import PASSWORD, USER, Roundup, roundup
from tests.support.server_process import server
from tests.support.service import feedback_csv

_FOLDER = Path(".loop")
_ADDRESSES = _FOLDER / "addresses.json"


def serve() -> None:
    """Until Ctrl-C."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir()
    (_FOLDER / "feedback.csv").write_bytes(feedback_csv())
    secret = (_FOLDER / "password").resolve()
    secret.write_text(PASSWORD, encoding="utf-8")
    commands = CommandLine(_FOLDER.resolve(), (_FOLDER / "data").resolve())
    with roundup(_FOLDER.resolve()) as desk:
        to = ("--to", "roundup", "--url", desk.url, "--user", USER, "--token", f"file:{secret}")
        commands.run("tracker", "add", "desk", *to, expect=0)
        commands.run("ingest", "feedback.csv", expect=0)
        with server((_FOLDER / "data").resolve(), VOXSPEC_TRACKER_POLL_S="1") as voxspec:
            _ADDRESSES.write_text(json.dumps({"voxspec": voxspec.url, "roundup": desk.url}), encoding="utf-8")
            sys.stderr.write(
                f"Voxspec: {voxspec.url}/\nRoundup: {desk.url} (admin, “{PASSWORD}”)\n"
                "Now `make loop` in another terminal. Ctrl-C ends both.\n"
            )
            signal.pause()


def walk() -> None:
    """Step by step; Enter goes on."""
    if not _ADDRESSES.exists():
        sys.exit("Run `make desk` in another terminal first, and wait until it tells its addresses.")
    held = json.loads(_ADDRESSES.read_text(encoding="utf-8"))
    desk = Roundup(held["roundup"], 0)
    with httpx.Client(base_url=held["voxspec"], timeout=60) as service, desk.client() as tracker:
        for number, told in enumerate(Loop(service, tracker).walk(), 1):
            sys.stdout.write(f"\n{number}. {told}\n")
            if sys.stdin.isatty():
                input("   Enter goes on …")


if __name__ == "__main__":
    try:
        {"serve": serve, "walk": walk}[sys.argv[1]]()
    except KeyboardInterrupt:
        sys.exit(130)
