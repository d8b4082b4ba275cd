"""The documents of output/: which ones there are, what each is made from, and how it is made.

    Snapshot ─► plan ─► Planned (path, fingerprint) ─► is it current? ─► Task ─► bytes

Planning is cheap and done for all; a task carries what its document needs but bodies and templates,
and is done at a bench in a worker process, where those are at hand.
"""

import posixpath
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest

from syndicate import __version__
from syndicate.domain.addresses import AddressMap
from syndicate.domain.archive import Ending, ended_at
from syndicate.domain.articles import Article, ArticlePath, EntryId
from syndicate.domain.codings import Coding, is_text_path
from syndicate.domain.facets import Facet, feed_folder
from syndicate.domain.feeds import FORMATS, Content, Entry, Feed, FeedFormat, FeedOptions, fingerprint
from syndicate.domain.newsletters import Issue, Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.domain.text import escaped_size
from syndicate.domain.topics import Topic
from syndicate.pages.render import TopicSummary, article_page, feed_sheet, index_page, newsletter_page, topic_page
from syndicate.services.addresses import as_redirects
from syndicate.services.archives import EVERYTHING, Archives, Tombstones, tombstones
from syndicate.services.entries import MAX_MEDIA_BYTES, Entries
from syndicate.templating.environment import syntax_problems

# How many articles the front page shows.
FRONT_PAGE_ENTRIES = 12
# The style sheet that every feed in XML names, so that a browser shows it readable.
FEED_SHEET = "feed.css"

# What an issue takes of its newsletter's feed without its content, and a share of what the feed itself takes.
ISSUE_BYTES = 2_000
# An entry that is cut to less than this says nothing any more.
_LEAST_ROOM = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a worker has at hand: the templates, and functions that read bodies and files and compress texts."""

    templates: Mapping[str, str]
    bodies: Callable[[Collection[ArticlePath]], Mapping[ArticlePath, str]]
    read: Callable[[str, int], bytes]
    compress: Callable[[bytes, Coding], bytes]
    _last: list[tuple[Sequence[Entry], Sequence[ArticlePath], tuple[Entry, ...]]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def filled(self, entries: Sequence[Entry], paths: Sequence[ArticlePath]) -> tuple[Entry, ...]:
        """Return entries with the bodies of their articles; the last ones lie ready: a feed has them in each format."""
        if not self._last or self._last[0][:2] != (entries, paths):
            bodies = self.bodies(paths)
            filled = tuple(
                replace(entry, content=bodies.get(path, "")) for entry, path in zip(entries, paths, strict=True)
            )
            self._last[:] = [(entries, paths, filled)]
        return self._last[0][2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A call that makes one document at a bench."""

    function: Callable[..., bytes | None]
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One document; equal fingerprints mean equal bytes. `kind` names the page that it is, '' for what is none.

    Documents of one `series`, '' for none, that follow each other show the same articles. One that is
    closed is not made again while it stands, not even in a full build. What `asks_ledger` has a task
    that only its own process can make.
    """

    path: str
    fingerprint: str
    task: Callable[[], Task]
    kind: str = ""
    series: str = ""
    is_closed: bool = False
    asks_ledger: bool = False

    def with_task(self) -> "Planned":
        """Return the same document with its task made."""
        return replace(self, task=partial(_the, self.task()), asks_ledger=False)

    def __reduce__(self) -> tuple[Callable[..., "Planned"], tuple[object, ...]]:
        """Let a document travel to a worker with its task, where it can't share the plan with us."""
        return _travelled, (self.path, self.fingerprint, self.task(), self.kind, self.is_closed)


def _travelled(path: str, fingerprint: str, task: Task, kind: str, is_closed: bool) -> Planned:
    return Planned(path=path, fingerprint=fingerprint, task=partial(_the, task), kind=kind, is_closed=is_closed)


def _the(task: Task) -> Task:
    return task


def perform(bench: Bench, tasks: Sequence[Task]) -> list[bytes | None]:
    """Return the bytes of documents, None for a picture that can't be had."""
    return [task.function(bench, *task.arguments) for task in tasks]


def keep_all(bench: Bench, keep: Callable[[str, bytes], bool], batch: Sequence[Planned]) -> list[bool | None]:
    """Make documents and keep each below its path; returns what `keep` did, None for a picture that can't be had."""
    tasks = ((document.path, document.task()) for document in batch)
    made = ((path, task.function(bench, *task.arguments)) for path, task in tasks)
    return [None if data is None else keep(path, data) for path, data in made]


def warm_up(templates: Mapping[str, str]) -> None:
    """Import the feeds' libraries and compile the templates of pages, before worker processes are made."""
    import syndicate.feeds.build  # for its effect: feedgen and lxml are loaded
    import syndicate.feeds.cut  # noqa: F401 - as above: lxml.html

    syntax_problems(templates, "pages/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans the documents of one build.

    `ended` are the feeds without articles that still stand, by key, with slug and stage;
    `templates_digest` tells one state of the templates from another.
    """

    entries: Entries
    archives: Archives
    ended: Mapping[str, tuple[str, Ending]]
    site: Site
    options: FeedOptions
    newsletters: tuple[tuple[Newsletter, tuple[Issue, ...]], ...]
    issues: tuple[Issue, ...]
    templates_digest: str
    rendered: Callable[[Issue], Rendered]

    def plan(self) -> Iterator[Planned]:
        """Yield every document that output/ is to hold; those that share articles follow each other."""
        articles = self.archives.everything
        everything = self._feed("all", self.site.title, self.site.description, "feed:all")
        gone = tombstones(self.entries.snapshot, self.archives, self.options)
        yield from self._feeds("all", everything, EVERYTHING, gone)
        summaries = []
        for topic, own in self.archives.articles.items():
            summary = self._summary(topic, own)
            summaries.append(summary)
            folder = f"topics/{topic.slug}"
            yield from self._feeds(folder, summary.feed, topic.key, gone)
            yield self._topic_page(f"{folder}/index.html", summary, self.archives.paged[topic.key].current)
        facets = [(facet, self._facet_feed(facet)) for facet in self.archives.facets]
        for facet, feed in facets:
            yield from self._feeds(facet.folder, feed, facet.key, gone)
        for key, (slug, stage) in self.ended.items():
            yield from self._ended_feed(key, slug, stage, gone)
        yield self._front_page(everything, summaries, articles)
        newsletters = [
            (newsletter, self._newsletter_feed(newsletter)) for newsletter, issues in self.newsletters if issues
        ]
        yield self._opml(everything, summaries, facets, newsletters)
        yield self._feed_sheet()
        yield from self._reading_pages(everything, articles)
        yield from self._issues()
        yield from self._issue_archives()
        yield from self._media()

    def _feed(self, folder: str, title: str, description: str | None, id_key: str) -> Feed:
        """Return a feed without its entries."""
        page = "index.html" if folder == "all" else f"{folder}/index.html"
        return Feed(
            id=uuid.uuid5(self.entries.snapshot.namespace, id_key).urn,
            title=title,
            description=description or title,
            home_url=self.site.address(page),
            urls=self._urls(folder),
            site_url=self.site.output_url,
            language=self.site.language,
            author=self.site.author or self.site.title,
            icon=self.site.icon,
            stylesheet=self.site.address(FEED_SHEET),
            ttl_minutes=self.options.ttl_minutes,
            hubs=self.options.hubs,
        )

    def _urls(self, folder: str) -> tuple[tuple[FeedFormat, str], ...]:
        """Return the addresses of a feed, or of an archive page, by format."""
        formats = (format for format in FeedFormat if format in self.options.formats)
        return tuple((format, self.site.address(f"{folder}/{FORMATS[format].file_name}")) for format in formats)

    def _summary(self, topic: Topic, articles: Sequence[Article]) -> TopicSummary:
        title = f"{topic.label} · {self.site.title}"
        description = topic.description or f"{topic.label}: articles from {self.site.title}"
        feed = self._feed(f"topics/{topic.slug}", title, description, _feed_key(topic.key))
        return TopicSummary(topic=topic, feed=feed, count=len(articles), newest=self.entries.published(articles[0]))

    def _facet_feed(self, facet: Facet) -> Feed:
        """Return the feed of a tag, an author or a brand, which has no page but the front page."""
        title = f"{facet.label} · {self.site.title}"
        feed = self._feed(facet.folder, title, None, f"feed:{facet.key}")
        return replace(feed, home_url=self.site.address("index.html"))

    def _keys(self, articles: Sequence[Article]) -> tuple[str, ...]:
        return tuple(self.entries.key(article) for article in articles)

    def _feeds(self, folder: str, feed: Feed, key: str, gone: Tombstones) -> Iterator[Planned]:
        """Yield a feed's document in each format, and those of its archive pages."""
        paged = self.archives.paged[key]
        newest = max(paged.pages, default=0)
        yield from self._feed_documents(
            folder, replace(feed, older=self._page_urls(folder, newest), tombstones=gone.get(key, ())), paged.current
        )
        for number, articles in paged.pages.items():
            page_folder = f"{folder}/archive/{number}"
            page = replace(
                feed,
                urls=self._urls(page_folder),
                current=feed.urls,
                older=self._page_urls(folder, number - 1),
                newer=self._page_urls(folder, number + 1) if number < newest else (),
            )
            yield from self._feed_documents(page_folder, page, articles, is_closed=True)

    def _page_urls(self, folder: str, number: int) -> tuple[tuple[FeedFormat, str], ...]:
        return self._urls(f"{folder}/archive/{number}") if number > 0 else ()

    def _feed_documents(
        self, folder: str, feed: Feed, articles: Sequence[Article], *, is_closed: bool = False
    ) -> Iterator[Planned]:
        """Yield a document in each format; one that is closed is made from the ids of its entries alone."""
        full = self.options.content is Content.FULL
        state = self._ids(articles) if is_closed else (__version__, *self._keys(articles))

        def task(format: FeedFormat) -> Task:
            paths = tuple(article.path for article in articles) if full else ()
            room = self.options.max_bytes // 2
            large = frozenset(article.path for article in articles if article.size > room)
            arguments = (feed, format, self._shown(articles), self.options.max_bytes, paths, large)
            return Task(function=_feed_document, arguments=arguments)

        for format, _ in feed.urls:
            yield Planned(
                path=f"{folder}/{FORMATS[format].file_name}",
                fingerprint=fingerprint(format, feed, full, state),
                task=partial(task, format),
                series=folder,
                is_closed=is_closed,
            )

    def _ids(self, articles: Sequence[Article]) -> tuple[EntryId, ...]:
        """Return the ids of articles in an order that no rename changes."""
        return tuple(sorted(self.entries.snapshot.identities[article.path].id for article in articles))

    def _ended_feed(self, key: str, slug: str, stage: Ending, gone: Tombstones) -> Iterator[Planned]:
        """Yield the documents of a feed without articles: empty while it waits for more, then a last entry."""
        history = self.archives.ended[key]
        folder = feed_folder(key, slug)
        feed = self._feed(folder, f"{history.title} · {self.site.title}", None, _feed_key(key))
        feed = replace(feed, home_url=self.site.address("index.html"), tombstones=gone.get(key, ()))
        moment = ended_at(history, key in self.archives.hidden, self.options)
        last = Entry(
            id=EntryId(uuid.uuid5(self.entries.snapshot.namespace, f"ended:{key}:{moment}").urn),
            title=f"The feed {history.title} has ended",
            url=feed.home_url,
            published=moment,
            updated=moment,
            summary=f"No more articles will come here. See {feed.home_url} for the feeds that there are.",
        )
        entries = (last,) if stage is Ending.SAYS_SO else ()
        for format, _ in feed.urls:
            arguments = (feed, format, entries, self.options.max_bytes)
            yield Planned(
                path=f"{folder}/{FORMATS[format].file_name}",
                fingerprint=fingerprint(__version__, format, feed, entries),
                task=partial(Task, function=_feed_document, arguments=arguments),
            )

    def _shown(self, articles: Sequence[Article]) -> tuple[Entry, ...]:
        return tuple(self.entries.entry(article) for article in articles)

    def _page(
        self, path: str, function: Callable[..., bytes], arguments: tuple[object, ...], shown: Sequence[Article]
    ) -> Planned:
        """Return a page made from arguments and, behind them, the entries of articles."""
        return Planned(
            path=path,
            fingerprint=fingerprint(__version__, self.templates_digest, arguments, self._keys(shown)),
            task=lambda: Task(function=_page_document, arguments=(function, *arguments, self._shown(shown))),
            kind=function.__name__,
        )

    def _topic_page(self, path: str, summary: TopicSummary, articles: Sequence[Article]) -> Planned:
        return replace(
            self._page(path, topic_page, (path, self.site, summary), articles), series=posixpath.dirname(path)
        )

    def _front_page(self, feed: Feed, topics: Sequence[TopicSummary], articles: Sequence[Article]) -> Planned:
        arguments = (self.site, feed, tuple(topics), self.newsletters)
        return self._page("index.html", index_page, arguments, articles[:FRONT_PAGE_ENTRIES])

    def _feed_sheet(self) -> Planned:
        return Planned(
            path=FEED_SHEET,
            fingerprint=fingerprint(__version__, self.templates_digest),
            task=lambda: Task(function=_page_document, arguments=(feed_sheet,)),
            kind=feed_sheet.__name__,
        )

    def _opml(
        self,
        everything: Feed,
        summaries: Sequence[TopicSummary],
        facets: Sequence[tuple[Facet, Feed]],
        newsletters: Sequence[tuple[Newsletter, Feed]],
    ) -> Planned:
        outlines = tuple(
            (title, feed.urls[0][1], feed.home_url, group)
            for title, feed, group in (
                (everything.title, everything, None),
                *((one.topic.label, one.feed, one.topic.taxonomy) for one in summaries),
                *((facet.label, feed, facet.kind.group) for facet, feed in facets),
                *((newsletter.title, feed, "Newsletters") for newsletter, feed in newsletters),
            )
        )
        return Planned(
            path="feeds.opml",
            fingerprint=fingerprint(__version__, self.site.title, outlines),
            task=lambda: Task(function=_opml_document, arguments=(self.site.title, outlines)),
        )

    def _reading_pages(self, everything: Feed, articles: Sequence[Article]) -> Iterator[Planned]:
        for article in articles:
            path = self.entries.reading_pages.get(article.path)
            if path is None:
                continue

            def task(article: Article = article, path: str = path) -> Task:
                arguments = (path, self.site, everything, self.entries.entry(article), article.path)
                return Task(function=_article_document, arguments=arguments)

            made_from = (__version__, self.templates_digest, path, self.site, everything)
            yield Planned(
                path=path, fingerprint=fingerprint(*made_from, self._keys([article])), task=task, kind="article"
            )

    def _issues(self) -> Iterator[Planned]:
        """Yield the pages of cut issues, as the ledger froze them, also of newsletters that the config had once."""
        for issue in self.issues:
            for name, part in (("index.html", "html"), ("issue.txt", "text")):

                def task(issue: Issue = issue, part: str = part) -> Task:
                    return Task(function=_ready_document, arguments=(getattr(self.rendered(issue), part),))

                path = f"newsletters/{issue.newsletter}/{issue.number}/{name}"
                yield Planned(path=path, fingerprint=fingerprint(issue), task=task, asks_ledger=True)

    def _newsletter_feed(self, newsletter: Newsletter) -> Feed:
        """Return the feed of a newsletter's issues, without its entries."""
        title = f"{newsletter.title} · {self.site.title}"
        key = f"feed:newsletter:{newsletter.slug}"
        feed = self._feed(f"newsletters/{newsletter.slug}", title, newsletter.description, key)
        return replace(feed, language=newsletter.language)

    def _issue_archives(self) -> Iterator[Planned]:
        """Yield for each newsletter that has an issue the page that lists them all, and the feed that carries them."""
        for newsletter, issues in self.newsletters:
            if not issues:
                continue
            feed, folder = self._newsletter_feed(newsletter), f"newsletters/{newsletter.slug}"
            path = f"{folder}/index.html"
            yield self._page(path, newsletter_page, (path, self.site, newsletter, issues, feed), ())
            newest = tuple(reversed(issues))[: self.options.limit]
            for format, _ in feed.urls:
                yield Planned(
                    path=f"{folder}/{FORMATS[format].file_name}",
                    fingerprint=fingerprint(__version__, format, feed, newest, self.options.max_bytes),
                    task=partial(self._issue_feed, feed, format, newest),
                    asks_ledger=True,
                )

    def _issue_feed(self, feed: Feed, format: FeedFormat, issues: Sequence[Issue]) -> Task:
        entries = tuple(self._issue_entry(issue) for issue in issues)
        parts = tuple(self.rendered(issue).html for issue in issues)
        return Task(function=_issue_feed_document, arguments=(feed, format, entries, parts, self.options.max_bytes))

    def _issue_entry(self, issue: Issue) -> Entry:
        namespace = self.entries.snapshot.namespace
        return Entry(
            id=EntryId(uuid.uuid5(namespace, f"issue:{issue.newsletter}:{issue.number}").urn),
            title=issue.subject,
            url=self.site.address(f"newsletters/{issue.newsletter}/{issue.number}/"),
            published=issue.due,
            updated=issue.due,
        )

    def _media(self) -> Iterator[Planned]:
        for path, file in sorted(self.entries.snapshot.media.items()):

            def task(location: str = file.location) -> Task:
                return Task(function=_media_document, arguments=(location,))

            yield Planned(path=path, fingerprint=self.entries.state(file), task=task)


def redirects(addresses: AddressMap, output_url: str) -> Iterator[Planned]:
    """Yield the file that tells hosts of old addresses, if there are any."""
    if addresses.moved or addresses.gone:
        data = as_redirects(addresses, output_url)
        yield Planned(
            path="_redirects",
            fingerprint=fingerprint(data),
            task=partial(Task, function=_ready_document, arguments=(data.decode(),)),
        )


def with_coded(documents: Iterable[Planned], codings: Sequence[Coding]) -> Iterator[Planned]:
    """Yield documents, and behind each text the same in each coding."""
    for document in documents:
        yield document
        if is_text_path(document.path):
            for coding in codings:
                task = partial(_coded_task, document.task, coding)
                yield replace(document, path=f"{document.path}{coding.suffix}", task=task)


def _coded_task(task: Callable[[], Task], coding: Coding) -> Task:
    return Task(function=_coded_document, arguments=(task(), coding))


def _coded_document(bench: Bench, task: Task, coding: Coding) -> bytes | None:
    data = task.function(bench, *task.arguments)
    return None if data is None else bench.compress(data, coding)


def _feed_key(key: str) -> str:
    """Return what the id of a topic's feed is made from; 'feed:all' is that of the feed of everything."""
    return f"feed:{key}" if key != "all" else "feed:topic:all"


def _feed_document(
    bench: Bench,
    feed: Feed,
    format: FeedFormat,
    entries: Sequence[Entry],
    max_bytes: int,
    paths: Sequence[ArticlePath] = (),
    large: Collection[ArticlePath] = (),
) -> bytes:
    """Return a feed; `paths` are those of the entries' articles if their bodies are wanted, `large` are to be cut.

    Entries are chosen so that there is room for them, but on an archive page they may have grown since:
    then the longest are cut until it is small enough again.
    """
    from syndicate.feeds.build import build_feed
    from syndicate.feeds.cut import cut_entry

    if paths:
        entries = bench.filled(entries, paths)
    room = max_bytes // 2
    held = [cut_entry(entry, room) if path in large else entry for entry, path in zip_longest(entries, paths)]
    document = build_feed(replace(feed, entries=tuple(held)), format)
    while len(document) > max_bytes and room >= _LEAST_ROOM:
        room //= 2
        document = build_feed(replace(feed, entries=tuple(cut_entry(entry, room) for entry in entries)), format)
    return document


def _page_document(bench: Bench, function: Callable[..., bytes], *arguments: object) -> bytes:
    return function(bench.templates, *arguments)


def _article_document(
    bench: Bench, path: str, site: Site, everything: Feed, entry: Entry, article: ArticlePath
) -> bytes:
    whole = replace(entry, content=bench.bodies([article]).get(article, ""))
    return article_page(bench.templates, path, site, everything, whole)


def _issue_feed_document(
    bench: Bench, feed: Feed, format: FeedFormat, entries: Sequence[Entry], parts: Sequence[str], max_bytes: int
) -> bytes:
    """Return the feed of a newsletter's issues, as many as there is room for; older ones may have their links alone."""
    from syndicate.feeds.build import build_feed
    from syndicate.parsing.bodies import issue_content

    entries = entries[: max_bytes // 2 // ISSUE_BYTES]
    room, filled = max_bytes - ISSUE_BYTES * len(entries), []
    for entry, part in zip(entries, parts, strict=False):
        content = issue_content(part)
        room -= escaped_size(content)
        filled.append(replace(entry, content=content) if room > 0 else entry)
    return build_feed(replace(feed, entries=tuple(filled)), format)


def _opml_document(bench: Bench, title: str, outlines: Sequence[tuple[str, str, str, str | None]]) -> bytes:
    from syndicate.feeds.opml import Outline, build_opml

    return build_opml(
        title,
        [Outline(title=name, feed_url=feed, home_url=home, group=group) for name, feed, home, group in outlines],
    )


def _ready_document(bench: Bench, text: str) -> bytes:
    return text.encode()


def _media_document(bench: Bench, location: str) -> bytes | None:
    """Return a picture; None if it can't be read, or is too large to be published beside articles."""
    try:
        data = bench.read(location, MAX_MEDIA_BYTES)
    except OSError:
        return None
    return data if len(data) <= MAX_MEDIA_BYTES else None
