"""Running `voxspec` as a person does: another process, its own home, no settings of this machine."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

VOXSPEC = str(Path(sys.executable).with_name("voxspec"))


@dataclass(frozen=True)
class CommandLine:
    """A folder to work in, and a home."""

    folder: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("VOXSPEC_", "OPENAI_"))
        }
        return kept | {"HOME": str(self.folder), "VOXSPEC_HOME": str(self.home)}

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
