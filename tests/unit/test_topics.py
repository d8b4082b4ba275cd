"""Topics: made from categories and by rules, renamed, merged and hidden, at addresses that stay."""

from collections.abc import Mapping, Sequence

import pytest
from makers import category, make_article, path

from syndicate.domain.articles import Article, ArticlePath, Author
from syndicate.domain.slugs import slugify
from syndicate.domain.text import fold
from syndicate.domain.topics import TopicOptions, TopicRule, Topics, assign_topics


def assign(
    categories: Mapping[str, Sequence[str]],
    *options: TopicOptions,
    remembered: Mapping[str, str] | None = None,
    articles: Sequence[Article] = (),
) -> Topics:
    """Give topics to articles by file name, with their categories."""
    known = {article.path: article for article in articles}
    given = [known.get(path(name), make_article(name)) for name in categories]
    own = {path(name): tuple(category(text) for text in texts) for name, texts in categories.items()}
    return assign_topics(given, own, options, remembered or {})


def labels(topics: Topics, name: str) -> list[str]:
    return [topic.label for topic in topics.by_article[path(name)]]


def slugs(topics: Topics) -> dict[str, str]:
    return {topic.key: topic.slug for topic in topics.all}


@pytest.mark.parametrize(
    ("name", "folded"),
    [("Night Sky", "night sky"), ("  NIGHT\n sky ", "night sky"), ("STRASSE", "strasse"), ("Straße", "strasse")],
)
def test_variants_of_a_name_have_one_key(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_an_article_has_its_topics_in_the_order_of_its_categories() -> None:
    topics = assign({"a.md": ["Tea", "Desk: Boats", "Apples"]})
    assert labels(topics, "a.md") == ["Tea", "Boats", "Apples"]
    assert [topic.slug for topic in topics.all] == ["apples", "desk-boats", "tea"]


def test_an_article_without_categories_has_no_topic() -> None:
    topics = assign({"a.md": []})
    assert topics.by_article == {path("a.md"): ()}
    assert topics.all == ()


def test_case_and_spacing_make_no_second_topic() -> None:
    topics = assign({"a.md": ["Night  Sky"], "b.md": ["NIGHT SKY"], "c.md": ["night sky", "Night Sky"]})
    assert len(topics.all) == 1
    assert labels(topics, "c.md") == ["NIGHT SKY"]
    assert {topics.by_article[path(name)] for name in ("a.md", "b.md", "c.md")} == {topics.all}


def test_the_spelling_of_a_topic_does_not_depend_on_the_order_of_articles() -> None:
    one = assign({"a.md": ["tea"], "b.md": ["TEA"], "c.md": ["Tea"]})
    other = assign({"c.md": ["Tea"], "b.md": ["TEA"], "a.md": ["tea"]})
    assert one.all == other.all


def test_one_label_in_two_taxonomies_is_two_topics() -> None:
    topics = assign({"a.md": ["Desk: Tea", "Field: Tea"]})
    assert [(topic.taxonomy, topic.label, topic.qualified) for topic in topics.all] == [
        ("Desk", "Tea", "Desk: Tea"),
        ("Field", "Tea", "Field: Tea"),
    ]


class TestConfiguredTopics:
    def test_a_topic_takes_label_slug_and_description_from_the_config(self) -> None:
        option = TopicOptions(name="Desk: Tea", label="All Tea", slug="hot", description="Kettles")
        (topic,) = assign({"a.md": ["Desk: Tea"]}, option).all
        assert (topic.label, topic.slug, topic.description) == ("All Tea", "hot", "Kettles")
        assert topic.taxonomy == "Desk"

    def test_a_topic_is_spelled_as_the_config_names_it(self) -> None:
        (topic,) = assign({"a.md": ["TEA"], "b.md": ["Tea"]}, TopicOptions(name="tea")).all
        assert topic.label == "tea"

    def test_a_configured_topic_that_no_article_has_is_not_made(self) -> None:
        assert assign({"a.md": ["Tea"]}, TopicOptions(name="Coffee")).all == assign({"a.md": ["Tea"]}).all

    def test_a_hidden_topic_is_nobodys(self) -> None:
        topics = assign({"a.md": ["Tea", "News"]}, TopicOptions(name="news", hidden=True))
        assert labels(topics, "a.md") == ["Tea"]
        assert slugs(topics) == {"tea": "tea"}

    def test_merged_categories_are_one_topic(self) -> None:
        option = TopicOptions(name="Tea", merge=("Green  tea", "Field: Matcha"))
        topics = assign({"a.md": ["GREEN TEA"], "b.md": ["Field: Matcha", "Tea"], "c.md": ["Tea"]}, option)
        assert [labels(topics, name) for name in ("a.md", "b.md", "c.md")] == [["Tea"], ["Tea"], ["Tea"]]
        assert slugs(topics) == {"tea": "tea"}

    def test_categories_can_be_merged_into_a_new_name(self) -> None:
        option = TopicOptions(name="Hot Drinks", merge=("Tea", "Coffee"), label="Hot!")
        topics = assign({"a.md": ["Tea", "Coffee"]}, option)
        assert labels(topics, "a.md") == ["Hot!"]
        assert slugs(topics) == {"hot drinks": "hot-drinks"}

    def test_what_is_merged_into_a_hidden_topic_is_hidden(self) -> None:
        option = TopicOptions(name="Misc", merge=("News",), hidden=True)
        assert assign({"a.md": ["News", "Misc"]}, option).all == ()

    def test_a_new_name_with_a_taxonomy_is_taken_apart(self) -> None:
        option = TopicOptions(name="Desk: Drinks", merge=("Tea",))
        (topic,) = assign({"a.md": ["Tea"]}, option).all
        assert (topic.taxonomy, topic.label) == ("Desk", "Drinks")


def rule_hits(rule: TopicRule, categories: Sequence[str] = (), **article: object) -> bool:
    where = str(article.pop("where", "news/a.md"))
    return rule.matches(make_article(where, **article), [category(text) for text in categories])


class TestRules:
    @pytest.mark.parametrize("name", ["Desk: Tea", "tea", "TEA", "desk:  tea"])
    def test_a_category_counts_with_and_without_its_taxonomy(self, name: str) -> None:
        assert rule_hits(TopicRule(categories=(name,)), ["Desk: Tea"])

    @pytest.mark.parametrize("name", ["Desk", "te", "Field: Tea", "teas"])
    def test_a_part_of_a_category_does_not_count(self, name: str) -> None:
        assert not rule_hits(TopicRule(categories=(name,)), ["Desk: Tea"])

    def test_a_tag_counts_whatever_its_case(self) -> None:
        assert rule_hits(TopicRule(tags=("Green",)), tags=("green", "hot"))
        assert not rule_hits(TopicRule(tags=("Green",)), tags=("greens",))

    @pytest.mark.parametrize("brand", ["pub.example", "www.pub.example", "https://www.pub.example/", "PUB.example"])
    def test_a_publisher_counts_however_its_address_is_written(self, brand: str) -> None:
        assert rule_hits(TopicRule(brands=("pub.example",)), brand=brand)
        assert rule_hits(TopicRule(brands=(brand,)), brand="pub.example")

    def test_another_publisher_or_none_does_not_count(self) -> None:
        assert not rule_hits(TopicRule(brands=("pub.example",)), brand="pub.example.org")
        assert not rule_hits(TopicRule(brands=("pub.example",)))

    def test_an_author_counts_by_name(self) -> None:
        assert rule_hits(TopicRule(authors=("ann  lee",)), authors=(Author(name="Bo"), Author(name="Ann Lee")))
        assert not rule_hits(TopicRule(authors=("Ann",)), authors=(Author(name="Ann Lee"),))

    @pytest.mark.parametrize(
        ("folder", "hit"),
        [("news/tea", True), ("/news/tea/", True), ("news", True), ("news/te", False), ("tea", False)],
    )
    def test_a_folder_counts_for_all_below_it(self, folder: str, hit: bool) -> None:
        assert rule_hits(TopicRule(folders=(folder,)), where="news/tea/deep/a.md") is hit

    @pytest.mark.parametrize(
        ("phrase", "hit"),
        [
            ("tea", True),
            ("TEA", True),
            ("for two", True),
            ("tea, for two!", True),
            ("two cups", True),
            ("te", False),
            ("tea two", False),
            ("cups for", False),
            ("!!!", False),
        ],
    )
    def test_a_phrase_in_the_title_counts_by_whole_words(self, phrase: str, hit: bool) -> None:
        assert rule_hits(TopicRule(title_words=(phrase,)), title="Tea for Two: cups") is hit

    def test_a_rule_without_lists_hits_nothing(self) -> None:
        assert not rule_hits(TopicRule(), ["Tea"], tags=("a",), brand="b", authors=(Author(name="c"),))

    def test_a_rule_gives_its_topic_last_and_once(self) -> None:
        articles = [make_article("a.md", tags=("green",)), make_article("b.md", tags=("green",))]
        option = TopicOptions(name="Green", rule=TopicRule(tags=("green",)))
        topics = assign({"a.md": ["Tea"], "b.md": ["Green", "Tea"], "c.md": ["Tea"]}, option, articles=articles)
        assert [labels(topics, name) for name in ("a.md", "b.md", "c.md")] == [
            ["Tea", "Green"],
            ["Green", "Tea"],
            ["Tea"],
        ]

    def test_a_topic_that_only_rules_give_is_spelled_as_the_config_names_it(self) -> None:
        option = TopicOptions(name="Desk: Green", rule=TopicRule(categories=("Tea",)))
        topics = assign({"a.md": ["Tea"]}, option)
        topic = next(topic for topic in topics.all if topic.key == "desk: green")
        assert (topic.taxonomy, topic.label, topic.slug) == ("Desk", "Green", "desk-green")

    def test_a_rule_of_a_hidden_topic_gives_nothing(self) -> None:
        option = TopicOptions(name="Green", hidden=True, rule=TopicRule(categories=("Tea",)))
        assert labels(assign({"a.md": ["Tea"]}, option), "a.md") == ["Tea"]


class TestAddresses:
    def test_a_topic_keeps_the_slug_that_readers_know(self) -> None:
        assert slugs(assign({"a.md": ["Tea"]}, remembered={"tea": "hot-drinks"})) == {"tea": "hot-drinks"}

    def test_a_new_topic_does_not_take_the_address_of_one_that_is_gone(self) -> None:
        topics = assign({"a.md": ["Tea"]}, remembered={"field: old": "tea"})
        assert slugs(topics)["tea"] != "tea"
        assert slugs(topics)["tea"].startswith("tea-")

    def test_a_slug_in_the_config_is_stronger_than_the_one_that_readers_know(self) -> None:
        topics = assign({"a.md": ["Tea"]}, TopicOptions(name="Tea", slug="hot"), remembered={"tea": "tea"})
        assert slugs(topics) == {"tea": "hot"}

    @pytest.mark.parametrize(
        "names", [["Tea", "Téa"], ["C", "C++", "C#"], ["Desk: Tea", "Desk Tea"], ["!", "?", "…"], ["日本", "にほん"]]
    )
    def test_topics_whose_slugs_would_collide_have_addresses_of_their_own(self, names: list[str]) -> None:
        topics = assign({"a.md": names})
        assert len(set(slugs(topics).values())) == len(names)

    def test_a_slug_in_the_config_is_not_given_to_a_topic_of_that_name_too(self) -> None:
        topics = assign(
            {"a.md": ["Artificial Intelligence", "AI"]}, TopicOptions(name="Artificial Intelligence", slug="ai")
        )
        assert slugs(topics)["artificial intelligence"] == "ai"
        assert slugs(topics)["ai"] != "ai"

    def test_a_slug_in_the_config_is_not_shared_with_the_topic_that_readers_know_by_it(self) -> None:
        topics = assign(
            {"a.md": ["Artificial Intelligence", "AI"]},
            TopicOptions(name="Artificial Intelligence", slug="ai"),
            remembered={"ai": "ai", "artificial intelligence": "artificial-intelligence"},
        )
        assert slugs(topics)["artificial intelligence"] == "ai"
        assert slugs(topics)["ai"] != "ai"

    def test_addresses_do_not_depend_on_the_order_of_articles(self) -> None:
        one = assign({"a.md": ["Téa"], "b.md": ["Tèa"], "c.md": ["Tea"]})
        other = assign({"c.md": ["Tea"], "b.md": ["Tèa"], "a.md": ["Téa"]})
        assert slugs(one) == slugs(other)

    def test_a_topic_that_came_first_keeps_its_address_when_a_rival_comes(self) -> None:
        first = slugs(assign({"a.md": ["Téa"]}))
        second = slugs(assign({"a.md": ["Téa"], "b.md": ["Tea"]}, remembered=first))
        assert first == {"téa": slugify("tea")}
        assert second["téa"] == "tea"
        assert second["tea"] != "tea"


def test_topics_of_all_articles_are_there_even_of_those_without_any() -> None:
    topics = assign({"a.md": ["Tea"], "b.md": []})
    assert set(topics.by_article) == {ArticlePath("a.md"), ArticlePath("b.md")}
