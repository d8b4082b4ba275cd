"""Where headlines lead, and what our reading pages are called."""

import pytest
from makers import day, identity_of, make_article, make_options

from syndicate.domain.articles import Article, EntryId
from syndicate.domain.identity import Identity
from syndicate.domain.links import link_target, reading_slugs
from syndicate.domain.sources import LinkTo

PAGE, SOURCE = "https://example.org/tea/", "https://pub.example/tea"
TO_PAGE, TO_SOURCE, TO_OURS = LinkTo.PAGE, LinkTo.SOURCE, LinkTo.OURS


@pytest.mark.parametrize(
    ("link_to", "permalink", "page", "source", "target"),
    [
        (None, None, PAGE, SOURCE, TO_SOURCE),
        (None, None, PAGE, None, TO_OURS),
        (None, None, None, None, TO_OURS),
        (None, "/:slug/", PAGE, SOURCE, TO_PAGE),
        (None, "/:slug/", None, SOURCE, TO_SOURCE),
        (None, "/:slug/", None, None, TO_OURS),
        (TO_PAGE, None, PAGE, SOURCE, TO_PAGE),
        (TO_PAGE, None, None, SOURCE, TO_SOURCE),
        (TO_PAGE, None, None, None, TO_OURS),
        (TO_SOURCE, "/:slug/", PAGE, SOURCE, TO_SOURCE),
        (TO_SOURCE, "/:slug/", PAGE, None, TO_OURS),
        (TO_OURS, "/:slug/", PAGE, SOURCE, TO_OURS),
    ],
)
def test_what_an_article_lacks_the_next_in_line_takes_over(
    link_to: LinkTo | None, permalink: str | None, page: str | None, source: str | None, target: LinkTo
) -> None:
    assert link_target(page, source, make_options(link_to=link_to, permalink=permalink)) is target


def urn(digits: str) -> EntryId:
    return EntryId(f"urn:uuid:00000000-0000-0000-0000-{digits * 12}")


def slugs(*pairs: tuple[Article, Identity]) -> dict[str, str]:
    known = {article.path: identity for article, identity in pairs}
    return {str(where): slug for where, slug in reading_slugs([article for article, _ in pairs], known).items()}


def known(where: str, digits: str, first_seen: int = 1, **changes: object) -> tuple[Article, Identity]:
    article = make_article(where, **changes)
    return article, identity_of(article, id=urn(digits), first_seen=day(first_seen))


def test_each_page_has_its_plain_slug_where_no_other_wants_it() -> None:
    assert slugs(known("a.md", "a"), known("b.md", "b")) == {"a.md": "a", "b.md": "b"}


def test_the_article_that_was_here_first_keeps_the_plain_slug() -> None:
    old, new = known("z/tea.md", "a", 1), known("a/tea.md", "b", 2)
    assert slugs(old, new) == slugs(new, old) == {"z/tea.md": "tea", "a/tea.md": "tea-bbbbbbbbbbbb"}


def test_of_articles_that_came_together_the_one_published_first_keeps_it() -> None:
    old, new = known("z/tea.md", "b", published=day(1)), known("a/tea.md", "a", published=day(2))
    assert slugs(new, old) == {"z/tea.md": "tea", "a/tea.md": "tea-aaaaaaaaaaaa"}


def test_a_translation_carries_its_language() -> None:
    english, spanish = known("tea.md", "a", language="en"), known("tea.es.md", "b", slug="tea", language="pt-BR")
    assert slugs(english, spanish) == {"tea.md": "tea", "tea.es.md": "tea-pt-br"}


def test_two_of_one_language_are_told_apart_by_their_ids() -> None:
    pages = [known(f"{name}/tea.md", name, language="en") for name in "abc"]
    assert slugs(*pages) == {"a/tea.md": "tea", "b/tea.md": "tea-en", "c/tea.md": "tea-cccccccccccc"}


def test_a_slug_that_looks_like_one_with_an_id_is_in_nobodys_way() -> None:
    pages = [
        known("a.md", "a", slug="tea"),
        known("b.md", "b", slug="tea-cccccccccccc"),
        known("c.md", "c", slug="tea"),
    ]
    found = slugs(*pages)
    assert len(set(found.values())) == 3
