"""Newsletters: recurring publications, and their issues."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from syndicate.domain.articles import Article, ArticlePath, EntryId
from syndicate.domain.cadence import Cadence
from syndicate.domain.identity import Identity
from syndicate.domain.mail import Mailbox
from syndicate.domain.text import fold
from syndicate.domain.themes import PLAIN_THEME, Design, Theme
from syndicate.domain.topics import Topic, names_of
from syndicate.domain.wording import Tagging, Wording

# What stands for a reader's own addresses until a message is filled in: whole addresses on a host that never is
# (RFC 2606), since they come through inlining as they are.
UNSUBSCRIBE_URL = "https://unsubscribe.invalid/"
PREFERENCES_URL = "https://preferences.invalid/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """A recurring publication; `topics` are names or slugs in the order of its sections, none means all.

    Articles that come after the first build that knew the newsletter are new to it; `start` lets its
    first issue reach back to those published since then. A slot that was missed is cut up to
    `max_lateness` after it. If it `needs_approval`, an issue is drafted `draft_ahead` of its slot, and
    goes out only once someone has approved it. `note` is the file of the editor's note, with {date} for
    the day of the slot; `contents` adds a table of contents. `subject` and `preheader` are small templates
    in the place of what an issue says by itself; with `tagging`, links of messages tell where they came from.
    """

    slug: str
    title: str
    cadence: Cadence
    zone: ZoneInfo
    description: str | None = None
    topics: tuple[str, ...] = ()
    start: datetime | None = None
    limit: int = 40
    limit_per_topic: int = 10
    language: str = "en"
    postal_address: str | None = None
    max_lateness: timedelta = timedelta(hours=24)
    needs_approval: bool = False
    draft_ahead: timedelta = timedelta(hours=24)
    sender: Mailbox | None = None
    reply_to: Mailbox | None = None
    unsubscribe_mailto: str | None = None
    design: Design = Design.MAGAZINE
    theme: Theme = PLAIN_THEME
    note: str | None = None
    contents: bool = False
    offerings_per_topic: int = 0
    subject: Wording | None = None
    preheader: Wording | None = None
    tagging: Tagging | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A topic's part of an issue."""

    topic: Topic
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of a newsletter, cut for good; (newsletter, due) is unique."""

    newsletter: str
    due: datetime
    number: int
    cut_at: datetime
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What an issue says: the HTML document with inlined CSS, and its plain text.

    `html` and `text` are the copy on the web, which is nobody's own. Those for a message have
    UNSUBSCRIBE_URL and PREFERENCES_URL where a reader's own addresses are put; they are None for an
    issue that was cut before messages were kept. Those are for readers of all its topics; from `parts`
    they are made for others (`newsletters.assemble`). An issue whose templates can't be parted has none.
    """

    subject: str
    html: str
    text: str
    mail_html: str | None = None
    mail_text: str | None = None
    parts: str | None = None

    @property
    def digest(self) -> str:
        """What tells these very words and bytes from any others, short enough to be read aloud."""
        said = [self.subject, self.html, self.text, self.mail_html or "", self.mail_text or ""]
        said += [self.parts] if self.parts is not None else []
        lengths = " ".join(str(len(one)) for one in said)
        return hashlib.blake2b("".join([lengths, *said]).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue that is made and not yet out; `approved` is the digest of what someone approved, if anyone did."""

    issue: Issue
    digest: str
    approved: str | None = None

    @property
    def is_approved(self) -> bool:
        """Whether someone approved what the draft holds now."""
        return self.approved == self.digest


def select(
    newsletter: Newsletter,
    articles: Sequence[Article],
    topics: Mapping[ArticlePath, tuple[Topic, ...]],
    identities: Mapping[ArticlePath, Identity],
    carried: Collection[EntryId],
    known_since: datetime,
) -> tuple[Section, ...]:
    """Choose the articles of the next issue and put each into one section: the first of its topics.

    The newsletter's list says which topic is first; without one, the article's own order does.

    An article is new if no earlier issue carried it and it was first seen after the newsletter
    itself (`known_since`), back-dated ones too, or was published since the newsletter's own start.
    `articles` come newest first. What does not fit stays new.
    """
    sections: dict[Topic, list[Article]] = {}
    order = _topic_order(newsletter, topics)
    chosen = 0
    for article in articles:
        identity = identities[article.path]
        is_recent = newsletter.start is not None and article.published >= newsletter.start
        is_new = is_recent or identity.first_seen > known_since
        if not is_new or identity.id in carried or chosen >= newsletter.limit:
            continue
        own = [topic for topic in topics[article.path] if topic in order]
        if newsletter.topics:
            own.sort(key=order.__getitem__)
        room = next((topic for topic in own if len(sections.get(topic, ())) < newsletter.limit_per_topic), None)
        if room:
            sections.setdefault(room, []).append(article)
            chosen += 1
    return tuple(
        Section(topic=topic, articles=tuple(sections[topic])) for topic in sorted(sections, key=order.__getitem__)
    )


def unknown_topics(newsletter: Newsletter, topics: Collection[Topic]) -> tuple[str, ...]:
    """Return those of the newsletter's topics that no article has."""
    known = {name for topic in topics for name in names_of(topic)}
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
    named = {topic: [places[name] for name in names_of(topic) if name in places] for topic in known}
    ordered = sorted((min(found), topic.key, topic) for topic, found in named.items() if found)
    return {topic: place for place, (_, _, topic) in enumerate(ordered)}
