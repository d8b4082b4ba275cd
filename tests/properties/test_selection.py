"""Collections, topics and issues: nothing twice, nothing lost, and no order that makes a difference."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from makers import NOW, category, day, identities_of, make_article, make_newsletter, make_topic, path

from syndicate.domain.articles import Article, EntryId, Status
from syndicate.domain.collection import Parsed, collect, newest_first
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.selection import Settled, select
from syndicate.domain.topics import TopicOptions, TopicRule, assign_topics
from syndicate.errors import Problem

quick = settings(max_examples=150, deadline=None)
NAMES = st.sampled_from(["Tea", "tea", "TEA ", "Desk: Tea", "Cake", "Téa", "tea!", "Night Sky", "x: y: z", "…"])
PATHS = st.lists(st.sampled_from([f"{letter}.md" for letter in "abcdefgh"]), max_size=8, unique=True)
MOMENTS = st.sampled_from([NOW - timedelta(days=9), NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])


@st.composite
def files(draw: st.DrawFn) -> list[Parsed]:
    return [draw(one_file(name)) for name in draw(PATHS)]


@st.composite
def one_file(draw: st.DrawFn, name: str) -> Parsed:
    kind = draw(st.sampled_from(["article"] * 4 + ["skipped", "rejected"]))
    if kind == "skipped":
        return Parsed(path=path(name), skipped="section-page")
    if kind == "rejected":
        return Parsed(path=path(name), rejected=Problem(path=name, reason="no-title", what="expected a title"))
    article = make_article(
        name,
        title=draw(st.sampled_from(["Tea", "tea", "Cake"])),
        story=draw(st.sampled_from("12")),
        published=draw(MOMENTS),
        due=draw(MOMENTS),
        expires=draw(st.none() | MOMENTS),
        hold=draw(st.sampled_from([None, None, None, "draft"])),
        source_url=draw(st.sampled_from([None, "https://pub.example/1", "https://pub.example/2"])),
        front_id=draw(st.sampled_from([None, "7"])),
        language=draw(st.sampled_from([None, "de"])),
        categories=tuple(category(text) for text in draw(st.lists(NAMES, max_size=3))),
    )
    return Parsed(path=article.path, article=article)


@quick
@given(files(), st.randoms(use_true_random=False))
def test_every_file_has_one_status_whatever_the_order(parsed: list[Parsed], random: random.Random) -> None:
    collection = collect(parsed, NOW)
    assert [file.path for file in collection.files] == sorted(one.path for one in parsed)
    published = [file.path for file in collection.files if file.status is Status.PUBLISHED]
    assert sorted(article.path for article in collection.articles) == published
    assert set(collection.categories) == set(published)
    shuffled = list(parsed)
    random.shuffle(shuffled)
    assert collect(shuffled, NOW) == collection


@quick
@given(files())
def test_a_duplicate_has_an_original_that_is_published(parsed: list[Parsed]) -> None:
    collection = collect(parsed, NOW)
    published = {article.path for article in collection.articles}
    for file in collection.files:
        assert (file.original is not None) == (file.status is Status.DUPLICATE)
        assert file.original is None or file.original in published


@quick
@given(files())
def test_no_status_changes_before_the_next_change(parsed: list[Parsed]) -> None:
    collection = collect(parsed, NOW)
    later = (collection.next_change or NOW + timedelta(days=999)) - timedelta(microseconds=1)
    assert collect(parsed, later).files == collection.files


OPTIONS = st.builds(
    TopicOptions,
    name=NAMES,
    label=st.sampled_from([None, "Hot"]),
    slug=st.sampled_from([None, "tea", "hot", "cake"]),
    hidden=st.booleans(),
    merge=st.lists(NAMES, max_size=2).map(tuple),
    rule=st.none() | st.builds(TopicRule, categories=st.lists(NAMES, max_size=1).map(tuple)),
)


@quick
@given(
    files(),
    st.lists(OPTIONS, max_size=2, unique_by=(lambda one: one.name.strip().casefold(), lambda one: one.slug)),
    st.randoms(use_true_random=False),
)
def test_topics_have_addresses_of_their_own_that_stay(
    parsed: list[Parsed], options: list[TopicOptions], random: random.Random
) -> None:
    collection = collect(parsed, NOW)
    topics = assign_topics(collection.articles, collection.categories, options, {})
    slugs = {topic.key: topic.slug for topic in topics.all}
    assert len(set(slugs.values())) == len(topics.all) == len(slugs)
    assert set(topics.by_article) == {article.path for article in collection.articles}
    assert {topic for own in topics.by_article.values() for topic in own} == set(topics.all)
    assert all(len(own) == len(set(own)) for own in topics.by_article.values())
    shuffled = list(collection.articles)
    random.shuffle(shuffled)
    assert assign_topics(shuffled, collection.categories, options, {}) == topics
    assert assign_topics(shuffled, collection.categories, options, slugs) == topics


TOPICS = tuple(make_topic(name) for name in ("Tea", "Desk: Tea", "Cake", "Night Sky"))


@st.composite
def issues(draw: st.DrawFn) -> tuple[Newsletter, list[Article], dict[str, object]]:
    articles = newest_first(
        [
            make_article(f"{number}.md", published=day(draw(st.integers(1, 28))))
            for number in range(draw(st.integers(0, 12)))
        ]
    )
    newsletter = make_newsletter(
        topics=tuple(draw(st.lists(st.sampled_from(["Tea", "desk: tea", "cake", "night-sky", "nope"]), max_size=3))),
        start=draw(st.none() | st.just(day(14))),
        limit=draw(st.integers(1, 6)),
        limit_per_topic=draw(st.integers(1, 4)),
    )
    own = {
        article.path: tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=3, unique=True))) for article in articles
    }
    seen = {article.path: draw(st.sampled_from([day(10), day(11), day(12)])) for article in articles}
    carried = draw(st.sets(st.sampled_from([article.path for article in articles]))) if articles else set()
    return newsletter, articles, {"topics": own, "seen": seen, "carried": carried}


@quick
@given(issues())
def test_an_issue_has_no_article_twice_and_only_such_as_are_new(
    drawn: tuple[Newsletter, list[Article], dict[str, object]],
) -> None:
    newsletter, articles, given_ = drawn
    own, seen, carried_paths = given_["topics"], given_["seen"], given_["carried"]
    assert isinstance(own, dict)
    assert isinstance(seen, dict)
    assert isinstance(carried_paths, set)
    identities = {
        where: one
        for article in articles
        for where, one in identities_of([article], first_seen=seen[article.path]).items()
    }
    carried = {identities[where].id: Settled(number=1) for where in carried_paths}
    sections = select(newsletter, articles, own, identities, carried, day(11)).sections
    chosen = [article for section in sections for article in section.articles]
    assert len({article.path for article in chosen}) == len(chosen) <= newsletter.limit
    assert all(0 < len(section.articles) <= newsletter.limit_per_topic for section in sections)
    assert len({section.topic for section in sections}) == len(sections)
    for section in sections:
        assert list(section.articles) == newest_first(section.articles)
        for article in section.articles:
            assert section.topic in own[article.path]
            assert article.path not in carried_paths
            is_since_start = newsletter.start is not None and article.published >= newsletter.start
            assert is_since_start or seen[article.path] > day(11)


@quick
@given(issues())
def test_issues_cut_one_after_another_carry_everything_once(
    drawn: tuple[Newsletter, list[Article], dict[str, object]],
) -> None:
    newsletter, articles, given_ = drawn
    own = given_["topics"]
    assert isinstance(own, dict)
    identities = identities_of(articles, first_seen=day(20))
    carried: list[EntryId] = []
    while sections := select(
        newsletter, articles, own, identities, dict.fromkeys(carried, Settled(number=1)), day(11)
    ).sections:
        carried += [identities[article.path].id for section in sections for article in section.articles]
    everything = select(
        make_newsletter(topics=newsletter.topics, limit=500, limit_per_topic=500),
        articles,
        own,
        identities,
        {},
        day(11),
    ).sections
    assert sorted(carried) == sorted(
        identities[article.path].id for section in everything for article in section.articles
    )
