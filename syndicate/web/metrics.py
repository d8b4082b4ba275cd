"""The metrics as Prometheus reads them, made of plain numbers when someone asks, so that counting stays cheap."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from syndicate.domain.health import Health, IssueState, checks
from syndicate.domain.traffic import Traffic


def metrics_text(health: Health | None, traffic: Traffic, now: datetime, version: str) -> bytes:
    """Return the metrics; without a health only those that need none."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(health, traffic, now, version))
    return generate_latest(registry)


class _Numbers(Collector):
    def __init__(self, health: Health | None, traffic: Traffic, now: datetime, version: str) -> None:
        self._health, self._traffic, self._now, self._version = health, traffic, now, version

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        info = GaugeMetricFamily("syndicate_info", "The program that answers.", labels=["version"])
        info.add_metric([self._version], 1)
        yield info
        yield from _traffic_metrics(self._traffic)
        ready = self._health is not None and all(check.ok for check in checks(self._health, self._now))
        yield _gauge("syndicate_ready", "Whether all checks of /readyz are well.", ready)
        if self._health is not None:
            yield from _build_metrics(self._health)
            yield from _issue_metrics(self._health)


def _traffic_metrics(traffic: Traffic) -> Iterator[Metric]:
    requests = CounterMetricFamily(
        "syndicate_requests", "Answers by kind of what was asked for and by status.", labels=["kind", "status"]
    )
    for (kind, status), number in traffic.requests.items():
        requests.add_metric([kind, str(status)], number)
    yield requests
    subscribers = GaugeMetricFamily(
        "syndicate_subscribers",
        "Subscribers of a feed, as an aggregator reports them in its User-Agent.",
        labels=["feed", "aggregator"],
    )
    for feed in traffic.feeds:
        for aggregator, number in sorted(feed.subscribers.items()):
            subscribers.add_metric([feed.name, aggregator], number)
    yield subscribers
    dropped = "Lines that the access log had no room for."
    yield CounterMetricFamily("syndicate_access_log_dropped_lines", dropped, value=traffic.dropped_lines)


def _build_metrics(health: Health) -> Iterator[Metric]:
    if health.looked_at is not None:
        what = "When a build last ended well, with something to do or not, in seconds since 1970."
        yield _gauge("syndicate_last_good_build_timestamp_seconds", what, health.looked_at.timestamp())
    if health.builds:
        last = health.builds[0]
        yield _gauge("syndicate_last_build_failed", "Whether the last build failed.", last.failed is not None)
        yield _gauge("syndicate_last_build_timestamp_seconds", "When it was, since 1970.", last.at.timestamp())
        yield _gauge("syndicate_last_build_duration_seconds", "How long it took.", last.duration_s)
    if good := health.last_good:
        articles = GaugeMetricFamily(
            "syndicate_articles", "Files by status, of the last good build.", labels=["status"]
        )
        for status, number in good.files.items():
            articles.add_metric([status], number)
        yield articles
        documents = GaugeMetricFamily(
            "syndicate_documents", "Documents of the last good build by what became of them.", labels=["change"]
        )
        for change in ("written", "unchanged", "removed"):
            documents.add_metric([change], getattr(good, change))
        yield documents
        yield _gauge("syndicate_problems", "Problems that the last good build found.", good.problem_count)


def _issue_metrics(health: Health) -> Iterator[Metric]:
    yield _gauge("syndicate_ledger_up", "Whether the ledger can be read.", health.ledger is None)
    issues = GaugeMetricFamily("syndicate_issues", "Slots that have come by state.", labels=["newsletter", "state"])
    slots = GaugeMetricFamily(
        "syndicate_next_slot_timestamp_seconds", "When the next issue is due, since 1970.", labels=["newsletter"]
    )
    late = GaugeMetricFamily(
        "syndicate_lateness_seconds", "For how long a slot that has come has been waiting.", labels=["newsletter"]
    )
    for slot in health.slots:
        for state in IssueState:
            issues.add_metric([slot.newsletter, state.value], health.issue_counts.get((slot.newsletter, state), 0))
        if slot.due is not None:
            slots.add_metric([slot.newsletter], slot.due.timestamp())
        late.add_metric([slot.newsletter], health.lateness_s.get(slot.newsletter, 0.0))
    yield from (issues, slots, late)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=float(value))
