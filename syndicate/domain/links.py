"""Where a headline leads: to the article's page, to its source, or to a reading page of ours."""

from collections.abc import Iterable, Mapping

from syndicate.domain.articles import Article, ArticlePath
from syndicate.domain.identity import Identity
from syndicate.domain.sources import LinkTo, SourceOptions


def link_target(page_url: str | None, source_url: str | None, source: SourceOptions) -> LinkTo:
    """Return where an article's headline leads; what it lacks, the next in line takes over."""
    wanted = source.link_to or (LinkTo.PAGE if source.permalink else LinkTo.SOURCE)
    if wanted is LinkTo.PAGE and page_url:
        return LinkTo.PAGE
    if wanted is not LinkTo.OURS and source_url:
        return LinkTo.SOURCE
    return LinkTo.OURS


def reading_slugs(articles: Iterable[Article], identities: Mapping[ArticlePath, Identity]) -> dict[ArticlePath, str]:
    """Give each article that we make a reading page for a slug of its own.

    The article that was published here first keeps the plain slug; a later one with the same slug
    carries its language, or a part of its id.
    """

    def age(article: Article) -> tuple[object, ...]:
        identity = identities[article.path]
        return identity.first_seen, article.published, identity.id

    taken: set[str] = set()
    slugs: dict[ArticlePath, str] = {}
    for article in sorted(articles, key=age):
        number = identities[article.path].id.removeprefix("urn:uuid:")
        spellings = [article.slug, f"{article.slug}-{number[-12:]}", f"{article.slug}-{number}"]
        if article.language:
            spellings.insert(1, f"{article.slug}-{article.language.lower()}")
        slugs[article.path] = next(slug for slug in spellings if slug not in taken)
        taken.add(slugs[article.path])
    return slugs
