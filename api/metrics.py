"""What this process counts for Prometheus: requests and open streams. Label values come from our own route table, never from a request.

What is counted from the catalog and the queue lies in `api.metrics_counted`: drafts and jobs are done by other processes, too.
"""

import threading
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Thread-safe counters of this process, in a registry of their own: two services in one process don't mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "voxspec_requests", "Answered requests.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "voxspec_request_duration_seconds",
            "From a request's first byte to its answer's last; of a stream of events, as long as it was open.",
            ("method", "route"),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._lock = threading.Lock()
        self._gauges = {"event_streams": 0}
        streams = Gauge("voxspec_event_streams", "Open streams of events.", registry=self._registry)
        streams.set_function(lambda: self.value("event_streams"))
        ProcessCollector(registry=self._registry)

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request. Args: route: the template of its address."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)

    def move(self, gauge: str, by: int) -> None:
        """Raise or lower a gauge."""
        with self._lock:
            self._gauges[gauge] += by

    def value(self, gauge: str) -> int:
        """Where a gauge stands."""
        with self._lock:
            return self._gauges[gauge]

    def text(self, counted: Iterable[Metric] = ()) -> str:
        """All of it, in exposition format 0.0.4. Args: counted: what stands behind it."""
        return generate_latest(_Scrape(self._registry, counted)).decode()


class _Scrape(Collector):
    def __init__(self, registry: CollectorRegistry, counted: Iterable[Metric]) -> None:
        self._registry = registry
        self._counted = counted

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            # When a series began is a series more for each, which nothing asks for.
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric
        yield from self._counted
