"""What Prometheus is told of drafts, models, jobs, effects and indexes: counted when it asks, in the catalog and the queue.

Labels are kinds, verdicts and states, of which there is a fixed number: no workspace's name, no id, no word of a record.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from api.deps import Service
from api.pool import Benches
from assistant.domain.finding import Verdict
from assistant.domain.job import JobState
from assistant.domain.ticket import EffectState
from assistant.errors import VoxspecError
from assistant.jobs.port import JobTally
from assistant.stores.tally_port import Tally
from prompts.loader import kinds

_OTHER = "other"


def counted(service: Service, workspace: str | None) -> Iterator[Metric]:
    """What is counted now; of a part that can't be asked, `voxspec_part_up` 0 and nothing else.

    Args: workspace: whose; None: all together.
    """
    up = GaugeMetricFamily("voxspec_part_up", "Whether the part could be counted.", labels=("part",))
    try:
        with service.benches.use(service.settings.workspace) as bench:
            tally = bench.catalog.tally.tally(workspace)
        yield from _of_catalog(tally)
        up.add_metric(("catalog",), 1)
    except VoxspecError:
        up.add_metric(("catalog",), 0)
    try:
        yield _index_lag(service.benches, workspace)
        up.add_metric(("index",), 1)
    except VoxspecError:
        up.add_metric(("index",), 0)
    if service.job_counts is not None:
        try:
            yield from _of_jobs(service.job_counts.tally(workspace))
            up.add_metric(("jobs",), 1)
        except VoxspecError:
            up.add_metric(("jobs",), 0)
    if service.workers:
        up.add_metric(("worker",), all(one.pid is not None for one in service.workers))
    yield up


def _of_catalog(tally: Tally) -> Iterator[Metric]:
    yield GaugeMetricFamily("voxspec_records", "Current records.", tally.records)
    yield GaugeMetricFamily("voxspec_passages", "Passages of current records.", tally.passages)
    drafts = CounterMetricFamily(
        "voxspec_drafts", "Versions of drafts that are kept, by what their check said.", labels=("kind", "outcome")
    )  # fmt: skip
    for (kind, verdict), count in _drafts(tally.drafts).items():
        drafts.add_metric((kind, verdict), count)
    yield drafts
    yield CounterMetricFamily("voxspec_model_calls", "Replies of models that are kept.", tally.calls)
    yield CounterMetricFamily("voxspec_model_tokens", "Tokens that models took, both ways.", tally.tokens)
    yield CounterMetricFamily("voxspec_model_cost_usd", "US dollars, where prices are known.", tally.usd)
    yield _by_state("voxspec_effects", "What is to be done to issue systems.", tally.effects)
    yield _by_state("voxspec_hook_messages", "Messages to hooks.", tally.hook_messages)
    yield GaugeMetricFamily(
        "voxspec_deliveries", "Messages of issue systems whose ids are remembered.", tally.deliveries
    )
    yield GaugeMetricFamily(
        "voxspec_deliveries_waiting", "What came in and waits to be worked on.", tally.arrived
    )


def _index_lag(benches: Benches, workspace: str | None) -> Metric:
    """Only of those that this process has open: nobody searches the others."""
    lag = 0
    for name in benches.open_now():
        if workspace not in (None, name):
            continue
        with benches.use(name) as bench:
            if bench.index is not None:
                lag += max(0, bench.catalog.outbox.head(name) - bench.index.applied())
    told = "Changes that the open vector indexes haven't heard of; searches compare exactly meanwhile."
    return GaugeMetricFamily("voxspec_index_lag", told, lag)


def _of_jobs(tally: JobTally) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("voxspec_jobs", "Jobs; those queued are the queue.", labels=("kind", "state"))
    for kind in sorted({kind for kind, _ in tally.states}):
        for state in JobState:
            jobs.add_metric((kind, state.value), tally.states.get((kind, state.value), 0))
    yield jobs
    depth = sum(count for (_, state), count in tally.states.items() if state == JobState.queued.value)
    yield GaugeMetricFamily("voxspec_job_queue_depth", "Jobs that nobody has begun.", depth)
    since = tally.oldest_queued_at
    waits = (datetime.now(UTC) - since).total_seconds() if since else 0.0
    yield GaugeMetricFamily(
        "voxspec_job_queue_oldest_seconds", "How long the oldest of them has waited.", max(0.0, waits)
    )


def _by_state(name: str, told: str, states: Mapping[str, int]) -> Metric:
    metric = GaugeMetricFamily(name, told, labels=("state",))
    for state in EffectState:
        metric.add_metric((state.value,), states.get(state.value, 0))
    return metric


def _drafts(found: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """With a zero for what isn't there yet, so that the first of its kind is seen as a rise."""
    known = kinds()
    told = {(kind, verdict.value): 0 for kind in sorted(known) for verdict in Verdict}
    for (kind, verdict), count in found.items():
        key = (kind if kind in known else _OTHER, verdict or "unchecked")
        told[key] = told.get(key, 0) + count
    return told
