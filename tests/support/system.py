"""What the tests need of the system besides Python: Debian's Chromium. `python tests/support/system.py` installs it if it can."""

import os
import shutil
import subprocess
import sys

_TIMEOUT_S = 600


def chromium() -> str | None:
    """Path of an installed Chromium."""
    return shutil.which("chromium")


def why_not() -> str:
    """Why Chromium can't be installed here; empty where it can."""
    if shutil.which("apt-get") is None:
        return "chromium is absent and there is no apt-get to install it with"
    if os.geteuid() != 0:
        return "chromium is absent and only root may install it (apt-get install chromium)"
    return ""


def install() -> str:
    """Install what is missing. Returns: what went wrong, or nothing."""
    if chromium():
        return ""
    if reason := why_not():
        return reason
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-core"],
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
    return "" if chromium() else "apt-get installed no chromium"


if __name__ == "__main__":
    if problem := install():
        # The browser tests are skipped then, with this reason; everything else runs.
        sys.stderr.write(f"{problem}\n")
