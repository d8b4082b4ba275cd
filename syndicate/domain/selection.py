"""Selection: which articles an issue takes, where each stands in it, and why the others are not in it.

    articles ─► settled before? excluded? no topic? too old? ─► in order, pins first
                                                                      │
        below the minimum? ◄─ room in the issue and a section? ◄─ folded into a near-identical story?
                │                        └──► carried over, or dropped
                └──► Selection: sections of stories, and a verdict on every article

Nothing is forgotten in silence: every article gets a verdict, and whatever an issue settles for good
(its stories, what is folded into them, what is dropped) is recorded with it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from syndicate.domain.articles import Article, ArticlePath, EntryId
from syndicate.domain.identity import Identity
from syndicate.domain.newsletters import Newsletter, Order, Overflow
from syndicate.domain.similarity import Gist, gist_of, is_near
from syndicate.domain.text import fold
from syndicate.domain.topics import Topic
from syndicate.domain.topics import names_of as topic_names
from syndicate.domain.urls import comparable, is_web_address

# In a ranked issue an article counts as so much older for each newer one of its brand, and for each one of its topic
# before it: the third of a brand gives way to another brand's first of two days before.
BRAND_STEP, TOPIC_STEP = timedelta(days=1), timedelta(hours=12)

Item = TypeVar("Item")


class Outcome(Enum):
    """What became of an article in the making of an issue."""

    IN = "in"
    FOLDED = "folded"
    CARRIED_OVER = "carried-over"
    DROPPED = "dropped"
    SETTLED = "settled"
    EXCLUDED = "excluded"
    NO_TOPIC = "no-topic"
    TOO_OLD = "too-old"


class Rule(Enum):
    """The setting by which an article did not fit."""

    LIMIT = "limit"
    LIMIT_PER_TOPIC = "limit_per_topic"
    MINIMUM = "minimum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """An article that an issue settles without a story of its own: folded into `story`, or dropped by `rule`."""

    id: EntryId
    story: EntryId | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What an issue has made of an article for good: a story of its own, unless it was set aside."""

    number: int
    aside: Aside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article with its place in an issue.

    `topics` are those of the newsletter's that it belongs to, the one of its section first: a reader of
    some topics finds it in the first of them. `also_at` are near-identical articles of other brands,
    whose topics are its own too. `pin` is its place among the pins, if it is one.
    """

    article: Article
    topics: tuple[Topic, ...]
    also_at: tuple[Article, ...] = ()
    pin: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A topic's part of an issue."""

    topic: Topic
    stories: tuple[Story, ...]

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles of its stories."""
        return tuple(story.article for story in self.stories)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why an article is in an issue, or not.

    `topic` is its section, `rule` what it did not fit by, `story` the path of the article that it was
    folded into, `settled` what an earlier issue made of it.
    """

    article: Article
    outcome: Outcome
    topic: Topic | None = None
    rule: Rule | None = None
    story: ArticlePath | None = None
    settled: Settled | None = None
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an issue would hold, and a verdict on every article: those in it first, in their order."""

    sections: tuple[Section, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories of all sections, in their order."""
        return tuple(story for section in self.sections for story in section.stories)

    def count(self, outcome: Outcome) -> int:
        """Return how many articles had an outcome."""
        return sum(verdict.outcome is outcome for verdict in self.verdicts)

    def asides(self, identities: Mapping[ArticlePath, Identity]) -> tuple[Aside, ...]:
        """Return what is recorded with the issue beside its stories."""
        return tuple(
            Aside(id=identities[one.article.path].id, story=identities[one.story].id if one.story else None)
            if one.outcome is Outcome.FOLDED
            else Aside(id=identities[one.article.path].id, rule=one.rule)
            for one in self.verdicts
            if one.outcome in (Outcome.FOLDED, Outcome.DROPPED)
        )


@dataclass(slots=True, kw_only=True)
class _Candidate:
    """An article that is eligible, on its way through the selection; it may become the story of others too."""

    article: Article
    topics: tuple[Topic, ...]
    pin: int | None
    gist: Gist | None = None
    section: Topic | None = None
    brands: frozenset[str] = frozenset()
    also_at: tuple[Article, ...] = ()

    def fold_in(self, other: "_Candidate") -> None:
        """Let this story stand for another article too."""
        self.also_at += (other.article,)
        self.brands |= other.brands
        self.topics += tuple(topic for topic in other.topics if topic not in self.topics)


def select(
    newsletter: Newsletter,
    articles: Sequence[Article],
    topics: Mapping[ArticlePath, tuple[Topic, ...]],
    identities: Mapping[ArticlePath, Identity],
    settled: Mapping[EntryId, Settled],
    known_since: datetime,
    address: Callable[[Article], str | None] = lambda article: None,
) -> Selection:
    """Choose the articles of the next issue and put each into one section.

    An article is eligible if no earlier issue settled it and it was first seen after the newsletter
    itself (`known_since`), back-dated ones too, was published since the newsletter's own start, or is
    pinned. Its section is the first of its topics that has room: the newsletter's list says which is
    first; without one, the article's own order does. `articles` come newest first; `address` tells where
    an article's headline leads.
    """
    order = _topic_order(newsletter, topics)
    marks = _Marks(newsletter)
    verdicts: list[Verdict] = []
    candidates: list[_Candidate] = []
    for article in articles:
        identity = identities[article.path]
        names = names_of(article, identity.id, address(article)) if marks.are_there else frozenset()
        own = [topic for topic in topics[article.path] if topic in order]
        if newsletter.topics:
            own.sort(key=order.__getitem__)
        candidate = _Candidate(article=article, topics=tuple(own), pin=marks.pin(names))
        outcome = _outcome(candidate, identity, marks.excludes(names), newsletter, settled, known_since)
        if outcome:
            verdicts.append(Verdict(article=article, outcome=outcome, settled=settled.get(identity.id)))
        else:
            candidates.append(candidate)
    filled = _fill(newsletter, candidates)
    verdicts = [*filled.verdicts(), *verdicts]
    if len(filled.stories) < newsletter.minimum:
        return Selection(sections=(), verdicts=tuple(_wait(verdict) for verdict in verdicts))
    sections = tuple(
        Section(topic=topic, stories=filled.section(topic)) for topic in sorted(filled.places, key=order.__getitem__)
    )
    place = {article.path: place for place, article in enumerate(_articles(sections))}
    verdicts.sort(key=lambda verdict: place.get(verdict.article.path, len(place)))
    return Selection(sections=sections, verdicts=tuple(verdicts))


def _articles(sections: Iterable[Section]) -> Iterable[Article]:
    return (article for section in sections for article in section.articles)


def _outcome(
    candidate: _Candidate,
    identity: Identity,
    is_excluded: bool,
    newsletter: Newsletter,
    settled: Mapping[EntryId, Settled],
    known_since: datetime,
) -> Outcome | None:
    """Return why an article is not eligible; None if it is."""
    if identity.id in settled:
        return Outcome.SETTLED
    if is_excluded:
        return Outcome.EXCLUDED
    if not candidate.topics:
        return Outcome.NO_TOPIC
    is_recent = newsletter.start is not None and candidate.article.published >= newsletter.start
    is_new = is_recent or identity.first_seen > known_since or candidate.pin is not None
    return None if is_new else Outcome.TOO_OLD


def _wait(verdict: Verdict) -> Verdict:
    """Return the verdict on an article where an issue has too few stories to be cut at all."""
    if verdict.outcome not in (Outcome.IN, Outcome.FOLDED, Outcome.CARRIED_OVER, Outcome.DROPPED):
        return verdict
    return replace(verdict, outcome=Outcome.CARRIED_OVER, rule=Rule.MINIMUM, topic=None, story=None)


class _Filled:
    """An issue being filled, candidate by candidate; `places` holds those of each section."""

    def __init__(self, newsletter: Newsletter) -> None:
        self.newsletter = newsletter
        self.stories: list[_Candidate] = []
        self.places: dict[Topic, list[_Candidate]] = {}
        self.folded: list[tuple[_Candidate, _Candidate]] = []
        self.left: list[tuple[_Candidate, Rule]] = []

    def take(self, candidate: _Candidate) -> None:
        """Give a candidate its place, fold it into a story, or leave it out by a rule. A pin always has a place."""
        is_pinned = candidate.pin is not None
        if not is_pinned and (story := self._near(candidate)):
            story.fold_in(candidate)
            self.folded.append((candidate, story))
            return
        room = candidate.topics[0] if is_pinned else self._room(candidate)
        if isinstance(room, Rule):
            self.left.append((candidate, room))
            return
        candidate.section = room
        candidate.topics = (room, *(topic for topic in candidate.topics if topic != room))
        self.places.setdefault(room, []).append(candidate)
        self.stories.append(candidate)

    def _room(self, candidate: _Candidate) -> Topic | Rule:
        """Return the first topic of a candidate that has room for it, or what leaves it none."""
        if len(self.stories) >= self.newsletter.limit:
            return Rule.LIMIT
        most = self.newsletter.limit_per_topic
        found = (topic for topic in candidate.topics if len(self.places.get(topic, ())) < most)
        return next(found, Rule.LIMIT_PER_TOPIC)

    def _near(self, candidate: _Candidate) -> _Candidate | None:
        """Return the first story that says the same as a candidate at another brand."""
        gist, threshold = candidate.gist, self.newsletter.near_duplicates
        if gist is None or threshold is None or not candidate.brands:
            return None
        near = (
            story
            for story in self.stories
            if story.gist and story.brands and not candidate.brands & story.brands
            if is_near(gist, story.gist, threshold)
        )
        return next(near, None)

    def section(self, topic: Topic) -> tuple[Story, ...]:
        """Return the stories of a section, pins first."""
        pins = [one for one in self.places[topic] if one.pin is not None]
        others = [one for one in self.places[topic] if one.pin is None]
        if self.newsletter.order is Order.RANKED:
            others = spread(others, _brand, _brand(pins[-1]) if pins else "")
        return tuple(
            Story(article=one.article, topics=one.topics, also_at=one.also_at, pin=one.pin) for one in (*pins, *others)
        )

    def verdicts(self) -> Iterable[Verdict]:
        """Yield a verdict on each candidate."""
        for one in self.stories:
            yield Verdict(article=one.article, outcome=Outcome.IN, topic=one.section, is_pinned=one.pin is not None)
        for one, story in self.folded:
            yield Verdict(article=one.article, outcome=Outcome.FOLDED, topic=story.section, story=story.article.path)
        outcome = Outcome.DROPPED if self.newsletter.overflow is Overflow.DROP else Outcome.CARRIED_OVER
        for one, rule in self.left:
            yield Verdict(article=one.article, outcome=outcome, rule=rule)


def _brand(candidate: _Candidate) -> str:
    return fold(candidate.article.brand or "")


def _fill(newsletter: Newsletter, candidates: Iterable[_Candidate]) -> _Filled:
    """Return the issue that the candidates make: the pins in their own order, then the others in the newsletter's."""
    filled = _Filled(newsletter)
    pinned: list[_Candidate] = []
    others: list[_Candidate] = []
    for candidate in candidates:
        if newsletter.near_duplicates is not None:
            candidate.gist = gist_of(candidate.article)
            candidate.brands = frozenset({_brand(candidate)} - {""})
        (others if candidate.pin is None else pinned).append(candidate)
    pinned.sort(key=lambda one: one.pin or 0)
    for candidate in (*pinned, *(ranked(others) if newsletter.order is Order.RANKED else others)):
        filled.take(candidate)
    return filled


def ranked(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return candidates that come newest first by rank.

    Each newer one of its brand makes a candidate count as older, and then each one of its topic that
    stands before it. To count ages together is to multiply what decays by a half in equal times; and it
    needs no clock.
    """
    newest = max((one.article.published for one in candidates), default=None)
    ages = {one.article.path: newest - one.article.published for one in candidates if newest}
    brands: Counter[str] = Counter()
    for one in candidates:
        if brand := _brand(one):
            ages[one.article.path] += brands[brand] * BRAND_STEP
            brands[brand] += 1
    by_brand = sorted(candidates, key=lambda one: ages[one.article.path])
    topics: Counter[Topic] = Counter()
    for one in by_brand:
        ages[one.article.path] += topics[one.topics[0]] * TOPIC_STEP
        topics[one.topics[0]] += 1
    return sorted(by_brand, key=lambda one: ages[one.article.path])


def spread(items: Iterable[Item], brand_of: Callable[[Item], str], before: str = "") -> list[Item]:
    """Return items in their order, changed as little as keeps two of one brand from standing side by side.

    Where one brand has more than half of what is left, it must have every second place. `before` is the
    brand in front of the first; '' is none, and never side by side.
    """
    left = list(items)
    counts = Counter(brand for item in left if (brand := brand_of(item)))
    arranged = []
    while left:
        most = max(counts, key=lambda brand: counts[brand], default="")
        must = most if most != before and 2 * counts[most] > len(left) else ""
        fits = (
            place
            for place, item in enumerate(left)
            if (brand_of(item) == must if must else not before or brand_of(item) != before)
        )
        item = left.pop(next(fits, 0))
        before = brand_of(item)
        counts[before] -= 1
        arranged.append(item)
    return arranged


class _Marks:
    """The articles that a newsletter's config pins and excludes, by any of their names."""

    def __init__(self, newsletter: Newsletter) -> None:
        self.pins = {_mark(name): place for place, name in reversed(list(enumerate(newsletter.pinned)))}
        self.excluded = frozenset(map(_mark, newsletter.excluded))
        self.are_there = bool(self.pins or self.excluded)

    def pin(self, names: Collection[str]) -> int | None:
        """Return the place of an article among the pins, None if it is none."""
        return min((self.pins[name] for name in names if name in self.pins), default=None)

    def excludes(self, names: Collection[str]) -> bool:
        """Tell whether an article is excluded."""
        return not self.excluded.isdisjoint(names)


def names_of(article: Article, identifier: EntryId | None, address: str | None = None) -> frozenset[str]:
    """Return what an article can be named by: its id in feeds or front matter, its file, its addresses."""
    given = (article.front_id, article.path, article.page_url, article.source_url, address)
    return frozenset(_mark(name) for name in given if name) | (names_of_id(identifier) if identifier else frozenset())


def names_of_id(identifier: EntryId) -> frozenset[str]:
    """Return the two spellings of an id."""
    return frozenset({_mark(identifier), identifier.removeprefix("urn:uuid:")})


def _mark(name: str) -> str:
    """Return what the spellings of a name have in common."""
    return f"://{comparable(name)}" if is_web_address(name) else name.strip().removeprefix("./")


def unknown_names(newsletter: Newsletter, known: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return the keys and names of those pinned or excluded articles that there are not; `known` are all names."""
    given = (("pinned", newsletter.pinned), ("excluded", newsletter.excluded))
    return tuple((key, name) for key, names in given for name in names if _mark(name) not in known)


def unknown_topics(newsletter: Newsletter, topics: Collection[Topic]) -> tuple[str, ...]:
    """Return those of the newsletter's topics that no article has."""
    known = {name for topic in topics for name in topic_names(topic)}
    return tuple(name for name in newsletter.topics if fold(name) not in known)


def topics_in_order(newsletter: Newsletter, topics: Mapping[ArticlePath, tuple[Topic, ...]]) -> tuple[Topic, ...]:
    """Return the topics of a newsletter that there are, in the order of its sections."""
    return tuple(_topic_order(newsletter, topics))


def _topic_order(newsletter: Newsletter, topics: Mapping[ArticlePath, tuple[Topic, ...]]) -> dict[Topic, int]:
    """Return each topic of the newsletter with its place; without a list they come by label."""
    known = {topic for own in topics.values() for topic in own}
    if not newsletter.topics:
        return {topic: place for place, topic in enumerate(sorted(known, key=lambda one: (fold(one.label), one.key)))}
    places = {fold(name): place for place, name in reversed(list(enumerate(newsletter.topics)))}
    named = {topic: [places[name] for name in topic_names(topic) if name in places] for topic in known}
    ordered = sorted((min(found), topic.key, topic) for topic, found in named.items() if found)
    return {topic: place for place, (_, _, topic) in enumerate(ordered)}


def why(verdict: Verdict, newsletter: Newsletter) -> str:
    """Return a verdict in words."""
    if verdict.settled:
        return why_settled(verdict.settled)
    if verdict.rule:
        what = "dropped" if verdict.outcome is Outcome.DROPPED else "carried over"
        return f"{what}: {verdict.rule.value} is {getattr(newsletter, verdict.rule.value)}"
    section = verdict.topic.label if verdict.topic else ""
    words = {
        Outcome.IN: f"in {section}{', pinned' if verdict.is_pinned else ''}",
        Outcome.FOLDED: f"folded into {verdict.story}, which says nearly the same",
        Outcome.EXCLUDED: "excluded",
        Outcome.NO_TOPIC: "has no topic of the newsletter",
        Outcome.TOO_OLD: "was there before the newsletter",
    }
    is_before = verdict.outcome is Outcome.TOO_OLD and newsletter.start
    return f"{words[verdict.outcome]}{', and is dated before its start' if is_before else ''}"


def why_settled(settled: Settled) -> str:
    """Return in words what an issue made of an article."""
    if settled.aside is None:
        return f"in issue {settled.number} already"
    if settled.aside.rule:
        return f"dropped by issue {settled.number}: {settled.aside.rule.value}"
    return f"folded into a story of issue {settled.number}"
