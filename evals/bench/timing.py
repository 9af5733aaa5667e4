"""Clocks: what a call costs in wall time and in CPU-seconds of all threads, medians of interleaved repetitions; and peak memory."""

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one call took, in seconds."""

    wall: float
    cpu: float
    """Of this process, all threads together."""


def timed(call: Callable[[], object]) -> Cost:
    """Run once."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def interleaved(calls: Mapping[str, Callable[[], object]], repetitions: int) -> dict[str, list[Cost]]:
    """Run the calls in turn, round after round, so that a busy moment of the machine meets all of them."""
    costs: dict[str, list[Cost]] = {name: [] for name in calls}
    for round_number in range(repetitions):
        # Every second round runs backwards: nobody always comes after the same neighbour.
        names = list(calls) if round_number % 2 == 0 else list(calls)[::-1]
        for name in names:
            costs[name].append(timed(calls[name]))
    return costs


def median(costs: Sequence[Cost]) -> Cost:
    """Median of wall and of CPU time, each by itself."""
    return Cost(statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs))


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest-rank percentile. Args: share: in (0, 1], for example 0.95."""
    ranked = sorted(values)
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)]


def cpu_s(pid: int) -> float:
    """CPU-seconds of a process and of those that it started."""
    below = [file.read_text(encoding="ascii") for file in Path(f"/proc/{pid}/task").glob("*/children")]
    return _own_cpu_s(pid) + sum(cpu_s(int(child)) for one in below for child in one.split())


def _own_cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb() -> float:
    """Most memory that this process has held so far (VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
