"""A whole project in memory: the services put together with the fakes, as wiring does with the adapters."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fakes import MemoryFolders, MemoryIndex, MemoryLedger, MemoryOutput, SerialWorkers
from makers import NOW, make_options, make_site

from syndicate.adapters.compression import compress
from syndicate.adapters.templates import load_templates
from syndicate.domain.codings import Coding
from syndicate.domain.feeds import FeedOptions
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.sources import SourceOptions
from syndicate.domain.topics import TopicOptions
from syndicate.services.build import Builder
from syndicate.services.collect import Collector, Snapshot
from syndicate.services.documents import Planned
from syndicate.services.entries import Entries
from syndicate.services.issues import IssueDesk
from syndicate.services.report import BuildReport

TEMPLATES, DIGEST = load_templates(Path("no templates of one's own"))


class Project:
    """Articles below news/, and what is remembered of them; every part can be changed between two builds."""

    def __init__(self, files: Mapping[str, str | bytes] | None = None) -> None:
        self.folders = MemoryFolders(files)
        self.index, self.ledger, self.output, self.workers = (
            MemoryIndex(),
            MemoryLedger(),
            MemoryOutput(),
            SerialWorkers(),
        )
        self.site = make_site()
        self.sources: tuple[SourceOptions, ...] = (make_options(),)
        self.topics: tuple[TopicOptions, ...] = ()
        self.feeds = FeedOptions()
        self.codings: tuple[Coding, ...] = ()
        self.newsletters: tuple[Newsletter, ...] = ()
        self.templates: Mapping[str, str] = TEMPLATES
        self.templates_digest = DIGEST
        self.progress: list[tuple[str, int, int]] = []
        self.state: dict[str, bytes] = {}

    @property
    def files(self) -> dict[str, str | bytes]:
        return self.folders.files

    @property
    def collector(self) -> Collector:
        return Collector(
            scan=self.folders.scan,
            read=self.folders.read,
            index=self.index,
            ledger=self.ledger,
            workers=self.workers,
            sources=self.sources,
            topics=self.topics,
            site_id=self.site.id,
        )

    @property
    def builder(self) -> Builder:
        return Builder(
            site=self.site,
            options=self.feeds,
            collector=self.collector,
            newsletters=self.newsletters,
            config_name="config.yaml",
            templates=self.templates,
            templates_digest=self.templates_digest,
            index=self.index,
            ledger=self.ledger,
            output=self.output,
            workers=self.workers,
            save_state=self.state.__setitem__,
            compress=compress,
            codings=self.codings,
        )

    def snapshot(self, now: datetime = NOW, *, full: bool = False) -> Snapshot:
        return self.collector.snapshot(now, full=full, progress=lambda done, total: None)

    def build(self, now: datetime = NOW, **options: Any) -> BuildReport:
        self.output.writes.clear()
        self.folders.reads.clear()
        self.progress.clear()
        return self.builder.build(now, progress=lambda *step: self.progress.append(step), **options)[1]

    def plan(self, now: datetime = NOW) -> dict[str, Planned]:
        """Return the documents that a build would make, by path."""
        return {one.path: one for one in self.builder.planner(self.snapshot(now), now).plan()}

    def desk(self, now: datetime = NOW) -> IssueDesk:
        """Return what cuts issues, after a build."""
        snapshot, _ = self.builder.build(now, progress=lambda *step: None)
        entries = Entries(snapshot, self.site, self.sources, self.folders.read)
        return IssueDesk(
            site=self.site, templates=self.templates, ledger=self.ledger, snapshot=snapshot, entries=entries
        )
