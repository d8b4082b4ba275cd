"""Atom 1.0, RFC 4287."""

from syndicate.domain.feeds import Feed, FeedFormat
from syndicate.feeds.extension import AtomFeedExtension
from syndicate.feeds.generator import add_entry, make_generator, with_stylesheet


def build_atom(feed: Feed) -> bytes:
    """Return the feed as Atom in UTF-8."""
    generator = make_generator(feed, FeedFormat.ATOM, AtomFeedExtension)
    generator.subtitle(feed.description)
    generator.author({"name": feed.author or feed.title})  # section 4.1.1: entries without one take the feed's
    if feed.icon:
        generator.icon(feed.icon)
    for source in feed.entries:
        entry = add_entry(generator, feed, source)
        entry.published(source.published)
        for author in source.authors:
            entry.author(_person(author.name, author.email, author.url))
        if source.summary:
            entry.summary(source.summary)
        if source.content:
            entry.content(source.content, type="html")
    document: bytes = generator.atom_str(pretty=True)
    return with_stylesheet(document, feed)


def _person(name: str, email: str | None, url: str | None) -> dict[str, str]:
    given = {"name": name, "email": email, "uri": url}
    return {key: value for key, value in given.items() if value}
