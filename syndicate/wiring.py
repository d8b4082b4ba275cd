"""The only place that knows both the services and the adapters: it puts them together for one run."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from syndicate import __version__
from syndicate.adapters import postgres
from syndicate.adapters.compression import compress
from syndicate.adapters.freshness import digest, named_state, read_mark, report_if_fresh, touch_mark
from syndicate.adapters.index import SqliteIndex
from syndicate.adapters.kept_config import config_key, keep, read_kept
from syndicate.adapters.late_ledger import LateLedger
from syndicate.adapters.output import OutputFolder
from syndicate.adapters.sources import read_file, scan_source
from syndicate.adapters.state import REPORT_FILE, StateFolder
from syndicate.adapters.templates import load_templates, packaged_templates
from syndicate.adapters.walk import Listing
from syndicate.adapters.workers import ProcessWorkers
from syndicate.config.options import Config
from syndicate.domain.ledger import has_password, is_postgres_url, shown_place, wrong_address
from syndicate.domain.newsletters import Issue, Newsletter, Rendered
from syndicate.domain.slots import Fate
from syndicate.errors import ConfigError, Problem, StateError, TemplateError, UsageError
from syndicate.ports import SourceFiles
from syndicate.services.build import Builder, Progress
from syndicate.services.builds import BUILDS_FILE, build_row, failed_row, with_row
from syndicate.services.collect import Collector, Snapshot
from syndicate.services.entries import Entries
from syndicate.services.report import BuildReport, joined

if TYPE_CHECKING:  # newsletters take long to import, and a build has no use for them
    from syndicate.adapters.ledger import Rows, SqlLedger
    from syndicate.newsletters.preflight.rules import Fault
    from syndicate.services.issues import Cut, IssueDesk, Rehearsal
    from syndicate.services.rounds import SlotOutcome

__all__ = ["REPORT_FILE", "App", "OpenApp", "load_app", "read_config"]

Place = Path | postgres.Postgres
"""Where a ledger is: the file of a SQLite database, or a database on PostgreSQL."""


@dataclass(frozen=True, kw_only=True)
class App:
    """One project: a config and the folders that it names.

    `output` overrides the config's; `config_key` is that under which the config may be kept, '' if it may not.
    """

    config_path: Path
    config: Config
    output: Path | None = None
    listing: Listing = field(default_factory=Listing)
    config_key: str = ""
    is_stand_in: bool = False  # for a config that can't be used now

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

    @cached_property
    def ledger_place(self) -> Place:
        """Where the ledger is: a SQLite file beside the state, or a database; raises ConfigError."""
        options, file = self.config.ledger, self._password_file
        try:
            database = postgres.chosen_place(options.url, file)
        except (OSError, UnicodeError) as error:
            what = f"{file}: {error.strerror if isinstance(error, OSError) else 'expected a password in UTF-8'}"
            raise self._ledger_error("ledger.password_file", what, "put the password on its first line") from error
        if database is None:
            return self.state_root / "ledger.sqlite"
        if database.url != options.url and (what := wrong_address(database.url)):
            problem = Problem(path=postgres.URL_VARIABLE, reason="bad-config", what=what)
            raise ConfigError((problem,))
        return database

    @property
    def _password_file(self) -> str | None:
        name = self.config.ledger.password_file
        return str(self.base.absolute() / name) if name else None

    def _ledger_error(self, field: str, what: str, hint: str) -> ConfigError:
        problem = Problem(path=str(self.config_path), field=field, reason="bad-config", what=what, hint=hint)
        return ConfigError((problem,))

    @property
    def _ledger_files(self) -> tuple[Path, ...]:
        """The ledger's file, and where SQLite keeps rows that it has not yet moved into it."""
        place = self.ledger_place
        return (place, place.with_name(f"{place.name}-wal")) if isinstance(place, Path) else ()

    def _open_ledger(self, place: Place) -> "SqlLedger":
        if isinstance(place, Path):
            from syndicate.adapters import sqlite_ledger

            return sqlite_ledger.open_ledger(place)
        try:
            from syndicate.adapters.postgres_ledger import open_ledger
        except ImportError as error:
            what = "a ledger on PostgreSQL needs the library psycopg"
            raise self._ledger_error("ledger.url", what, "install syndicate[postgres]") from error
        return open_ledger(place)

    @property
    def manifest_path(self) -> Path:
        """The list of the files in output/ that are ours; another output folder has another list."""
        if self.output is None:
            return self.state_root / "published.json"
        place = self.output_name.encode("utf-8", "surrogateescape")
        return self.state_root / f"published-{hashlib.blake2b(place, digest_size=6).hexdigest()}.json"

    @property
    def output_name(self) -> str:
        """The output folder as seen from the config, so that a project may be moved as a whole."""
        return Path(os.path.relpath(self.output_root, self.base)).as_posix()

    @property
    def output_folder(self) -> OutputFolder:
        """The published folder with its manifest."""
        return OutputFolder(self.output_root, self.manifest_path, self.output_name, self.config.site.output_url)

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
        folders = (self.output_root, self.state_root, self.base / self.config.templates_path)
        return tuple(Path(os.path.abspath(folder)) for folder in folders)

    @contextmanager
    def open(self, noting: AbstractContextManager[None] | None = None) -> Iterator["OpenApp"]:
        """Hold the project for oneself, with its index open, and its ledger as soon as it is asked.

        `noting` hears of what fails from then on.
        """
        place = self.ledger_place
        with (
            self.state.locked(),
            noting or nullcontext(),
            closing(LateLedger(lambda: self._open_ledger(place))) as ledger,
            closing(SqliteIndex(self.state_root / "index.sqlite")) as index,
        ):
            yield OpenApp(app=self, ledger=cast("SqlLedger", ledger), index=index)

    def signer(self) -> Callable[[bytes], bytes]:
        """Return what signs messages by the configured key, or leaves them as they are; raises ConfigError."""
        options = self.config.dkim
        if options is None:
            return lambda message: message
        from syndicate.newsletters.dkim import KeyFileError, load_signer, sign

        path = self.base / options.key_file
        try:
            signer = load_signer(read_file(str(path), _MAX_KEY_BYTES))
        except (OSError, KeyFileError) as error:
            what = f"{path}: {error.strerror if isinstance(error, OSError) else error}"
            hint = "make one with 'openssl genrsa -out dkim.pem 2048'"
        except ImportError:
            what, hint = "signing needs the library cryptography", "install syndicate[mail]"
        else:
            return lambda message: sign(message, options.domain, options.selector, signer)
        problem = Problem(
            path=str(self.config_path), field="mail.dkim.key_file", reason="bad-key", what=what, hint=hint
        )
        raise ConfigError((problem,))

    def size_of(self, relative: str) -> int | None:
        """Return the bytes of a file in the output folder, by its path as addresses have it; None without one."""
        root = Path(os.path.abspath(self.output_root))
        path = Path(os.path.abspath(root / unquote(relative)))
        try:
            return path.stat().st_size if path.is_relative_to(root) and path.is_file() else None
        except (OSError, ValueError):  # a name that no file can have
            return None

    def preflight(self, newsletter: Newsletter, rendered: Rendered) -> "tuple[Fault, ...]":
        """Return what is wrong with the message of an issue that was cut or drafted; raises UsageError."""
        from syndicate.services.preflight import preflight  # only what sends or approves an issue needs it

        return preflight(newsletter, rendered, self.config.site, self.size_of)

    @contextmanager
    def ledger(self) -> Iterator["SqlLedger | None"]:
        """Look into the ledger while others may be at work; None before the first build."""
        if isinstance(self.ledger_place, Path) and not self.ledger_place.exists():
            yield None
            return
        with closing(self._open_ledger(self.ledger_place)) as ledger:
            yield ledger

    def scan(self, path: str) -> SourceFiles:
        """Find the files of a source; raises ConfigError if its folder isn't there."""
        try:
            return scan_source(self.base.absolute(), path, self._own_folders, self.listing)
        except OSError as error:
            what = f"the source folder {path!r} can't be read: {error.strerror or error}"
            hint = "name a folder that exists, relative to the config"
            problem = Problem(path=str(self.config_path), field="sources", reason="no-source", what=what, hint=hint)
            raise ConfigError((problem,)) from error

    def back_up(self, target: Path) -> None:
        """Copy the ledger while it may be in use to a new SQLite file; raises StateError."""
        from syndicate.adapters import sqlite_ledger

        if isinstance(self.ledger_place, Path):
            sqlite_ledger.back_up(self.ledger_place, target)
        else:
            sqlite_ledger.write_copy(self._rows(self.ledger_place), target)

    def copy_ledger(self, source: str, target: str, *, replace: bool) -> int:
        """Copy a ledger from one place to another, all of it or nothing; returns the number of rows.

        Each is the path of a SQLite file or the address of a database. Raises UsageError for a target
        that holds something, unless `replace`, and StateError.
        """
        own, origin, destination = (self._place(one) for one in (None, source, target))
        if origin == destination:
            raise UsageError(f"{target}: is the ledger that is to be copied; name another place")
        with self.state.locked():
            rows = self._rows(origin)
            with closing(self._open_ledger(destination)) as ledger, ledger.together():
                if not replace and not ledger.is_empty():
                    raise UsageError(f"{ledger.name}: holds something already; add --replace to replace it")
                ledger.fill(rows)
            if destination == own:
                self.output_folder.forget()
        return sum(len(of_table) for of_table in rows.values())

    def _rows(self, place: Place) -> "Rows":
        """Return all that a ledger holds as of one moment; the file of a SQLite ledger is only read."""
        if isinstance(place, Path):
            from syndicate.adapters import sqlite_ledger

            return sqlite_ledger.rows_of(place)
        with closing(self._open_ledger(place)) as ledger:
            return ledger.tables()

    def _place(self, text: str | None) -> Place:
        """Return the place that a command names, or our own; that comes with its password."""
        own = self.ledger_place
        if text is None:
            return Path(os.path.abspath(own)) if isinstance(own, Path) else own
        if isinstance(own, postgres.Postgres) and text in (own.url, self.config.ledger.url):
            return own
        if not is_postgres_url(text):
            return Path(os.path.abspath(text))
        if has_password(text):
            told = "put the password into PGPASSWORD or a file that PGPASSFILE names, not on the command line"
            raise UsageError(f"{shown_place(text)}: {told}")
        if what := wrong_address(text):
            raise UsageError(f"{shown_place(text)}: {what}")
        return postgres.Postgres(url=text)

    def note_build(self, report: BuildReport, now: datetime) -> None:
        """Remember a build, so that operators see how the last ones went."""
        self.state.change(BUILDS_FILE, partial(with_row, row=build_row(report, now)))

    @contextmanager
    def noting_failure(self, now: datetime) -> Iterator[None]:
        """Remember a build that fails, whatever the reason; the error goes on."""
        started = monotonic()
        try:
            yield
        except Exception as error:
            row = failed_row(str(error) or type(error).__name__, now, monotonic() - started)
            with suppress(OSError):  # the reason may be that the disk is full
                self.state.change(BUILDS_FILE, partial(with_row, row=row))
            raise

    def source_digest(self) -> str:
        """Return the digest of all that a build reads; '' if a file of it was written this very moment.

        It is '' too while the config is not the one that is read.
        """
        return (
            ""
            if self.is_stand_in
            else digest([str(self.config_path), *self._read_places()], self._skipped(), self.listing)
        )

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether a build would do nothing, by the mark that the last one left."""
        mark = read_mark(str(self.state_root))
        if mark is None or self.is_stand_in:
            return False
        sources = digest([str(self.config_path), *mark.get("read", ())], mark.get("skip", ()), Listing())
        is_fresh = report_if_fresh(mark, sources, __version__, now) is not None
        if is_fresh:
            touch_mark(str(self.state_root))
        return is_fresh

    def read_places(self) -> tuple[Path, ...]:
        """Return the folders of articles and templates that a build reads."""
        return tuple(Path(place) for place in self._read_places())

    def is_own(self, path: Path) -> bool:
        """Tell whether a file is one that is written and never read: below output/ or the state folder."""
        return any(path.is_relative_to(folder) for folder in self._own_folders[:2])

    def forget_mark(self) -> None:
        """Let the next build look at everything."""
        self.state.forget_mark()

    def keep_config(self) -> None:
        """Spare the next run the reading of the same config."""
        keep(self.state_root, self.config_key, self.config)

    def save_mark(
        self, sources: str, revision: str | None, report: dict[str, Any], since: str, until: str | None
    ) -> None:
        """Note that nothing is to do until something changes.

        `sources` is their digest at the build's start, `revision` that of the ledger that it saw.
        """
        if not sources:
            return
        places = (self.output_root, *self._ledger_files, self.manifest_path)
        written = [str(place.absolute()) for place in places]
        ledger = None
        if isinstance(self.ledger_place, postgres.Postgres):
            ledger = postgres.mark_of(self.ledger_place, revision, self.config.ledger.url, self._password_file)
        self.state.save_mark(
            {
                "version": __version__,
                "sources": sources,
                "read": self._read_places(),
                "skip": self._skipped(),
                "results": digest(written, (), Listing(trust_fresh=True)),
                "written": written,
                "ledger": ledger,
                "since": since,
                "until": until,
                "report": report,
            }
        )

    def _read_places(self) -> list[str]:
        base = self.base.absolute()
        sources = [os.path.normpath(base / source.path) for source in self.config.sources]
        return [*sources, str(base / self.config.templates_path), str(packaged_templates())]

    def _skipped(self) -> list[str]:
        return [str(folder) for folder in self._own_folders]


@dataclass(frozen=True, kw_only=True)
class OpenApp:
    """A project that is held for one run."""

    app: App
    ledger: "SqlLedger"
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
            permalink_ids=config.feeds.permalink_ids,
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
            config_name=str(self.app.config_path),
            templates=templates,
            templates_digest=templates_digest,
            index=self.index,
            ledger=self.ledger,
            output=self.app.output_folder,
            workers=self.collector.workers,
            save_state=self.app.state.save,
            compress=compress,
            codings=config.codings,
        )

    def tell_hubs(self) -> tuple[Problem, ...]:
        """Tell the WebSub hubs of the feeds that changed since they were told last; returns what went wrong."""
        config, state = self.app.config, self.app.state
        if not config.feeds.hubs:
            return ()
        from syndicate.adapters.websub import HttpHubs
        from syndicate.services.pings import PINGS_FILE, known_pings, ping_hubs

        known = known_pings(state.load(PINGS_FILE))
        pings = ping_hubs(config.feeds.hubs, self.builder.output.stamps(), known, config.site, HttpHubs().ping)
        state.save(PINGS_FILE, json.dumps(pings.known, indent=1).encode())
        return pings.problems

    def desk(self, snapshot: Snapshot) -> "IssueDesk":
        """Return what previews and cuts issues."""
        from syndicate.services.extras import Gatherer
        from syndicate.services.issues import IssueDesk

        config = self.app.config
        return IssueDesk(
            site=config.site,
            templates=self.app.templates[0],
            ledger=self.ledger,
            snapshot=snapshot,
            entries=self.entries(snapshot),
            extras=Gatherer(
                site=config.site,
                snapshot=snapshot,
                index=self.index,
                read=lambda path, most: read_file(str(self.app.base / path), most),
            ),
        )

    def preflight(
        self, newsletter: Newsletter, now: datetime, progress: Progress
    ) -> "tuple[Rehearsal, tuple[Fault, ...]]":
        """Return the next issue, and what is wrong with its message."""
        from syndicate.services.preflight import preflight

        rehearsal = self.desk(self.snapshot(now, progress)).rehearse(newsletter, now)
        site, size_of = self.app.config.site, self.app.size_of
        faults = preflight(newsletter, rehearsal.rendered, site, size_of, rehearsal.source, is_published=False)
        return rehearsal, faults

    def snapshot(self, now: datetime, progress: Progress) -> Snapshot:
        """Collect everything as of `now`."""
        return self.collector.snapshot(now, progress=partial(progress, "articles read"))

    def check(self, now: datetime, progress: Progress) -> tuple[Problem, ...]:
        """Return everything that is wrong: with articles, config, templates and what stands in the output folder."""
        from syndicate.templating.environment import syntax_problems

        snapshot = self.snapshot(now, progress)
        templates = syntax_problems(self.app.templates[0]) or tuple(self._template_problems(snapshot, now))
        if templates:
            return (*snapshot.collection.problems, *templates)
        from syndicate.services.published import published_problems  # with lxml, which only this command needs

        _, report = self.builder.build(now, dry_run=True, progress=progress)

        published = published_problems(
            self.builder.output,
            self.app.config.site,
            self.app.output_name,
            max_bytes=self.app.config.feeds.max_bytes,
        )
        return (*report.problems, *published)

    def _template_problems(self, snapshot: Snapshot, now: datetime) -> Iterator[Problem]:
        """Yield what rendering the pages and an issue of each newsletter shows."""
        try:
            self.builder.try_pages(snapshot, now)
        except TemplateError as error:
            yield error.problem
        for newsletter in self.app.config.newsletters:
            try:
                self.desk(snapshot).preview(newsletter, now)
            except TemplateError as error:
                yield error.problem

    def cut(self, newsletter: Newsletter, now: datetime, progress: Progress) -> "tuple[Cut, Snapshot]":
        """Build, cut the issue of the latest slot, and publish its page; raises UsageError if it needs approval.

        Returns what it was cut from, too.
        """
        if newsletter.needs_approval:
            hint = (
                f"'syndicate run-due' drafts them, and 'syndicate issue approve {newsletter.slug} NUMBER' lets them out"
            )
            raise UsageError(f"{newsletter.slug}: its issues need approval: {hint}")
        snapshot, _ = self.builder.build(now, progress=progress)
        outcome = self.desk(snapshot).cut(newsletter, now)
        if outcome.is_new:
            self.builder.build(now, progress=progress)
        return outcome, snapshot

    def run_due(
        self, now: datetime, *, dry_run: bool, progress: Progress
    ) -> "tuple[Snapshot, BuildReport, tuple[SlotOutcome, ...]]":
        """Do one round: build, cut what is due, and publish the issues' pages."""
        from syndicate.services.rounds import foresee, run_round

        snapshot, report = self.builder.build(now, dry_run=dry_run, progress=progress)
        step = foresee if dry_run else run_round
        outcomes = step(partial(self.desk, snapshot), self.ledger, self.app.config.newsletters, now)
        if not dry_run:
            self._save_previews(outcomes)
        if not dry_run and any(outcome.is_new and outcome.fate is Fate.CUT for outcome in outcomes):
            snapshot, second = self.builder.build(now, progress=progress)
            report = joined(report, second)
        return snapshot, report, outcomes

    def _save_previews(self, outcomes: "Sequence[SlotOutcome]") -> None:
        """Keep what is to be approved where it can be looked at."""
        for outcome in outcomes:
            if outcome.issue and outcome.is_new and outcome.digest:
                self.save_draft_preview(outcome.issue)

    def save_draft_preview(self, issue: Issue) -> Path:
        """Keep a draft where it can be looked at; returns the HTML's path."""
        rendered = self.ledger.rendered(issue)
        return self.app.state.save_preview(f"{issue.newsletter}/{issue.number}", rendered.html, rendered.text)

    def recut(self, newsletter: Newsletter, number: int, now: datetime, progress: Progress) -> "Cut":
        """Make a draft anew from the articles as they are now; raises UsageError."""
        from syndicate.services.issues import find_draft

        draft = find_draft(self.ledger.drafts(newsletter.slug), newsletter.slug, number)
        snapshot, _ = self.builder.build(now, progress=progress)
        with self.ledger.together():  # the old draft stays if the new one can't be made
            if not self.ledger.withdraw(draft, Fate.CLAIMED, now):
                what = f"draft {number} of {newsletter.slug} was changed at this very moment"
                raise UsageError(f"{what}; look at it again")
            outcome = self.desk(snapshot).cut(newsletter, now, draft.issue.due, draft=True, number=number)
        if outcome.issue:
            self.save_draft_preview(outcome.issue)
        return outcome

    def export_ledger(self) -> str:
        """Return the ledger as text."""
        from syndicate.services.ledger_text import to_lines

        return to_lines(self.ledger.tables())

    def import_ledger(self, data: bytes, shown: str, *, replace: bool) -> int:
        """Fill the ledger from text; returns the number of rows. Raises UsageError for what isn't such text."""
        from syndicate.services.ledger_text import from_lines

        if self.ledger.identities() and not replace:
            raise UsageError(f"{self.ledger.name}: holds articles already; add --replace to replace them")
        tables = from_lines(data, shown, self.ledger.columns())
        try:
            self.ledger.fill(tables)
            self.builder.output.forget()
        except (ValueError, StateError) as error:
            raise UsageError(f"{shown}: holds a row that no ledger can hold: {error}") from error
        return sum(len(rows) for rows in tables.values())

    def close_ledger(self) -> None:
        """Close the ledger before its file is looked at: until then its newest rows lie beside it."""
        self.ledger.close()

    def entries(self, snapshot: Snapshot) -> Entries:
        """Return the published articles with their addresses."""
        return Entries(snapshot, self.app.config.site, self.app.config.sources, read_file)


def load_app(
    config_path: Path,
    output: Path | None = None,
    listing: Listing | None = None,
    text: str | None = None,
    *,
    anew: bool = False,
) -> App:
    """Read a config; raises ConfigError with every mistake in it. `text` stands in for one that can't be used.

    It is read as it was kept, if it was: unless it is to be read `anew`.
    """
    shown = str(config_path)
    if text is not None:
        return App(config_path=config_path, config=_parsed(text, shown), output=output, is_stand_in=True)
    text = read_config(config_path)
    key = config_key(text, shown)
    kept = None if anew else read_kept(config_path.parent / named_state(text), key)
    config = kept or _parsed(text, shown)
    return App(config_path=config_path, config=config, output=output, listing=listing or Listing(), config_key=key)


def _parsed(text: str, shown: str) -> Config:
    from syndicate.config.load import parse_config  # with what checks it

    return parse_config(text, shown)


def read_config(config_path: Path) -> str:
    """Return the text of a config; raises ConfigError."""
    shown = str(config_path)
    try:
        return config_path.read_text("utf-8")
    except FileNotFoundError:
        hint = "run 'syndicate init path/to/articles' to write one, or name one with --config"
        problem = Problem(path=shown, reason="no-config", what="there is no such file", hint=hint)
        raise ConfigError((problem,)) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(path=shown, reason="no-config", what=f"can't be read: {error}", hint="save it as UTF-8")
        raise ConfigError((problem,)) from error


# A private key of 16,384 bits has 12,800.
_MAX_KEY_BYTES = 65_536
