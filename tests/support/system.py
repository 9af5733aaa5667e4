"""What the tests need of the system besides Python: Debian's Chromium and Postgres. `python tests/support/system.py` installs it if it can."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_TIMEOUT_S = 600


def chromium() -> str | None:
    """Path of an installed Chromium."""
    return shutil.which("chromium")


def postgres_programs() -> Path | None:
    """Folder of an installed Postgres' programs, the newest one's; Debian keeps them out of the path."""
    debian = Path("/usr/lib/postgresql")
    found = [path.parent for path in debian.glob("*/bin/initdb") if path.parts[-3].isdecimal()]
    if found:
        return max(found, key=lambda folder: int(folder.parts[-2]))
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


def missing() -> list[str]:
    """Packages that aren't installed."""
    packages = [] if chromium() else ["chromium", "fonts-noto-core"]
    return packages + ([] if postgres_programs() else ["postgresql"])


def why_not(*packages: str) -> str:
    """Why absent packages can't be installed here; empty where they can."""
    what = " and ".join(one for one in packages if one != "fonts-noto-core")
    if shutil.which("apt-get") is None:
        return f"{what} is absent and there is no apt-get to install it with"
    if os.geteuid() != 0:
        return f"{what} is absent and only root may install it (apt-get install {what})"
    return ""


def install() -> str:
    """Install what is missing. Returns: what went wrong, or nothing."""
    packages = missing()
    if not packages:
        return ""
    if reason := why_not(*packages):
        return reason
    # Without the second one, Debian's package starts a server at once that nobody asked for.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    commands = (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages],
    )
    for command in commands:
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return f"'{' '.join(command)}' took longer than {_TIMEOUT_S} s"
        if done.returncode:
            return f"'{' '.join(command)}' failed: {done.stderr.strip().splitlines()[-1:]}"
    return f"apt-get installed no {' and no '.join(missing())}" if missing() else ""


if __name__ == "__main__":
    if problem := install():
        # The tests that need it are skipped then, with this reason; everything else runs.
        sys.stderr.write(f"{problem}\n")
