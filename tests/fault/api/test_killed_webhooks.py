"""kill -9 while messages are accepted: what was told to be accepted is worked on afterwards, each once, also what died before it had a job."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.tickets.inbox import take_up
from api.tickets.incoming import Parts, work_through
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.places import jobs_place
from assistant.settings import Settings
from assistant.wiring import open_workbench

pytestmark = [
    pytest.mark.slow(reason="starts a process and kills it"),
]
_ROOT = Path(__file__).parents[3]
_SENT = 50
_ACCEPTS = """
import os, signal, sys
from pathlib import Path
from api.tickets.inbox import accept, keep
from assistant.domain.ticket import Arrived, Ticket
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.places import jobs_place
from assistant.settings import Settings
from assistant.wiring import open_workbench

settings = Settings.load(home=Path(sys.argv[1]))
bench, jobs = open_workbench(settings), DbosJobs(jobs_place(settings))
for number in range(int(sys.argv[2]) + 1):
    key = str(number)
    ticket = Ticket(connection="desk", key=key, title=f"Ticket {key}", version="1", author=f"author {key}")
    said = Arrived(connection="desk", delivery_id=f"d-{key}", happened="ticket", key=key, ticket=ticket)
    if number == int(sys.argv[2]):
        keep(bench.catalog, "default", said, "x")
        os.kill(os.getpid(), signal.SIGKILL)
    accept(bench.catalog, jobs, "default", said, "x")
    print(key, flush=True)
"""


def test_no_accepted_ticket_is_lost_by_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _ACCEPTS, str(tmp_path), str(_SENT)]
    ended = subprocess.run(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=False)
    accepted = ended.stdout.split()
    assert (ended.returncode, len(accepted)) == (-9, _SENT)
    settings = Settings.load(home=tmp_path)
    jobs = DbosJobs(jobs_place(settings))
    try:
        with open_workbench(settings) as bench:
            assert take_up(bench.catalog, jobs) == 1
            worked = work_through(bench, "desk", Parts(jobs), lambda *_: None)
            assert (worked.tickets, worked.records) == (_SENT + 1, _SENT + 1)
            held = bench.catalog.tickets.page("default", limit=200)
            assert {one.key for one in held} == {*accepted, str(_SENT)}
            assert bench.catalog.deliveries.unfinished() == []
            assert take_up(bench.catalog, jobs) == 0
            assert work_through(bench, "desk", Parts(jobs), lambda *_: None).tickets == 0
    finally:
        jobs.close()
