"""Identity: an article keeps its id through every rename, and its `updated` moves only when its story does."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pytest
from fakes import MemoryLedger
from makers import NAMESPACE, day, make_article, path
from msgspec.structs import replace

from syndicate.domain.articles import Article, EntryId
from syndicate.domain.identity import Identity, Reconciled, entry_id, reconcile, site_namespace

FIRST, SECOND = day(10), day(20)
SOURCE = "https://pub.example/story"


def article(where: str, story: str, **changes: Any) -> Article:
    return make_article(where, story=story, **changes)


class Site:
    """A site that is built again and again, with a ledger that remembers."""

    def __init__(self, articles: Sequence[Article], now: datetime = FIRST) -> None:
        self.ledger = MemoryLedger()
        self.before: Reconciled | None = None
        self.last = self.build(articles, now)

    def build(self, articles: Sequence[Article], now: datetime = SECOND) -> Reconciled:
        self.last = reconcile(articles, self.ledger.identities(), NAMESPACE, now)
        self.ledger.record_identities(self.last.changed)
        return self.last

    def id(self, where: str) -> EntryId:
        return self.last.by_article[path(where)].id

    def updated(self, where: str) -> datetime:
        return self.last.by_article[path(where)].updated


def keys_of(*articles: Article) -> dict[str, str]:
    return {str(where): one.keys[0] for where, one in reconcile(articles, (), NAMESPACE, FIRST).by_article.items()}


class TestKeys:
    def test_an_id_is_the_key_before_a_source_and_a_source_before_the_path(self) -> None:
        articles = [
            article("a.md", "1", front_id="7", source_url=SOURCE),
            article("b.md", "2", source_url=SOURCE),
            article("c.md", "3"),
        ]
        assert keys_of(*articles) == {"a.md": "id:7", "b.md": "source:pub.example/story", "c.md": "path:c.md"}

    def test_translations_that_share_an_id_or_a_source_have_keys_of_their_own(self) -> None:
        articles = [
            article("a.md", "1", front_id="7"),
            article("a.es.md", "2", front_id="7", language="es"),
            article("b.md", "3", source_url=SOURCE, language="en"),
            article("b.es.md", "4", source_url=SOURCE, language="es"),
        ]
        assert keys_of(*articles) == {
            "a.md": "id:7",
            "a.es.md": "id:7|lang:es",
            "b.md": "source:pub.example/story|lang:en",
            "b.es.md": "source:pub.example/story|lang:es",
        }

    def test_of_articles_with_one_id_the_oldest_has_the_plain_key(self) -> None:
        articles = [
            article("c.md", "3", front_id="7", published=day(3)),
            article("b.md", "2", front_id="7", published=day(2), source_url=SOURCE),
            article("a.md", "1", front_id="7", published=day(1)),
        ]
        assert keys_of(*articles) == {"a.md": "id:7", "b.md": "id:7|source:pub.example/story", "c.md": "id:7|path:c.md"}

    def test_articles_about_one_source_are_told_apart_by_their_paths(self) -> None:
        articles = [article("b.md", "2", source_url=SOURCE), article("a.md", "1", source_url=SOURCE)]
        assert keys_of(*articles) == {
            "a.md": "source:pub.example/story",
            "b.md": "source:pub.example/story|path:b.md",
        }

    def test_keys_do_not_depend_on_the_order_of_articles(self) -> None:
        articles = [article(f"{name}.md", name, front_id="7") for name in "abc"]
        assert keys_of(*articles) == keys_of(*reversed(articles))


class TestIds:
    def test_an_id_that_is_a_uuid_is_the_entrys_own(self) -> None:
        own = "0f8fad5b-d9cb-469f-a165-70867728950e"
        assert entry_id(f"id:{own}", NAMESPACE) == f"urn:uuid:{own}"
        assert entry_id(f"id:{own.upper()}", NAMESPACE) == f"urn:uuid:{own}"
        assert entry_id(f"id:{own.replace('-', '')}", NAMESPACE) == f"urn:uuid:{own}"

    @pytest.mark.parametrize(
        "key", ["id:7", "id:not-a-uuid", "source:0f8fad5b-d9cb-469f-a165-70867728950e", "path:a.md"]
    )
    def test_any_other_key_gives_an_id_below_the_sites_namespace(self, key: str) -> None:
        assert entry_id(key, NAMESPACE) == f"urn:uuid:{uuid.uuid5(NAMESPACE, key)}"

    def test_another_site_gives_other_ids(self) -> None:
        one, other = site_namespace("https://example.org/"), site_namespace("https://example.com/")
        assert entry_id("id:7", one) != entry_id("id:7", other)
        assert one == uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/")

    def test_a_machine_that_remembers_nothing_gives_the_same_ids(self) -> None:
        articles = [article("a.md", "1"), article("b.md", "2", front_id="7"), article("c.md", "3", source_url=SOURCE)]
        one, other = Site(articles), Site(list(reversed(articles)), SECOND)
        assert [one.id(name) for name in ("a.md", "b.md", "c.md")] == [
            other.id(name) for name in ("a.md", "b.md", "c.md")
        ]

    def test_one_uuid_in_two_spellings_still_gives_two_ids(self) -> None:
        own = "0f8fad5b-d9cb-469f-a165-70867728950e"
        site = Site([article("a.md", "1", front_id=own), article("b.md", "2", front_id=own.upper())])
        assert site.id("a.md") != site.id("b.md")

    def test_ids_look_like_keys_of_others_and_are_still_unique(self) -> None:
        articles = [
            article("a.md", "same", front_id="7", published=day(1)),
            article("b.md", "same", front_id="7", published=day(2)),
            article("c.md", "same", front_id="7|path:b.md", published=day(3)),
            article("d.md", "same", front_id="7|path:b.md", published=day(4)),
        ]
        site = Site(articles)
        assert len({identity.id for identity in site.last.by_article.values()}) == len(articles)


# One article, and the same one after a change that is a rename and nothing else.
PLAIN = article("a.md", "story", page_url="https://example.org/a/")
WITH_ID = replace(PLAIN, front_id="7")
WITH_SOURCE = replace(PLAIN, source_url=SOURCE)
RENAMES = {
    "its slug": (PLAIN, replace(PLAIN, slug="b", page_url="https://example.org/b/")),
    "its file": (PLAIN, replace(PLAIN, path=path("b.md"))),
    "its folder": (PLAIN, replace(PLAIN, path=path("deep/er/a.md"))),
    "its file and slug": (PLAIN, replace(PLAIN, path=path("b.md"), slug="b", page_url="https://example.org/b/")),
    "its file and the page of it lost": (PLAIN, replace(PLAIN, path=path("b.md"), page_url=None)),
    "the domain of the site": (PLAIN, replace(PLAIN, page_url="https://new.example/a/")),
    "an id added": (PLAIN, WITH_ID),
    "an id removed": (WITH_ID, PLAIN),
    "an id changed": (WITH_ID, replace(WITH_ID, front_id="8")),
    "an id changed and the file": (WITH_ID, replace(WITH_ID, front_id="8", path=path("b.md"))),
    "a source added": (PLAIN, WITH_SOURCE),
    "a source removed": (WITH_SOURCE, PLAIN),
    "a source moved": (WITH_SOURCE, replace(WITH_SOURCE, source_url="https://new.example/story")),
    "a source moved and the file": (
        WITH_SOURCE,
        replace(WITH_SOURCE, source_url="https://new.example/story", path=path("b.md")),
    ),
    "a source with tracking": (
        WITH_SOURCE,
        replace(WITH_SOURCE, source_url="http://www.pub.example/story/?utm_source=x"),
    ),
    "a language added": (WITH_ID, replace(WITH_ID, language="de")),
    "categories": (PLAIN, replace(PLAIN, categories=(), tags=("new",))),
    "its picture, kind and brand": (PLAIN, replace(PLAIN, kind="brief", brand="pub", image=None)),
    "its stamp": (PLAIN, replace(PLAIN, stamp="other")),
    "its day": (PLAIN, replace(PLAIN, published=day(5), due=day(5))),
    "its modification date alone": (PLAIN, replace(PLAIN, updated=day(15))),
}


@pytest.mark.parametrize("change", RENAMES)
@pytest.mark.parametrize("others", [0, 3])
def test_a_rename_is_not_news(change: str, others: int) -> None:
    before, after = RENAMES[change]
    neighbours = [article(f"other-{number}.md", f"other {number}") for number in range(others)]
    site = Site([before, *neighbours])
    first, updated = site.id(before.path), site.updated(before.path)
    site.build([after, *neighbours])
    assert site.id(after.path) == first
    assert site.updated(after.path) == updated
    assert len(site.ledger.by_id) == 1 + others


EDITS = {
    "its title or text": (PLAIN, PLAIN),
    "its slug": (PLAIN, replace(PLAIN, slug="b", page_url="https://example.org/b/")),
    "its file": (PLAIN, replace(PLAIN, path=path("b.md"))),
    "its file, known by id": (WITH_ID, replace(WITH_ID, path=path("b.md"), page_url=None)),
    "its file, known by source": (WITH_SOURCE, replace(WITH_SOURCE, path=path("b.md"), page_url=None)),
    "an id added": (PLAIN, WITH_ID),
    "an id removed": (WITH_ID, PLAIN),
    "an id added where there is no page": (replace(PLAIN, page_url=None), replace(WITH_ID, page_url=None)),
    "an id removed where there is no page": (replace(WITH_ID, page_url=None), replace(PLAIN, page_url=None)),
    "its source where there is no page": (
        replace(WITH_SOURCE, page_url=None),
        replace(WITH_SOURCE, page_url=None, source_url="https://new.example/story"),
    ),
}


@pytest.mark.parametrize("change", EDITS)
def test_a_rename_together_with_an_edit_is_an_update_and_no_new_article(change: str) -> None:
    before, after = EDITS[change]
    site = Site([before])
    first = site.id(before.path)
    site.build([replace(after, story="another story")])
    assert site.id(after.path) == first
    assert site.updated(after.path) == SECOND


class TestSeveralFilesAtOnce:
    def test_two_files_that_swap_their_names_keep_their_ids(self) -> None:
        site = Site([article("a.md", "one"), article("b.md", "two")])
        one, two = site.id("a.md"), site.id("b.md")
        site.build([article("a.md", "two"), article("b.md", "one")])
        assert (site.id("b.md"), site.id("a.md")) == (one, two)
        assert {identity.updated for identity in site.last.by_article.values()} == {day(1)}

    def test_two_files_with_ids_that_swap_their_names_keep_their_ids(self) -> None:
        site = Site([article("a.md", "one", front_id="1"), article("b.md", "two", front_id="2")])
        one, two = site.id("a.md"), site.id("b.md")
        site.build([article("a.md", "two", front_id="2"), article("b.md", "one", front_id="1")])
        assert (site.id("b.md"), site.id("a.md")) == (one, two)

    def test_files_that_each_take_the_name_of_the_next_keep_their_ids(self) -> None:
        site = Site([article("a.md", "one"), article("b.md", "two"), article("c.md", "three")])
        one, two, three = site.id("a.md"), site.id("b.md"), site.id("c.md")
        site.build([article("b.md", "one"), article("c.md", "two"), article("d.md", "three")])
        assert (site.id("b.md"), site.id("c.md"), site.id("d.md")) == (one, two, three)

    def test_a_new_article_at_the_path_of_one_that_moved_is_new(self) -> None:
        site = Site([article("a.md", "one")])
        one = site.id("a.md")
        site.build([article("b.md", "one"), article("a.md", "new", published=day(15))])
        assert site.id("b.md") == one
        assert site.updated("b.md") == day(1)
        assert site.id("a.md") != one
        assert site.last.by_article[path("a.md")].first_seen == SECOND

    def test_a_new_article_at_the_path_of_one_that_moved_earlier_is_new(self) -> None:
        site = Site([article("a.md", "one")])
        one = site.id("a.md")
        site.build([article("b.md", "one")], day(12))
        site.build([article("b.md", "one"), article("a.md", "new")])
        assert (site.id("b.md") == one, site.id("a.md") == one) == (True, False)

    def test_one_that_moved_earlier_is_edited_while_a_new_article_takes_its_old_path(self) -> None:
        site = Site([article("a.md", "one")])
        one = site.id("a.md")
        site.build([article("b.md", "one")], day(12))
        site.build([article("b.md", "one, edited"), article("a.md", "new")])
        assert (site.id("b.md") == one, site.id("a.md") == one) == (True, False)
        site.build([article("b.md", "one, edited again"), article("a.md", "new")], day(25))
        assert (site.id("b.md") == one, site.id("a.md") == one) == (True, False)

    def test_a_key_belongs_to_one_of_the_identities_to_be_recorded(self) -> None:
        site = Site([article("a.md", "one")])
        site.build([article("b.md", "one")], day(12))
        changed = reconcile(
            [article("b.md", "one, edited"), article("a.md", "new")], site.ledger.identities(), NAMESPACE, SECOND
        ).changed
        keys = [key for identity in changed for key in identity.keys]
        assert sorted(keys) == sorted(set(keys))

    def test_a_copy_beside_the_original_is_a_new_article(self) -> None:
        site = Site([article("a.md", "one")])
        one = site.id("a.md")
        site.build([article("a.md", "one"), article("copy.md", "one")])
        assert (site.id("a.md") == one, site.id("copy.md") == one) == (True, False)

    def test_of_two_copies_of_a_lost_file_one_has_its_id_whatever_the_order(self) -> None:
        copies = [article("b.md", "one"), article("c.md", "one")]
        found = []
        for ordered in (copies, list(reversed(copies))):
            site = Site([article("a.md", "one")])
            one = site.id("a.md")
            site.build(ordered)
            found.append([where for where in ("b.md", "c.md") if site.id(where) == one])
        assert found == [["b.md"], ["b.md"]]


class TestSameIds:
    """Articles that claim one id, or are about one source: each keeps what it was known by."""

    @pytest.mark.parametrize("shared", [{"front_id": "7"}, {"source_url": SOURCE}])
    def test_they_have_ids_of_their_own_that_stay(self, shared: dict[str, str]) -> None:
        articles = [
            article(f"{name}.md", name, published=day(number), **shared) for number, name in enumerate("abc", 1)
        ]
        site = Site(articles)
        first = [site.id(one.path) for one in articles]
        assert len(set(first)) == 3
        site.build(list(reversed(articles)))
        assert [site.id(one.path) for one in articles] == first
        assert site.last.changed == ()

    @pytest.mark.parametrize("shared", [{"front_id": "7"}, {"source_url": SOURCE}])
    def test_the_second_keeps_its_id_when_the_first_goes(self, shared: dict[str, str]) -> None:
        first = article("a.md", "one", published=day(1), **shared)
        second = article("b.md", "two", published=day(2), **shared)
        site = Site([first, second])
        known = site.id("b.md")
        site.build([second])
        assert site.id("b.md") == known
        assert site.updated("b.md") == day(2)

    @pytest.mark.parametrize("shared", [{"front_id": "7"}, {"source_url": SOURCE}])
    def test_the_first_that_comes_back_has_its_id_again(self, shared: dict[str, str]) -> None:
        first = article("a.md", "one", published=day(1), **shared)
        second = article("b.md", "two", published=day(2), **shared)
        site = Site([first, second])
        known = site.id("a.md"), site.id("b.md")
        site.build([second])
        site.build([first, second], day(25))
        assert (site.id("a.md"), site.id("b.md")) == known

    @pytest.mark.parametrize("shared", [{"front_id": "7"}, {"source_url": SOURCE}])
    def test_an_older_article_that_comes_later_does_not_take_the_id(self, shared: dict[str, str]) -> None:
        known_one = article("b.md", "two", published=day(2), **shared)
        site = Site([known_one])
        known = site.id("b.md")
        site.build([article("a.md", "one", published=day(1), **shared), known_one])
        assert site.id("b.md") == known
        assert site.id("a.md") != known
        assert site.updated("b.md") == day(2)


class TestUpdated:
    def test_an_article_is_as_old_as_its_publication(self) -> None:
        assert Site([article("a.md", "one", published=day(3))]).updated("a.md") == day(3)

    def test_a_modification_that_the_article_states_counts_from_the_first_sighting(self) -> None:
        assert Site([article("a.md", "one", updated=day(5))]).updated("a.md") == day(5)

    @pytest.mark.parametrize("stated", [day(11), day(1, 6), day(1, year=9998)])
    def test_a_modification_in_the_future_does_not_count(self, stated: datetime) -> None:
        assert Site([article("a.md", "one", updated=stated)]).updated("a.md") == day(1)

    def test_a_modification_before_the_publication_does_not_count(self) -> None:
        assert Site([article("a.md", "one", published=day(5), updated=day(2))]).updated("a.md") == day(5)

    def test_a_modification_at_this_very_moment_counts(self) -> None:
        assert Site([article("a.md", "one", updated=FIRST)]).updated("a.md") == FIRST

    def test_a_story_that_changed_is_updated_now(self) -> None:
        site = Site([article("a.md", "one")])
        site.build([article("a.md", "two")])
        assert site.updated("a.md") == SECOND

    def test_a_story_that_changed_is_updated_when_it_says(self) -> None:
        site = Site([article("a.md", "one")])
        site.build([article("a.md", "two", updated=day(15))])
        assert site.updated("a.md") == day(15)

    def test_a_story_that_changed_and_states_a_future_moment_is_updated_now(self) -> None:
        site = Site([article("a.md", "one")])
        site.build([article("a.md", "two", updated=day(21))])
        assert site.updated("a.md") == SECOND

    def test_a_story_that_changed_and_states_no_later_moment_is_updated_now(self) -> None:
        site = Site([article("a.md", "one", updated=day(5))])
        site.build([article("a.md", "two", updated=day(5))])
        assert site.updated("a.md") == SECOND

    def test_a_later_modification_alone_is_no_update(self) -> None:
        site = Site([article("a.md", "one")])
        assert site.build([article("a.md", "one", updated=day(15))]).changed == ()

    def test_a_clock_that_runs_backwards_moves_nothing_back(self) -> None:
        site = Site([article("a.md", "one", updated=day(9))])
        site.build([article("a.md", "two")], day(4))
        assert site.updated("a.md") == day(9)

    def test_the_first_sighting_stays(self) -> None:
        site = Site([article("a.md", "one")])
        site.build([article("b.md", "one")])
        site.build([article("b.md", "two")], day(25))
        assert site.last.by_article[path("b.md")].first_seen == FIRST


class TestWhatIsRecorded:
    def test_all_of_a_first_build(self) -> None:
        reconciled = reconcile([article("a.md", "1"), article("b.md", "2")], (), NAMESPACE, FIRST)
        assert {identity.path for identity in reconciled.changed} == {"a.md", "b.md"}

    def test_nothing_when_nothing_changed(self) -> None:
        articles = [article("a.md", "1"), article("b.md", "2", front_id="7"), article("c.md", "3", source_url=SOURCE)]
        assert Site(articles).build(list(reversed(articles))).changed == ()

    def test_only_what_changed(self) -> None:
        site = Site([article("a.md", "1"), article("b.md", "2")])
        assert [identity.path for identity in site.build([article("a.md", "1"), article("b.md", "new")]).changed] == [
            "b.md"
        ]

    def test_where_the_article_was_seen_last(self) -> None:
        site = Site([PLAIN])
        moved = replace(PLAIN, path=path("b.md"), page_url="https://example.org/b/", source_url=SOURCE, story="new")
        identity = site.build([moved]).by_article[path("b.md")]
        assert (identity.path, identity.page_url, identity.source_url, identity.story) == (
            "b.md",
            "https://example.org/b/",
            SOURCE,
            "new",
        )

    def test_every_key_that_the_article_had(self) -> None:
        site = Site([PLAIN])
        site.build([WITH_ID])
        assert set(site.last.by_article[path("a.md")].keys) == {"path:a.md", "id:7"}

    def test_an_article_that_was_away_is_known_again(self) -> None:
        site = Site([PLAIN])
        known = site.id("a.md")
        (gone,) = site.build([]).retracted
        assert (gone.id, gone.retracted) == (known, SECOND)
        assert site.build([], day(24)).changed == ()
        assert site.last.retracted == (gone,)
        site.build([PLAIN], day(25))
        assert site.id("a.md") == known
        assert site.last.retracted == ()
        assert [(one.id, one.retracted) for one in site.last.changed] == [(known, None)]


class TestHeld:
    """Articles that are there and not published now keep what they were known by."""

    def held(self, site: Site, articles: Sequence[Article], held: Sequence[Article]) -> Reconciled:
        found = reconcile(articles, site.ledger.identities(), NAMESPACE, SECOND, held=held)
        site.ledger.record_identities(found.changed)
        return found

    @pytest.mark.parametrize(
        "shared", [{}, {"source_url": SOURCE}, {"page_url": "https://example.org/a/"}, {"front_id": "7"}]
    )
    def test_no_other_article_is_taken_for_one_that_is_held(self, shared: dict[str, str]) -> None:
        first = article("a.md", "one", **shared)
        site = Site([first])
        known = site.id("a.md")
        copy = article("b.md", "one", published=day(2), **shared)
        found = self.held(site, [copy], [first])
        assert found.by_article[path("b.md")].id != known
        site.build([first, copy], day(25))
        assert site.id("a.md") == known
        assert site.updated("a.md") == day(1)

    def test_of_an_article_that_is_held_nothing_is_recorded_but_that_it_is_retracted(self) -> None:
        site = Site([article("a.md", "one")])
        before = site.last.by_article[path("a.md")]
        found = self.held(site, [], [article("a.md", "one, edited"), article("new.md", "new")])
        assert found.by_article == {}
        assert found.changed == found.retracted == (replace(before, retracted=SECOND),)

    def test_an_article_that_moved_while_it_was_held_is_known_again(self) -> None:
        site = Site([article("a.md", "one")])
        known = site.id("a.md")
        self.held(site, [], [article("b.md", "one")])
        site.build([article("b.md", "one")], day(25))
        assert (site.id("b.md"), site.updated("b.md")) == (known, day(1))


def test_identities_of_articles_that_are_gone_are_left_alone() -> None:
    gone = Identity(
        id=EntryId("urn:uuid:0"), keys=("path:gone.md",), path="gone.md", story="x", first_seen=day(1), updated=day(1)
    )
    reconciled = reconcile([article("a.md", "1")], [gone], NAMESPACE, FIRST)
    assert gone not in reconciled.changed
    assert all(identity.id != gone.id for identity in ids(reconciled))


def ids(reconciled: Reconciled) -> Iterable[Identity]:
    return reconciled.by_article.values()
