"""The operators' pages of the server: how the service is, and the form that asks for the token."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from syndicate.domain.health import BuildNote, Health, IssueNote, IssueState, NextSlot, checks, in_words
from syndicate.domain.moments import to_text
from syndicate.domain.site import Site
from syndicate.domain.text import count
from syndicate.domain.traffic import FeedTraffic, Traffic
from syndicate.templating.environment import render
from syndicate.templating.views import site_view

# A page of feeds that nobody scrolls through is no overview.
SHOWN_FEEDS = 30
_CHECKS = {"last-build": "Last build", "ledger": "Ledger", "next-slot": "Next slot"}
_STATES = {
    IssueState.CUT: "cut",
    IssueState.DRAFT: "draft, waits for approval",
    IssueState.HELD: "held",
    IssueState.WAITING: "waiting",
    IssueState.CLAIMED: "claimed",
    IssueState.EMPTY: "no issue",
    IssueState.LATE: "skipped",
    IssueState.SUPERSEDED: "superseded",
    IssueState.REJECTED: "rejected",
}
_GOOD_STATES = {IssueState.CUT, IssueState.EMPTY}
_BAD_STATES = {IssueState.HELD, IssueState.LATE, IssueState.CLAIMED}


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentView:
    """A moment in words of a place, and for machines."""

    iso: str
    local: str
    utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check: `tone` is good or bad."""

    title: str
    what: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildView:
    """A build; `more` is the number of problems that are not shown."""

    at: MomentView
    ago: str
    result: str
    tone: str
    facts: tuple[str, ...]
    problems: tuple[str, ...]
    problem_count: str
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """The next slot of a newsletter; `at` is None if there is none."""

    title: str
    at: MomentView | None
    ahead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStateView:
    """A slot that has come, and how it stands with its issue."""

    title: str
    at: MomentView
    state: str
    tone: str
    subject: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """How popular a feed is."""

    name: str
    subscribers: str
    aggregators: str
    requests: str
    unchanged: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """The answers of one kind."""

    kind: str
    requests: str
    unchanged: str
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """Everything that the page shows; without `known` it knows of the traffic only."""

    known: bool
    at: MomentView
    verdict: str
    tone: str
    checks: tuple[CheckView, ...]
    builds: tuple[BuildView, ...]
    slots: tuple[SlotView, ...]
    issues: tuple[IssueStateView, ...]
    kinds: tuple[KindRow, ...]
    feeds: tuple[FeedRow, ...]
    more_feeds: int


def status_page(
    templates: Mapping[str, str], site: Site, health: Health | None, traffic: Traffic, now: datetime, can_leave: bool
) -> bytes:
    """Return the page that tells how the service is; `can_leave` shows a way to sign out."""
    view = _view(health, traffic, now, site.zone)
    return render(templates, "pages/status.html", site=site_view(site), status=view, can_leave=can_leave).encode()


def sign_in_page(templates: Mapping[str, str], site: Site, failed: bool) -> bytes:
    """Return the page that asks for the token; `failed` says that a wrong one was given."""
    return render(templates, "pages/sign_in.html", site=site_view(site), failed=failed).encode()


def _view(health: Health | None, traffic: Traffic, now: datetime, zone: ZoneInfo) -> StatusView:
    found = checks(health, now) if health else ()
    is_well = bool(found) and all(check.ok for check in found)
    titles = {slot.newsletter: slot.title for slot in health.slots} if health else {}
    return StatusView(
        known=health is not None,
        at=_moment(now, zone),
        verdict="All is well" if is_well else "Something is not well",
        tone="good" if is_well else "bad",
        checks=tuple(
            CheckView(title=_CHECKS[check.name], what=check.what, tone="good" if check.ok else "bad") for check in found
        ),
        builds=tuple(_build(build, now, zone) for build in health.builds) if health else (),
        slots=tuple(_slot(slot, now) for slot in health.slots) if health else (),
        issues=tuple(_issue(note, titles) for note in health.issues) if health else (),
        kinds=_kinds(traffic),
        feeds=tuple(_feed(feed) for feed in traffic.feeds[:SHOWN_FEEDS]),
        more_feeds=max(len(traffic.feeds) - SHOWN_FEEDS, 0),
    )


def _moment(moment: datetime, zone: ZoneInfo) -> MomentView:
    local, utc = moment.astimezone(zone), moment.astimezone(UTC)
    return MomentView(iso=to_text(moment), local=f"{local:%a %Y-%m-%d %H:%M %Z}", utc=f"{utc:%a %H:%M} UTC")


def _build(build: BuildNote, now: datetime, zone: ZoneInfo) -> BuildView:
    facts = [f"took {build.duration_s:,.2f} s"]
    if build.failed is None:
        changes = ((build.written, "written"), (build.removed, "removed"), (build.unchanged, "unchanged"))
        facts.append(", ".join(f"{number:,} {word}" for number, word in changes if number) or "no documents")
        facts.append(", ".join(f"{number:,} {status}" for status, number in build.files.items() if number))
    age = now - build.at
    return BuildView(
        at=_moment(build.at, zone),
        ago=f"{in_words(age)} ago" if age.total_seconds() >= 0 else "",
        result="well" if build.failed is None else f"failed: {build.failed}",
        tone="good" if build.failed is None else "bad",
        facts=tuple(fact for fact in facts if fact),
        problems=tuple(str(problem) for problem in build.problems),
        problem_count=count(build.problem_count, "problem"),
        more=max(build.problem_count - len(build.problems), 0),
    )


def _slot(slot: NextSlot, now: datetime) -> SlotView:
    ahead = f"in {in_words(slot.due - now)}" if slot.due is not None else "the cadence never comes"
    return SlotView(title=slot.title, at=_moment(slot.due, slot.zone) if slot.due is not None else None, ahead=ahead)


def _issue(note: IssueNote, titles: Mapping[str, str]) -> IssueStateView:
    number = f" {note.number}" if note.number is not None else ""
    good = "good" if note.state in _GOOD_STATES else "open"
    return IssueStateView(
        title=f"{titles.get(note.newsletter, note.newsletter)}{number}",
        at=_moment(note.due, note.zone),
        state=_STATES[note.state],
        tone="bad" if note.state in _BAD_STATES else good,
        subject=note.subject,
        why=note.why,
    )


def _kinds(traffic: Traffic) -> tuple[KindRow, ...]:
    by_kind: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for (kind, status), number in traffic.requests.items():
        by_kind[kind][status] = number
    return tuple(
        KindRow(
            kind=kind,
            requests=f"{sum(statuses.values()):,}",
            unchanged=_share(statuses.get(304, 0), sum(statuses.values())),
            failed=f"{sum(number for status, number in statuses.items() if status >= 400):,}",
        )
        for kind, statuses in by_kind.items()
    )


def _feed(feed: FeedTraffic) -> FeedRow:
    reports = sorted(feed.subscribers.items(), key=lambda one: (-one[1], one[0]))
    return FeedRow(
        name=feed.name,
        subscribers=f"{sum(feed.subscribers.values()):,}" if reports else "–",
        aggregators=", ".join(f"{name} {number:,}" for name, number in reports),
        requests=f"{feed.requests:,}",
        unchanged=_share(feed.statuses.get(304, 0), feed.requests),
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
