"""An issue as HTML with inlined CSS and as plain text, read by independent parsers."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import html as lxml_html
from makers import day, make_entry, make_newsletter, make_site, make_topic

from syndicate.adapters.templates import load_templates
from syndicate.domain.articles import Author, Image
from syndicate.domain.feeds import Entry
from syndicate.domain.newsletters import Newsletter, Rendered
from syndicate.domain.topics import Topic
from syndicate.newsletters.inline import inline_css
from syndicate.newsletters.render import render_issue

TEMPLATES, _ = load_templates(Path("no templates of one's own"))
TEA, SKY = make_topic("Desk: Tea"), make_topic("Night Sky")
DUE = day(1, 6, hour=7)
HOSTILE = {
    "markup": "<b>Tea</b> & \"cake\" <script>alert(1)</script> 'x' ]]> &amp;",
    "emoji": "🍵 Tea 👩‍👩‍👧",
    "right to left": "شاي وكعك שלום",
    "Chinese": "茶と月餅",
    "braces": "{{ 7 * 7 }} {% if x %} {# x #}",
    "long": "A very long headline that goes on and on " * 5 + "to its end",
}
Sections = list[tuple[Topic, list[Entry]]]


def issue(sections: Sections, *, number: int | None = 3, newsletter: Newsletter | None = None) -> Rendered:
    return render_issue(TEMPLATES, make_site(), newsletter or make_newsletter(), sections, DUE, number)


def parsed(html: str) -> Any:
    return lxml_html.document_fromstring(html)


def page(rendered: Rendered) -> Any:
    return parsed(rendered.html)


def words(text: str) -> str:
    return " ".join(text.split())


def shown(rendered: Rendered) -> str:
    """Return the text of the HTML's body."""
    return words(page(rendered).find("body").text_content())


THREE: Sections = [
    (TEA, [make_entry(1, summary="About one", topics=(TEA, SKY)), make_entry(2, topics=(TEA,))]),
    (SKY, [make_entry(3, brand="Pub", authors=(Author(name="Ann"), Author(name="Bo")), topics=(SKY,))]),
]


class TestBothParts:
    """What the HTML says, the plain text says too."""

    def test_every_headline_link_and_summary_is_in_both(self) -> None:
        rendered = issue(THREE)
        links = page(rendered).xpath("//a/@href")
        for entry in (entry for _, entries in THREE for entry in entries):
            assert entry.title in shown(rendered)
            assert entry.title in rendered.text
            assert entry.url in links
            assert entry.url in rendered.text.split()
        assert "About one" in shown(rendered)
        assert "About one" in rendered.text

    def test_every_link_of_the_html_is_in_the_text(self) -> None:
        rendered = issue(THREE)
        assert set(page(rendered).xpath("//a/@href")) <= set(rendered.text.split())

    @pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
    def test_any_text_comes_through(self, hostile: str) -> None:
        entry = make_entry(1, title=hostile, summary=hostile, brand=hostile, authors=(Author(name=hostile),))
        topic = make_topic("Tea", label=hostile)
        newsletter = make_newsletter(title=hostile, description=hostile, postal_address=hostile)
        rendered = issue([(topic, [entry])], newsletter=newsletter)
        assert words(page(rendered).xpath("string(//h3[1])")) == words(hostile)
        assert words(page(rendered).xpath("string(//h2[1])")) == words(hostile)
        assert words(page(rendered).xpath("string(//h1[1])")) == words(hostile)
        assert words(page(rendered).xpath("string(//title)")) == words(rendered.subject)
        assert words(rendered.text).count(words(hostile)) >= 6
        assert page(rendered).xpath("//body//script") == []

    def test_an_address_with_ampersands_stays_what_it_is(self) -> None:
        address = "https://example.org/?a=1&b=2&copy=3"
        rendered = issue([(TEA, [make_entry(url=address)])])
        assert address in page(rendered).xpath("//a/@href")
        assert address in rendered.text.split()

    def test_where_an_article_stands_too_is_told(self) -> None:
        rendered = issue(THREE)
        assert "Also in Night Sky" in shown(rendered)
        assert "Also in Night Sky" in rendered.text
        assert shown(rendered).count("Also in") == 1

    def test_the_newsletter_says_who_it_is_from_and_when(self) -> None:
        newsletter = make_newsletter(description="Every week", postal_address="1 Quay\nTown")
        for part in (shown(issue(THREE, newsletter=newsletter)), words(issue(THREE, newsletter=newsletter).text)):
            for text in ("The Weekly", "Every week", "No. 3", "1 June 2026", "3 stories", "The Test Gazette", "1 Quay"):
                assert text in part

    def test_dates_are_those_of_the_newsletters_zone(self) -> None:
        newsletter = make_newsletter(zone=ZoneInfo("Pacific/Kiritimati"))
        entry = make_entry(published=day(1, hour=20))
        rendered = render_issue(TEMPLATES, make_site(), newsletter, [(TEA, [entry])], day(1, 6, hour=20), 1)
        assert "2 June 2026" in shown(rendered)
        assert "2 January" in shown(rendered)

    def test_a_story_names_the_year_if_it_is_not_that_of_the_issue(self) -> None:
        stories = [make_entry(1), make_entry(2, published=day(31, 12, year=2025))]
        for text in (shown(issue([(TEA, stories)])), issue([(TEA, stories)]).text):
            assert "31 December 2025" in text
            assert "1 January 2026" not in text

    def test_an_address_does_not_say_the_sites_name_again(self) -> None:
        for address in ("The Test Gazette\n1 Quay", "1 Quay"):
            rendered = issue(THREE, newsletter=make_newsletter(postal_address=address))
            (end,) = parsed(rendered.html).find_class("footer")
            assert end.text_content().split() == ["The", "Test", "Gazette1", "Quay"]
            assert rendered.text.endswith("\nThe Test Gazette\nhttps://example.org/\n1 Quay\n")

    def test_an_address_that_only_begins_with_the_sites_name_is_whole(self) -> None:
        rendered = issue(THREE, newsletter=make_newsletter(postal_address="The Test Gazette Society\n1 Quay"))
        (end,) = parsed(rendered.html).find_class("footer")
        assert end.text_content().strip() == "The Test GazetteThe Test Gazette Society1 Quay"
        assert rendered.text.endswith("\nThe Test Gazette Society\n1 Quay\n")

    def test_only_a_message_says_why_it_came(self) -> None:
        rendered, why = issue(THREE), "You receive this because you subscribed to The Weekly."
        assert why in str(rendered.mail_html)
        assert why in str(rendered.mail_text)
        assert why not in rendered.html + rendered.text

    def test_a_message_leads_to_the_copy_on_the_web_which_ends_nobodys_subscription(self) -> None:
        rendered = issue(THREE)
        address = "https://feeds.example.org/newsletters/weekly/3/"
        assert address in str(rendered.mail_html)
        assert address in str(rendered.mail_text).split()
        assert address not in rendered.html + rendered.text
        assert "nsubscribe" not in rendered.html.replace("you subscribed", "") + rendered.text.replace(
            "you subscribed", ""
        )

    def test_a_preview_has_no_place_on_the_web(self) -> None:
        rendered = issue(THREE, number=None)
        assert "Preview" in shown(rendered)
        assert "Preview" in rendered.text
        assert "/newsletters/" not in rendered.html + rendered.text

    def test_an_issue_without_stories_says_so(self) -> None:
        rendered = issue([])
        assert rendered.subject == "The Weekly"
        assert "There is nothing new this time." in shown(rendered)
        assert "There is nothing new this time." in rendered.text


class TestSubjectAndPreheader:
    @pytest.mark.parametrize(
        ("count", "subject", "preheader"),
        [
            (1, "The Weekly: Headline 1", []),
            (2, "The Weekly: Headline 1 and 1 more story", ["Headline 2"]),
            (3, "The Weekly: Headline 1 and 2 more stories", ["Headline 2 · Headline 3"]),
            (5, "The Weekly: Headline 1 and 4 more stories", ["Headline 2 · Headline 3"]),
        ],
    )
    def test_they_name_the_first_stories(self, count: int, subject: str, preheader: list[str]) -> None:
        rendered = issue([(TEA, [make_entry(number) for number in range(1, count + 1)])])
        assert rendered.subject == subject
        assert page(rendered).xpath("//*[@class='preheader']/text()") == preheader

    def test_a_preheader_is_not_seen_and_not_held_for_a_trick(self) -> None:
        (style,) = page(issue(THREE)).xpath("//*[@class='preheader']/@style")
        rules = dict(part.strip().split(":") for part in style.split(";"))
        assert rules == {"display": "none", "max-height": "0", "overflow": "hidden", "mso-hide": "all"}


class TestInlining:
    def test_styles_stand_in_the_elements(self) -> None:
        document = page(issue(THREE))
        assert "padding" in document.xpath("string(//td[@class='section']/@style)")
        assert all(document.xpath("//h3/@style"))

    def test_only_the_rules_about_screens_stay_in_a_style_sheet(self) -> None:
        (sheet,) = page(issue(THREE)).xpath("//style/text()")
        assert "@media (prefers-color-scheme: dark)" in sheet
        assert "@media (max-width: 480px)" in sheet
        assert "[data-ogsc]" in sheet
        assert sheet.count("!important") > 20
        assert ".page { width: 100%" not in sheet

    def test_the_classes_that_they_speak_of_are_kept(self) -> None:
        classes = {name for value in page(issue(THREE)).xpath("//@class") for name in value.split()}
        assert {"body", "page", "margin", "sheet", "header", "topic", "title", "meta", "small"} <= classes

    def test_a_document_keeps_its_doctype_and_what_outlook_reads(self) -> None:
        rendered = issue(THREE)
        assert rendered.html.startswith("<!DOCTYPE html>\n<html")
        assert rendered.html.count("<!--[if mso]>") == 3
        assert rendered.html.count("<![endif]-->") == 3

    def test_a_picture_keeps_its_size_and_gets_no_attribute_that_html_lacks(self) -> None:
        wide = Image(url="https://c.example/a.png?x=1&y=2", alt='A "cup" & more', width=1200, height=630)
        rendered = issue(
            [(TEA, [make_entry(1, image=wide), make_entry(2, image=Image(url="https://c.example/b.png"))])]
        )
        first, second = page(rendered).xpath("//img")
        assert (first.get("src"), first.get("alt")) == ("https://c.example/a.png?x=1&y=2", 'A "cup" & more')
        assert (first.get("width"), first.get("height")) == ("552", "290")
        assert (second.get("alt"), second.get("width"), second.get("height")) == ("Headline 2", "177", "93")

    @pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
    def test_the_language_has_its_direction(self, language: str, direction: str) -> None:
        document = page(issue(THREE, newsletter=make_newsletter(language=language)))
        assert (document.get("lang"), document.get("dir")) == (language, direction)

    def test_nothing_is_fetched_and_no_fault_of_css_is_the_end(self) -> None:
        document = (
            "<!DOCTYPE html><html><head><link rel='stylesheet' href='https://gone.invalid/a.css'>"
            "<style>p { colr: red; color: } p{color:blue}</style></head><body><p>Tea</p></body></html>"
        )
        (style,) = parsed(inline_css(document)).xpath("//p/@style")
        assert "blue" in style

    def test_a_rule_that_is_important_stays_so(self) -> None:
        document = (
            "<!DOCTYPE html><html><head><style>p { color: red !important }</style></head><body><p>Tea</p></body></html>"
        )
        (style,) = parsed(inline_css(document)).xpath("//p/@style")
        assert style.replace(" ", "") == "color:red!important"

    def test_a_whole_address_in_the_place_of_a_link_survives(self) -> None:
        document = "<!DOCTYPE html><html><head></head><body><a href='https://unsubscribe.invalid/?a=1&amp;b=2'>x</a></body></html>"
        assert parsed(inline_css(document)).xpath("//a/@href") == ["https://unsubscribe.invalid/?a=1&b=2"]


class TestPlainText:
    def test_lines_are_short(self) -> None:
        rendered = issue(
            [(make_topic("Tea", label="Topic " * 20), [make_entry(1, title="word " * 60, summary="word " * 90)])]
        )
        assert max(map(len, rendered.text.splitlines())) < 80

    def test_there_is_no_markup_left(self) -> None:
        entry = make_entry(1, title="A & B", summary="C < D")
        text = issue([(TEA, [entry])]).text
        assert not any(mark in text for mark in ("&amp;", "&lt;", "&#", "<p", "{{", "{%"))

    def test_it_reads_like_this(self) -> None:
        rendered = issue(THREE, newsletter=make_newsletter(description="Every week", postal_address="1 Quay"))
        assert rendered.text == (
            "The Weekly\n==========\nNo. 3, 1 June 2026, 3 stories\n\nEvery week\n\n\n"
            "Tea\n---\n\n"
            "Headline 1\n  About one\n  1 January\n  Also in Night Sky\n  https://example.org/stories/1/\n\n"
            "Headline 2\n  2 January\n  https://example.org/stories/2/\n\n"
            "More in Tea:\nhttps://feeds.example.org/topics/desk-tea/\n\n\n"
            "Night Sky\n---------\n\n"
            "Headline 3\n  Pub, Ann, Bo, 3 January\n  https://example.org/stories/3/\n\n"
            "More in Night Sky:\nhttps://feeds.example.org/topics/night-sky/\n\n\n"
            "--------------------\n"
            "The Test Gazette\nhttps://example.org/\n1 Quay\n"
        )


def test_one_issue_has_one_form() -> None:
    assert issue(THREE) == issue(THREE)
