"""The domain's smaller rules: moments, text, languages, permalinks, the site, and problems."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from makers import day, make_article, make_site

from syndicate.domain.articles import Author, Category, story_digest
from syndicate.domain.languages import is_language, languages_of
from syndicate.domain.moments import from_text, long_date, to_text
from syndicate.domain.permalinks import TOKENS, expand, file_name, unknown_tokens
from syndicate.domain.text import count, direction, first_words, fold, one_line, scrub, short_key
from syndicate.errors import ConfigError, Problem, SyndicateError, TemplateError

# ---- Moments -------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["x", "é", "茶", "🍵"])
def test_a_key_has_800_bytes_at_most(letter: str) -> None:
    longest = letter * (800 // len(letter.encode()))
    assert short_key(longest) == longest
    longer = [short_key(f"{longest}{tail}") for tail in ("x", "y")]
    assert all(len(key.encode()) <= 800 and key.startswith(longest[:100]) for key in longer)
    assert len(set(longer)) == 2
    assert {fold(f"{longest}  X"), fold(f" {longest} x")} == {short_key(f"{longest} x".casefold())}


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (day(1, 3, hour=8), "2026-03-01T08:00:00Z"),
        (datetime(2026, 3, 1, 8, 0, 0, 123, UTC), "2026-03-01T08:00:00.000123Z"),
        (datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=5, minutes=45))), "2026-03-01T02:15:00Z"),
    ],
)
def test_a_moment_is_written_in_utc_and_read_again(moment: datetime, text: str) -> None:
    assert to_text(moment) == text
    assert from_text(text) == moment
    assert from_text(text).tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^expected a zone such as Z or \+02:00 at the end, got '2026-03-01T08:00'$"):
        from_text("2026-03-01T08:00")


@pytest.mark.parametrize(
    ("moment", "words"), [(day(1, 3), "1 March 2026"), (day(31, 12, year=1999), "31 December 1999")]
)
def test_a_date_is_written_as_people_do(moment: datetime, words: str) -> None:
    assert long_date(moment) == words


# ---- Text ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0x00, 0x02, 0x08, 0x0B, 0x0C, 0x0E, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_what_xml_forbids_is_scrubbed(code: int) -> None:
    assert scrub(f"a{chr(code)}b") == "ab"
    assert one_line(f"a{chr(code)}b") == "ab"


@pytest.mark.parametrize(
    "allowed",
    ["\t", "\n", "\r", "\x7f", "\x85", "\xa0", "\u200f", "\ud7ff", "\ue000", "\ufffd", "\U0001f375", "\U0001fffe"],
)
def test_what_xml_allows_is_kept(allowed: str) -> None:
    assert scrub(f"a{allowed}b") == f"a{allowed}b"


@pytest.mark.parametrize("text", ["a b", " a  b ", "a\nb", "a\t b", "a\xa0b", "a\u3000b", "a\u2028b"])
def test_one_line_has_single_spaces(text: str) -> None:
    assert one_line(text) == "a b"


def test_a_language_has_a_direction() -> None:
    assert [direction(code) for code in ("ar", "he-IL", "FA", "ur", "en", "pt-BR", "", None)] == ["rtl"] * 4 + [
        "ltr"
    ] * 4


@pytest.mark.parametrize(("number", "words"), [(0, "0 feeds"), (1, "1 feed"), (2, "2 feeds"), (1200, "1,200 feeds")])
def test_a_count_has_its_noun(number: int, words: str) -> None:
    assert count(number, "feed") == words
    assert count(2, "more story", "more stories") == "2 more stories"


# ---- Articles ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["published", "due", "updated", "expires"])
def test_an_article_has_no_moment_without_a_zone(name: str) -> None:
    with pytest.raises(ValueError, match=r"^news/tea.md: a moment without a time zone: 2026-01-01 00:00:00$"):
        make_article("news/tea.md", **{"published": day(1), "due": day(1), name: datetime(2026, 1, 1)})


def test_a_category_is_qualified_by_its_taxonomy() -> None:
    assert Category(label="Tea", taxonomy="Desk").qualified == "Desk: Tea"
    assert Category(label="Tea").qualified == "Tea"


def test_white_space_and_addresses_of_authors_are_no_part_of_a_story() -> None:
    story = story_digest("Tea for two", "Hot", (Author(name="Ann"),), "one two\nthree")
    assert story == story_digest(
        "Tea  for two", " Hot ", (Author(name="Ann", email="a@b.example"),), "one\n\n two three\n"
    )


@pytest.mark.parametrize(
    "other",
    [
        ("Tea for three", "Hot", "Ann", "text"),
        ("Tea for two", "Cold", "Ann", "text"),
        ("Tea for two", "Hot", "Bo", "text"),
        ("Tea for two", "Hot", "Ann", "texts"),
        ("Tea for two", "", "Ann", "Hot text"),
        ("Tea for twoHot", "", "Ann", "text"),
    ],
)
def test_title_summary_authors_and_text_are_the_story(other: tuple[str, str, str, str]) -> None:
    title, summary, author, text = other
    story = story_digest("Tea for two", "Hot", (Author(name="Ann"),), "text")
    assert story_digest(title, summary, (Author(name=author),), text) != story


# ---- Languages -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "pt-BR", "zh-Hans", "EN"])
def test_a_code_of_iso_639_is_a_language(code: str) -> None:
    assert is_language(code)


@pytest.mark.parametrize("text", ["", "xx", "english", "en-", "en_GB", "pt-Brazil", "news"])
def test_anything_else_is_none(text: str) -> None:
    assert not is_language(text)


@pytest.mark.parametrize(
    ("paths", "languages"),
    [
        (["tea.es.md", "tea.md"], {"tea.es.md": "es"}),
        (["a/index.pt-BR.md"], {"a/index.pt-BR.md": "pt-BR"}),
        (["en/tea.md", "ja/tea.md"], {"en/tea.md": "en", "ja/tea.md": "ja"}),
        (["en/tea.md", "ja/tea.md", "en/only.md"], {"en/tea.md": "en", "ja/tea.md": "ja", "en/only.md": "en"}),
        (["blog/en/a/tea.md", "blog/de/a/tea.md"], {"blog/en/a/tea.md": "en", "blog/de/a/tea.md": "de"}),
        (["it/tea.md", "hr/coffee.md"], {}),
        (["it/tea.md"], {}),
        (["a.min.md", "v1.2.md", "tea.xx.md"], {}),
        ([], {}),
    ],
)
def test_a_language_is_seen_by_suffixes_and_by_twins_in_folders(paths: list[str], languages: dict[str, str]) -> None:
    assert languages_of(paths) == languages


# ---- Permalinks ----------------------------------------------------------------------------


def expanded(pattern: str, **changes: object) -> str:
    values: dict[str, object] = {
        "relative": "tips/deep/2026-03-01-green-tea.md",
        "slug": "matcha",
        "title_slug": "tea-for-two",
        "published": datetime(2026, 3, 1, 8, 5, 9, tzinfo=UTC),
        "categories": ("tea", "hot"),
    }
    return expand(pattern, **{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("/:year/:month/:day/:slug/", "/2026/03/01/matcha/"),
        ("/:short_year-:i_month-:i_day/", "/26-3-1/"),
        ("/:monthname/:yearday/:y_day/", "/march/060/060/"),
        ("/:hour:minute:second.html", "/080509.html"),
        ("/:slugorfilename/:slugorcontentbasename/", "/matcha/matcha/"),
        ("/:title/", "/tea-for-two/"),
        ("/:filename/:contentbasename/:name/", "/green-tea/green-tea/green-tea/"),
        ("/:path/", "/tips/deep/green-tea/"),
        ("/:section/:sections/", "/tips/tips/deep/"),
        ("/:sections[1:]/x/", "/tips/deep/x/"),
        ("/:categories/:slug/", "/tea/hot/matcha/"),
        ("/news/", "/news/"),
    ],
)
def test_every_token_has_its_meaning(pattern: str, address: str) -> None:
    assert expanded(pattern) == address


def test_every_token_of_the_list_is_replaced() -> None:
    assert all(":" not in expanded(f"/:{token}/") for token in TOKENS)


def test_an_empty_token_leaves_no_double_slash() -> None:
    assert expanded("/:section/:categories/:slug/", relative="tea.md", categories=()) == "/matcha/"


def test_unknown_tokens_are_named() -> None:
    assert unknown_tokens("/:year/:foo/:slug/:bar[1]") == ["foo", "bar"]
    assert unknown_tokens("/".join(f":{token}" for token in TOKENS)) == []


@pytest.mark.parametrize(
    ("relative", "name"),
    [
        ("tea.md", "tea"),
        ("a/b/tea.md", "tea"),
        ("2026-03-01-tea.md", "tea"),
        ("2026-3-1-tea.md", "tea"),
        ("2026-03-01.md", "2026-03-01"),
        ("2026-03-01-.md", "2026-03-01-"),
        ("tea.es.md", "tea"),
        ("tea.pt-BR.md", "tea"),
        ("tea/index.md", "tea"),
        ("a/2026-03-01-tea/index.es.md", "tea"),
        ("index.md", "index"),
        ("v1.2.md", "v1.2"),
    ],
)
def test_a_file_is_named_without_date_and_suffixes(relative: str, name: str) -> None:
    assert file_name(relative) == name


# ---- The site ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("index.html", "https://feeds.example.org/"),
        ("topics/tea/index.html", "https://feeds.example.org/topics/tea/"),
        ("all/rss.xml", "https://feeds.example.org/all/rss.xml"),
    ],
)
def test_a_page_is_addressed_by_its_folder(path: str, address: str) -> None:
    assert make_site().address(path) == address


# ---- Errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem(path="a.md", reason="x", what="is wrong"), "a.md: is wrong"),
        (Problem(path="a.md", reason="x", what="is wrong", line=4), "a.md:4: is wrong"),
        (Problem(path="a.md", reason="x", what="is wrong", field="date"), "a.md: date: is wrong"),
        (
            Problem(path="a.md", reason="x", what="is wrong", field="date", line=4, hint="mend it"),
            "a.md:4: date: is wrong (mend it)",
        ),
    ],
)
def test_a_problem_says_where_what_and_what_to_do(problem: Problem, text: str) -> None:
    assert str(problem) == text
    assert str(TemplateError(problem)) == text


def test_a_config_error_tells_every_problem() -> None:
    problems = (Problem(path="c", reason="x", what="one"), Problem(path="c", reason="x", what="two"))
    error = ConfigError(problems)
    assert str(error) == "c: one\nc: two"
    assert error.problems == problems
    assert isinstance(error, SyndicateError)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("a cup of tea", "a cup of tea"),
        ("a cup of tea: and more", "a cup of…"),
        ("a cup, of - and teas", "a cup, of…"),
        ("abcdefghijklmnopq", "abcdefghijkl…"),
        ("茶" * 20, "茶" * 12 + "…"),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, short: str) -> None:
    assert first_words(text, 12) == short
