"""Topics: the groups that feeds are made for, from categories and from rules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from syndicate.domain.articles import Article, ArticlePath, Category
from syndicate.domain.slugs import assign_slugs
from syndicate.domain.text import fold
from syndicate.domain.urls import host_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A group of articles; `key` tells it from others whatever its case and spacing."""

    key: str
    slug: str
    label: str
    taxonomy: str | None = None
    description: str | None = None

    @property
    def qualified(self) -> str:
        """The taxonomy and the label: 'Healthcare IT News: Telehealth'."""
        return f"{self.taxonomy}: {self.label}" if self.taxonomy else self.label


def names_of(topic: Topic) -> tuple[str, ...]:
    """Return all the names by which a topic may be asked for, folded."""
    return (topic.key, fold(topic.label), topic.slug, fold(topic.qualified))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRule:
    """Which articles belong to a topic by what they are; one hit in any of the lists is enough."""

    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    title_words: tuple[str, ...] = ()

    def matches(self, article: Article, categories: Iterable[Category]) -> bool:
        """Tell whether the article belongs to the topic."""
        qualified = {fold(category.qualified) for category in categories}
        labels = {fold(category.label) for category in categories}
        words = f" {' '.join(_words(article.title))} "
        return (
            any(fold(name) in qualified or fold(name) in labels for name in self.categories)
            or _overlap(self.tags, article.tags)
            or (article.brand is not None and any(_brand(name) == _brand(article.brand) for name in self.brands))
            or _overlap(self.authors, (author.name for author in article.authors))
            or any(article.path.startswith(f"{folder.strip('/')}/") for folder in self.folders)
            or any(f" {' '.join(_words(phrase))} " in words for phrase in self.title_words)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicOptions:
    """What the config says of one topic; `name` is the category as articles write it, or a new name."""

    name: str
    label: str | None = None
    slug: str | None = None
    description: str | None = None
    hidden: bool = False
    merge: tuple[str, ...] = ()
    rule: TopicRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """All topics by name, and each article's own."""

    all: tuple[Topic, ...]
    by_article: Mapping[ArticlePath, tuple[Topic, ...]] = field(default_factory=dict)


def assign_topics(
    articles: Sequence[Article],
    categories: Mapping[ArticlePath, tuple[Category, ...]],
    options: Sequence[TopicOptions],
    remembered_slugs: Mapping[str, str],
) -> Topics:
    """Give every article its topics, in the order of its categories, rules last.

    `remembered_slugs` maps topic keys to the slugs that they had before: an address that readers
    know is kept.
    """
    configured = {fold(one.name): one for one in options}
    merged = {fold(name): fold(one.name) for one in options for name in one.merge}
    rules = [one for one in options if one.rule]
    keys_by_article: dict[ArticlePath, list[str]] = {}
    key_of: dict[Category, str] = {}
    spellings: defaultdict[str, set[Category]] = defaultdict(set)
    for article in articles:
        keys: dict[str, None] = {}
        for category in categories[article.path]:
            if category not in key_of:
                key = fold(category.qualified)
                key_of[category] = merged.get(key, key)
                spellings[key_of[category]].add(category)
            keys[key_of[category]] = None
        for one in rules:
            if one.rule and one.rule.matches(article, categories[article.path]):
                keys[fold(one.name)] = None
        keys_by_article[article.path] = [key for key in keys if not (key in configured and configured[key].hidden)]
    topics = _make_topics(
        {key for keys in keys_by_article.values() for key in keys}, configured, spellings, remembered_slugs
    )
    by_article = {path: tuple(topics[key] for key in keys) for path, keys in keys_by_article.items()}
    return Topics(all=tuple(sorted(topics.values(), key=lambda topic: topic.slug)), by_article=by_article)


def _make_topics(
    keys: set[str],
    configured: Mapping[str, TopicOptions],
    spellings: Mapping[str, set[Category]],
    remembered_slugs: Mapping[str, str],
) -> dict[str, Topic]:
    chosen = {key: slug for key, one in configured.items() if (slug := one.slug)}
    slugs = assign_slugs(keys, remembered_slugs, chosen)
    topics = {}
    for key in keys:
        category = _spelling(key, configured.get(key), spellings.get(key, set()))
        one = configured.get(key)
        topics[key] = Topic(
            key=key,
            slug=slugs[key],
            label=(one and one.label) or category.label,
            taxonomy=category.taxonomy,
            description=one.description if one else None,
        )
    return topics


def _spelling(key: str, one: TopicOptions | None, seen: set[Category]) -> Category:
    """Return how a topic is written: as the config names it, else the first of the articles' spellings."""
    own = sorted((category for category in seen if fold(category.qualified) == key), key=lambda each: each.qualified)
    if one:
        return next((each for each in own if each.qualified == one.name), _parted(one.name, own))
    return own[0]


def _parted(name: str, own: list[Category]) -> Category:
    taxonomy, colon, label = name.partition(": ")
    is_qualified = bool(colon) and (not own or own[0].taxonomy is not None)
    return Category(label=label, taxonomy=taxonomy) if is_qualified else Category(label=name)


def _overlap(wanted: Iterable[str], held: Iterable[str]) -> bool:
    return not {fold(name) for name in wanted}.isdisjoint(fold(name) for name in held)


def _brand(name: str) -> str:
    return fold(host_of(name) or name.removeprefix("www."))


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
