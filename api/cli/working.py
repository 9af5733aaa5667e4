"""`voxspec worker`: jobs without HTTP."""

from api.cli.exits import ExitCode
from api.cli.session import Session
from api.worker import work


def worker(session: Session) -> ExitCode:
    """Work on the jobs of the queue, without HTTP.

    As many as you like may run. SIGTERM and Ctrl-C give back what runs.
    """
    session.saved = "The worker has stopped; what it was at waits for the next one."
    return ExitCode(work(session.settings()))
