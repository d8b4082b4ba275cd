"""Collecting: from source folders to a snapshot of all that is to be published.

    scan ─► unchanged? ─► from the index ┐
                 └─────► read and parse ─┴─► collect ─► topics ─► identities ─► Snapshot

Only this module decides which files are read; the parsing itself runs in worker processes.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from syndicate import __version__
from syndicate.domain.articles import Article, ArticlePath, Status
from syndicate.domain.collection import Collection, Parsed, collect, sharing
from syndicate.domain.identity import Identity, reconcile, site_namespace
from syndicate.domain.languages import languages_of
from syndicate.domain.sources import SourceOptions
from syndicate.domain.topics import TopicOptions, Topics, assign_topics
from syndicate.errors import Problem
from syndicate.parsing.articles import MAX_FILE_BYTES, ArticleFile, Steps, in_step, rejected, steps
from syndicate.parsing.documents import Rejection
from syndicate.ports import FoundFile, Index, IndexRow, Ledger, NewRow, Packed, SourceFiles, Workers

# Files that go to a worker at once: enough to make the journey cheap, few enough to share out evenly.
BATCH_FILES = 40
# Files that are parsed step by step together: enough to be fast, few enough that large ones don't fill the memory.
FILES_IN_STEP = 10
# Fewer files than this are parsed sooner than workers are started.
MIN_FILES_FOR_WORKERS = 200


class Job(NamedTuple):
    """One file to be parsed."""

    file: FoundFile
    source: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that is known at one moment: what a build publishes and what the tables show.

    `media` are the local pictures that published articles show, by their path in output/.
    """

    collection: Collection
    topics: Topics
    identities: Mapping[ArticlePath, Identity]
    retracted: tuple[Identity, ...]
    new_identities: tuple[Identity, ...]
    new_topic_slugs: Mapping[str, str]
    media: Mapping[str, FoundFile]
    namespace: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the sources say at one moment, before the ledger is asked; `media` as in a Snapshot."""

    collection: Collection
    media: Mapping[str, FoundFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Makes snapshots. `read` returns a file's bytes, at most one more than it is allowed, or raises OSError."""

    scan: Callable[[str], SourceFiles]
    read: Callable[[str, int], bytes]
    index: Index
    ledger: Ledger
    workers: Workers
    sources: tuple[SourceOptions, ...]
    topics: tuple[TopicOptions, ...]
    site_id: str
    permalink_ids: bool = False

    def snapshot(self, now: datetime, *, full: bool = False, progress: Callable[[int, int], None]) -> Snapshot:
        """Collect everything as of `now`: gather it, and identify it."""
        return self.identify(self.gather(now, full=full, progress=progress), now)

    def gather(
        self,
        now: datetime,
        *,
        full: bool = False,
        progress: Callable[[int, int], None],
        meanwhile: Callable[[], None] | None = None,
    ) -> Gathered:
        """Read what stands in the sources as of `now`, without the ledger; `full` parses every file again.

        `progress` gets done and total files. `meanwhile` is called if there is a wait for workers.
        """
        found = {source.name: self.scan(source.path) for source in self.sources}
        parsed = self._parsed(found, full, progress, meanwhile)
        collection = collect(parsed, now, _unreadable(found))
        return Gathered(collection=collection, media=_shown_media(collection.articles, parsed, found))

    def identify(self, gathered: Gathered, now: datetime) -> Snapshot:
        """Find by the ledger what the articles and topics that were gathered are known by."""
        collection = gathered.collection
        remembered_slugs = self.ledger.topic_slugs()
        topics = assign_topics(collection.articles, collection.categories, self.topics, remembered_slugs)
        slugs = {topic.key: topic.slug for topic in topics.all}
        namespace = self.ledger.namespace() or site_namespace(self.site_id)
        held = [file.article for file in collection.files if file.article and file.status is Status.HELD]
        reconciled = reconcile(
            collection.articles,
            self.ledger.identities(),
            namespace,
            now,
            held=held,
            topics=topics.keys,
            permalink_ids=self.permalink_ids,
        )
        return Snapshot(
            collection=collection,
            topics=topics,
            namespace=namespace,
            media=gathered.media,
            new_topic_slugs={key: slug for key, slug in slugs.items() if remembered_slugs.get(key) != slug},
            identities=reconciled.by_article,
            retracted=reconciled.retracted,
            new_identities=reconciled.changed,
        )

    def _parsed(
        self,
        found: Mapping[str, SourceFiles],
        full: bool,
        progress: Callable[[int, int], None],
        meanwhile: Callable[[], None] | None,
    ) -> list[Parsed]:
        """Return what every file gives, from the index where it still holds, and bring the index up to date."""
        stored = {} if full else self.index.load()
        jobs = _jobs(found)
        keys = {
            (source.name, language): parse_key(source, language)
            for source in self.sources
            for language in {job.language for job in jobs}
        }
        parsed: dict[ArticlePath, Parsed] = {}
        stale: list[Job] = []
        for job in jobs:
            row = stored.get(job.file.path)
            if row and _holds(row, job, keys[job.source, job.language], found[job.source].media):
                parsed[job.file.path] = row.parsed
            else:
                stale.append(job)
        context = _ParseContext(
            sources={source.name: source for source in self.sources},
            media={name: frozenset(files.media) for name, files in found.items()},
            settings=keys,
            read=self.read,
            pack=self.index.pack,
        )
        parse = partial(_parse_batch, context)
        rows = self._rows(stale, parse, keys, parsed, lambda done: progress(done, len(jobs)), meanwhile)
        gone = stored.keys() - {job.file.path for job in jobs}
        self.index.store(rows, gone)
        return list(parsed.values())

    def _rows(
        self,
        stale: Sequence[Job],
        parse: Callable[[Sequence[Job]], list[Packed]],
        keys: Mapping[tuple[str, str | None], str],
        parsed: dict[ArticlePath, Parsed],
        progress: Callable[[int], None],
        meanwhile: Callable[[], None] | None,
    ) -> Iterator[NewRow]:
        """Parse files in batches, noting what each says in `parsed`, and yield the rows for the index.

        A file that ends its worker process is rejected, its neighbours are not.
        """

        def died(batch: Sequence[Job]) -> list[Packed]:
            if len(batch) == 1:
                return [self.index.pack(_crashed(batch[0]))]
            return [one for found in self.workers.map(parse, [[job] for job in batch], died=died) for one in found]

        batches = [stale[start : start + BATCH_FILES] for start in range(0, len(stale), BATCH_FILES)]
        parallel = len(stale) >= MIN_FILES_FOR_WORKERS
        known: dict[Any, Any] = {}
        outcomes = self.workers.map(parse, batches, died=died, parallel=parallel, meanwhile=meanwhile)
        for batch, results in zip(batches, outcomes, strict=True):
            for job, packed in zip(batch, results, strict=True):
                path = job.file.path
                parsed[path] = sharing(self.index.unpack(packed.record), known)
                key = keys[job.source, job.language]
                signature = "" if _may_pass(parsed[path]) else job.file.signature
                yield NewRow(path=path, signature=signature, parse_key=key, packed=packed)
            progress(len(parsed))


def parse_key(source: SourceOptions, language: str | None) -> str:
    """Return a digest of all that parsing depends on beside the file: its source's settings, and this version."""
    settings = f"{__version__}\0{source!r}\0{language}"
    return hashlib.blake2b(settings.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _ParseContext:
    """What a worker needs to parse any file."""

    sources: Mapping[str, SourceOptions]
    media: Mapping[str, frozenset[str]]
    settings: Mapping[tuple[str, str | None], str]
    read: Callable[[str, int], bytes]
    pack: Callable[[Parsed], Packed]


def _parse_batch(context: _ParseContext, batch: Sequence[Job]) -> list[Packed]:
    groups = (batch[start : start + FILES_IN_STEP] for start in range(0, len(batch), FILES_IN_STEP))
    return [context.pack(parsed) for group in groups for parsed in in_step(_steps(context, job) for job in group)]


def _steps(context: _ParseContext, job: Job) -> Steps:
    file = ArticleFile(path=job.file.path, relative=job.file.relative, language=job.language)
    try:
        data = context.read(job.file.location, MAX_FILE_BYTES)
    except OSError as error:
        what = f"can't be read: {error.strerror or error}"
        return rejected(file.path, Rejection("unreadable", what, "check that it is a file and its permissions"))
    yield
    source = context.sources[job.source]
    settings = context.settings[job.source, job.language]
    return (yield from steps(data, file, source, media=context.media[job.source], settings=settings))


def _unreadable(found: Mapping[str, SourceFiles]) -> tuple[Problem, ...]:
    return tuple(
        Problem(path=folder, reason="unreadable", what="can't be listed", hint="check the folder's permissions")
        for files in found.values()
        for folder in files.unreadable
    )


def _may_pass(parsed: Parsed) -> bool:
    """Tell whether a rejection says more about the moment than about the file: it is looked at again next time."""
    return parsed.rejected is not None and parsed.rejected.reason == "unreadable"


def _crashed(job: Job) -> Parsed:
    what = "reading it ended the process that read it"
    return rejected(job.file.path, Rejection("crashed-parser", what, "look for deeply nested markup, and simplify it"))


def _jobs(found: Mapping[str, SourceFiles]) -> list[Job]:
    jobs = []
    for name, files in found.items():
        languages = languages_of(file.relative for file in files.articles)
        jobs += [Job(file, name, languages.get(file.relative)) for file in files.articles]
    return jobs


def _holds(row: IndexRow, job: Job, key: str, media: Mapping[str, FoundFile]) -> bool:
    """Tell whether a row still says what parsing the file would say."""
    if not (row.signature == job.file.signature != "" and row.parse_key == key):
        return False
    shown, missing = row.parsed.media, row.parsed.missing
    return (not shown or media.keys() >= set(shown)) and (not missing or media.keys().isdisjoint(missing))


def _shown_media(
    articles: Iterable[Article], parsed: Iterable[Parsed], found: Mapping[str, SourceFiles]
) -> dict[str, FoundFile]:
    shown = {file.path: file.media for file in parsed if file.media}  # few have pictures beside them
    return {
        f"media/{article.source}/{path}": found[article.source].media[path]
        for article in articles
        for path in shown.get(article.path, ())
    }
