"""The documents of output/: which ones there are, what each is made from, and how it is made.

    Snapshot ─► plan ─► Planned (path, fingerprint) ─► is it current? ─► Task ─► bytes

Planning is cheap and done for all; a task carries what its document needs but bodies and templates,
and is done at a bench in a worker process, where those are at hand.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate import __version__
from syndicate.domain.articles import Article, ArticlePath
from syndicate.domain.feeds import FORMATS, Content, Entry, Feed, FeedFormat, FeedOptions, fingerprint, recent
from syndicate.domain.newsletters import Issue, Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.domain.topics import Topic
from syndicate.pages.render import TopicSummary, article_page, feed_sheet, index_page, topic_page
from syndicate.services.entries import Entries
from syndicate.templating.environment import syntax_problems

# How many articles the front page shows.
FRONT_PAGE_ENTRIES = 12
# The style sheet that every feed in XML names, so that a browser shows it readable.
FEED_SHEET = "feed.css"
# Pictures beyond this don't belong beside articles.
MAX_MEDIA_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a worker has at hand: the templates, and functions that read bodies and files."""

    templates: Mapping[str, str]
    bodies: Callable[[Collection[ArticlePath]], Mapping[ArticlePath, str]]
    read: Callable[[str, int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A call that makes one document at a bench."""

    function: Callable[..., bytes | None]
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One document; equal fingerprints mean equal bytes. `kind` names the page that it is, '' for what is none."""

    path: str
    fingerprint: str
    task: Callable[[], Task]
    kind: str = ""


def perform(bench: Bench, tasks: Sequence[Task]) -> list[bytes | None]:
    """Return the bytes of documents, None for a picture that can't be had."""
    return [task.function(bench, *task.arguments) for task in tasks]


def warm_up(templates: Mapping[str, str]) -> None:
    """Import the feeds' libraries and compile the templates, before worker processes are made."""
    import syndicate.feeds.build  # noqa: F401 - for its effect: feedgen and lxml are loaded

    syntax_problems(templates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans the documents of one build. `templates_digest` tells one state of the templates from another."""

    entries: Entries
    site: Site
    options: FeedOptions
    newsletters: tuple[tuple[Newsletter, tuple[Issue, ...]], ...]
    templates_digest: str
    rendered: Callable[[Issue], Rendered]
    now: datetime

    def plan(self) -> Iterator[Planned]:
        """Yield every document that output/ is to hold; those that share articles follow each other."""
        articles = self.entries.snapshot.collection.articles
        everything = self._feed("all", self.site.title, self.site.description, "feed:all")
        yield from self._feeds("all", everything, articles)
        summaries = []
        for topic, own in self._by_topic().items():
            summary = self._summary(topic, own)
            summaries.append(summary)
            folder = f"topics/{topic.slug}"
            yield from self._feeds(folder, summary.feed, own)
            yield self._topic_page(f"{folder}/index.html", summary, own)
        yield self._front_page(everything, summaries, articles)
        yield self._opml(everything, summaries)
        yield self._feed_sheet()
        yield from self._reading_pages(everything, articles)
        yield from self._issues()
        yield from self._media()

    def _by_topic(self) -> dict[Topic, list[Article]]:
        snapshot = self.entries.snapshot
        groups: defaultdict[Topic, list[Article]] = defaultdict(list)
        for article in snapshot.collection.articles:
            for topic in snapshot.topics.by_article[article.path]:
                groups[topic].append(article)
        return {topic: groups[topic] for topic in sorted(groups, key=lambda topic: topic.slug)}

    def _feed(self, folder: str, title: str, description: str | None, id_key: str) -> Feed:
        """Return a feed without its entries."""
        page = "index.html" if folder == "all" else f"{folder}/index.html"
        formats = [format for format in FeedFormat if format in self.options.formats]
        return Feed(
            id=uuid.uuid5(self.entries.snapshot.namespace, id_key).urn,
            title=title,
            description=description or title,
            home_url=self.site.address(page),
            urls=tuple((format, self.site.address(f"{folder}/{FORMATS[format].file_name}")) for format in formats),
            language=self.site.language,
            author=self.site.author or self.site.title,
        )

    def _summary(self, topic: Topic, articles: Sequence[Article]) -> TopicSummary:
        title = f"{topic.label} · {self.site.title}"
        description = topic.description or f"{topic.label}: articles from {self.site.title}"
        feed = self._feed(f"topics/{topic.slug}", title, description, f"feed:{topic.key}")
        return TopicSummary(topic=topic, feed=feed, count=len(articles), newest=articles[0].published)

    def _keys(self, articles: Sequence[Article]) -> tuple[str, ...]:
        return tuple(self.entries.key(article) for article in articles)

    def _feeds(self, folder: str, feed: Feed, articles: Sequence[Article]) -> Iterator[Planned]:
        """Yield a feed's document in each format."""
        chosen = recent(articles, self.options, self.now)
        full = self.options.content is Content.FULL
        for format, _ in feed.urls:

            def task(format: FeedFormat = format) -> Task:
                paths = tuple(article.path for article in chosen) if full else ()
                return Task(function=_feed_document, arguments=(feed, format, self._shown(chosen), paths))

            yield Planned(
                path=f"{folder}/{FORMATS[format].file_name}",
                fingerprint=fingerprint(__version__, format, feed, full, self._keys(chosen)),
                task=task,
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
        shown = recent(articles, self.options, self.now)
        return self._page(path, topic_page, (path, self.site, summary), shown)

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

    def _opml(self, everything: Feed, summaries: Sequence[TopicSummary]) -> Planned:
        outlines = tuple(
            (title, feed.urls[0][1], feed.home_url, group)
            for title, feed, group in (
                (everything.title, everything, None),
                *((one.topic.label, one.feed, one.topic.taxonomy) for one in summaries),
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
        """Yield the pages of cut issues, as the ledger froze them."""
        for issue in (issue for _, issues in self.newsletters for issue in issues):
            for name, part in (("index.html", "html"), ("issue.txt", "text")):

                def task(issue: Issue = issue, part: str = part) -> Task:
                    return Task(function=_ready_document, arguments=(getattr(self.rendered(issue), part),))

                path = f"newsletters/{issue.newsletter}/{issue.number}/{name}"
                yield Planned(path=path, fingerprint=fingerprint(issue), task=task)

    def _media(self) -> Iterator[Planned]:
        for path, file in sorted(self.entries.snapshot.media.items()):

            def task(location: str = file.location) -> Task:
                return Task(function=_media_document, arguments=(location,))

            yield Planned(path=path, fingerprint=file.signature or fingerprint(self.now), task=task)


def _feed_document(
    bench: Bench, feed: Feed, format: FeedFormat, entries: Sequence[Entry], paths: Sequence[ArticlePath]
) -> bytes:
    """Return a feed; `paths` are those of the entries' articles if their bodies are wanted."""
    from syndicate.feeds.build import build_feed

    if paths:
        bodies = bench.bodies(paths)
        entries = [replace(entry, content=bodies.get(path, "")) for entry, path in zip(entries, paths, strict=True)]
    return build_feed(replace(feed, entries=tuple(entries)), format)


def _page_document(bench: Bench, function: Callable[..., bytes], *arguments: object) -> bytes:
    return function(bench.templates, *arguments)


def _article_document(
    bench: Bench, path: str, site: Site, everything: Feed, entry: Entry, article: ArticlePath
) -> bytes:
    whole = replace(entry, content=bench.bodies([article]).get(article, ""))
    return article_page(bench.templates, path, site, everything, whole)


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
