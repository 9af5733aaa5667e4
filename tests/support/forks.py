"""Processes that are forked from one which has the imports of the service and of its commands.

To import them takes up to 6 s of CPU time, in which nothing happens that a test asks about.
"""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from atexit import register
from collections.abc import Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NoReturn

from tests.support.ports import end_with_parent

_CALL = """#!{python} -IS
import json, os, socket, sys

told = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    socket.send_fds(line, [len(told).to_bytes(4, "big")], [0, 1, 2])
    line.sendall(told)
    sys.exit(line.recv(1)[0])
"""


@cache
def forks() -> ForkServerContext:
    """Where such processes are started, with what `warm_server.py` imports."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.support.warm_server"])
    return context


@cache
def commands() -> Path:
    """A folder for PATH, whose `voxspec` runs in a process of its own: with the caller's folder, environment and files."""
    folder = Path(tempfile.mkdtemp(prefix="vox-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "line"))
    listening.listen()
    serving = forks().Process(target=_serve, args=(listening,), name="commands")
    serving.start()
    listening.close()
    # Before multiprocessing waits for its end.
    register(serving.kill)
    call = folder / "voxspec"
    call.write_text(_CALL.format(python=sys.executable, address=str(folder / "line")), encoding="utf-8")
    call.chmod(0o755)
    return folder


def _serve(listening: socket.socket) -> NoReturn:
    end_with_parent(signal.SIGKILL)()
    # Who ended is forgotten: each is waited for by a process of its own.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        line, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _answer(line)
        line.close()


def _answer(line: socket.socket) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    length, files, _, _ = socket.recv_fds(line, 4, 3)
    with line.makefile("rb") as told:
        arguments, folder, environment = json.loads(told.read(int.from_bytes(length, "big")))
    pid = os.fork()
    if pid == 0:
        line.close()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        _become(arguments, files)
    for file in files:
        os.close(file)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    line.sendall(bytes([code if code >= 0 else 128 - code]))
    os._exit(0)


def _become(arguments: Sequence[str], files: Sequence[int]) -> NoReturn:
    from api.cli.main import run

    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["voxspec", *arguments]
    sys.exit(run())
