"""Facets: feeds for each tag, author and brand, for sites that want them beside those of topics."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from syndicate.domain.articles import Article
from syndicate.domain.slugs import assign_slugs
from syndicate.domain.text import fold

# Parts the kind from the name in a facet's key: no topic's key holds one, since names are folded.
_PART = "\t"


class FacetKind(Enum):
    """By what articles are grouped beside their topics; the value names it in the config."""

    TAG = "tag"
    AUTHOR = "author"
    BRAND = "brand"

    @property
    def folder(self) -> str:
        """The folder of output/ that its feeds are in."""
        return f"{self.value}s"

    @property
    def group(self) -> str:
        """What the list of feeds calls them."""
        return self.folder.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One tag, author or brand; `key` tells it from all others and from topics."""

    kind: FacetKind
    key: str
    slug: str
    label: str

    @property
    def folder(self) -> str:
        """The folder of its feeds."""
        return f"{self.kind.folder}/{self.slug}"


def facets_of(
    articles: Sequence[Article], kinds: Iterable[FacetKind], remembered: Mapping[str, str]
) -> dict[Facet, list[Article]]:
    """Return every facet of these kinds with its articles, in their order; `remembered` are the slugs by key."""
    found: dict[Facet, list[Article]] = {}
    for kind in kinds:
        start = f"{kind.value}{_PART}"
        members: defaultdict[str, list[Article]] = defaultdict(list)
        labels: defaultdict[str, set[str]] = defaultdict(set)
        for article in articles:
            names = {fold(name): name for name in _NAMES[kind](article)}
            for key, name in names.items():
                members[key].append(article)
                labels[key].add(name)
        known = {key.removeprefix(start): slug for key, slug in remembered.items() if key.startswith(start)}
        slugs = assign_slugs(members, known)
        for key in sorted(members, key=slugs.__getitem__):
            facet = Facet(kind=kind, key=f"{start}{key}", slug=slugs[key], label=min(labels[key]))
            found[facet] = members[key]
    return found


def feed_folder(key: str, slug: str) -> str:
    """Return the folder of the feed of a topic or a facet, known by its key."""
    kind, part, _ = key.partition(_PART)
    return f"{FacetKind(kind).folder if part else 'topics'}/{slug}"


_NAMES: dict[FacetKind, Callable[[Article], Sequence[str]]] = {
    FacetKind.TAG: lambda article: article.tags,
    FacetKind.AUTHOR: lambda article: [author.name for author in article.authors],
    FacetKind.BRAND: lambda article: [article.brand] if article.brand else [],
}
