"""A build: collect, plan, write what changed, remove what is no longer wanted.

    snapshot ─► ledger ─► plan ─► not current? ─► render, put aside ─► put in place ─► remove ─► report

The ledger learns of new articles before a reader can see them, so that a build that is killed and
run again publishes the same. Documents are made and put aside by workers, the first of them while
the ledger learns.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import filterfalse
from time import monotonic

from syndicate.domain.addresses import AddressMap, standing_addresses
from syndicate.domain.codings import Coding, is_coded_path
from syndicate.domain.feeds import FeedOptions, is_feed_path
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.site import Site
from syndicate.domain.text import fold
from syndicate.errors import OutputError, Problem, StateError
from syndicate.ports import Index, Ledger, Output, Workers
from syndicate.services.addresses import address_map, as_json, as_nginx, is_no_target, lasting, useless_alias
from syndicate.services.archives import Archives, archives_of, stage_moments
from syndicate.services.collect import Collector, Snapshot
from syndicate.services.documents import (
    Bench,
    Planned,
    Planner,
    keep_all,
    perform,
    redirects,
    warm_up,
    with_coded,
)
from syndicate.services.entries import MAX_MEDIA_BYTES, Entries
from syndicate.services.report import BuildReport, Tally, count_files

# Documents that go to a worker at once, and then those of the last one's series: a topic's feeds and page.
BATCH_DOCUMENTS = 3
# Fewer documents than this are made sooner than workers are started.
MIN_DOCUMENTS_FOR_WORKERS = 24
_ISSUE_PAGE = re.compile(r"newsletters/[^/]+/\d+/index\.html")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """Makes builds.

    `templates` are the sources of all templates, `templates_digest` tells their states apart;
    `save_state` puts a file into the state folder; `codings` are those in which texts stand beside
    themselves.
    """

    site: Site
    options: FeedOptions
    collector: Collector
    newsletters: tuple[Newsletter, ...]
    config_name: str
    templates: Mapping[str, str]
    templates_digest: str
    index: Index
    ledger: Ledger
    output: Output
    workers: Workers
    save_state: Callable[[str, bytes], None]
    compress: Callable[[bytes, Coding], bytes]
    codings: tuple[Coding, ...] = ()

    def _look_for_lost_ledger(self) -> None:
        """Raise StateError if issues were published and the ledger knows nothing: they would go out again."""
        if self.ledger.started_at() is not None:
            return
        issue = next((path for path in self.output.ours() if _ISSUE_PAGE.fullmatch(path)), None)
        if issue:
            hint = "bring it back from a backup or with 'syndicate ledger import'"
            anew = "to begin anew, remove published.json in the state folder"
            raise StateError(f"the ledger is empty, but {issue} was published from one ({hint}; {anew})")

    def build(
        self, now: datetime, *, full: bool = False, dry_run: bool = False, progress: Progress
    ) -> tuple[Snapshot, BuildReport]:
        """Bring output/ to what the articles say at `now`; a dry run only says what it would do."""
        started = monotonic()
        gathered = self.collector.gather(
            now, full=full, progress=partial(progress, "articles read"), meanwhile=self._warm_up
        )
        self._look_for_lost_ledger()
        with ExitStack() as held:
            held.enter_context(self.ledger.together())  # two machines that see the same new article give it one id
            snapshot = self.collector.identify(gathered, now)
            archives = self._archives(snapshot, now)
            if not dry_run:
                record_names(snapshot, archives, self.ledger, now, self.newsletters)
            planner = self._planner(snapshot, archives, now)
            planned = list(planner.plan())
            pages = self.ledger.reading_pages()
            standing = standing_addresses(document.path for document in planned)
            addresses = self._addresses(snapshot, archives, planner.entries.moved_pages(pages), standing, now)
            planned += redirects(addresses, self.site.output_url)
            planned = list(with_coded(planned, self.codings))

            @cache
            def settle() -> None:
                """Let the ledger learn all else, and let go of it."""
                if not dry_run:
                    record(snapshot, archives, self.ledger)
                    names = planner.entries.page_names().items()
                    self.ledger.record_reading_pages({name: own for name, own in names if pages.get(name) != own})
                held.close()

            bench = Bench(
                templates=self.templates,
                bodies=self.index.body_reader,
                read=self.collector.read,
                compress=self.compress,
            )
            in_the_way = self.output.begin([document.path for document in planned], keep=not dry_run)
            if in_the_way:
                settle()  # to see whose they are takes long
            foreign = sorted(one.path for one in planned if one.path in in_the_way and not self._is_ours(one, bench))
            planned = [document for document in planned if document.path not in foreign]
            due = [
                one
                for one in planned
                if (full and not one.is_closed) or not self.output.is_current(one.path, one.fingerprint)
            ]

            written, lost = self._write(due, bench, dry_run, progress, settle)
        stale = self.output.stale([document.path for document in planned])
        if not dry_run:
            for path in stale:
                self.output.remove(path)
            self.save_state("addresses.json", as_json(addresses))
            self.save_state("redirects.conf", as_nginx(addresses, self.site.output_url))
            self.output.finish()
        problems = (*snapshot.collection.problems, *self._own_problems(snapshot, foreign, lost, addresses, standing))
        paths = [document.path for document in planned if not is_coded_path(document.path)]
        gone = [path for path in stale if not is_coded_path(path)]
        report = BuildReport(
            files=count_files(snapshot.collection),
            problems=problems,
            feeds=_tally(filter(is_feed_path, paths), written, filter(is_feed_path, gone)),
            pages=_tally(filterfalse(is_feed_path, paths), written, filterfalse(is_feed_path, gone)),
            written=tuple(written),
            removed=stale,
            duration_s=monotonic() - started,
            dry_run=dry_run,
            moments=tuple(stage_moments(archives, self.options)),
        )
        return snapshot, report

    def try_pages(self, snapshot: Snapshot, now: datetime) -> None:
        """Make one page of each kind; raises TemplateError."""
        bench = Bench(
            templates=self.templates, bodies=self.index.body_reader, read=self.collector.read, compress=self.compress
        )
        kinds = {document.kind: document for document in self.planner(snapshot, now).plan() if document.kind}
        perform(bench, [document.task() for document in kinds.values()])

    def planner(self, snapshot: Snapshot, now: datetime) -> Planner:
        """Return what plans the documents of a snapshot."""
        archives = self._archives(snapshot, now)
        return self._planner(snapshot, archives, now)

    def _archives(self, snapshot: Snapshot, now: datetime) -> Archives:
        started_at = self.ledger.started_at() or now
        return archives_of(
            snapshot,
            self.ledger.histories(),
            self.site,
            self.options,
            self.ledger.topic_slugs(),
            {fold(topic.name) for topic in self.collector.topics if topic.hidden},
            self._merged(),
            now,
            started_at,
        )

    def _addresses(
        self,
        snapshot: Snapshot,
        archives: Archives,
        pages: Mapping[str, str],
        standing: Collection[str],
        now: datetime,
    ) -> AddressMap:
        return address_map(
            topics=snapshot.topics,
            options=self.options,
            archives=archives,
            slugs=self.ledger.topic_slugs(),
            old_slugs=self.ledger.old_slugs(),
            merged=self._merged(),
            pages=pages,
            standing=standing,
            now=now,
        )

    def _merged(self) -> dict[str, str]:
        """Return the keys of the topics that the config makes parts of others, each with that of the whole."""
        return {fold(name): fold(one.name) for one in self.collector.topics for name in one.merge}

    def _planner(self, snapshot: Snapshot, archives: Archives, now: datetime) -> Planner:
        return Planner(
            archives=archives,
            ended=lasting(archives, self.ledger.topic_slugs(), self._merged(), self.options, now),
            entries=Entries(snapshot, self.site, self.collector.sources, self.collector.read),
            site=self.site,
            options=self.options,
            newsletters=tuple((one, self.ledger.issues(one.slug)) for one in self.newsletters),
            issues=self.ledger.issues(),
            templates_digest=self.templates_digest,
            rendered=self.ledger.rendered,
        )

    def _is_ours(self, document: Planned, bench: Bench) -> bool:
        """Tell whether a file that nobody remembers holds just what we would write, as pictures and plain text do."""
        (data,) = perform(bench, [document.task()])
        return data is not None and not self.output.differs(document.path, data)

    def _write(
        self, due: Sequence[Planned], bench: Bench, dry_run: bool, progress: Progress, settle: Callable[[], None]
    ) -> tuple[list[str], list[str]]:
        """Make documents and put in place what changed; returns the paths of that, and those of lost pictures.

        `settle` is called, more than once maybe, before anything is put in place, if possible while
        the first documents are being made.
        """
        keep = partial(keep_all, bench, self.output.differs if dry_run else self.output.put_aside)
        if len(due) < MIN_DOCUMENTS_FOR_WORKERS:
            settle()
        written: set[str] = set()
        lost: list[str] = []
        done = 0
        for batch, changes in self._made(due, keep, settle):
            settle()
            for document, changed in zip(batch, changes, strict=True):
                if changed is None:
                    lost.append(document.path)
                    continue
                if not dry_run:
                    self.output.put_in_place(document.path, document.fingerprint, changed=changed)
                if changed:
                    written.add(document.path)
            done += len(batch)
            progress("documents made", done, len(due))
        return [document.path for document in due if document.path in written], lost

    def _made(
        self,
        due: Sequence[Planned],
        keep: Callable[[Sequence[Planned]], list[bool | None]],
        meanwhile: Callable[[], None],
    ) -> Iterator[tuple[Sequence[Planned], list[bool | None]]]:
        """Yield documents with what `keep` returns of them; tasks that ask the ledger are made in this process."""
        shared = _batches([document for document in due if not document.asks_ledger])
        ours = _batches([document for document in due if document.asks_ledger])
        with_tasks = ([document.with_task() for document in batch] for batch in ours)
        for batches, items in ((shared, shared), (ours, with_tasks)):
            parallel = sum(map(len, batches)) >= MIN_DOCUMENTS_FOR_WORKERS
            yield from zip(
                batches,
                self.workers.map(keep, items, died=_died, parallel=parallel, meanwhile=meanwhile),
                strict=True,
            )

    def _warm_up(self) -> None:
        """Open the ledger, and load what making documents needs, which the workers that make them then find loaded.

        A ledger that can't be used ends the build after articles are read, and what was read is kept.
        """
        with suppress(StateError):
            self._look_for_lost_ledger()
        warm_up(self.templates)

    def _own_problems(
        self,
        snapshot: Snapshot,
        foreign: Sequence[str],
        lost: Sequence[str],
        addresses: AddressMap,
        standing: Collection[str],
    ) -> Iterator[Problem]:
        """Yield the problems that no article has: lost pictures, files in our way, aliases and topics that are none."""
        for path in lost:
            what = f"the picture can't be read, or is larger than {MAX_MEDIA_BYTES:,} bytes; it is not published"
            yield Problem(path=path, reason="bad-picture", what=what, hint="look at its file below the source folder")
        for path in foreign:
            what = "exists in the output folder and was not written by syndicate; it is left alone"
            yield Problem(path=path, reason="foreign-file", what=what, hint="move it away, or publish elsewhere")
        for old, target in self.options.aliases:
            if told := useless_alias(old, addresses, standing):
                what, hint = told
                yield Problem(
                    path=self.config_name, field=f"feeds.aliases[{old}]", reason="useless-alias", what=what, hint=hint
                )
            if is_no_target(target, snapshot.topics.all):
                yield self._unknown_topic(f"feeds.aliases[{old}]", target)
        for newsletter in self.newsletters:
            yield from self._unknown(newsletter, snapshot)

    def _unknown_topic(self, field: str, name: str) -> Problem:
        what, hint = f"no article has the topic {name!r}", "see 'syndicate topics' for those that there are"
        return Problem(path=self.config_name, field=field, reason="unknown-topic", what=what, hint=hint)

    def _unknown(self, newsletter: Newsletter, snapshot: Snapshot) -> Iterator[Problem]:
        """Yield the problems of a newsletter that names topics or articles that are none."""
        from syndicate.domain.selection import unknown_names, unknown_topics

        for name in unknown_topics(newsletter, snapshot.topics.all):
            yield self._unknown_topic(f"newsletters[{newsletter.slug}].topics", name)
        known = self._names(snapshot) if newsletter.pinned or newsletter.excluded else ()
        for key, name in unknown_names(newsletter, known):
            yield Problem(
                path=self.config_name,
                field=f"newsletters[{newsletter.slug}].{key}",
                reason="unknown-article",
                what=f"there is no article {name!r}",
                hint="name its id, its file as in 'syndicate articles', or the address of its page or source",
            )

    def _names(self, snapshot: Snapshot) -> frozenset[str]:
        """Return all that an article can be named by, also one that is not published now."""
        from syndicate.domain.selection import names_of, names_of_id

        entries = Entries(snapshot, self.site, self.collector.sources, self.collector.read)
        identities = snapshot.identities
        published = [names_of(one, identities[one.path].id, entries.url(one)) for one in snapshot.collection.articles]
        others = [names_of(file.article, None) for file in snapshot.collection.files if file.article]
        gone = [names_of_id(identity.id) for identity in snapshot.retracted]
        return frozenset().union(*published, *others, *gone)


def record_names(
    snapshot: Snapshot, archives: Archives, ledger: Ledger, now: datetime, newsletters: Sequence[Newsletter]
) -> None:
    """Let the ledger learn what planning asks it for: the slugs of feeds, and when all began."""
    ledger.begin(snapshot.namespace, now, [newsletter.slug for newsletter in newsletters])
    known = ledger.topic_slugs()
    facets = {facet.key: facet.slug for facet in archives.facets if known.get(facet.key) != facet.slug}
    ledger.record_topic_slugs({**snapshot.new_topic_slugs, **facets})


def record(snapshot: Snapshot, archives: Archives, ledger: Ledger) -> None:
    """Let the ledger learn of the articles that a snapshot shows for the first time, and of what feeds hold."""
    ledger.record_identities(snapshot.new_identities)
    ledger.record_histories(archives.to_record)


def _batches(due: Sequence[Planned]) -> list[list[Planned]]:
    """Share out documents: a series stays together, and each with what stands beside it, which is to be no older."""
    batches: list[list[Planned]] = []
    for document in due:
        if not batches or (len(batches[-1]) >= BATCH_DOCUMENTS and not _goes_on(batches[-1][-1], document)):
            batches.append([])
        batches[-1].append(document)
    return batches


def _goes_on(before: Planned, document: Planned) -> bool:
    """Tell whether a document is best made where the one before it is."""
    return is_coded_path(document.path) or document.series == before.series != ""


def _died(batch: Sequence[Planned]) -> list[bool | None]:
    names = sorted({document.task().function.__name__ for document in batch})
    raise OutputError(f"making documents ended the process that made them: {', '.join(names)}")


def _tally(planned: Iterable[str], written: Sequence[str], removed: Iterable[str]) -> Tally:
    wanted = set(planned)
    changed = len(wanted & set(written))
    return Tally(written=changed, unchanged=len(wanted) - changed, removed=len(list(removed)))
