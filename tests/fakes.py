"""The ports in memory: what the services are tested with, held to the real adapters by the contract tests."""

import copy
import hashlib
import pickle
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from msgspec import structs

from syndicate.domain.archive import FeedHistory
from syndicate.domain.articles import ArticlePath, EntryId
from syndicate.domain.collection import Parsed
from syndicate.domain.identity import Identity
from syndicate.domain.newsletters import Draft, Issue, Rendered
from syndicate.domain.selection import Aside, Settled
from syndicate.domain.slots import Fate, Slot, has_to_be_told
from syndicate.domain.sources import ARTICLE_SUFFIXES, MEDIA_SUFFIXES
from syndicate.ports import FoundFile, IndexRow, NewRow, Packed, SourceFiles

Item = TypeVar("Item")
Result = TypeVar("Result")


def pack(parsed: Parsed) -> Packed:
    record = pickle.dumps(structs.replace(parsed, body="", offerings=()))
    return Packed(record=record, body=parsed.body.encode(), offerings=pickle.dumps(parsed.offerings))


def unpack(record: bytes) -> Parsed:
    parsed: Parsed = pickle.loads(record)
    return parsed


class MemoryIndex:
    """An Index that lasts as long as the object."""

    pack = staticmethod(pack)
    unpack = staticmethod(unpack)

    def __init__(self) -> None:
        self.rows: dict[ArticlePath, NewRow] = {}

    def load(self) -> dict[ArticlePath, IndexRow]:
        return {
            path: IndexRow(signature=row.signature, parse_key=row.parse_key, parsed=unpack(row.packed.record))
            for path, row in self.rows.items()
        }

    def store(self, rows: Iterable[NewRow], gone: Iterable[ArticlePath]) -> None:
        for path in gone:
            self.rows.pop(path, None)
        self.rows.update({row.path: row for row in rows})

    @property
    def body_reader(self) -> Callable[[Collection[ArticlePath]], Mapping[ArticlePath, str]]:
        return lambda paths: {path: self.rows[path].packed.body.decode() for path in paths if path in self.rows}

    def offerings(self, paths: Collection[ArticlePath]) -> dict[ArticlePath, tuple[object, ...]]:
        held = {path: pickle.loads(self.rows[path].packed.offerings) for path in paths if path in self.rows}
        return {path: offerings for path, offerings in held.items() if offerings}


class MemoryLedger:
    """A Ledger that forgets when the object goes; a key belongs to the identity that was recorded with it last."""

    def __init__(self) -> None:
        self.settings: tuple[uuid.UUID, datetime] | None = None
        self.known: dict[str, datetime] = {}
        self.by_id: dict[EntryId, Identity] = {}
        self.slugs: dict[str, str] = {}
        self.left_slugs: dict[str, str] = {}
        self.feeds: dict[str, FeedHistory] = {}
        self.read: dict[str, EntryId] = {}
        self.cut: dict[tuple[str, datetime], tuple[Issue, Rendered, tuple[EntryId, ...]]] = {}
        self.asides: dict[tuple[str, datetime], tuple[Aside, ...]] = {}
        self.drafted: dict[tuple[str, datetime], str | None] = {}
        self.due_slots: dict[tuple[str, datetime], Slot] = {}
        self.to_tell: set[tuple[str, datetime]] = set()

    @contextmanager
    def together(self) -> Iterator[None]:
        before = copy.deepcopy(vars(self))
        try:
            yield
        except BaseException:
            vars(self).update(before)
            raise

    def namespace(self) -> uuid.UUID | None:
        return self.settings[0] if self.settings else None

    def started_at(self) -> datetime | None:
        return self.settings[1] if self.settings else None

    def begin(self, namespace: uuid.UUID, now: datetime, newsletters: Iterable[str] = ()) -> None:
        self.settings = self.settings or (namespace, now)
        self.known = dict.fromkeys(newsletters, now) | self.known

    def known_since(self, newsletter: str) -> datetime | None:
        return self.known.get(newsletter)

    def identities(self) -> tuple[Identity, ...]:
        return tuple(self.by_id.values())

    def record_identities(self, identities: Iterable[Identity]) -> None:
        new = {identity.id: identity for identity in identities}
        keys = [key for identity in new.values() for key in identity.keys]
        if len(keys) != len(set(keys)):
            raise ValueError(f"two identities claim one key: {sorted(keys)}")
        for known in [identity for identity in self.by_id.values() if identity.id not in new]:
            self.by_id[known.id] = structs.replace(known, keys=tuple(key for key in known.keys if key not in keys))
        self.by_id.update(new)

    def topic_slugs(self) -> dict[str, str]:
        return dict(self.slugs)

    def record_topic_slugs(self, slugs: Mapping[str, str]) -> None:
        for key, slug in slugs.items():
            if key in self.slugs and self.slugs[key] not in slugs.values():
                self.left_slugs[self.slugs[key]] = key
            self.left_slugs.pop(slug, None)
        self.slugs.update(slugs)

    def old_slugs(self) -> dict[str, str]:
        return dict(self.left_slugs)

    def reading_pages(self) -> dict[str, EntryId]:
        return dict(self.read)

    def record_reading_pages(self, pages: Mapping[str, EntryId]) -> None:
        self.read.update(pages)

    def histories(self) -> dict[str, FeedHistory]:
        return dict(self.feeds)

    def record_histories(self, histories: Mapping[str, FeedHistory]) -> None:
        for key, one in histories.items():
            before = self.feeds[key].pages if key in self.feeds else {}
            self.feeds[key] = replace(one, pages={**before, **one.pages})

    def issues(self, newsletter: str | None = None) -> tuple[Issue, ...]:
        issues = [issue for key, (issue, _, _) in self.cut.items() if key not in self.drafted]
        wanted = [issue for issue in issues if newsletter in (None, issue.newsletter)]
        return tuple(sorted(wanted, key=lambda issue: (issue.newsletter, issue.number)))

    def drafts(self, newsletter: str) -> tuple[Draft, ...]:
        return tuple(
            Draft(issue=self.cut[key][0], digest=self.cut[key][1].digest, approved=approved)
            for key, approved in sorted(self.drafted.items())
            if key[0] == newsletter
        )

    def settled(self, newsletter: str) -> dict[EntryId, Settled]:
        found: dict[EntryId, Settled] = {}
        cut = sorted((issue.number, key) for key, (issue, _, _) in self.cut.items() if key[0] == newsletter)
        for number, key in cut:
            found |= {identifier: Settled(number=number) for identifier in self.cut[key][2]}
            found |= {one.id: Settled(number=number, aside=one) for one in self.asides[key]}
        return found

    def rendered(self, issue: Issue) -> Rendered:
        return self.cut[issue.newsletter, issue.due][1]

    def story_count(self, issue: Issue) -> int:
        return len(self.cut[issue.newsletter, issue.due][2])

    def record_issue(
        self, issue: Issue, rendered: Rendered, articles: Sequence[EntryId], asides: Sequence[Aside] = ()
    ) -> Issue:
        key = (issue.newsletter, issue.due)
        if key not in self.cut:
            self.cut[key] = (issue, rendered, tuple(articles))
            self.asides[key] = tuple(asides)
            slot = self.claim_slot(*key, issue.cut_at)
            self.due_slots[key] = replace(slot, fate=Fate.CUT, settled_at=issue.cut_at)
            self._note(*key, Fate.CUT)
        return self.cut[key][0]

    def record_draft(
        self, issue: Issue, rendered: Rendered, articles: Sequence[EntryId], asides: Sequence[Aside] = ()
    ) -> Issue:
        key = (issue.newsletter, issue.due)
        if key not in self.cut:
            self.cut[key] = (issue, rendered, tuple(articles))
            self.asides[key] = tuple(asides)
            self.drafted[key] = None
            self.claim_slot(*key, issue.cut_at)
            self.to_tell.add(key)
        return self.cut[key][0]

    def approve(self, draft: Draft) -> bool:
        if is_same := self._holds(draft):
            self.drafted[draft.issue.newsletter, draft.issue.due] = draft.digest
        return is_same

    def publish(self, draft: Draft, now: datetime) -> bool:
        if is_same := self._holds(draft):
            del self.drafted[draft.issue.newsletter, draft.issue.due]
            self.settle_slot(draft.issue.newsletter, draft.issue.due, Fate.CUT, now)
        return is_same

    def withdraw(self, draft: Draft, fate: Fate, now: datetime) -> bool:
        if is_same := self._holds(draft):
            key = (draft.issue.newsletter, draft.issue.due)
            del self.drafted[key], self.cut[key], self.asides[key]
            if fate is not Fate.CLAIMED:
                self._settle(*key, fate, now, had_draft=True)
        return is_same

    def _holds(self, draft: Draft) -> bool:
        key = (draft.issue.newsletter, draft.issue.due)
        return draft in self.drafts(draft.issue.newsletter) and key in self.drafted

    def slots(self, newsletter: str) -> tuple[Slot, ...]:
        slots = [slot for slot in self.due_slots.values() if slot.newsletter == newsletter]
        return tuple(sorted(slots, key=lambda slot: slot.due))

    def claim_slot(self, newsletter: str, due: datetime, now: datetime) -> Slot:
        slot = Slot(newsletter=newsletter, due=due, fate=Fate.CLAIMED, claimed_at=now)
        return self.due_slots.setdefault((newsletter, due), slot)

    def settle_slot(self, newsletter: str, due: datetime, fate: Fate, now: datetime) -> Slot:
        return self._settle(newsletter, due, fate, now, had_draft=False)

    def _settle(self, newsletter: str, due: datetime, fate: Fate, now: datetime, *, had_draft: bool) -> Slot:
        slot = self.claim_slot(newsletter, due, now)
        if slot.fate is Fate.CLAIMED:
            self.due_slots[newsletter, due] = replace(slot, fate=fate, settled_at=now)
            self._note(newsletter, due, fate, had_draft=had_draft)
        return self.due_slots[newsletter, due]

    def _note(self, newsletter: str, due: datetime, fate: Fate, *, had_draft: bool = False) -> None:
        change = self.to_tell.add if has_to_be_told(fate, had_draft=had_draft) else self.to_tell.discard
        change((newsletter, due))

    def untold(self) -> tuple[Slot, ...]:
        slots = [self.due_slots[key] for key in self.to_tell]
        return tuple(sorted(slots, key=lambda slot: (slot.due, slot.newsletter)))

    def note_told(self, slots: Iterable[Slot]) -> None:
        self.to_tell -= {(slot.newsletter, slot.due) for slot in slots}


class MemoryOutput:
    """An Output whose files are a dictionary; a test may change it as people change folders."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.known: dict[str, tuple[bytes | None, str]] = {}
        self.aside: dict[str, bytes] = {}
        self.writes: list[str] = []

    def is_current(self, path: str, fingerprint: str) -> bool:
        return path in self.files and self.known.get(path) == (self.files[path], fingerprint)

    def begin(self, paths: Iterable[str], *, keep: bool) -> tuple[str, ...]:
        new = [path for path in paths if path not in self.known]
        if keep:
            self.known.update({path: (None, "") for path in new if path not in self.files})
        return tuple(path for path in new if path in self.files)

    @property
    def put_aside(self) -> Callable[[str, bytes], bool]:
        def keep(path: str, data: bytes) -> bool:
            self.aside[path] = data
            return self.differs(path, data)

        return keep

    def put_in_place(self, path: str, fingerprint: str, *, changed: bool) -> None:
        data = self.aside.pop(path)
        if changed:
            self.files[path] = data
            self.writes.append(path)
        self.known[path] = (data, fingerprint)

    def stamps(self) -> dict[str, str]:
        return {path: f"{hash(self.files.get(path))}" for path in self.ours}

    def differs(self, path: str, data: bytes) -> bool:
        return self.files.get(path) != data

    def ours(self) -> tuple[str, ...]:
        return tuple(sorted(self.known))

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def stale(self, wanted: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted(self.known.keys() - set(wanted)))

    def remove(self, path: str) -> None:
        self.files.pop(path, None)
        self.known.pop(path, None)

    def forget(self) -> None:
        self.known = dict.fromkeys(self.known, (None, ""))

    def finish(self) -> None:
        pass


class WorkerDied(Exception):  # noqa: N818 - what has happened, and no error
    """What a function raises to end the worker that it runs in."""


class SerialWorkers:
    """Workers that do everything at once, in this process; `calls` counts the items."""

    def __init__(self) -> None:
        self.calls = 0

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        died: Callable[[Item], Result],
        parallel: bool = True,
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[Result]:
        if meanwhile and parallel:
            meanwhile()
        for item in items:
            self.calls += 1
            try:
                yield function(item)
            except WorkerDied:
                yield died(item)


class MemoryFolders:
    """Source folders in memory: `files` holds bytes by path; a name in `unreadable` can't be read.

    One in `fresh` was written so short a time ago that its times tell nothing.
    """

    def __init__(self, files: Mapping[str, str | bytes] | None = None) -> None:
        self.files: dict[str, str | bytes] = dict(files or {})
        self.unreadable: set[str] = set()
        self.fresh: set[str] = set()
        self.reads: list[str] = []

    def scan(self, path: str) -> SourceFiles:
        found = [self._found(path, name) for name in sorted(self.files) if name.startswith(f"{path}/")]
        articles = tuple(file for file in found if file.relative.endswith(ARTICLE_SUFFIXES))
        media = {file.relative: file for file in found if file.relative.endswith(MEDIA_SUFFIXES)}
        return SourceFiles(articles=articles, media=media)

    def read(self, location: str, max_bytes: int) -> bytes:
        self.reads.append(location)
        if location in self.unreadable:
            raise PermissionError(13, "Permission denied")
        return self._data(location)[: max_bytes + 1]

    def _found(self, source: str, name: str) -> FoundFile:
        signature = "" if name in self.fresh else hashlib.sha256(self._data(name)).hexdigest()
        relative = name.removeprefix(f"{source}/")
        return FoundFile(path=ArticlePath(name), relative=relative, location=name, signature=signature)

    def _data(self, name: str) -> bytes:
        data = self.files[name]
        return data.encode() if isinstance(data, str) else data
