"""The ledger in a database, whichever it is: what is one's alone is in `sqlite_ledger` or `postgres_ledger`."""

import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from syndicate.adapters import migrations
from syndicate.adapters.postgres import REVISION
from syndicate.adapters.tables import (
    ARCHIVE,
    FEED,
    IDENTITY,
    IDENTITY_KEY,
    ISSUE,
    ISSUE_ARTICLE,
    ISSUE_ASIDE,
    METADATA,
    OLD_SLUG,
    READING_PAGE,
    SETTING,
    SLOT,
    TOPIC,
    Moment,
)
from syndicate.domain.archive import FeedHistory
from syndicate.domain.articles import EntryId
from syndicate.domain.identity import Identity
from syndicate.domain.moments import from_text, to_text
from syndicate.domain.newsletters import Draft, Issue, Rendered
from syndicate.domain.slots import Fate, Slot, has_to_be_told
from syndicate.errors import StateError

if TYPE_CHECKING:
    from syndicate.domain.selection import Aside, Settled

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""The rows of each table, as plain values."""

# It logs a traceback where Ctrl-C cuts off a connection that is being closed; errors are raised to us as well.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
_NEWSLETTER = "newsletter:"
# As many rows wait to become values, or are asked for by name: all of them would take as much memory again.
_ROWS_AT_ONCE = 1_000
_IDENTITY_NAMES = (
    "id", "path", "story", "first_seen", "updated", "source_url", "page_url", "published", "topics", "retracted",
)  # fmt: skip
_ISSUE_NAMES = ("newsletter", "due", "number", "cut_at", "subject")
_SLOT_NAMES = ("newsletter", "due", "fate", "claimed_at", "settled_at")
_RENDERED_NAMES = ("subject", "html", "text", "mail_html", "mail_text", "parts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A database, and what differs from one to the other.

    `name` is what messages call it. `begin_reading` begins a transaction whose statements all see one
    state, `begin_writing` one that nothing of others can come into. Where others may write from other
    machines, `revision` is what changes with every change, and `note_writing` changes it.
    """

    engine: Engine
    name: str
    begin_reading: Callable[[Connection], None]
    begin_writing: Callable[[Connection], None]
    note_writing: Callable[[Connection], None] | None = None
    revision: Callable[[Connection], str | None] | None = None


class SqlLedger:
    """Identities, topic slugs and issues; every method is one transaction, or a part of the one that is held.

    `revision` is that of the last state that was seen whole: it stays behind when another has written
    in between. None where nobody else can. A ledger belongs to one thread.
    """

    def __init__(self, backend: Backend) -> None:
        self.engine, self.name, self._backend = backend.engine, backend.name, backend
        self.revision: str | None = None
        self._held: Connection | None = None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        """Bring the tables to their newest shape, and take up what they hold."""
        with self._reading() as connection:
            is_newest = _is_newest(connection, self.name)
            if is_newest and self._backend.revision:
                self.revision = self._backend.revision(connection)
        if not is_newest:
            with self._writing() as connection:
                if not _is_newest(connection, self.name):  # another may have been first
                    _migrate(connection)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of all that is read and recorded: nothing of others comes between."""
        with self._writing() as connection:
            outer, self._held = self._held, connection
            try:
                yield
            finally:
                self._held = outer

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._held is not None:
            yield self._held
            return
        with self._transaction() as connection:
            self._backend.begin_reading(connection)
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._held is not None:
            yield self._held
            return
        backend = self._backend
        before = after = None
        with self._transaction() as connection:
            backend.begin_writing(connection)
            has_tables = self.revision is not None
            before = backend.revision(connection) if backend.revision and has_tables else None
            yield connection
            if backend.note_writing and backend.revision:
                backend.note_writing(connection)
                after = backend.revision(connection)
        if before == self.revision:
            self.revision = after

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise StateError(f"{self.name}: the rows contradict each other: {_one_line(error.orig)}") from error
        except SQLAlchemyError as error:
            cause = error.orig if hasattr(error, "orig") else error
            raise StateError(f"{self.name}: the ledger can't be used: {_one_line(cause)}") from error

    def namespace(self) -> uuid.UUID | None:
        """Return the namespace of article ids, None before the first build."""
        value = self._setting("namespace")
        return uuid.UUID(value) if value else None

    def started_at(self) -> datetime | None:
        """Return when the ledger recorded its first articles, None before the first build."""
        value = self._setting("started_at")
        return from_text(value) if value else None

    def known_since(self, newsletter: str) -> datetime | None:
        """Return the moment of the first build that knew a newsletter, None before that."""
        value = self._setting(f"{_NEWSLETTER}{newsletter}")
        return from_text(value) if value else None

    def begin(self, namespace: uuid.UUID, now: datetime, newsletters: Iterable[str] = ()) -> None:
        """Record the namespace, the start, and since when newsletters are known; what is recorded already stays."""
        settings = {"namespace": str(namespace), "started_at": to_text(now)}
        settings |= {f"{_NEWSLETTER}{slug}": to_text(now) for slug in newsletters}
        with self._writing() as connection:
            known = set(connection.scalars(select(SETTING.c.name)))
            rows = [{"name": name, "value": value} for name, value in settings.items() if name not in known]
            if rows:
                connection.execute(insert(SETTING), rows)

    def _setting(self, name: str) -> str | None:
        query = select(SETTING.c.value).where(SETTING.c.name == name)
        with self._reading() as connection:
            return connection.scalar(query)

    def identities(self) -> tuple[Identity, ...]:
        """Return all identities; every build reads all of them, so columns are read as they are stored."""
        keys: defaultdict[str, list[str]] = defaultdict(list)
        with self._reading() as connection:
            for key, identifier in connection.execute(text("SELECT key, id FROM identity_key ORDER BY position")).all():
                keys[identifier].append(key)
            rows = connection.execute(text(f"SELECT {', '.join(_IDENTITY_NAMES)} FROM identity"))  # noqa: S608 - our own words
            return tuple([one for part in rows.partitions(_ROWS_AT_ONCE) for one in _identities(part, keys)])

    def record_identities(self, identities: Iterable[Identity]) -> None:
        """Add or replace identities with their keys."""
        rows = list(identities)
        if not rows:
            return
        with self._writing() as connection:
            if connection.scalar(select(IDENTITY.c.id).limit(1)) is not None:
                replaced = _known(connection, [one.id for one in rows])
                _delete_by(connection, IDENTITY_KEY, "id", replaced)
                _delete_by(connection, IDENTITY, "id", replaced)
                # A key may have belonged to another article before.
                _delete_by(connection, IDENTITY_KEY, "key", [key for one in rows for key in one.keys])
            _insert(connection, IDENTITY, [_identity_row(one) for one in rows])
            keys = [(key, one.id, position) for one in rows for position, key in enumerate(one.keys)]
            _insert(connection, IDENTITY_KEY, keys)

    def topic_slugs(self) -> dict[str, str]:
        """Return the slug that each topic key has had."""
        with self._reading() as connection:
            return {row.key: row.slug for row in connection.execute(select(TOPIC))}

    def record_topic_slugs(self, slugs: Mapping[str, str]) -> None:
        """Add topic slugs; one that is recorded already is replaced."""
        if not slugs:
            return
        with self._writing() as connection:
            before = {row.key: row.slug for row in connection.execute(select(TOPIC)) if row.key in slugs}
            _delete_by(connection, TOPIC, "key", list(slugs))
            connection.execute(insert(TOPIC), [{"key": key, "slug": slug} for key, slug in slugs.items()])
            _delete_by(connection, OLD_SLUG, "slug", [*slugs.values(), *before.values()])
            if left := [{"slug": slug, "key": key} for key, slug in before.items() if slug not in slugs.values()]:
                connection.execute(insert(OLD_SLUG), left)

    def old_slugs(self) -> dict[str, str]:
        """Return the slugs that topics have had before, each with its topic's key."""
        with self._reading() as connection:
            return {row.slug: row.key for row in connection.execute(select(OLD_SLUG))}

    def reading_pages(self) -> dict[str, EntryId]:
        """Return the names of all reading pages that ever were, each with the article that had it last."""
        with self._reading() as connection:
            return {name: EntryId(identifier) for name, identifier in connection.execute(select(READING_PAGE))}

    def record_reading_pages(self, pages: Mapping[str, EntryId]) -> None:
        """Add names of reading pages; one that is recorded already is replaced."""
        if not pages:
            return
        with self._writing() as connection:
            _delete_by(connection, READING_PAGE, "name", list(pages))
            connection.execute(
                insert(READING_PAGE), [{"name": name, "id": identifier} for name, identifier in pages.items()]
            )

    def histories(self) -> dict[str, FeedHistory]:
        """Return what is remembered of each feed, by its topic's key or 'all'."""
        pages: defaultdict[str, dict[EntryId, int]] = defaultdict(dict)
        with self._reading() as connection:
            for feed, identifier, page in connection.execute(text("SELECT feed, id, page FROM archive")).all():
                pages[feed][identifier] = page
            return {
                row.key: FeedHistory(
                    title=row.title,
                    floor=row.floor,
                    retired=row.retired,
                    pages=pages[row.key],
                    last_page=max(pages[row.key].values(), default=0) if row.last_page is None else row.last_page,
                )
                for row in connection.execute(select(FEED))
            }

    def record_histories(self, histories: Mapping[str, FeedHistory]) -> None:
        """Add what feeds are remembered by, or replace it; no entry is forgotten."""
        if not histories:
            return
        with self._writing() as connection:
            known = set(connection.scalars(select(FEED.c.key)))
            rows = [
                {name: getattr(one, name) for name in ("title", "floor", "retired", "last_page")} | {"key": key}
                for key, one in histories.items()
            ]
            if new := [row for row in rows if row["key"] not in known]:
                connection.execute(insert(FEED), new)
            for row in (row for row in rows if row["key"] in known):
                connection.execute(update(FEED).where(FEED.c.key == row["key"]).values(row))
            held = {
                (row.feed, row.id): row.page
                for key in histories.keys() & known
                for row in connection.execute(select(ARCHIVE).where(ARCHIVE.c.feed == key))
            }
            given = [
                (key, identifier, page)
                for key, one in histories.items()
                for identifier, page in one.pages.items()
                if held.get((key, identifier)) != page
            ]
            # What moves between the document and a page.
            if left := [{"feed": feed, "id": one} for feed, one, _ in given if (feed, one) in held]:
                connection.execute(text("DELETE FROM archive WHERE feed = :feed AND id = :id"), left)
            _insert(connection, ARCHIVE, given)

    def issues(self, newsletter: str | None = None) -> tuple[Issue, ...]:
        """Return the cut issues, oldest first."""
        with self._reading() as connection:
            return _issues(connection, newsletter)

    def drafts(self, newsletter: str) -> tuple[Draft, ...]:
        """Return the issues of a newsletter that are not out yet, oldest first."""
        query = select(ISSUE).where(ISSUE.c.newsletter == newsletter, ISSUE.c.draft == 1).order_by(ISSUE.c.due)
        with self._reading() as connection:
            return tuple(_draft(row) for row in connection.execute(query).mappings())

    def rendered(self, issue: Issue) -> Rendered:
        """Return what a cut issue says."""
        query = select(*(ISSUE.c[name] for name in _RENDERED_NAMES)).where(
            ISSUE.c.newsletter == issue.newsletter, ISSUE.c.due == issue.due
        )
        with self._reading() as connection:
            return Rendered(**connection.execute(query).mappings().one())

    def settled(self, newsletter: str) -> "dict[EntryId, Settled]":
        """Return what the issues of a newsletter and its drafts have made of articles for good, issue by issue."""
        from syndicate.domain.selection import Aside, Rule, Settled

        found: list[tuple[int, int, EntryId, Aside | None]] = []
        with self._reading() as connection:
            for number, position, identifier in connection.execute(_settled(ISSUE_ARTICLE, newsletter)):
                found.append((number, position, EntryId(identifier), None))
            for number, position, identifier, story, rule in connection.execute(_settled(ISSUE_ASIDE, newsletter)):
                aside = Aside(id=EntryId(identifier), story=story, rule=Rule(rule) if rule else None)
                found.append((number, position, aside.id, aside))
        found.sort(key=lambda row: (row[0], row[3] is not None, row[1]))
        return {identifier: Settled(number=number, aside=aside) for number, _, identifier, aside in found}

    def story_count(self, issue: Issue) -> int:
        """Return how many articles a cut issue carries."""
        query = select(func.count()).where(
            ISSUE_ARTICLE.c.newsletter == issue.newsletter, ISSUE_ARTICLE.c.due == issue.due
        )
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def record_issue(
        self, issue: Issue, rendered: Rendered, articles: Sequence[EntryId], asides: "Sequence[Aside]" = ()
    ) -> Issue:
        """Record a cut issue, and its slot as cut; if the slot has an issue, return that one and record nothing."""
        return self._record(issue, rendered, articles, asides, Fate.CUT)

    def record_draft(
        self, issue: Issue, rendered: Rendered, articles: Sequence[EntryId], asides: "Sequence[Aside]" = ()
    ) -> Issue:
        """Record an issue that is not out yet, and its slot as claimed; if the slot has one, return that.

        Nobody has been told of it then, as of outcomes that have to be told.
        """
        return self._record(issue, rendered, articles, asides, Fate.CLAIMED)

    def _record(
        self, issue: Issue, rendered: Rendered, articles: Sequence[EntryId], asides: "Sequence[Aside]", fate: Fate
    ) -> Issue:
        row = {name: getattr(rendered, name) for name in _RENDERED_NAMES}
        row |= {name: getattr(issue, name) for name in _ISSUE_NAMES} | {"draft": None if fate is Fate.CUT else 1}
        carried = [
            {"newsletter": issue.newsletter, "due": issue.due, "position": position, "id": identifier}
            for position, identifier in enumerate(articles)
        ]
        beside = [
            {
                "newsletter": issue.newsletter,
                "due": issue.due,
                "position": position,
                "id": one.id,
                "folded_into": one.story,
                "rule": one.rule.value if one.rule else None,
            }
            for position, one in enumerate(asides)
        ]
        with self._writing() as connection:
            there = _issues(connection, issue.newsletter, drafts=True)
            existing = next((one for one in there if one.due == issue.due), None)
            if existing:
                return existing
            if any(one.number == issue.number for one in there):
                what = f"issue {issue.number} of {issue.newsletter} is there for another slot"
                raise StateError(f"{self.name}: {what}")
            connection.execute(insert(ISSUE), row)
            if carried:
                connection.execute(insert(ISSUE_ARTICLE), carried)
            if beside:
                connection.execute(insert(ISSUE_ASIDE), beside)
            if fate is Fate.CUT:
                _settle(connection, issue.newsletter, issue.due, fate, issue.cut_at, tuple(Fate))
            else:
                _claim(connection, issue.newsletter, issue.due, issue.cut_at)
                connection.execute(update(SLOT).where(*_is_slot(issue.newsletter, issue.due)).values(untold=1))
        return issue

    def approve(self, draft: Draft) -> bool:
        """Note that someone approved a draft; returns False if it is no longer what it was."""
        with self._draft(draft) as (connection, is_same):
            if is_same:
                connection.execute(update(ISSUE).where(*_is_issue(draft.issue)).values(approved=draft.digest))
            return is_same

    def publish(self, draft: Draft, now: datetime) -> bool:
        """Make a draft an issue, and its slot cut; returns False if it is no longer what it was."""
        with self._draft(draft) as (connection, is_same):
            if is_same:
                connection.execute(update(ISSUE).where(*_is_issue(draft.issue)).values(draft=None))
                _settle(connection, draft.issue.newsletter, draft.issue.due, Fate.CUT, now, tuple(Fate))
            return is_same

    def withdraw(self, draft: Draft, fate: Fate, now: datetime) -> bool:
        """Remove a draft and give its slot a fate; returns False if it is no longer what it was.

        CLAIMED leaves the slot to be drafted anew.
        """
        with self._draft(draft) as (connection, is_same):
            if is_same:
                connection.execute(delete(ISSUE).where(*_is_issue(draft.issue)))
                if fate is not Fate.CLAIMED:
                    slug, due = draft.issue.newsletter, draft.issue.due
                    _settle(connection, slug, due, fate, now, (Fate.CLAIMED,), had_draft=True)
            return is_same

    @contextmanager
    def _draft(self, draft: Draft) -> Iterator[tuple[Connection, bool]]:
        """Hold the ledger, and tell whether a draft is there as it was."""
        with self._writing() as connection:
            query = select(ISSUE).where(*_is_issue(draft.issue), ISSUE.c.draft == 1)
            row = connection.execute(query).mappings().one_or_none()
            held = None if row is None else _draft(row)
            yield connection, held == draft

    def slots(self, newsletter: str) -> tuple[Slot, ...]:
        """Return the slots of a newsletter that are claimed or settled, oldest first."""
        return self._slots(SLOT.c.newsletter == newsletter)

    def _slots(self, condition: ColumnElement[bool]) -> tuple[Slot, ...]:
        query = _SLOTS.where(condition).order_by(SLOT.c.due, SLOT.c.newsletter)
        with self._reading() as connection:
            return tuple(_slot(row) for row in connection.execute(query).mappings())

    def claim_slot(self, newsletter: str, due: datetime, now: datetime) -> Slot:
        """Claim a slot, unless it is recorded already; returns it as it stands then."""
        with self._writing() as connection:
            return _claim(connection, newsletter, due, now)

    def settle_slot(self, newsletter: str, due: datetime, fate: Fate, now: datetime) -> Slot:
        """Record the outcome of a slot, claimed or not; one that has its outcome keeps it. Returns it as it stands."""
        with self._writing() as connection:
            return _settle(connection, newsletter, due, fate, now, (Fate.CLAIMED,))

    def untold(self) -> tuple[Slot, ...]:
        """Return the slots with something that has to be told and that nobody has taken up yet, oldest first.

        A claimed one has a new draft.
        """
        return self._slots(SLOT.c.untold == 1)

    def note_told(self, slots: Iterable[Slot]) -> None:
        """Note that someone has taken up what has to be told of slots."""
        with self._writing() as connection:
            for slot in slots:
                connection.execute(update(SLOT).where(*_is_slot(slot.newsletter, slot.due)).values(untold=None))

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Return every row of every table as plain values, in the order of their keys."""
        with self._reading() as connection:
            return {table.name: _plain_rows(connection, table) for table in METADATA.sorted_tables}

    def columns(self) -> dict[str, list[str]]:
        """Return the names of each table's columns."""
        return {table.name: [column.name for column in table.columns] for table in METADATA.sorted_tables}

    def is_empty(self) -> bool:
        """Tell whether nothing was ever recorded."""
        with self._reading() as connection:
            return not any(connection.execute(_rows_of(table).limit(1)).first() for table in METADATA.sorted_tables)

    def fill(self, tables: Rows) -> None:
        """Replace everything by rows that `tables` gave; all or nothing."""
        with self._writing() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(delete(table))
            for table in METADATA.sorted_tables:
                rows = [_typed(table, row) for row in tables.get(table.name, ())]
                if rows:
                    connection.execute(insert(table), rows)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _is_newest(connection: Connection, name: str) -> bool:
    """Tell whether the tables have their newest shape; raises StateError if theirs is newer than we know."""
    if "alembic_version" not in inspect(connection).get_table_names():
        return False
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if version is not None and version > migrations.HEAD:
        raise StateError(f"{name}: was written by a newer syndicate (ledger version {version}); install that one")
    return bool(version == migrations.HEAD)


def _migrate(connection: Connection) -> None:
    """Bring the tables to the newest shape.

    A new ledger is made as it should be at once and marked as migrated (a test holds that to what
    the migrations make), so that Alembic is imported only where there is something to migrate.
    """
    if inspect(connection).get_table_names():
        migrate(connection)
        return
    METADATA.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": migrations.HEAD})


def migrate(connection: Connection) -> None:
    """Run all migrations that a database has not seen."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StateError(f"the ledger can't be brought to its newest shape: {error}") from error


def _one_line(error: object) -> str:
    """Return what a database says as one line: some add details and hints in further ones."""
    return " ".join(str(error).split())


def _delete_by(connection: Connection, table: Table, column: str, values: Sequence[str]) -> None:
    if not values:
        return
    connection.execute(
        text(f"DELETE FROM {table.name} WHERE {table.c[column].name} = :value"),  # noqa: S608 - our own names
        [{"value": value} for value in values],
    )


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows of values as they are stored, in the order of the columns.

    The driver gets them as they are: SQLAlchemy would take each of them apart, for three times the time.
    """
    if rows:
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        names, marks = ", ".join(column.name for column in table.columns), ", ".join([mark] * len(table.columns))
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
        connection.exec_driver_sql(statement, list(rows))


def _identities(rows: Iterable[Sequence[Any]], keys: Mapping[str, list[str]]) -> list[Identity]:
    """Make values of rows, many at a time: that takes half the time of one by one."""
    plain = []
    for row in rows:
        one = dict(zip(_IDENTITY_NAMES, row, strict=True))
        plain.append(one | {"keys": keys[one["id"]], "topics": one["topics"].split("\n") if one["topics"] else ()})
    return msgspec.convert(plain, list[Identity])


def _known(connection: Connection, identifiers: Sequence[EntryId]) -> list[str]:
    """Return which of these identities there are."""
    batches = (identifiers[start : start + _ROWS_AT_ONCE] for start in range(0, len(identifiers), _ROWS_AT_ONCE))
    found = (connection.scalars(select(IDENTITY.c.id).where(IDENTITY.c.id.in_(batch))) for batch in batches)
    return list(chain.from_iterable(found))


def _settled(table: Table, newsletter: str) -> Select[Any]:
    """Return the query for what the issues of a newsletter have in one of the two tables, each with its number."""
    own = [column for column in table.columns if column.name not in ("newsletter", "due")]
    is_of = (table.c.newsletter == ISSUE.c.newsletter) & (table.c.due == ISSUE.c.due)
    return select(ISSUE.c.number, *own).select_from(table).join(ISSUE, is_of).where(table.c.newsletter == newsletter)


def _is_issue(issue: Issue) -> tuple[ColumnElement[bool], ...]:
    return ISSUE.c.newsletter == issue.newsletter, ISSUE.c.due == issue.due


def _draft(row: RowMapping) -> Draft:
    rendered = Rendered(**{name: row[name] for name in _RENDERED_NAMES})
    issue = Issue(**{name: row[name] for name in _ISSUE_NAMES})
    return Draft(issue=issue, digest=rendered.digest, approved=row["approved"])


def _issues(connection: Connection, newsletter: str | None, *, drafts: bool = False) -> tuple[Issue, ...]:
    query = select(*(ISSUE.c[name] for name in _ISSUE_NAMES)).order_by(ISSUE.c.newsletter, ISSUE.c.number)
    if not drafts:
        query = query.where(ISSUE.c.draft.is_(None))
    if newsletter is not None:
        query = query.where(ISSUE.c.newsletter == newsletter)
    return tuple(Issue(**row) for row in connection.execute(query).mappings())


_SLOTS = select(*(SLOT.c[name] for name in _SLOT_NAMES))


def _is_slot(newsletter: str, due: datetime) -> tuple[ColumnElement[bool], ...]:
    return SLOT.c.newsletter == newsletter, SLOT.c.due == due


def _find_slot(connection: Connection, newsletter: str, due: datetime) -> Slot | None:
    row = connection.execute(_SLOTS.where(*_is_slot(newsletter, due))).mappings().one_or_none()
    return _slot(row) if row else None


def _claim(connection: Connection, newsletter: str, due: datetime, now: datetime) -> Slot:
    """Claim a slot, unless it is recorded already; returns it as it stands then."""
    slot = _find_slot(connection, newsletter, due)
    if slot is None:
        slot = Slot(newsletter=newsletter, due=due, fate=Fate.CLAIMED, claimed_at=now)
        row = {"newsletter": newsletter, "due": due, "fate": slot.fate.value, "claimed_at": now}
        connection.execute(insert(SLOT), row)
    return slot


def _settle(
    connection: Connection,
    newsletter: str,
    due: datetime,
    fate: Fate,
    now: datetime,
    open_fates: Sequence[Fate],
    *,
    had_draft: bool = False,
) -> Slot:
    """Give a slot its outcome if it is not recorded, or stands at one of `open_fates`; returns it as it stands."""
    before = _find_slot(connection, newsletter, due)
    if before is not None and before.fate not in open_fates:
        return before
    slot = Slot(
        newsletter=newsletter,
        due=due,
        fate=fate,
        claimed_at=before.claimed_at if before else now,
        settled_at=now,
    )
    row = {name: getattr(slot, name) for name in ("newsletter", "due", "claimed_at", "settled_at")}
    row |= {"fate": fate.value, "untold": 1 if has_to_be_told(fate, had_draft=had_draft) else None}
    statement = update(SLOT).where(*_is_slot(newsletter, due)) if before else insert(SLOT)
    connection.execute(statement.values(row))
    return slot


def _slot(row: RowMapping) -> Slot:
    return Slot(**{**row, "fate": Fate(row["fate"])})


def _identity_row(one: Identity) -> tuple[str | None, ...]:
    """Return an identity as it is stored."""
    return (
        one.id,
        one.path,
        one.story,
        to_text(one.first_seen),
        to_text(one.updated),
        one.source_url,
        one.page_url,
        to_text(one.published) if one.published else None,
        "\n".join(one.topics) or None,
        to_text(one.retracted) if one.retracted else None,
    )


def _rows_of(table: Table) -> Select[Any]:
    """Return the query for the rows of a table that are the ledger's own, in the order of their keys."""
    query = select(table).order_by(*table.primary_key.columns)
    return query.where(SETTING.c.name != REVISION) if table is SETTING else query


def _plain_rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [
        {name: to_text(value) if isinstance(value, datetime) else value for name, value in row.items()}
        for row in connection.execute(_rows_of(table)).mappings()
    ]


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column.name: from_text(row[column.name])
        if isinstance(column.type, Moment) and row.get(column.name)
        else row.get(column.name)
        for column in table.columns
    }
