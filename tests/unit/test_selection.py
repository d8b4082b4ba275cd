"""What an issue carries: what is new, each article once, by the newsletter's topics and limits."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from makers import day, identities_of, identity_of, make_article, make_newsletter, make_topic, path

from syndicate.domain.articles import Article, ArticlePath
from syndicate.domain.identity import Identity
from syndicate.domain.newsletters import Newsletter, Order, Overflow
from syndicate.domain.selection import (
    Aside,
    Outcome,
    Rule,
    Selection,
    Settled,
    select,
    spread,
    unknown_names,
    unknown_topics,
    why,
)
from syndicate.domain.topics import Topic

TEA, SKY, BREAD = make_topic("Tea"), make_topic("Desk: Night Sky"), make_topic("Bread")
KNOWN_SINCE = day(10)
LATER = day(20)


def selected(
    newsletter: Newsletter,
    own: Mapping[str, tuple[Topic, ...]],
    *,
    articles: Mapping[str, Article] | None = None,
    identities: dict[ArticlePath, Identity] | None = None,
    carried: tuple[str, ...] = (),
) -> dict[str, list[str]]:
    """Return the paths of each section by its topic's label; files come newest first and were seen after the start."""
    selection = selection_of(newsletter, own, articles=articles, identities=identities, carried=carried)
    return {section.topic.label: [article.path for article in section.articles] for section in selection.sections}


def selection_of(
    newsletter: Newsletter,
    own: Mapping[str, tuple[Topic, ...]],
    *,
    articles: Mapping[str, Article] | None = None,
    identities: dict[ArticlePath, Identity] | None = None,
    carried: tuple[str, ...] = (),
) -> Selection:
    given = [(articles or {}).get(name, make_article(name)) for name in own]
    known = {**identities_of(given, first_seen=LATER), **(identities or {})}
    topics = {path(name): topics for name, topics in own.items()}
    settled = {known[path(name)].id: Settled(number=1) for name in carried}
    return select(
        newsletter, given, topics, known, settled, KNOWN_SINCE, lambda one: f"https://feeds.example.org/{one.slug}/"
    )


def verdicts(selection: Selection, newsletter: Newsletter) -> dict[str, str]:
    """Return why each article is in or out, by its path."""
    return {verdict.article.path: why(verdict, newsletter) for verdict in selection.verdicts}


def by_brand(name: str, brand: str | None, **changes: Any) -> Article:
    return make_article(name, brand=brand, **changes)


def seen(name: str, **changes: Any) -> dict[ArticlePath, Identity]:
    return {path(name): identity_of(make_article(name), **changes)}


class TestWhatIsNew:
    def test_what_came_after_the_newsletter_is_new_whatever_its_date(self) -> None:
        old = {"old.md": make_article("old.md", published=day(1, year=2001))}
        assert selected(make_newsletter(), {"old.md": (TEA,)}, articles=old) == {"Tea": ["old.md"]}

    @pytest.mark.parametrize("first_seen", [KNOWN_SINCE, KNOWN_SINCE - timedelta(days=1)])
    def test_what_the_first_build_saw_is_not(self, first_seen: Any) -> None:
        known = seen("a.md", first_seen=first_seen)
        assert selected(make_newsletter(), {"a.md": (TEA,)}, identities=known) == {}

    def test_what_the_first_build_saw_is_new_if_it_was_published_since_the_newsletters_start(self) -> None:
        articles = {name: make_article(name, published=day(number)) for number, name in ((4, "a"), (5, "b"), (6, "c"))}
        known = {
            **seen("a", first_seen=KNOWN_SINCE),
            **seen("b", first_seen=KNOWN_SINCE),
            **seen("c", first_seen=KNOWN_SINCE),
        }
        own = dict.fromkeys("cba", (TEA,))
        found = selected(make_newsletter(start=day(5)), own, articles=articles, identities=known)
        assert found == {"Tea": ["c", "b"]}

    def test_what_came_later_and_is_dated_before_the_start_is_new(self) -> None:
        old = {"old.md": make_article("old.md", published=day(1, year=2001))}
        assert selected(make_newsletter(start=day(5)), {"old.md": (TEA,)}, articles=old) == {"Tea": ["old.md"]}

    def test_what_an_earlier_issue_carried_is_not(self) -> None:
        own = {"b.md": (TEA,), "a.md": (TEA,)}
        assert selected(make_newsletter(start=day(1)), own, carried=("b.md",)) == {"Tea": ["a.md"]}

    def test_nothing_new_gives_no_section(self) -> None:
        assert selected(make_newsletter(), {"a.md": (TEA,)}, carried=("a.md",)) == {}


class TestSections:
    def test_an_article_stands_in_the_first_of_its_topics_only(self) -> None:
        assert selected(make_newsletter(), {"a.md": (SKY, TEA), "b.md": (TEA, SKY)}) == {
            "Night Sky": ["a.md"],
            "Tea": ["b.md"],
        }

    def test_the_newsletters_own_order_decides_which_topic_is_first(self) -> None:
        newsletter = make_newsletter(topics=("Tea", "Desk: Night Sky"))
        assert selected(newsletter, {"a.md": (SKY, TEA), "b.md": (SKY,)}) == {"Tea": ["a.md"], "Night Sky": ["b.md"]}

    def test_sections_come_in_the_newsletters_order(self) -> None:
        newsletter = make_newsletter(topics=("Tea", "Bread", "Night Sky"))
        own = {"a.md": (BREAD,), "b.md": (SKY,), "c.md": (TEA,)}
        assert list(selected(newsletter, own)) == ["Tea", "Bread", "Night Sky"]

    def test_sections_come_by_label_if_the_newsletter_names_none(self) -> None:
        own = {"a.md": (TEA,), "b.md": (SKY,), "c.md": (BREAD,)}
        assert list(selected(make_newsletter(), own)) == ["Bread", "Night Sky", "Tea"]

    @pytest.mark.parametrize(
        "name", ["Desk: Night Sky", "desk:  night sky", "Night Sky", "NIGHT SKY", "desk-night-sky"]
    )
    def test_a_topic_may_be_named_by_its_name_its_label_or_its_slug(self, name: str) -> None:
        assert selected(make_newsletter(topics=(name,)), {"a.md": (SKY,), "b.md": (TEA,)}) == {"Night Sky": ["a.md"]}

    def test_a_label_of_two_taxonomies_names_both(self) -> None:
        other = make_topic("Field: Night Sky")
        articles = [make_article("a.md"), make_article("b.md")]
        own = {path("a.md"): (other,), path("b.md"): (SKY,)}
        known = identities_of(articles, first_seen=LATER)
        selection = select(make_newsletter(topics=("Night Sky",)), articles, own, known, {}, KNOWN_SINCE)
        assert [section.topic for section in selection.sections] == [SKY, other]

    def test_an_article_of_other_topics_or_of_none_is_left_out(self) -> None:
        assert selected(make_newsletter(topics=("Tea",)), {"a.md": (SKY,), "b.md": ()}) == {}
        assert selected(make_newsletter(), {"b.md": ()}) == {}

    def test_articles_keep_their_order(self) -> None:
        own = dict.fromkeys(("c.md", "a.md", "b.md"), (TEA,))
        assert selected(make_newsletter(), own) == {"Tea": ["c.md", "a.md", "b.md"]}


class TestLimits:
    def test_an_issue_has_the_newest_that_fit(self) -> None:
        own = {f"{number}.md": (TEA,) for number in range(5)}
        assert selected(make_newsletter(limit=2), own) == {"Tea": ["0.md", "1.md"]}

    def test_what_did_not_fit_stays_new(self) -> None:
        own = {f"{number}.md": (TEA,) for number in range(5)}
        assert selected(make_newsletter(limit=2), own, carried=("0.md", "1.md")) == {"Tea": ["2.md", "3.md"]}

    def test_a_section_that_is_full_gives_way_to_the_next_topic_of_the_article(self) -> None:
        own = {"a.md": (TEA,), "b.md": (TEA, SKY), "c.md": (TEA,)}
        assert selected(make_newsletter(limit_per_topic=1), own) == {"Night Sky": ["b.md"], "Tea": ["a.md"]}

    def test_an_article_that_no_section_has_room_for_takes_no_place_of_the_issue(self) -> None:
        own = {"a.md": (TEA,), "b.md": (TEA,), "c.md": (SKY,)}
        assert selected(make_newsletter(limit=2, limit_per_topic=1), own) == {"Night Sky": ["c.md"], "Tea": ["a.md"]}


class TestMinimum:
    @pytest.mark.parametrize(("minimum", "found"), [(1, {"Tea": ["a", "b"]}), (2, {"Tea": ["a", "b"]}), (3, {})])
    def test_an_issue_of_too_few_stories_is_not_cut(self, minimum: int, found: dict[str, list[str]]) -> None:
        assert selected(make_newsletter(minimum=minimum), dict.fromkeys("ab", (TEA,))) == found

    def test_its_articles_wait_whatever_else_would_have_become_of_them(self) -> None:
        newsletter = make_newsletter(minimum=3, limit_per_topic=2, overflow=Overflow.DROP)
        selection = selection_of(newsletter, {**dict.fromkeys("abc", (TEA,)), "d": ()})
        assert selection.count(Outcome.CARRIED_OVER) == 3
        assert selection.asides({}) == ()
        told = verdicts(selection, newsletter)
        assert told["a"] == told["c"] == "carried over: minimum is 3"
        assert told["d"] == "has no topic of the newsletter"


class TestOverflow:
    OWN = dict.fromkeys("abc", (TEA,))

    def test_what_did_not_fit_is_carried_over(self) -> None:
        newsletter = make_newsletter(limit=2)
        selection = selection_of(newsletter, self.OWN)
        assert verdicts(selection, newsletter)["c"] == "carried over: limit is 2"
        assert selection.asides({}) == ()

    def test_or_is_dropped_and_recorded_with_the_rule(self) -> None:
        newsletter = make_newsletter(limit_per_topic=2, overflow=Overflow.DROP)
        selection = selection_of(newsletter, self.OWN)
        known = identities_of([make_article("c")])
        assert verdicts(selection, newsletter)["c"] == "dropped: limit_per_topic is 2"
        assert selection.asides(known) == (Aside(id=known[path("c")].id, rule=Rule.LIMIT_PER_TOPIC),)

    def test_a_story_has_the_topics_of_the_newsletter_that_it_belongs_to_its_section_first(self) -> None:
        newsletter = make_newsletter(topics=("Tea", "Night Sky"), limit_per_topic=1)
        selection = selection_of(newsletter, {"a": (TEA,), "b": (BREAD, SKY, TEA)})
        assert [story.topics for story in selection.stories] == [(TEA,), (SKY, TEA)]


class TestVerdicts:
    def test_every_article_has_one_those_of_the_issue_first_in_its_order(self) -> None:
        newsletter = make_newsletter(topics=("Tea", "Bread"), excluded=("excluded",))
        own = {"bread": (BREAD,), "old": (TEA,), "excluded": (TEA,), "before": (TEA,), "sky": (SKY,), "tea": (TEA,)}
        known = seen("old", first_seen=KNOWN_SINCE)
        selection = selection_of(newsletter, own, identities=known, carried=("before",))
        assert verdicts(selection, newsletter) == {
            "tea": "in Tea",
            "bread": "in Bread",
            "old": "was there before the newsletter",
            "excluded": "excluded",
            "before": "in issue 1 already",
            "sky": "has no topic of the newsletter",
        }
        assert [verdict.article.path for verdict in selection.verdicts][:2] == ["tea", "bread"]

    def test_one_that_is_dated_before_the_start_is_told_so(self) -> None:
        newsletter = make_newsletter(start=day(5))
        selection = selection_of(newsletter, {"old": (TEA,)}, identities=seen("old", first_seen=KNOWN_SINCE))
        told = "was there before the newsletter, and is dated before its start"
        assert verdicts(selection, newsletter) == {"old": told}

    @pytest.mark.parametrize(
        ("aside", "told"),
        [
            ({"rule": Rule.LIMIT}, "dropped by issue 4: limit"),
            ({"story": identity_of(make_article("x")).id}, "folded into a story of issue 4"),
        ],
    )
    def test_what_an_earlier_issue_settled_is_told_with_it(self, aside: Any, told: str) -> None:
        article = make_article("a")
        known = identities_of([article], first_seen=LATER)
        settled = {known[path("a")].id: Settled(number=4, aside=Aside(id=known[path("a")].id, **aside))}
        selection = select(make_newsletter(), [article], {path("a"): (TEA,)}, known, settled, KNOWN_SINCE)
        assert selection.sections == ()
        assert verdicts(selection, make_newsletter()) == {"a": told}


NAMED = make_article(
    "news/named.md", front_id="7", page_url="https://example.org/named/", source_url="https://pub.example/named"
)
NAMES = [
    identity_of(NAMED).id,
    identity_of(NAMED).id.removeprefix("urn:uuid:"),
    "7",
    "news/named.md",
    "./news/named.md",
    "https://example.org/named/",
    "http://www.example.org/named?utm_source=x",
    "https://pub.example/named/",
    "https://feeds.example.org/named/",
]


class TestPins:
    @pytest.mark.parametrize("name", NAMES)
    def test_a_pin_may_be_named_by_its_id_its_file_or_its_addresses(self, name: str) -> None:
        own = {"a": (TEA,), "news/named.md": (TEA,)}
        found = selected(make_newsletter(pinned=(name,)), own, articles={"news/named.md": NAMED})
        assert found == {"Tea": ["news/named.md", "a"]}

    def test_pins_come_in_the_order_of_their_list_before_all_others_of_their_section(self) -> None:
        own = {"a": (TEA,), "b": (TEA,), "c": (SKY,), "d": (TEA,), "e": (SKY,)}
        assert selected(make_newsletter(pinned=("e", "d", "b")), own) == {
            "Night Sky": ["e", "c"],
            "Tea": ["d", "b", "a"],
        }

    def test_no_limit_displaces_a_pin(self) -> None:
        own = dict.fromkeys("abcd", (TEA,))
        newsletter = make_newsletter(pinned=("c", "d"), limit=1, limit_per_topic=1)
        assert selected(newsletter, own) == {"Tea": ["c", "d"]}

    def test_a_pin_comes_though_it_was_there_before_the_newsletter_and_only_once(self) -> None:
        newsletter, own, known = make_newsletter(pinned=("a",)), {"a": (TEA,)}, seen("a", first_seen=KNOWN_SINCE)
        selection = selection_of(newsletter, own, identities=known)
        assert verdicts(selection, newsletter) == {"a": "in Tea, pinned"}
        assert selected(newsletter, own, identities=known, carried=("a",)) == {}

    @pytest.mark.parametrize("name", NAMES)
    def test_what_is_excluded_is_out_even_if_it_is_pinned_by_another_name(self, name: str) -> None:
        own = {"a": (TEA,), "news/named.md": (TEA,)}
        newsletter = make_newsletter(pinned=("news/named.md", "7"), excluded=(name,))
        assert selected(newsletter, own, articles={"news/named.md": NAMED}) == {"Tea": ["a"]}

    def test_names_that_no_article_has_are_told(self) -> None:
        newsletter = make_newsletter(pinned=("a", "./b", "nope"), excluded=("https://www.x.example/a/", "neither"))
        known = {"a", "b", "://x.example/a"}
        assert unknown_names(newsletter, known) == (("pinned", "nope"), ("excluded", "neither"))


class TestRanking:
    def ranked(self, *articles: Article, **changes: Any) -> dict[str, list[str]]:
        own = dict.fromkeys([article.path for article in articles], (TEA,))
        newsletter = make_newsletter(order=Order.RANKED, **changes)
        return selected(newsletter, own, articles={article.path: article for article in articles})

    def test_recent_ones_come_first(self) -> None:
        articles = [by_brand(name, f"brand {name}", published=day(9 - place)) for place, name in enumerate("abc")]
        assert self.ranked(*articles) == {"Tea": ["a", "b", "c"]}

    def test_a_brand_that_writes_much_leaves_room_for_others(self) -> None:
        loud = [by_brand(f"loud{number}", "Loud", published=day(9, hour=9 - number)) for number in range(5)]
        quiet = by_brand("quiet", "Quiet", published=day(8))
        assert self.ranked(*loud, quiet, limit=3) == {"Tea": ["loud0", "quiet", "loud1"]}

    def test_a_topic_that_has_much_leaves_room_for_others(self) -> None:
        own = {**{f"tea{number}": (TEA,) for number in range(3)}, "sky": (SKY,)}
        articles = {name: make_article(name, published=day(9, hour=9 - place)) for place, name in enumerate(own)}
        assert selected(make_newsletter(limit=2), own, articles=articles) == {"Tea": ["tea0", "tea1"]}
        ranked = make_newsletter(limit=2, order=Order.RANKED)
        assert selected(ranked, own, articles=articles) == {"Night Sky": ["sky"], "Tea": ["tea0"]}

    def test_articles_without_a_brand_are_no_brand(self) -> None:
        articles = [by_brand(name, None, published=day(9, hour=9 - place)) for place, name in enumerate("abc")]
        other = by_brand("d", "D", published=day(9))
        assert self.ranked(*articles, other)["Tea"] == ["a", "b", "c", "d"]

    @pytest.mark.parametrize(
        ("given", "arranged"),
        [
            ("", ""),
            ("aab", "aba"),
            ("aaab", "abaa"),
            ("abab", "abab"),
            ("baaa", "abaa"),
            ("bcaaa", "abaca"),
            ("aabbcc", "abacbc"),
            ("..a.a", "..a.a"),
            ("a..a.", "a..a."),
        ],
    )
    def test_two_of_one_brand_stand_apart_where_they_can(self, given: str, arranged: str) -> None:
        assert "".join(spread(given, lambda sign: sign.replace(".", ""))) == arranged

    def test_the_last_pin_counts_as_a_neighbour(self) -> None:
        articles = [by_brand("a", "A"), by_brand("b", "B"), by_brand("pin", "A")]
        assert self.ranked(*articles, pinned=("pin",)) == {"Tea": ["pin", "b", "a"]}


LONG = "The council voted on Monday to replace all lamps of the quay with lamps that need a quarter of the power"


class TestNearDuplicates:
    def folded(self, *articles: Article, own: Mapping[str, tuple[Topic, ...]] | None = None, **changes: Any) -> Any:
        own = own or dict.fromkeys([article.path for article in articles], (TEA,))
        newsletter = make_newsletter(**{"near_duplicates": 90, **changes})
        selection = selection_of(newsletter, own, articles={article.path: article for article in articles})
        return [(story.article.path, [other.path for other in story.also_at]) for story in selection.stories]

    def test_nearly_the_same_words_at_several_brands_are_one_story(self) -> None:
        first = by_brand("a", "A", title="New lamps for the quay", summary=f"{LONG}.")
        second = by_brand("b", "B", title="For the Quay: new lamps", summary=LONG)
        third = by_brand("c", "C", title="New lamps for the quay!", summary=LONG)
        assert self.folded(first, second, third) == [("a", ["b", "c"])]

    @pytest.mark.parametrize(
        "changes",
        [
            {"brand": "A"},
            {"brand": " a"},
            {"brand": None},
            {"title": "Old lamps of the harbour", "summary": "Where they came from, and where they go"},
            {"title": "New lamps for the quay 2"},
            {"language": "de"},
        ],
    )
    def test_the_same_brand_other_words_numbers_or_languages_are_another(self, changes: Any) -> None:
        first = by_brand("a", "A", title="New lamps for the quay", summary=LONG)
        other = make_article("b", **{"brand": "B", "title": first.title, "summary": LONG, **changes})
        assert self.folded(first, other) == [("a", []), ("b", [])]

    def test_titles_decide_where_one_has_no_summary(self) -> None:
        first = by_brand("a", "A", title="New lamps for the quay", summary=LONG)
        assert self.folded(first, by_brand("b", "B", title="New lamps for the quay")) == [("a", ["b"])]
        assert self.folded(first, by_brand("b", "B", title="Old pumps of the mill")) == [("a", []), ("b", [])]

    def test_they_stay_apart_unless_it_is_asked_for(self) -> None:
        one, other = by_brand("a", "A", title="Lamps"), by_brand("b", "B", title="Lamps")
        assert self.folded(one, other, near_duplicates=None) == [("a", []), ("b", [])]
        assert self.folded(one, other, near_duplicates=100) == [("a", ["b"])]

    def test_the_story_has_the_topics_of_all_so_that_no_reader_misses_it(self) -> None:
        articles = {name: by_brand(name, name, title="Lamps") for name in "ab"}
        selection = selection_of(make_newsletter(near_duplicates=90), {"a": (TEA,), "b": (SKY, TEA)}, articles=articles)
        assert [story.topics for story in selection.stories] == [(TEA, SKY)]

    def test_what_has_no_room_may_still_be_folded_and_is_recorded(self) -> None:
        articles = {name: by_brand(name, name, title="Lamps") for name in "ab"}
        newsletter = make_newsletter(near_duplicates=90, limit=1)
        selection = selection_of(newsletter, dict.fromkeys("ab", (TEA,)), articles=articles)
        known = identities_of(articles.values())
        assert verdicts(selection, newsletter)["b"] == "folded into a, which says nearly the same"
        assert selection.asides(known) == (Aside(id=known[path("b")].id, story=known[path("a")].id),)

    def test_a_pin_is_never_folded_into_another(self) -> None:
        articles = [by_brand(name, name, title="Lamps") for name in "abc"]
        assert self.folded(*articles, pinned=("b", "c")) == [("b", ["a"]), ("c", [])]

    def test_others_are_no_nearer_for_being_many(self) -> None:
        articles = [by_brand(f"{number}", f"brand {number}", title=f"Word{number} of many") for number in range(9)]
        assert [also for _, also in self.folded(*articles)] == [[]] * 9


class TestUnknownTopics:
    def test_names_that_no_article_has_are_told(self) -> None:
        newsletter = make_newsletter(topics=("Tea", "Teaa", "night sky", "desk-night-sky", "Desk: Tea"))
        assert unknown_topics(newsletter, [TEA, SKY]) == ("Teaa", "Desk: Tea")

    def test_a_newsletter_about_everything_names_none(self) -> None:
        assert unknown_topics(make_newsletter(), [TEA]) == ()
