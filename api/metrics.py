"""A few counters in Prometheus' text format. Label values come from our own route table, never from a request."""

import threading
from collections import Counter

_Key = tuple[str, str, int]


class Metrics:
    """Thread-safe counters of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[_Key] = Counter()
        self._seconds: Counter[tuple[str, str]] = Counter()
        self._gauges: Counter[str] = Counter({"event_streams": 0})

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            self._requests[(method, route, status)] += 1
            # Counter's stubs know integers only; the values are microseconds.
            self._seconds[(method, route)] += round(seconds * 1e6)

    def move(self, gauge: str, by: int) -> None:
        """Raise or lower a gauge."""
        with self._lock:
            self._gauges[gauge] += by

    def value(self, gauge: str) -> int:
        """Where a gauge stands."""
        with self._lock:
            return self._gauges[gauge]

    def text(self) -> str:
        """All counters, in exposition format 0.0.4."""
        with self._lock:
            lines = ["# TYPE voxspec_requests_total counter"]
            for (method, route, status), count in sorted(self._requests.items()):
                lines.append(
                    f'voxspec_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
                )
            lines.append("# TYPE voxspec_request_seconds_total counter")
            for (method, route), micros in sorted(self._seconds.items()):
                lines.append(
                    f'voxspec_request_seconds_total{{method="{method}",route="{route}"}} {micros / 1e6:.6f}'
                )
            for name, value in sorted(self._gauges.items()):
                lines += [f"# TYPE voxspec_{name} gauge", f"voxspec_{name} {value}"]
        return "\n".join(lines) + "\n"
