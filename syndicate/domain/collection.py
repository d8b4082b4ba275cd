"""The collection: what became of every file, decided from what was read and from the clock.

Parsed (one a file) ─► held? ─► duplicate? ─► published ─► Collection
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from syndicate.domain.articles import Article, ArticlePath, Category, Status
from syndicate.domain.text import fold
from syndicate.domain.urls import comparable
from syndicate.errors import Problem


class Parsed(Struct, frozen=True, kw_only=True):
    """What reading one file gave: an article with its body, or the reason why there is none.

    `offerings` are the related offerings as the front matter lists them: few articles' are ever
    needed, so they are read where they are. `media` are the local pictures that the article shows,
    `missing` those that it names and that are not there: the two sets that make a stored Parsed
    stale when they change.
    """

    path: ArticlePath
    article: Article | None = None
    body: str = ""
    offerings: tuple[object, ...] = ()
    skipped: str | None = None
    rejected: Problem | None = None
    problems: tuple[Problem, ...] = ()
    media: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


# What many articles have in common.
_IN_COMMON = ("source", "kind", "brand", "language", "authors", "categories", "tags")


def sharing(parsed: Parsed, known: dict[Any, Any]) -> Parsed:
    """Return what a file gave with the values in it that are `known` from others, and note those that are new.

    What comes from a worker has values of its own. They take memory, and each worker that looks at
    articles later copies that in which they lie: of the peak of a build this takes a seventh.
    """
    article = parsed.article
    if article is None:
        return parsed
    values = ((name, getattr(article, name)) for name in _IN_COMMON)
    shared = {name: known.setdefault(value, value) for name, value in values}
    due = article.published if article.due == article.published else article.due
    return replace(parsed, article=replace(article, path=parsed.path, due=due, **shared))


class FileStatus(Struct, frozen=True, kw_only=True):
    """The one status of a file, with its reason, a short stable word.

    `article` is there if the file could be read, `original` is the path that a duplicate repeats.
    """

    path: ArticlePath
    status: Status
    reason: str | None = None
    article: Article | None = None
    original: ArticlePath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Every file's status, and the published articles, newest first.

    `categories` are an article's own and those of its duplicates. `next_change` is the next moment
    at which the clock alone changes a status.
    """

    files: tuple[FileStatus, ...]
    articles: tuple[Article, ...]
    categories: dict[ArticlePath, tuple[Category, ...]]
    problems: tuple[Problem, ...]
    next_change: datetime | None


def collect(parsed: Iterable[Parsed], now: datetime, further: Iterable[Problem] = ()) -> Collection:
    """Give every file its status at the moment `now`; `further` problems are those that no file has."""
    files = sorted(parsed, key=_PATH)
    held: dict[ArticlePath, str] = {}
    candidates: list[Article] = []
    problems: list[Problem] = list(further)
    moments: list[datetime] = []
    for file in files:
        problems += file.problems
        article = file.article
        if article is None:
            problems += [file.rejected] if file.rejected else []
            continue
        if reason := hold_reason(article, now):
            held[article.path] = reason
        else:
            candidates.append(article)
        if article.hold:
            continue
        if article.due > now:
            moments.append(article.due)
        if article.expires and article.expires > now:
            moments.append(article.expires)
    articles, duplicates = _without_duplicates(candidates)
    originals = {copy.path: original.path for copy, original in duplicates}
    problems += _conflicts(articles)
    return Collection(
        files=tuple([_status(file, held, originals) for file in files]),
        articles=tuple(newest_first(articles)),
        categories=_categories(articles, duplicates),
        problems=tuple(sorted(problems, key=lambda problem: (problem.path, problem.line or 0, problem.reason))),
        next_change=min(moments, default=None),
    )


def newest_first(articles: Iterable[Article]) -> list[Article]:
    """Return articles by publication, newest first; equals stay as they are: those that come oldest first by path."""
    return sorted(articles, key=_PUBLISHED, reverse=True)


def oldest_first(articles: Iterable[Article]) -> list[Article]:
    """Return the articles by publication, oldest first; the path decides between equals."""
    return sorted(sorted(articles, key=_PATH), key=_PUBLISHED)  # twice is faster than once by pairs


_PATH, _PUBLISHED = attrgetter("path"), attrgetter("published")


def _status(file: Parsed, held: Mapping[ArticlePath, str], originals: Mapping[ArticlePath, ArticlePath]) -> FileStatus:
    """Return the status of a file; `held` has the reasons of articles that are, `originals` what copies repeat."""
    path, article = file.path, file.article
    if article is None:
        if file.rejected:
            return FileStatus(path=path, status=Status.REJECTED, reason=file.rejected.reason)
        return FileStatus(path=path, status=Status.SKIPPED, reason=file.skipped)
    if path in held:
        return FileStatus(path=path, status=Status.HELD, reason=held[path], article=article)
    if path in originals:
        original = originals[path]
        return FileStatus(path=path, status=Status.DUPLICATE, reason="same-story", article=article, original=original)
    return FileStatus(path=path, status=Status.PUBLISHED, article=article)


def hold_reason(article: Article, now: datetime) -> str | None:
    """Return why an article is held back at a moment, or None."""
    if article.hold:
        return article.hold
    if article.due > now:
        return "future"
    return "expired" if article.expires and article.expires <= now else None


def _without_duplicates(candidates: Sequence[Article]) -> tuple[list[Article], list[tuple[Article, Article]]]:
    """Part the articles from their copies: one source address, one story, one language."""
    first_at: dict[str, Article] = {}
    originals: dict[tuple[str, str, str], Article] = {}
    articles: list[Article] = []
    duplicates: list[tuple[Article, Article]] = []
    for article in oldest_first(candidates):
        original = _original(article, first_at, originals)
        if original:
            duplicates.append((article, original))
        else:
            articles.append(article)
    return articles, duplicates


def _original(
    article: Article, first_at: dict[str, Article], originals: dict[tuple[str, str, str], Article]
) -> Article | None:
    """Return the earlier article that this one repeats; else note this one for those to come.

    The first at an address, as nearly all are, is looked at more closely when a second one comes.
    """
    if not article.source_url:
        return None
    address = comparable(article.source_url)
    first = first_at.setdefault(address, article)
    if first is article:
        return None
    originals.update(dict.fromkeys(_stories(first, address), first))
    keys = _stories(article, address)
    for key in keys:
        if key in originals:
            return originals[key]
    originals.update(dict.fromkeys(keys, article))
    return None


def _stories(article: Article, address: str) -> tuple[tuple[str, str, str], ...]:
    """Return what tells an article's story from others at its address: the headline, or the text."""
    language = article.language or ""
    return (address, language, fold(article.title)), (address, language, article.story)


def _categories(
    articles: Iterable[Article], duplicates: Iterable[tuple[Article, Article]]
) -> dict[ArticlePath, tuple[Category, ...]]:
    categories = {article.path: article.categories for article in articles}
    for copy, original in duplicates:
        known = categories[original.path]
        categories[original.path] = known + tuple(one for one in copy.categories if one not in known)
    return categories


def _conflicts(articles: Iterable[Article]) -> list[Problem]:
    """Return a problem for each id and each page address that several articles claim; all are published."""
    ids = ((article.front_id, article) for article in articles if article.front_id)
    pages = ((comparable(article.page_url), article) for article in articles if article.page_url)
    problems = []
    for rivals in _rivals(ids):
        hint = "give each article an id of its own"
        problems += [
            Problem(
                path=second.path,
                field="id",
                reason="same-id",
                what=f"{first.path} has the id {first.front_id!r} too; both are published",
                hint=hint,
            )
            for first, second in _with_first(rivals)
        ]
    for rivals in _rivals(pages):
        hint = "change the slug of one of them"
        problems += [
            Problem(
                path=second.path,
                field="slug",
                reason="same-page",
                what=f"{first.path} has the page address {first.page_url} too; both are published",
                hint=hint,
            )
            for first, second in _with_first(rivals)
        ]
    return problems


def _rivals(claims: Iterable[tuple[str, Article]]) -> Iterable[list[Article]]:
    """Return the articles that claim the same in the same language, where several do."""
    firsts: dict[tuple[str, str | None], Article] = {}
    rivals: dict[tuple[str, str | None], list[Article]] = {}
    for claimed, article in claims:
        key = claimed, article.language or None
        first = firsts.setdefault(key, article)
        if first is not article:
            rivals.setdefault(key, [first]).append(article)
    return rivals.values()


def _with_first(rivals: list[Article]) -> list[tuple[Article, Article]]:
    first, *others = oldest_first(rivals)
    return [(first, other) for other in others]
