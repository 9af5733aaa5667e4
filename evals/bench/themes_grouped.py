"""Groupings in processes of their own: neither side sees the memory, threads or compiled code of the other."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np

from evals.bench.themes_data import Ints, Sorted


@dataclass(frozen=True)
class Grouped:
    """What a process found, and what it took."""

    found: dict[str, Ints]
    cpu_s: float
    peak_mb: float
    sha256: str
    """Of all that was found."""

    def __getitem__(self, name: str) -> Ints:
        return self.found[name]


def grouped(
    how: Literal["ours", "bertopic", "stage"], one: Sorted, *, order: Ints | None = None, threads: int = 0
) -> Grouped:
    """Group the texts of a set, see `themes_run`.

    Args:
        order: in which the texts are handed in; labels come back in the set's own.
        threads: of BLAS; 0 leaves it as it is.
    """
    order = np.arange(len(one.texts)) if order is None else order
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        np.save(folder / "vectors.npy", one.vectors[order])
        texts = [one.texts[place] for place in order.tolist()]
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        limits = {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)} if threads else {}
        command = [sys.executable, "-m", "evals.bench.themes_run", how, temporary]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | limits)
        told = json.loads(done.stdout.splitlines()[-1])
        back = np.argsort(order)
        found = {
            name: np.load(folder / f"{name}.npy")[back]
            for name in ("labels", "reduced")
            if (folder / f"{name}.npy").is_file()
        }
    return Grouped(found, told["cpu_s"], told["peak_mb"], told["sha256"])
