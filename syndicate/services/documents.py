"""The documents of output/: which ones there are, what each is made from, and how it is made.

    Snapshot ─► plan ─► Planned (path, fingerprint) ─► is it current? ─► Task ─► bytes

Planning is cheap and done for all; a task carries everything that its document needs and runs in a
worker process.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from syndicate import __version__
from syndicate.domain.articles import Article, ArticlePath
from syndicate.domain.feeds import FORMATS, Content, Feed, FeedFormat, FeedOptions, fingerprint, recent
from syndicate.domain.newsletters import Issue, Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.domain.topics import Topic
from syndicate.pages.render import TopicSummary, article_page, index_page, topic_page
from syndicate.ports import FoundFile
from syndicate.services.entries import Entries

# How many articles the front page shows.
FRONT_PAGE_ENTRIES = 12
# Pictures beyond this don't belong beside articles.
MAX_MEDIA_BYTES = 50_000_000

Bodies = Mapping[ArticlePath, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A call that a worker makes; templates come first among its arguments if it `uses_templates`."""

    function: Callable[..., bytes]
    arguments: tuple[object, ...]
    uses_templates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One document; equal fingerprints mean equal bytes, `bodies` are the articles whose text it needs."""

    path: str
    fingerprint: str
    task: Callable[[Bodies], Task]
    bodies: tuple[ArticlePath, ...] = ()


def perform(templates: Mapping[str, str], task: Task) -> bytes:
    """Return the bytes of a document."""
    return task.function(*([templates] if task.uses_templates else []), *task.arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans the documents of one build. `templates_digest` tells one state of the templates from another."""

    entries: Entries
    site: Site
    options: FeedOptions
    newsletters: tuple[tuple[Newsletter, tuple[Issue, ...]], ...]
    templates_digest: str
    rendered: Callable[[Issue], Rendered]
    read: Callable[[str, int], bytes]
    now: datetime

    def plan(self) -> Iterator[Planned]:
        """Yield every document that output/ is to hold."""
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
            author=self.site.author,
        )

    def _summary(self, topic: Topic, articles: Sequence[Article]) -> TopicSummary:
        title = f"{topic.label} · {self.site.title}"
        description = topic.description or f"{topic.label}: articles from {self.site.title}"
        feed = self._feed(f"topics/{topic.slug}", title, description, f"feed:{topic.key}")
        return TopicSummary(topic=topic, feed=feed, count=len(articles), newest=articles[0].published)

    def _keys(self, articles: Sequence[Article]) -> tuple[str, ...]:
        return tuple(self.entries.keys[article.path] for article in articles)

    def _feeds(self, folder: str, feed: Feed, articles: Sequence[Article]) -> Iterator[Planned]:
        """Yield a feed's document in each format."""
        from syndicate.feeds.build import build_feed

        chosen = recent(articles, self.options, self.now)
        full = self.options.content is Content.FULL
        for format, _ in feed.urls:

            def task(bodies: Bodies, format: FeedFormat = format) -> Task:
                entries = tuple(self.entries.entry(article, bodies.get(article.path, "")) for article in chosen)
                return Task(function=build_feed, arguments=(replace(feed, entries=entries), format))

            yield Planned(
                path=f"{folder}/{FORMATS[format].file_name}",
                fingerprint=fingerprint(__version__, format, feed, full, self._keys(chosen)),
                bodies=tuple(article.path for article in chosen) if full else (),
                task=task,
            )

    def _page(
        self, path: str, function: Callable[..., bytes], arguments: tuple[object, ...], shown: Sequence[Article]
    ) -> Planned:
        """Return a page made from arguments and, behind them, the entries of articles without their bodies."""

        def task(bodies: Bodies) -> Task:
            entries = tuple(self.entries.entry(article) for article in shown)
            return Task(function=function, arguments=(*arguments, entries), uses_templates=True)

        made_from = (__version__, self.templates_digest, arguments, self._keys(shown))
        return Planned(path=path, fingerprint=fingerprint(made_from), task=task)

    def _topic_page(self, path: str, summary: TopicSummary, articles: Sequence[Article]) -> Planned:
        shown = recent(articles, self.options, self.now)
        return self._page(path, topic_page, (path, self.site, summary), shown)

    def _front_page(self, feed: Feed, topics: Sequence[TopicSummary], articles: Sequence[Article]) -> Planned:
        arguments = (self.site, feed, tuple(topics), self.newsletters)
        return self._page("index.html", index_page, arguments, articles[:FRONT_PAGE_ENTRIES])

    def _opml(self, everything: Feed, summaries: Sequence[TopicSummary]) -> Planned:
        from syndicate.feeds.opml import Outline, build_opml

        outlines = tuple(
            Outline(title=title, feed_url=feed.urls[0][1], home_url=feed.home_url, group=group)
            for title, feed, group in (
                (everything.title, everything, None),
                *((one.topic.label, one.feed, one.topic.taxonomy) for one in summaries),
            )
        )
        made_from = fingerprint(__version__, self.site.title, outlines)
        task = Task(function=build_opml, arguments=(self.site.title, outlines))
        return Planned(path="feeds.opml", fingerprint=made_from, task=lambda bodies: task)

    def _reading_pages(self, everything: Feed, articles: Sequence[Article]) -> Iterator[Planned]:
        for article in articles:
            path = self.entries.reading_pages.get(article.path)
            if path is None:
                continue

            def task(bodies: Bodies, article: Article = article, path: str = path) -> Task:
                entry = self.entries.entry(article, bodies[article.path])
                return Task(function=article_page, arguments=(path, self.site, everything, entry), uses_templates=True)

            made_from = fingerprint(
                __version__, self.templates_digest, path, self.site, everything, self.entries.keys[article.path]
            )
            yield Planned(path=path, fingerprint=made_from, task=task, bodies=(article.path,))

    def _issues(self) -> Iterator[Planned]:
        """Yield the pages of cut issues, as the ledger froze them."""
        for issue in (issue for _, issues in self.newsletters for issue in issues):
            for name, part in (("index.html", "html"), ("issue.txt", "text")):

                def task(bodies: Bodies, issue: Issue = issue, part: str = part) -> Task:
                    return Task(function=str.encode, arguments=(getattr(self.rendered(issue), part),))

                path = f"newsletters/{issue.newsletter}/{issue.number}/{name}"
                yield Planned(path=path, fingerprint=fingerprint(issue), task=task)

    def _media(self) -> Iterator[Planned]:
        for path, file in sorted(self.entries.snapshot.media.items()):
            yield Planned(
                path=path,
                fingerprint=file.signature or fingerprint(self.now),
                task=partial(self._picture, file),
            )

    def _picture(self, file: FoundFile, bodies: Bodies) -> Task:
        return Task(function=self.read, arguments=(file.location, MAX_MEDIA_BYTES))
