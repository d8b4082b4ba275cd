"""What an issue carries: what is new, each article once, by the newsletter's topics and limits."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from makers import day, identities_of, identity_of, make_article, make_newsletter, make_topic, path

from syndicate.domain.articles import Article, ArticlePath
from syndicate.domain.identity import Identity
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.selection import Settled, select, unknown_topics
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
    given = [(articles or {}).get(name, make_article(name)) for name in own]
    known = {**identities_of(given, first_seen=LATER), **(identities or {})}
    topics = {path(name): topics for name, topics in own.items()}
    settled = {known[path(name)].id: Settled(number=1) for name in carried}
    selection = select(newsletter, given, topics, known, settled, KNOWN_SINCE)
    return {section.topic.label: [article.path for article in section.articles] for section in selection.sections}


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


class TestUnknownTopics:
    def test_names_that_no_article_has_are_told(self) -> None:
        newsletter = make_newsletter(topics=("Tea", "Teaa", "night sky", "desk-night-sky", "Desk: Tea"))
        assert unknown_topics(newsletter, [TEA, SKY]) == ("Teaa", "Desk: Tea")

    def test_a_newsletter_about_everything_names_none(self) -> None:
        assert unknown_topics(make_newsletter(), [TEA]) == ()
