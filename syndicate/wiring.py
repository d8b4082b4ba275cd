"""The only place that knows both the services and the adapters: it puts them together for one run."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import time_ns
from typing import Any

from syndicate import __version__
from syndicate.adapters.freshness import digest
from syndicate.adapters.index import SqliteIndex
from syndicate.adapters.ledger import SqlLedger, open_ledger
from syndicate.adapters.output import OutputFolder
from syndicate.adapters.sources import read_file, scan_source
from syndicate.adapters.state import StateFolder
from syndicate.adapters.templates import load_templates, packaged_templates
from syndicate.adapters.workers import ProcessWorkers
from syndicate.config.load import Config, parse_config
from syndicate.errors import ConfigError, Problem
from syndicate.ports import SourceFiles
from syndicate.services.build import Builder
from syndicate.services.collect import Collector, Snapshot
from syndicate.services.entries import Entries
from syndicate.services.issues import IssueDesk


@dataclass(frozen=True, kw_only=True)
class App:
    """One project: a config and the folders that it names. `output` overrides the config's."""

    config_path: Path
    config: Config
    output: Path | None = None

    @property
    def base(self) -> Path:
        """The folder that the config's paths are relative to."""
        return self.config_path.parent

    @property
    def output_root(self) -> Path:
        """Where documents are published."""
        return self.output or self.base / self.config.output_path

    @property
    def state_root(self) -> Path:
        """Where things are kept between runs."""
        return self.base / self.config.state_path

    @property
    def ledger_path(self) -> Path:
        """The ledger's file."""
        return self.state_root / "ledger.sqlite"

    @cached_property
    def state(self) -> StateFolder:
        """The state folder."""
        return StateFolder(self.state_root)

    @cached_property
    def templates(self) -> tuple[dict[str, str], str]:
        """All templates, and the digest that tells their states apart."""
        return load_templates(self.base / self.config.templates_path)

    @property
    def _own_folders(self) -> tuple[Path, ...]:
        return tuple(folder.absolute() for folder in (self.output_root, self.state_root))

    @contextmanager
    def open(self) -> Iterator["OpenApp"]:
        """Hold the project for oneself, with its ledger and index open."""
        with (
            self.state.locked(),
            closing(open_ledger(self.ledger_path)) as ledger,
            closing(SqliteIndex(self.state_root / "index.sqlite")) as index,
        ):
            yield OpenApp(app=self, ledger=ledger, index=index)

    def scan(self, path: str) -> SourceFiles:
        """Find the files of a source; raises ConfigError if its folder isn't there."""
        try:
            return scan_source(self.base.absolute(), path, self._own_folders, time_ns())
        except OSError as error:
            what = f"the source folder {path!r} can't be read: {error.strerror or error}"
            hint = "name a folder that exists, relative to the config"
            problem = Problem(path=str(self.config_path), field="sources", reason="no-source", what=what, hint=hint)
            raise ConfigError((problem,)) from error

    def source_digest(self) -> str:
        """Return the digest of all that a build reads, to be compared with that after the build."""
        return digest(str(self.config_path), self._watched_inputs(), self._skipped())

    def save_mark(self, before: str, report: dict[str, Any], since: str, until: str | None) -> None:
        """Note that nothing is to do until something changes; `before` is the sources' digest at the build's start."""
        if not before or before != self.source_digest():
            return
        watched = [*self._watched_inputs(), str(self.output_root.absolute()), str(self.ledger_path.absolute())]
        self.state.save_mark(
            {
                "version": __version__,
                "digest": digest(str(self.config_path), watched, self._skipped()),
                "watched": watched,
                "skip": self._skipped(),
                "since": since,
                "until": until,
                "report": report,
            }
        )

    def _watched_inputs(self) -> list[str]:
        base = self.base.absolute()
        sources = [str(base / source.path) for source in self.config.sources]
        return [*sources, str(base / self.config.templates_path), str(packaged_templates())]

    def _skipped(self) -> list[str]:
        return [str(folder) for folder in self._own_folders]


@dataclass(frozen=True, kw_only=True)
class OpenApp:
    """A project that is held for one run."""

    app: App
    ledger: SqlLedger
    index: SqliteIndex

    @cached_property
    def collector(self) -> Collector:
        """What makes snapshots."""
        config = self.app.config
        return Collector(
            scan=self.app.scan,
            read=read_file,
            index=self.index,
            ledger=self.ledger,
            workers=ProcessWorkers(),
            sources=config.sources,
            topics=config.topics,
            site_id=config.site.id,
        )

    @cached_property
    def builder(self) -> Builder:
        """What makes builds."""
        config = self.app.config
        templates, templates_digest = self.app.templates
        return Builder(
            site=config.site,
            options=config.feeds,
            collector=self.collector,
            newsletters=config.newsletters,
            templates=templates,
            templates_digest=templates_digest,
            index=self.index,
            ledger=self.ledger,
            output=OutputFolder(self.app.output_root, self.app.state_root / "published.json"),
            workers=self.collector.workers,
        )

    def desk(self, snapshot: Snapshot) -> IssueDesk:
        """Return what previews and cuts issues."""
        config = self.app.config
        return IssueDesk(
            site=config.site,
            templates=self.app.templates[0],
            ledger=self.ledger,
            snapshot=snapshot,
            entries=self.entries(snapshot),
        )

    def close_ledger(self) -> None:
        """Close the ledger before its file is looked at: until then its newest rows lie beside it."""
        self.ledger.close()

    def entries(self, snapshot: Snapshot) -> Entries:
        """Return the published articles with their addresses."""
        return Entries(snapshot, self.app.config.site, self.app.config.sources)


def load_app(config_path: Path, output: Path | None = None) -> App:
    """Read a config; raises ConfigError with every mistake in it."""
    shown = str(config_path)
    try:
        text = config_path.read_text("utf-8")
    except FileNotFoundError:
        hint = "run 'syndicate init path/to/articles' to write one, or name one with --config"
        problem = Problem(path=shown, reason="no-config", what="there is no such file", hint=hint)
        raise ConfigError((problem,)) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(path=shown, reason="no-config", what=f"can't be read: {error}", hint="save it as UTF-8")
        raise ConfigError((problem,)) from error
    return App(config_path=config_path, config=parse_config(text, shown), output=output)


