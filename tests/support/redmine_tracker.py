"""A real Redmine with an empty project: a private copy of the one that is installed here, with SQLite, on a free port of this machine.

Debian and Ubuntu have it: `apt-get install --no-install-recommends redmine redmine-sqlite ruby-sqlite3 puma`.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.fake_redmine import PROJECT
from tests.support.ports import end_with_parent, free_port
from tests.support.waiting import until

_INSTALLED = Path(os.environ.get("VOXSPEC_TEST_REDMINE") or "/nowhere")
"""Only where it is asked for, as `make nightly` does: it takes a minute to start."""
_LEFT_OUT = ("instances", "Gemfile.lock", "database.yml")
_SECRET = "0123456789abcdef" * 4
_SEED = f"""
Setting.rest_api_enabled = '1'
Setting.text_formatting = 'common_mark'
project = Project.create!(name: 'Desk', identifier: '{PROJECT}', is_public: false)
project.trackers = Tracker.all
project.enabled_module_names = ['issue_tracking']
project.save!
puts 'key ' + User.find_by_login('admin').api_key
"""


@dataclass(frozen=True)
class Redmine:
    """A running tracker."""

    url: str
    """Base address, with a slash at its end."""
    key: str
    """Of its administrator."""


def lacking() -> str | None:
    """Why there is none here; None: there is one."""
    if not (_INSTALLED / "config.ru").is_file():
        return "no Redmine at VOXSPEC_TEST_REDMINE; 'make nightly' sets it"
    missing = next((name for name in ("ruby", "puma") if shutil.which(name) is None), None)
    return f"{missing} is not installed here" if missing else None


@contextmanager
def redmine(home: Path) -> Iterator[Redmine]:
    """Serve an empty project until the block ends; a minute passes before. Args: home: an empty folder for it."""
    app = home / "app"
    shutil.copytree(_INSTALLED, app, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    here = app / "instances" / "default"
    for name in ("config", "log", "tmp/cache", "files"):
        (here / name).mkdir(parents=True)
    config = f"production:\n  adapter: sqlite3\n  database: {home}/redmine.sqlite3\n  timeout: 20000\n"
    (here / "config" / "database.yml").write_text(config, encoding="utf-8")
    (here / "config" / "secret_key.txt").write_text(_SECRET, encoding="utf-8")
    gems = (app / "Gemfile").read_text(encoding="utf-8")
    (app / "Gemfile").write_text(gems.replace("/usr/share/redmine/", f"{app}/"), encoding="utf-8")
    told = {"RAILS_ENV": "production", "REDMINE_LANG": "en", "BUNDLE_GEMFILE": str(app / "Gemfile")}
    environment = {**os.environ, **told}

    def run(*command: str) -> str:
        ended = subprocess.run(
            command, cwd=app, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert ended.returncode == 0, (ended.stdout + ended.stderr)[-3000:]
        return ended.stdout

    run("ruby", "bin/rake", "db:migrate")
    run("ruby", "bin/rake", "redmine:load_default_data")
    key = run("ruby", "bin/rails", "runner", _SEED).rpartition("key ")[2].strip()
    port = free_port()
    command = ["puma", "-e", "production", "-b", f"tcp://127.0.0.1:{port}", "-t", "1:4", "config.ru"]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=app,
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent(signal.SIGKILL),
        )
    url = f"http://127.0.0.1:{port}/"
    try:
        until(lambda: _answers(url, process))
        yield Redmine(url, key)
    finally:
        process.kill()
        process.wait()


def _answers(url: str, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "Redmine ended; see server.log"
    try:
        return httpx.get(f"{url}login", trust_env=False, timeout=30).status_code < 500
    except httpx.HTTPError:
        return False
