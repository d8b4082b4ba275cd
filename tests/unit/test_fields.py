"""Values of front matter in every shape that sites give them."""

from collections.abc import Callable
from typing import Any

import pytest

from syndicate.domain.articles import Author, Category, Image, Offering
from syndicate.parsing.fields import (
    MAX_VALUES,
    FrontMatter,
    as_authors,
    as_categories,
    as_flag,
    as_image,
    as_items,
    as_link,
    as_offerings,
    as_text,
    as_texts,
)

HUGE = int("f" * 5000, 16)  # TOML writes such numbers as 0xfff…; Python refuses to print them in decimal


def endless() -> list[Any]:
    """Return a list that holds itself, as aliases can make one."""
    knot: list[Any] = ["Tea"]
    knot.append(knot)
    return knot


class TestFrontMatter:
    def test_keys_are_found_whatever_their_case(self) -> None:
        values = FrontMatter({"LastMod": 1, "TITLE": 2, 3: 4})
        assert [values.get(key) for key in ("lastmod", "Title", "3")] == [1, 2, 4]

    def test_a_dotted_key_goes_one_level_down_whatever_the_case(self) -> None:
        values = FrontMatter({"Link": {"Brand": "pub", "deep": {"er": "x"}}, "plain": "text"})
        assert [values.get(key) for key in ("link.brand", "LINK.BRAND", "link.deep.er")] == ["pub", "pub", "x"]
        assert [values.get(key) for key in ("link.other", "plain.brand", "none.brand")] == [None, None, None]

    def test_a_key_with_a_dot_of_its_own_is_found(self) -> None:
        assert FrontMatter({"link.brand": "pub"}).get("link.brand") == "pub"

    @pytest.mark.parametrize("nothing", [None, "", [], {}])
    def test_a_value_that_says_nothing_gives_way_to_the_next_key(self, nothing: Any) -> None:
        values = FrontMatter({"a": nothing, "b": "tea"})
        assert values.find(("a", "b")) == "tea"
        assert values.find_key(("a", "b")) == "b"

    @pytest.mark.parametrize("something", [0, False, " ", [None], 0.0])
    def test_a_value_that_says_little_still_counts(self, something: Any) -> None:
        assert FrontMatter({"a": something, "b": "tea"}).find(("a", "b")) == something

    def test_the_first_key_of_several_wins_and_not_the_first_line(self) -> None:
        values = FrontMatter({"b": 1, "a": 2})
        assert values.find(("a", "b")) == 2
        assert values.find(("x.y", "y")) is None
        assert values.find_key(("x", "y")) == "x"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Tea", "Tea"),
        ("  Tea\n for   two ", "Tea for two"),
        ("Tea &amp; cake", "Tea & cake"),
        ("Tea &lt;b&gt;", "Tea <b>"),
        ("It&#8217;s", "It’s"),
        ("&eacute;t&eacute;", "été"),
        ("<b>Tea</b> and <em class='x'>cake</em>", "Tea and cake"),
        ("Tea<br>cake<br/>", "Teacake"),
        ("a < b", "a < b"),
        ("Sleep <Tech> & more", "Sleep <Tech> & more"),
        ("a <b", "a <b"),
        ("<script>alert(1)</script>Tea", "Tea"),
        ("<b>never closed", "<b>never closed"),
        ("Te\x08a", "Tea"),
        ("Te\ud800a", "Tea"),
        ("\xa0Tea\u3000cake", "Tea cake"),
        ("日本語", "日本語"),
        ("🍵", "🍵"),
        ("", ""),
        (None, ""),
        (0, "0"),
        (42, "42"),
        (1.5, "1.5"),
        (True, "true"),
        (False, "false"),
        ([], ""),
        (["Tea", "Coffee"], "Tea"),
        ([["Tea"]], "Tea"),
        ([None, "Tea"], ""),
        ({}, ""),
        ({"a": "Tea"}, ""),
    ],
)
def test_any_value_gives_one_line_of_text(value: Any, text: str) -> None:
    assert as_text(value) == text


FLAGS: dict[bool | None, tuple[Any, ...]] = {
    True: (True, "true", "True", " YES ", "on", "1", 1),
    False: (False, "false", "FALSE", "no", "off", "0", 0),
    None: ("", "maybe", "2026-03-01", None, 2, 1.0, [], {}, [True]),
}


@pytest.mark.parametrize(("value", "flag"), [(value, flag) for flag, values in FLAGS.items() for value in values])
def test_a_flag_is_said_in_words_and_numbers(value: Any, flag: bool | None) -> None:
    assert as_flag(value) is flag


@pytest.mark.parametrize(
    ("value", "separator", "texts"),
    [
        ("Tea, Coffee", None, ("Tea, Coffee",)),
        ("Tea, Coffee", ",", ("Tea", "Coffee")),
        ("Tea,, Tea ,", ",", ("Tea",)),
        (["Tea", "Coffee", "Tea"], None, ("Tea", "Coffee")),
        (["Tea, hot", "Coffee"], ",", ("Tea, hot", "Coffee")),
        (["Tea", ["Coffee", ["Milk"]], None, ""], None, ("Tea", "Coffee", "Milk")),
        (("Tea", "Coffee"), None, ("Tea", "Coffee")),
        ([2026, 1.5, True], None, ("2026", "1.5", "true")),
        (2026, ",", ("2026",)),
        ({"a": 1}, None, ()),
        ([{"a": 1}], None, ()),
        (None, ",", ()),
        ("", ",", ()),
    ],
)
def test_texts_come_from_one_value_or_many(value: Any, separator: str | None, texts: tuple[str, ...]) -> None:
    assert as_texts(value, separator) == texts


def named(*texts: str) -> list[Category]:
    parts = [text.partition("|") for text in texts]
    return [
        Category(label=label, taxonomy=taxonomy) if bar else Category(label=taxonomy) for taxonomy, bar, label in parts
    ]


@pytest.mark.parametrize(
    ("value", "separator", "taxonomies", "categories"),
    [
        ("Tea", None, True, ["Tea"]),
        ("Tea, Repairs", None, True, ["Tea, Repairs"]),
        ("Tea, Repairs", ",", True, ["Tea", "Repairs"]),
        (["Desk: Tea", "Tea"], None, True, ["Desk|Tea", "Tea"]),
        (["Desk: Tea"], None, False, ["Desk: Tea"]),
        (
            ["Desk:Tea", "Desk :Tea", "Desk: ", ": Tea", "10:30"],
            None,
            True,
            ["Desk:Tea", "Desk :Tea", "Desk:", ": Tea", "10:30"],
        ),
        (["Desk: Tea: Green"], None, True, ["Desk|Tea: Green"]),
        (["Bread &amp; Baking"], None, True, ["Bread & Baking"]),
        (["Tea", "TEA", "tea"], None, True, ["Tea"]),
        ([2026, True, None], None, True, ["2026", "true"]),
        (None, None, True, []),
    ],
)
def test_categories_are_taken_apart_into_taxonomy_and_label(
    value: Any, separator: str | None, taxonomies: bool, categories: list[str]
) -> None:
    assert list(as_categories(value, separator, taxonomies)) == named(*categories)


def person(name: str, email: str | None = None, url: str | None = None) -> Author:
    return Author(name=name, email=email, url=url)


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Ann Lee", [person("Ann Lee")]),
        ("  Ann   Lee ", [person("Ann Lee")]),
        ("Ann Lee, Bo", [person("Ann Lee, Bo")]),
        ("Ann Lee <ann@example.org>", [person("Ann Lee", "ann@example.org")]),
        ('"Ann Lee" <ann@example.org>', [person("Ann Lee", "ann@example.org")]),
        ("<ann@example.org>", [person("ann", "ann@example.org")]),
        ("ann@example.org", [person("ann", "ann@example.org")]),
        ("Ann <b>", [person("Ann <b>")]),
        ("[Ann](https://ann.example/)", [person("Ann", url="https://ann.example/")]),
        ("[Ann](/about)", [person("Ann")]),
        ("[Ann](javascript:alert(1))", [person("Ann)")]),
        ("[](https://ann.example/)", []),
        (
            {"name": "Ann", "email": "ann@example.org", "url": "https://ann.example/"},
            [person("Ann", "ann@example.org", "https://ann.example/")],
        ),
        ({"Name": "Ann", "EMAIL": "no address", "URL": "/ann"}, [person("Ann")]),
        ({"title": "Ann"}, [person("Ann")]),
        ({"display_name": "Ann", "website": "http://ann.example/"}, [person("Ann", url="http://ann.example/")]),
        ({"id": "ann"}, [person("ann")]),
        ({"email": "ann@example.org"}, []),
        (["Ann", {"name": "Bo"}, ["Cy", None]], [person("Ann"), person("Bo"), person("Cy")]),
        (["Ann", "ANN", {"name": "ann", "email": "a@example.org"}], [person("Ann")]),
        ([7, True], [person("7"), person("true")]),
        ("Tom &amp; Jerry", [person("Tom & Jerry")]),
        ("李小龍", [person("李小龍")]),
        ("", []),
        (None, []),
        ({}, []),
    ],
)
def test_authors_come_from_texts_and_maps(value: Any, authors: list[Author]) -> None:
    assert list(as_authors(value)) == authors


@pytest.mark.parametrize(
    ("value", "image"),
    [
        ("cup.png", Image(url="cup.png")),
        (" https://example.org/cup.png ", Image(url="https://example.org/cup.png")),
        (["cup.png", "pot.png"], Image(url="cup.png")),
        ([["cup.png"]], Image(url="cup.png")),
        ([{"src": "cup.png"}], Image(url="cup.png")),
        ({"href": "cup.png", "alt": "A &amp; B"}, Image(url="cup.png", alt="A & B")),
        ({"HREF": "cup.png", "Alt": "A cup"}, Image(url="cup.png", alt="A cup")),
        ({"src": "cup.png", "caption": "A cup"}, Image(url="cup.png", alt="A cup")),
        ({"url": "cup.png", "title": "A cup"}, Image(url="cup.png", alt="A cup")),
        ({"href": "", "path": "cup.png"}, Image(url="cup.png")),
        ({"file": "cup.png"}, Image(url="cup.png")),
        ({"image": "cup.png"}, Image(url="cup.png")),
        ({"imgName": "cup.png"}, Image(url="cup.png")),
        ({"href": "cup.png", "size": [630, 1200]}, Image(url="cup.png", height=630, width=1200)),
        ({"href": "cup.png", "size": ["630", "1200"]}, Image(url="cup.png", height=630, width=1200)),
        ({"href": "cup.png", "height": 630, "width": "1200"}, Image(url="cup.png", height=630, width=1200)),
        ({"href": "cup.png", "width": 1200}, Image(url="cup.png", width=1200)),
        ({"href": "cup.png", "size": [630]}, Image(url="cup.png")),
        ({"href": "cup.png", "size": [0, -1]}, Image(url="cup.png")),
        ({"href": "cup.png", "width": "²", "height": "auto"}, Image(url="cup.png")),
        ({"href": "cup.png", "width": "9" * 5000, "height": 10**30}, Image(url="cup.png")),
        ({"href": "cup.png", "width": 100_000, "height": 99_999}, Image(url="cup.png", height=99_999)),
        ({"href": "cup.png", "width": True, "height": None}, Image(url="cup.png")),
        ({"href": "cup.png", "valid": True}, Image(url="cup.png")),
        ({"href": "cup.png", "valid": False}, None),
        ({"href": "cup.png", "Valid": "false"}, None),
        ({"alt": "A cup"}, None),
        ({}, None),
        ([], None),
        ("", None),
        (None, None),
    ],
)
def test_a_picture_comes_from_a_text_or_a_map(value: Any, image: Image | None) -> None:
    assert as_image(value) == image


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("https://pub.example/", "https://pub.example/"),
        ({"href": "https://pub.example/", "original": "x"}, "https://pub.example/"),
        ({"HREF": "https://pub.example/"}, "https://pub.example/"),
        ({"href": None, "url": "https://pub.example/"}, "https://pub.example/"),
        ({"href": "", "original": "https://pub.example/?a=1&amp;b=2"}, "https://pub.example/?a=1&b=2"),
        (["https://pub.example/"], "https://pub.example/"),
        ({"brand": "pub"}, ""),
        (None, ""),
        (7, "7"),
    ],
)
def test_a_link_comes_from_a_text_or_a_map(value: Any, link: str) -> None:
    assert as_link(value) == link


@pytest.mark.parametrize(
    ("item", "offering"),
    [
        (
            {"label": "Kettle", "permalink": "/shop/kettle"},
            Offering(label="Kettle", url="https://example.org/sub/shop/kettle"),
        ),
        (
            {"title": "Kettle", "url": "https://shop.example/a b"},
            Offering(label="Kettle", url="https://shop.example/a%20b"),
        ),
        ({"name": "Kettle", "href": "shop/kettle"}, Offering(label="Kettle")),
        ({"label": "Kettle", "permalink": "javascript:alert(1)"}, Offering(label="Kettle")),
        ({"label": "Kettle", "categories": ["Tea", "Hot"]}, Offering(label="Kettle", categories=("Tea", "Hot"))),
    ],
)
def test_an_offering_has_a_label_and_a_web_address(item: dict[str, Any], offering: Offering) -> None:
    assert as_offerings([item], "https://example.org/sub/") == (offering,)


@pytest.mark.parametrize("value", [None, [], "Kettle", [{}], [{"permalink": "/x"}], [None, "x", 7]])
def test_what_has_no_label_is_no_offering(value: Any) -> None:
    assert as_offerings(value, "https://example.org/") == ()


def test_items_are_those_of_a_list_or_the_one_value() -> None:
    assert as_items([1, [2, None], {"a": 3}]) == (1, 2, {"a": 3})
    assert as_items({"a": 1}) == ({"a": 1},)
    assert as_items(None) == ()


STRANGE = {
    "a number": HUGE,
    "a list": [HUGE],
    "a map": {"name": HUGE, "href": HUGE, "label": HUGE},
    "digits": "9" * 5000,
    "no number": float("nan"),
    "bytes": b"x",
}


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_no_value_is_too_strange(value: Any) -> None:
    readers: list[Callable[[Any], object]] = [as_text, as_flag, as_texts, as_authors, as_image, as_link, as_items]
    for reader in readers:
        reader(value)
    as_categories(value, ",", True)
    as_offerings(value, "https://example.org/")


def test_lists_have_a_measure() -> None:
    assert len(as_texts([str(number) for number in range(10_000)])) == MAX_VALUES
    assert as_texts(endless())[:1] == ("Tea",)
    assert len(as_authors(endless())) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[" * 30_000,
        "<" * 30_000,
        "<b>" * 30_000,
        "<" + "@" * 30_000,
        "a@" * 50_000,
        "<a@" * 30_000,
        "&" * 100_000,
        "x <" * 30_000,
    ],
    ids=lambda text: text[:4],
)
def test_a_long_value_is_read_by_all_readers(text: str) -> None:
    """Each of these would keep a reader that takes the square of their length busy for minutes."""
    assert len(as_text(text)) > 20_000
    assert as_texts(text) == (as_text(text),)
    assert len(as_authors(text)) == len(as_categories(text, ",", True)) == 1
    assert (as_image(text) is not None, as_link(text)) == (True, as_text(text))
