"""Histories of articles and issues: every article reaches all its readers once, or is dropped by a named rule.

Articles are written, dated back and ahead, edited, renamed, hidden, shown again and deleted; issues are
cut, previewed and skipped; the ledger is closed and opened again. What readers get is read from the
frozen text of each issue, and judged by an oracle that knows the words of the docs and no code of the
selection.
"""

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, combinations, product
from pathlib import Path

from fakes import MemoryIndex
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from makers import day, make_newsletter
from memory_project import TEMPLATES, Project
from prove import record

from syndicate.adapters.sqlite_ledger import open_ledger
from syndicate.domain.newsletters import Newsletter, Order, Overflow
from syndicate.services.collect import Snapshot
from syndicate.services.entries import Entries
from syndicate.services.explain import Explained, explain, explain_issue
from syndicate.services.issues import IssueDesk
from syndicate.services.rounds import run_round

EXAMPLES = int(os.environ.get("SYNDICATE_HISTORIES", "12"))
STEPS = 20

TOPICS = ("Tea", "Cake", "Bread")
BRANDS = ("Lantern", "Harbour", "Mill")
# Sentences that have little in common; two articles with one of them tell the same story.
TALES = (
    "Council replaces every lamp along the northern quay",
    "Bakers quarrel about rye, butter and proper crusts",
    "A ferry captain retires after forty winters at sea",
)
# A letter, not a digit: titles with other numbers are other stories.
NAMES = ["".join(pair) for pair in product("abcdefgh", repeat=2)]
START = day(1, 6, hour=7)
WEEK = timedelta(days=7)

# What an issue says, in lines that are easily taken apart.
PLAIN = {
    "newsletter/issue.html": "<!DOCTYPE html><html><body><p>{{ story_count }}</p></body></html>",
    "newsletter/issue.txt": (
        "{% for section in sections %}{% for story in section.stories %}"
        "STORY|{{ section.topic.label }}|{{ story.title }}|{{ story.also_in|join(';') }}|"
        "{% for place in story.also_at %}{{ place.url }} {% endfor %}\n\n"
        "{% endfor %}{% endfor %}\n"
    ),
}


@dataclass
class Known:
    """An article as the oracle knows it: what its author wrote, and what its readers have had."""

    name: str
    tale: int
    brand: str
    topics: tuple[str, ...]
    date: datetime
    is_draft: bool
    edition: int = 0
    words: int = 0
    is_there: bool = True
    first_seen: datetime | None = None
    issue: int | None = None
    dropped: int | None = None

    @property
    def file(self) -> str:
        return f"news/{self.name}-{self.edition}.md"

    @property
    def is_settled(self) -> bool:
        return self.issue is not None or self.dropped is not None

    def is_out(self, now: datetime) -> bool:
        """Whether it is published."""
        return self.is_there and not self.is_draft and self.date <= now

    def text(self) -> str:
        lines = [
            f"title: '{TALES[self.tale]} · {self.name}'",
            f"date: {self.date.isoformat()}",
            f"brand: {self.brand}",
            f"categories: [{', '.join(self.topics)}]",
            *(["draft: true"] if self.is_draft else []),
        ]
        body = f"{self.name} in its own words, number {self.words}."
        return "---\n" + "\n".join(lines) + f"\n---\n{body}\n"


@dataclass(frozen=True)
class Line:
    """A story as readers of an issue see it."""

    section: str
    name: str
    shown_topics: frozenset[str]
    also_at: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also_at)


@dataclass
class Told:
    """An issue as it went out, with the topics that each article had at that time."""

    number: int
    lines: list[Line]
    topics: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_issue(text: str) -> list[Line]:
    lines = []
    for row in text.splitlines():
        if row.startswith("STORY|"):
            _, section, title, also_in, places = row.split("|")
            also = tuple(found[1] for place in places.split() if (found := re.search(r"/articles/([a-h]{2})-", place)))
            assert len(also) == len(places.split())
            topics = frozenset({section, *filter(None, also_in.split(";"))})
            lines.append(Line(section=section, name=title.rpartition(" ")[2], shown_topics=topics, also_at=also))
    return lines


def readers() -> Iterator[frozenset[str]]:
    """Yield every choice of topics that a reader may have made."""
    return map(frozenset, chain.from_iterable(combinations(TOPICS, size) for size in (1, 2, 3)))


NEWSLETTERS = st.builds(
    make_newsletter,
    topics=st.sampled_from([(), ("Tea",), ("Cake", "Tea"), ("Bread", "Tea", "Cake")]),
    start=st.sampled_from([None, day(1, 5)]),
    limit=st.integers(1, 4),
    limit_per_topic=st.integers(1, 3),
    minimum=st.sampled_from([1, 1, 2]),
    order=st.sampled_from(Order),
    overflow=st.sampled_from(Overflow),
    near_duplicates=st.sampled_from([None, 90]),
    pinned=st.sampled_from([(), ("news/ab-0.md", "news/af-0.md"), tuple(f"news/a{sign}-0.md" for sign in "fedcba")]),
    excluded=st.sampled_from([(), ("news/ae-0.md",)]),
    max_lateness=st.just(timedelta(days=100)),
).filter(lambda one: one.minimum <= min(one.limit, one.limit_per_topic))
DATES = st.sampled_from([-400, -40, -20, -3, -1, 0, 2, 9])
OWN_TOPICS = st.lists(st.sampled_from(TOPICS), max_size=3, unique=True).map(tuple)


class History(RuleBasedStateMachine):
    """One newsletter and the folder that feeds it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="synd-history-"))
        self.project = Project()
        self.project.templates = {**TEMPLATES, **PLAIN}
        self.ledger = open_ledger(self.folder / "ledger.sqlite")
        self.project.ledger = self.ledger  # type: ignore[assignment]  # the real one, which a restart opens again
        self.known: dict[str, Known] = {}
        self.issues: list[Told] = []
        self.now = START
        self.newsletter = make_newsletter()
        self.known_since = START
        self.snapshot: Snapshot

    def teardown(self) -> None:
        try:
            if self.issues or self.known:
                self.nobody_waits_for_ever()
            record("histories", {"histories": 1, "articles": len(self.known), "issues": len(self.issues)})
        finally:
            self.ledger.close()
            shutil.rmtree(self.folder)

    # ---- What happens ----

    @initialize(newsletter=NEWSLETTERS, count=st.integers(0, 4), data=st.data())
    def begin(self, newsletter: Newsletter, count: int, data: st.DataObject) -> None:
        self.newsletter = newsletter
        self.project.newsletters = (newsletter,)
        for _ in range(count):
            self.write(*data.draw(st.tuples(*WRITTEN)))
        self.build()
        self.known_since = self.now

    @rule(count=st.integers(1, 5), data=st.data())
    @precondition(lambda self: len(self.known) <= len(NAMES) - 5)
    def write_articles(self, count: int, data: st.DataObject) -> None:
        """Add articles, of today or dated back or ahead, some as drafts."""
        for _ in range(count):
            self.write(*data.draw(st.tuples(*WRITTEN)))
        self.build()

    @rule(data=st.data())
    @precondition(lambda self: any(one.is_there for one in self.known.values()))
    def change_article(self, data: st.DataObject) -> None:
        """Edit, date anew, rename, hide or show, move to other topics, or delete an article."""
        one = data.draw(st.sampled_from([one for one in self.known.values() if one.is_there]))
        del self.project.files[one.file]
        match data.draw(st.sampled_from(["edit", "date", "rename", "draft", "topics", "delete"])):
            case "edit":
                one.words += 1
            case "date":
                one.date = self.now + timedelta(days=data.draw(DATES))
            case "rename":
                one.edition += 1
            case "draft":
                one.is_draft = not one.is_draft
            case "topics":
                one.topics = data.draw(OWN_TOPICS)
            case "delete":
                one.is_there = False
        if one.is_there:
            self.project.files[one.file] = one.text()
        self.build()

    @rule(data=st.data())
    @precondition(lambda self: any(not one.is_there for one in self.known.values()))
    def bring_back(self, data: st.DataObject) -> None:
        """Put back a file that was deleted."""
        one = data.draw(st.sampled_from([one for one in self.known.values() if not one.is_there]))
        one.is_there = True
        self.project.files[one.file] = one.text()
        self.build()

    @rule(days=st.sampled_from([1, 3, 7, 7, 15]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.build()

    @rule()
    def restart(self) -> None:
        """End the program, and lose what may be lost."""
        self.ledger.close()
        self.ledger = open_ledger(self.folder / "ledger.sqlite")
        self.project.ledger = self.ledger  # type: ignore[assignment]
        self.project.index = MemoryIndex()

    @rule()
    def preview(self) -> None:
        """Look at the next issue: nothing is settled by that."""
        before = (self.ledger.settled("weekly"), self.ledger.issues(), self.ledger.slots("weekly"))
        self.desk().preview(self.newsletter, self.now)
        assert (self.ledger.settled("weekly"), self.ledger.issues(), self.ledger.slots("weekly")) == before

    @rule(weeks=st.sampled_from([0, 1, 1, 1, 2]))
    def round(self, weeks: int) -> None:
        """Let time pass until some slots have come, and do what is due."""
        self.now += weeks * WEEK
        self.build()
        waiting = self.eligible()
        desk = self.desk()
        expected = desk.preview(self.newsletter, self.now)
        explained = {one.path: one for one in explain(expected.selection, desk.snapshot, self.newsletter)}
        before, slots = len(self.ledger.issues("weekly")), len(self.ledger.slots("weekly"))
        run_round(lambda: desk, self.ledger, (self.newsletter,), self.now)
        issues = self.ledger.issues("weekly")
        self.everything_is_explained({path: one.outcome for path, one in explained.items()})
        if len(issues) == before:
            if self.ledger.slots("weekly")[slots:]:
                self.rightly_empty(waiting)
            return
        assert len(issues) == before + 1
        rendered = self.ledger.rendered(issues[-1])
        assert rendered.text == expected.rendered.text
        told = Told(number=issues[-1].number, lines=read_issue(rendered.text))
        self.judge(told, waiting, {one.path: one for one in explain_issue(self.ledger, issues[-1])})

    # ---- What is done by hand ----

    def write(self, tale: int, brand: str, topics: tuple[str, ...], days: int, is_draft: bool) -> None:
        name = NAMES[len(self.known)]
        date = self.now + timedelta(days=days)
        one = Known(name=name, tale=tale, brand=brand, topics=topics, date=date, is_draft=is_draft)
        self.known[name] = one
        self.project.files[one.file] = one.text()

    def build(self) -> None:
        """See the folder as it is, and let the ledger learn of it, as a build does before it makes documents."""
        self.now += timedelta(minutes=1)  # no two things happen at once
        project = self.project
        gathered = project.collector.gather(self.now, progress=lambda done, total: None)
        with self.ledger.together():
            self.snapshot = project.collector.identify(gathered, self.now)
            self.ledger.begin(self.snapshot.namespace, self.now, [self.newsletter.slug])
            self.ledger.record_identities(self.snapshot.new_identities)
            self.ledger.record_topic_slugs(self.snapshot.new_topic_slugs)
        for one in self.known.values():
            if one.is_out(self.now) and one.first_seen is None:
                one.first_seen = self.now

    def desk(self) -> IssueDesk:
        project = self.project
        entries = Entries(self.snapshot, project.site, project.sources, project.folders.read)
        return IssueDesk(
            site=project.site,
            templates=project.templates,
            ledger=self.ledger,
            snapshot=self.snapshot,
            entries=entries,
        )

    # ---- The oracle ----

    def is_of_newsletter(self, topic: str) -> bool:
        return not self.newsletter.topics or topic in self.newsletter.topics

    def own_topics(self, one: Known) -> tuple[str, ...]:
        return tuple(topic for topic in one.topics if self.is_of_newsletter(topic))

    def is_new(self, one: Known) -> bool:
        """Whether it came after the newsletter, or since its start, or somebody wants it in."""
        since_start = self.newsletter.start is not None and one.date >= self.newsletter.start
        came_later = one.first_seen is not None and one.first_seen > self.known_since
        return since_start or came_later or one.file in self.newsletter.pinned

    def eligible(self) -> dict[str, Known]:
        """Return what an issue that is cut now has to take, carry over or drop."""
        return {
            one.name: one
            for one in self.known.values()
            if one.is_out(self.now) and not one.is_settled and one.file not in self.newsletter.excluded
            if self.own_topics(one) and self.is_new(one)
        }

    def judge(self, told: Told, waiting: dict[str, Known], recorded: dict[str, Explained]) -> None:
        """Judge an issue that was just cut, and note what it settled."""
        newsletter = self.newsletter
        names = [name for line in told.lines for name in line.names]
        assert len(names) == len(set(names)), "an article twice in one issue"
        assert set(names) <= set(waiting), "an article that had no right to be in the issue"
        assert len(told.lines) >= newsletter.minimum
        pins = {name for name, one in waiting.items() if one.file in newsletter.pinned}
        free = [line for line in told.lines if line.name not in pins]
        assert len(told.lines) <= max(newsletter.limit, len(pins))
        assert pins <= {line.name for line in told.lines}, "a pin was displaced"
        per_section = Counter(line.section for line in told.lines)
        for line in free:
            assert per_section[line.section] <= max(
                newsletter.limit_per_topic, sum(one.section == line.section for one in told.lines if one.name in pins)
            )
        for section in per_section:
            inside = [line.name for line in told.lines if line.section == section]
            assert all(name in pins for name in inside[: sum(name in pins for name in inside)]), "a pin is not first"
        for line in told.lines:
            own = self.own_topics(waiting[line.name])
            assert line.section in own
            expected = {topic for name in line.names for topic in self.own_topics(waiting[name])}
            assert expected <= line.shown_topics
            self.rightly_folded(line, waiting)
        self.order_is_right(told, waiting, pins)
        self.what_is_left_had_no_room(told, waiting, per_section, recorded)
        for name in names:
            waiting[name].issue = told.number
        told.topics = {name: self.own_topics(waiting[name]) for name in names}
        self.issues.append(told)

    def rightly_folded(self, line: Line, waiting: dict[str, Known]) -> None:
        brands = [waiting[name].brand for name in line.names]
        assert len(brands) == len(set(brands))
        assert len({waiting[name].tale for name in line.names}) == 1
        assert not line.also_at or self.newsletter.near_duplicates is not None

    def order_is_right(self, told: Told, waiting: dict[str, Known], pins: set[str]) -> None:
        sections = list(dict.fromkeys(line.section for line in told.lines))
        wanted = [topic for topic in (self.newsletter.topics or sorted(TOPICS)) if topic in sections]
        assert sections == wanted
        for section in sections:
            free = [waiting[line.name] for line in told.lines if line.section == section and line.name not in pins]
            if self.newsletter.order is Order.RECENT:
                assert [one.date for one in free] == sorted((one.date for one in free), reverse=True)
            elif len({one.brand for one in free}) > 1 and len(free) == 3:
                most, count = Counter(one.brand for one in free).most_common(1)[0]
                starts = [one.brand for one in free] if count < 3 else []
                assert starts[:2] != [most, most] or starts[2] == most or bool(pins)

    def what_is_left_had_no_room(
        self, told: Told, waiting: dict[str, Known], per_section: Counter[str], recorded: dict[str, Explained]
    ) -> None:
        newsletter = self.newsletter
        in_it = {name for line in told.lines for name in line.names}
        is_full = len(told.lines) >= newsletter.limit
        outcomes = {path: one.outcome for path, one in recorded.items()}
        for name, one in waiting.items():
            if name in in_it:
                assert outcomes[one.file] in ("in", "folded")
                continue
            sections_full = all(per_section[topic] >= newsletter.limit_per_topic for topic in self.own_topics(one))
            assert is_full or sections_full, "left out though there was room"
            if newsletter.overflow is Overflow.DROP:
                assert outcomes[one.file] == "dropped"
                possible = {"limit"} if not sections_full else {"limit", "limit_per_topic"}
                assert recorded[one.file].rule in possible
                one.dropped = told.number
            else:
                assert one.file not in outcomes
        assert len(outcomes) == len(in_it) + sum(one.dropped == told.number for one in waiting.values())

    def rightly_empty(self, waiting: dict[str, Known]) -> None:
        """No issue was cut: too few stories were there, however they are folded."""
        tales = {one.tale for one in waiting.values()}
        fewest = len(tales) if self.newsletter.near_duplicates is not None else len(waiting)
        room = min(fewest, self.newsletter.limit, self.newsletter.limit_per_topic)
        assert room < self.newsletter.minimum, "no issue though there was enough for one"

    def everything_is_explained(self, outcomes: dict[str, str]) -> None:
        """Every file has one explanation, and it is the right one."""
        assert set(outcomes) == set(self.project.files)
        for one in self.known.values():
            if not one.is_there:
                continue
            outcome = outcomes[one.file]
            if not one.is_out(self.now):
                assert outcome == "held"
            elif one.is_settled:
                assert outcome == "settled"
            elif one.file in self.newsletter.excluded:
                assert outcome == "excluded"
            elif not self.own_topics(one):
                assert outcome == "no-topic"
            elif not self.is_new(one):
                assert outcome == "too-old"
            else:
                assert outcome in ("in", "folded", "carried-over", "dropped"), f"{one} is {outcome}"

    @invariant()
    def every_reader_gets_every_article_once(self) -> None:
        for topics in readers():
            got = Counter(
                name for told in self.issues for line in told.lines if line.shown_topics & topics for name in line.names
            )
            for told in self.issues:
                for name, own in told.topics.items():
                    if topics & set(own):
                        assert got[name] == 1, f"a reader of {sorted(topics)} got {name} {got[name]} times"
            assert all(count == 1 for count in got.values())

    def nobody_waits_for_ever(self) -> None:
        """Once nothing new comes, what waits gets into an issue, or is too little for one."""
        for _ in range(len(self.known) + 3):
            self.round(weeks=1)
        left = self.eligible()
        if left:
            self.rightly_empty(left)


WRITTEN = (
    st.integers(0, len(TALES) - 1),
    st.sampled_from(BRANDS),
    OWN_TOPICS,
    DATES,
    st.sampled_from([False, False, False, True]),
)

TestHistories = History.TestCase
TestHistories.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
