"""Identities: unique, the same again, and independent of every order, through any history of a site."""

import random
from datetime import timedelta

from fakes import MemoryLedger
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import NAMESPACE, NOW, day, make_article
from msgspec.structs import replace

from syndicate.domain.articles import Article
from syndicate.domain.identity import Reconciled, reconcile

quick = settings(max_examples=150, deadline=None)
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
IDS = st.sampled_from([None, None, "7", "8", "7|path:a.md", "7|lang:de", UUID, UUID.upper(), UUID.replace("-", "")])
SOURCES = st.sampled_from([None, None, "https://pub.example/1", "http://www.pub.example/1/", "https://pub.example/2"])


@st.composite
def sites(draw: st.DrawFn, stories: str = "12345") -> list[Article]:
    """Return the articles of a site; few values, so that they meet."""
    paths = draw(st.lists(st.sampled_from(["a.md", "b.md", "c.md", "d.md", "e.md"]), max_size=5, unique=True))
    return [
        make_article(
            path,
            story=draw(st.sampled_from(stories)),
            front_id=draw(IDS),
            source_url=draw(SOURCES),
            page_url=draw(st.sampled_from([None, f"https://example.org/{path}", "https://example.org/same/"])),
            language=draw(st.sampled_from([None, None, "de"])),
            published=day(draw(st.integers(1, 3))),
        )
        for path in paths
    ]


def build(ledger: MemoryLedger, articles: list[Article], days: int) -> Reconciled:
    found = reconcile(articles, ledger.identities(), NAMESPACE, NOW + timedelta(days=days))
    ledger.record_identities(found.changed)
    return found


@quick
@given(st.lists(sites(), min_size=1, max_size=5))
def test_ids_are_unique_through_any_history(history: list[list[Article]]) -> None:
    ledger = MemoryLedger()
    for number, articles in enumerate(history):
        found = build(ledger, articles, number).by_article
        assert found.keys() == {article.path for article in articles}
        assert len({identity.id for identity in found.values()}) == len(articles)
    keys = [key for identity in ledger.identities() for key in identity.keys]
    assert len(keys) == len(set(keys))


@quick
@given(st.lists(sites(), min_size=1, max_size=4))
def test_a_second_run_with_the_outcome_remembered_changes_nothing(history: list[list[Article]]) -> None:
    ledger = MemoryLedger()
    for number, articles in enumerate(history):
        first = build(ledger, articles, number)
        again = reconcile(articles, ledger.identities(), NAMESPACE, NOW + timedelta(days=number, hours=1))
        assert again.changed == ()
        assert {path: one.id for path, one in again.by_article.items()} == {
            path: one.id for path, one in first.by_article.items()
        }


@quick
@given(sites(), sites(), st.randoms(use_true_random=False))
def test_no_order_makes_a_difference(first: list[Article], second: list[Article], random: random.Random) -> None:
    ledger = MemoryLedger()
    build(ledger, first, 0)
    remembered, shuffled = list(ledger.identities()), list(second)
    expected = reconcile(second, remembered, NAMESPACE, NOW + timedelta(days=1))
    random.shuffle(remembered)
    random.shuffle(shuffled)
    found = reconcile(shuffled, remembered, NAMESPACE, NOW + timedelta(days=1))
    assert found.by_article == expected.by_article
    assert set(found.changed) == set(expected.changed)


@quick
@given(sites(), st.sampled_from(["slug", "page_url", "categories", "stamp", "tags"]))
def test_what_does_not_tell_a_story_is_no_news(articles: list[Article], name: str) -> None:
    ledger = MemoryLedger()
    before = build(ledger, articles, 0).by_article
    value = {"slug": "new", "page_url": "https://new.example/", "categories": (), "stamp": "new", "tags": ("new",)}[
        name
    ]
    after = build(ledger, [replace(article, **{name: value}) for article in articles], 1).by_article  # type: ignore[arg-type]
    assert {path: (one.id, one.updated) for path, one in after.items()} == {
        path: (one.id, one.updated) for path, one in before.items()
    }


@quick
@given(st.permutations(["a.md", "b.md", "c.md", "d.md"]))
def test_files_that_only_change_their_names_keep_their_ids(names: list[str]) -> None:
    ledger = MemoryLedger()
    articles = [make_article(name, story=f"story {name}") for name in ("a.md", "b.md", "c.md", "d.md")]
    before = build(ledger, articles, 0).by_article
    moved = [replace(article, path=make_article(name).path) for article, name in zip(articles, names, strict=True)]
    after = build(ledger, moved, 1).by_article
    for article, renamed in zip(articles, moved, strict=True):
        assert after[renamed.path].id == before[article.path].id
        assert after[renamed.path].updated == before[article.path].updated


@quick
@given(st.lists(sites(), min_size=1, max_size=5))
def test_updated_never_lies_in_the_future_and_never_goes_back(history: list[list[Article]]) -> None:
    ledger = MemoryLedger()
    for number, articles in enumerate(history):
        before = {identity.id: identity.updated for identity in ledger.identities()}
        for identity in build(ledger, articles, number).by_article.values():
            assert before.get(identity.id, identity.updated) <= identity.updated <= NOW + timedelta(days=number)
