"""What check says of the feeds that stand in output/."""

from makers import front
from memory_project import Project

from syndicate.services.published import published_problems

ARTICLES: dict[str, str | bytes] = {
    "news/tea.md": front("categories: Drinks"),
    "news/milk.md": front("categories: Drinks", title="title: Milk", date="date: 2026-03-02"),
}


def reasons(project: Project, **options: int) -> list[tuple[str, str]]:
    return [(one.path, one.reason) for one in published_problems(project.output, project.site, "output", **options)]


def test_what_a_build_publishes_has_no_problem() -> None:
    project = Project(ARTICLES)
    project.build()
    assert {"all/rss.xml", "all/atom.xml", "feeds.opml"} <= project.output.files.keys()
    assert reasons(project) == []


def test_what_was_changed_after_the_build_is_told_with_its_place() -> None:
    project = Project(ARTICLES)
    project.build()
    data = project.output.files["topics/drinks/atom.xml"]
    project.output.files["topics/drinks/atom.xml"] = data.replace(b'rel="self"', b'rel="related"')
    project.output.files["feeds.opml"] = b"<opml"
    assert reasons(project) == [
        ("output/feeds.opml", "feed-not-well-formed"),
        ("output/topics/drinks/atom.xml", "feed-no-self"),
    ]


def test_a_feed_that_is_gone_or_somebody_elses_is_not_judged() -> None:
    project = Project(ARTICLES)
    project.build()
    del project.output.files["all/rss.xml"]
    project.output.files["mine/rss.xml"] = b"not a feed"
    assert reasons(project) == []


def test_every_feed_over_the_limit_is_told() -> None:
    project = Project(ARTICLES)
    project.build()
    found = reasons(project, max_bytes=10)
    assert {reason for _, reason in found} == {"feed-too-large"}
    assert "output/feeds.opml" not in {path for path, _ in found}  # no setting makes it smaller
