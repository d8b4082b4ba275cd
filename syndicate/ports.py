"""What the services need from the outside world, as they need it."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from syndicate.domain.archive import FeedHistory
from syndicate.domain.articles import ArticlePath, EntryId
from syndicate.domain.collection import Parsed
from syndicate.domain.identity import Identity
from syndicate.domain.newsletters import Draft, Issue, Rendered
from syndicate.domain.slots import Fate, Slot

if TYPE_CHECKING:  # how stories are chosen, which only an issue has a use for
    from syndicate.domain.selection import Aside, Settled

Item = TypeVar("Item")
Result = TypeVar("Result")


class FoundFile(NamedTuple):
    """A file below a source: `path` as reports name it, `relative` below the source, `location` to open it.

    There is one of every file in every build, and a tuple is made faster than a dataclass. `signature`
    changes whenever the file may have changed; it is '' where the file's times can't tell yet.
    """

    path: ArticlePath
    relative: str
    location: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFiles:
    """What lies below one source: articles (or what looks like them), local pictures, folders that can't be listed."""

    articles: tuple[FoundFile, ...]
    media: Mapping[str, FoundFile]
    unreadable: tuple[str, ...] = ()


class IndexRow(NamedTuple):
    """What the index holds of one file: valid while both `signature` and `parse_key` stay the same."""

    signature: str
    parse_key: str
    parsed: Parsed


class NewRow(NamedTuple):
    """A row to be stored: `record` is a Parsed without its details, packed where it was parsed."""

    path: ArticlePath
    signature: str
    parse_key: str
    packed: "Packed"


class Packed(NamedTuple):
    """A Parsed on its way from a worker to the index: what every run needs, and what few articles are asked for.

    A tuple travels twice as fast as a dataclass with slots, and a body as the bytes that are kept.
    """

    record: bytes
    body: bytes
    offerings: bytes


class Index(Protocol):
    """Parsed files of earlier runs; it may be thrown away and is made again."""

    @property
    def pack(self) -> Callable[[Parsed], Packed]:
        """A function that packs a Parsed; worker processes get it."""

    @property
    def unpack(self) -> Callable[[bytes], Parsed]:
        """The function that reads a record: a Parsed without body and offerings."""

    def load(self) -> dict[ArticlePath, IndexRow]:
        """Return all rows, their bodies left out."""

    def store(self, rows: Iterable[NewRow], gone: Iterable[ArticlePath]) -> None:
        """Add or replace rows with their bodies, drop those of files that are gone."""

    @property
    def body_reader(self) -> Callable[[Collection[ArticlePath]], Mapping[ArticlePath, str]]:
        """A function that returns the sanitised bodies of articles; worker processes get it."""

    def offerings(self, paths: Collection[ArticlePath]) -> dict[ArticlePath, tuple[object, ...]]:
        """Return the related offerings of articles, as their front matter lists them."""


class Workers(Protocol):
    """Runs a pure function over many items, on all cores where that pays."""

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        died: Callable[[Item], Result],
        parallel: bool = True,
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[Result]:
        """Yield the results in the order of the items; `died` gives the result of an item that kills its process.

        With `parallel` off the items are few, and all is done here. Otherwise `meanwhile` is called
        once, while the first items are under way.
        """


class Output(Protocol):
    """The published folder, and which files in it are ours."""

    def is_current(self, path: str, fingerprint: str) -> bool:
        """Tell whether the file stands as we wrote it from the same input."""

    def begin(self, paths: Iterable[str], *, keep: bool) -> tuple[str, ...]:
        """Note which files are going to be ours, for good if `keep`; returns those that are somebody else's."""

    @property
    def put_aside(self) -> Callable[[str, bytes], bool]:
        """A function that keeps what a file is to hold, and tells whether that is new; worker processes get it."""

    def put_in_place(self, path: str, fingerprint: str, *, changed: bool) -> None:
        """Let a file hold what was put aside for it, if that is new, whole or not at all."""

    def stamps(self) -> Mapping[str, str]:
        """Return each of our files with what changes whenever the file is written."""

    def differs(self, path: str, data: bytes) -> bool:
        """Tell whether writing these bytes would change the file."""

    def ours(self) -> tuple[str, ...]:
        """Return the files that are ours, in order; some may be gone, or not be written yet."""

    def read(self, path: str) -> bytes | None:
        """Return what a file holds; None if it can't be read."""

    def stale(self, wanted: Collection[str]) -> tuple[str, ...]:
        """Return those of our files that are not wanted any more."""

    def remove(self, path: str) -> None:
        """Remove one of our files, and folders that it leaves empty."""

    def forget(self) -> None:
        """Forget what our files were made from, so that the next build makes them all again."""

    def finish(self) -> None:
        """Record what stands."""


class Ledger(Protocol):
    """What must be remembered for ever."""

    def together(self) -> AbstractContextManager[None]:
        """Make one transaction of all that is read and recorded: nothing of others comes between."""

    def namespace(self) -> uuid.UUID | None:
        """Return the namespace of article ids, None before the first build."""

    def started_at(self) -> datetime | None:
        """Return when the ledger recorded its first articles, None before the first build."""

    def begin(self, namespace: uuid.UUID, now: datetime, newsletters: Iterable[str] = ()) -> None:
        """Record the namespace, the start, and since when newsletters are known; what is recorded already stays."""

    def known_since(self, newsletter: str) -> datetime | None:
        """Return the moment of the first build that knew a newsletter, None before that."""

    def identities(self) -> tuple[Identity, ...]:
        """Return all identities."""

    def record_identities(self, identities: Iterable[Identity]) -> None:
        """Add or replace identities."""

    def topic_slugs(self) -> dict[str, str]:
        """Return the slug that each topic key has had."""

    def record_topic_slugs(self, slugs: Mapping[str, str]) -> None:
        """Add topic slugs; one that is recorded already is replaced."""

    def old_slugs(self) -> Mapping[str, str]:
        """Return the slugs that topics have had before, each with its topic's key."""

    def reading_pages(self) -> Mapping[str, EntryId]:
        """Return the names of all reading pages that ever were, each with the article that had it last."""

    def record_reading_pages(self, pages: Mapping[str, EntryId]) -> None:
        """Add names of reading pages; one that is recorded already is replaced."""

    def histories(self) -> Mapping[str, FeedHistory]:
        """Return what is remembered of each feed, by its topic's key or 'all'."""

    def record_histories(self, histories: Mapping[str, FeedHistory]) -> None:
        """Add what feeds are remembered by, or replace it; no entry is forgotten."""

    def issues(self, newsletter: str | None = None) -> tuple[Issue, ...]:
        """Return the cut issues, oldest first."""

    def drafts(self, newsletter: str) -> tuple[Draft, ...]:
        """Return the issues of a newsletter that are not out yet, oldest first."""

    def settled(self, newsletter: str) -> "Mapping[EntryId, Settled]":
        """Return what the issues of a newsletter and its drafts have made of articles for good, issue by issue."""

    def rendered(self, issue: Issue) -> Rendered:
        """Return what a cut issue says."""

    def story_count(self, issue: Issue) -> int:
        """Return how many articles a cut issue carries."""

    def record_issue(
        self, issue: Issue, rendered: Rendered, articles: Sequence[EntryId], asides: "Sequence[Aside]" = ()
    ) -> Issue:
        """Record a cut issue, and its slot as cut; if the slot has an issue, return that one and record nothing."""

    def record_draft(
        self, issue: Issue, rendered: Rendered, articles: Sequence[EntryId], asides: "Sequence[Aside]" = ()
    ) -> Issue:
        """Record an issue that is not out yet, and its slot as claimed; if the slot has one, return that.

        Nobody has been told of it then, as of outcomes that have to be told.
        """

    def approve(self, draft: Draft) -> bool:
        """Note that someone approved a draft; returns False if it is no longer what it was."""

    def publish(self, draft: Draft, now: datetime) -> bool:
        """Make a draft an issue, and its slot cut; returns False if it is no longer what it was."""

    def withdraw(self, draft: Draft, fate: Fate, now: datetime) -> bool:
        """Remove a draft and give its slot a fate; returns False if it is no longer what it was.

        CLAIMED leaves the slot to be drafted anew.
        """

    def slots(self, newsletter: str) -> tuple[Slot, ...]:
        """Return the slots of a newsletter that are claimed or settled, oldest first."""

    def claim_slot(self, newsletter: str, due: datetime, now: datetime) -> Slot:
        """Claim a slot, unless it is recorded already; returns it as it stands then."""

    def settle_slot(self, newsletter: str, due: datetime, fate: Fate, now: datetime) -> Slot:
        """Record the outcome of a slot, claimed or not; one that has its outcome keeps it. Returns it as it stands."""

    def untold(self) -> tuple[Slot, ...]:
        """Return the slots with something that has to be told and that nobody has taken up yet, oldest first.

        A claimed one has a new draft.
        """

    def note_told(self, slots: Iterable[Slot]) -> None:
        """Note that someone has taken up what has to be told of slots."""
