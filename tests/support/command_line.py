"""Running `voxspec` as a person does: another process, its own home, no settings of this machine."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

VOXSPEC = str(Path(sys.executable).with_name("voxspec"))


@dataclass(frozen=True)
class CommandLine:
    """A folder to work in, and where the data go (None: wherever Voxspec puts them)."""

    folder: Path
    home: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("VOXSPEC_", "OPENAI_"))
        }
        chosen = {"VOXSPEC_HOME": str(self.home)} if self.home else {}
        return kept | {"HOME": str(self.folder)} | chosen

    def run(self, *arguments: str, expect: int | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run one command to its end."""
        done = subprocess.run(
            [VOXSPEC, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            timeout=280,
            stdin=subprocess.DEVNULL,
        )
        if expect is not None:
            assert done.returncode == expect, (
                arguments,
                done.returncode,
                done.stdout[-2000:],
                done.stderr[-4000:],
            )
        return done

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one command and leave it running."""
        return subprocess.Popen(
            [VOXSPEC, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
