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
    """All topics by name, each article's own, and the keys of these."""

    all: tuple[Topic, ...]
    by_article: Mapping[ArticlePath, tuple[Topic, ...]] = field(default_factory=dict)
    keys: Mapping[ArticlePath, tuple[str, ...]] = field(default_factory=dict)


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
    rules = [(fold(one.name), one.rule) for one in options if one.rule]
    hidden = {key for key, one in configured.items() if one.hidden}
    spellings: defaultdict[str, set[Category]] = defaultdict(set)
    key_of: dict[Category, str] = {}
    keys_of: dict[tuple[Category, ...], tuple[str, ...]] = {}  # many articles have the same categories
    keys: dict[ArticlePath, tuple[str, ...]] = {}
    for article in articles:
        own = categories[article.path]
        found = keys_of.get(own)
        if found is None:
            for category in own:
                if category not in key_of:
                    key = fold(category.qualified)
                    key_of[category] = merged.get(key, key)
                    spellings[key_of[category]].add(category)
            found = keys_of[own] = tuple(dict.fromkeys(key_of[category] for category in own))
        if rules:
            found = tuple(dict.fromkeys((*found, *(key for key, rule in rules if rule.matches(article, own)))))
        keys[article.path] = tuple(key for key in found if key not in hidden) if hidden else found
    topics = _make_topics(
        {key for found in set(keys.values()) for key in found}, configured, spellings, remembered_slugs
    )
    groups = {found: tuple(topics[key] for key in found) for found in set(keys.values())}
    return Topics(
        all=tuple(sorted(topics.values(), key=lambda topic: topic.slug)),
        by_article={path: groups[found] for path, found in keys.items()},
        keys=keys,
    )


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
