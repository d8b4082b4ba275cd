"""What holds for an issue in every design and every language: for mail programs, for readers, and for marketers."""

import re
from dataclasses import replace
from typing import Any

import pytest
from golden.designs import LANGUAGES, TEMPLATES, issue
from lxml import html as lxml_html
from makers import day, make_entry, make_newsletter, make_site, make_topic

from syndicate.domain.articles import Image
from syndicate.domain.newsletters import Rendered
from syndicate.domain.text import PLAIN_COLUMNS, columns_of
from syndicate.domain.themes import DARK, LIGHT, Design, Logo, Theme, contrast
from syndicate.errors import TemplateError
from syndicate.newsletters.render import render_issue

TEA, SKY = make_topic("Tea"), make_topic("Night Sky")
ALL = [(design, language) for design in Design for language in LANGUAGES]
everywhere = pytest.mark.parametrize(("design", "language"), ALL, ids=lambda one: getattr(one, "value", one))
in_each_design = pytest.mark.parametrize("design", Design, ids=lambda one: one.value)


def page(rendered: Rendered) -> Any:
    return lxml_html.document_fromstring(rendered.mail_html or rendered.html)


def rules(element: Any) -> dict[str, str]:
    """Return the rules of an element's style attribute."""
    parts = (part.split(":", 1) for part in (element.get("style") or "").split(";") if part.strip())
    return {name.strip(): value.strip() for name, value in parts}


def simple(newsletter: dict[str, Any], *entries: Any, templates: dict[str, str] | None = None) -> Rendered:
    sections = [(TEA, list(entries or [make_entry(1, summary="About one"), make_entry(2)]))]
    made = make_newsletter(**newsletter)
    return render_issue({**TEMPLATES, **(templates or {})}, make_site(), made, sections, day(1, 6, hour=7), 3)


class TestEveryMailProgram:
    @everywhere
    def test_tables_are_for_layout_and_say_so(self, design: Design, language: str) -> None:
        assert {table.get("role") for table in page(issue(design, language)).iter("table")} == {"presentation"}

    @everywhere
    def test_a_picture_has_its_size_and_words_and_leads_to_its_article(self, design: Design, language: str) -> None:
        pictures = list(page(issue(design, language)).iter("img"))
        assert len(pictures) == (3 if design is Design.MAGAZINE else 0)
        for picture in pictures:
            assert picture.get("alt")
            assert int(picture.get("width")) <= 552
            assert int(picture.get("height")) > 0
            assert picture.getparent().get("href", "").startswith("https://example.org/stories/")

    @everywhere
    def test_outlook_has_its_table_and_its_fonts(self, design: Design, language: str) -> None:
        html = issue(design, language).mail_html or ""
        assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 3
        assert '<!--[if mso]><table role="presentation" width="600"' in html
        assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in html
        (fonts,) = re.findall(r"p, td, li, a, h2 \{ font-family: (.+?) !important", html)
        assert fonts in ("Segoe UI", "Georgia")

    @everywhere
    def test_the_only_style_sheet_is_about_screens_and_small(self, design: Design, language: str) -> None:
        (sheet,) = page(issue(design, language)).xpath("//head/style/text()")
        assert "@media (prefers-color-scheme: dark)" in sheet
        assert "[data-ogsc]" in sheet
        assert len(sheet) < 16_000
        assert all("!important" in line for line in sheet.splitlines() if "{" in line and not line.startswith("@"))

    @everywhere
    def test_no_rule_waits_for_what_mail_programs_lack(self, design: Design, language: str) -> None:
        styles = " ".join(page(issue(design, language)).xpath("//@style"))
        assert not re.findall(
            r"var\(|calc\(|flex|grid|position|float|!important|border-radius|background-image", styles
        )

    @everywhere
    def test_everything_that_a_reader_changes_by_a_click_is_there_once(self, design: Design, language: str) -> None:
        rendered = issue(design, language)
        links = page(rendered).xpath("//a/@href")
        for address in ("https://unsubscribe.invalid/", "https://preferences.invalid/"):
            assert links.count(address) == 1
            assert (rendered.mail_text or "").count(address) == 1
            assert address not in rendered.html + rendered.text

    @in_each_design
    def test_two_hundred_stories_are_all_there(self, design: Design) -> None:
        entries = [make_entry(number % 28 + 1, title=f"Story {number}", summary="x " * 40) for number in range(200)]
        rendered = simple({"design": design}, *entries)
        assert len(page(rendered).xpath("//h3")) == 200
        assert len((rendered.mail_html or "").encode()) < 102_400


class TestEveryLanguage:
    @everywhere
    def test_it_is_said_to_be_in_its_language(self, design: Design, language: str) -> None:
        document = page(issue(design, language))
        assert document.get("lang") == language
        assert document.get("dir") == ("rtl" if language == "ar" else "ltr")

    @pytest.mark.parametrize("design", Design, ids=lambda one: one.value)
    def test_arabic_is_a_mirror(self, design: Design) -> None:
        """Each rule that names a side names the other one, and the same pixels stand on the other side."""
        left, right = page(issue(design, "en")), page(issue(design, "ar"))
        seen = 0
        for name in ("margin", "lines", "thumb", "offerings"):
            for one, other in zip(left.find_class(name), right.find_class(name), strict=True):
                ltr, rtl = rules(one), rules(other)
                seen += 1
                if "text-align" in ltr:
                    assert (ltr["text-align"], rtl["text-align"]) == ("left", "right")
                if "border-left" in ltr:
                    assert ltr["border-left"] == rtl["border-right"]
                four = ltr.get("padding", "0").split()
                if len(four) == 4:
                    assert [four[0], four[3], four[2], four[1]] == rtl["padding"].split()
        assert seen >= 3

    def test_words_in_another_direction_are_marked(self) -> None:
        document = page(issue(Design.TEXT, "ar"))
        directions = [one.get("dir") for one in document.iter("h3")]
        assert directions == [None, None, "ltr", None]
        arabic = simple({}, make_entry(1, title="شاي", summary="Tea", brand="المدينة"))
        (title,) = page(arabic).iter("h3")
        assert title.get("dir") == "rtl"
        assert page(arabic).xpath("//p[@class='meta']/span/@dir") == ["auto", "auto"]
        assert page(simple({})).xpath("//td[@class='section']//@dir") == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_sentence_is_left_with_a_gap(self, language: str) -> None:
        rendered = issue(Design.MAGAZINE, language)
        for part in (page(rendered).text_content(), rendered.mail_text or "", rendered.subject):
            assert "%(" not in part
            assert "{{" not in part

    def test_a_language_without_words_speaks_english_with_its_own_dates(self) -> None:
        text = simple({"language": "fr"}).text
        assert "No. 3, 1 juin 2026, 2 stories" in text


class TestPlainText:
    @pytest.mark.parametrize("language", LANGUAGES)
    @in_each_design
    def test_every_word_and_link_of_the_html_is_in_it(self, design: Design, language: str) -> None:
        rendered = issue(design, language)
        document, text = page(rendered), rendered.mail_text or ""
        words = " ".join(re.sub(r"(?m)^[*>-] |^\d+\. ", "", text).split())
        button = document.find_class("button")
        for hidden in (*button, *document.find_class("preheader"), document.find("head")):
            hidden.getparent().remove(hidden)
        for address in document.xpath("//a/@href"):
            assert address in re.split(r"[\s<>]+", text)
        shown = [" ".join(one.split()) for one in document.itertext()]
        for piece in (part.strip(" ·.,:،") for one in shown for part in one.split(" · ")):
            assert piece in words, piece

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_its_lines_are_short_and_bare_of_markup(self, language: str) -> None:
        lines = (issue(Design.BRIEF, language).mail_text or "").splitlines()
        assert max(map(columns_of, lines)) <= PLAIN_COLUMNS
        assert not any(line != line.rstrip() for line in lines)
        assert not re.search(r"</|<p|&amp;|&#", "\n".join(lines))

    def test_it_is_the_same_in_all_designs(self) -> None:
        assert len({issue(design, "en").mail_text for design in Design}) == 1


class TestPictures:
    @pytest.mark.parametrize(
        ("sides", "wide", "thumb"),
        [
            ((1200, 630), (552, 290), (177, 93)),
            ((552, 400), (552, 400), (177, 128)),
            ((551, 300), None, (177, 96)),
            ((600, 600), None, (133, 133)),
            ((400, 900), None, (59, 133)),
            ((60, 60), None, (60, 60)),
            ((1, 1), None, None),
            ((2400, 200), (552, 46), None),
            ((99_999, 1), None, None),
            ((None, None), None, (177, 93)),
        ],
    )
    def test_they_fit_and_what_nobody_would_see_is_left_out(self, sides: Any, wide: Any, thumb: Any) -> None:
        image = Image(url="https://img.example/a.png", width=sides[0], height=sides[1])
        rendered = simple({}, make_entry(1, image=image), make_entry(2, image=image))
        sizes = [(int(one.get("width")), int(one.get("height"))) for one in page(rendered).iter("img")]
        assert sizes == [size for size in (wide or thumb, thumb) if size]

    def test_a_large_one_comes_before_its_words_and_stands_at_the_end_of_the_line(self) -> None:
        """So that a phone that puts cells below each other has it above the words."""
        image, small = (Image(url="https://img.example/a.png", width=side, height=side // 2) for side in (800, 300))
        stories = [make_entry(1), make_entry(2, image=image), make_entry(3, image=small)]
        for language, mirrored in (("en", "rtl"), ("ar", "ltr")):
            document = page(simple({"language": language}, *stories))
            pairs = document.find_class("pair")
            cells = [[cell.get("class") for cell in pair.iter("td")] for pair in pairs]
            assert cells == [["thumb stack", "words stack"], ["thumb", "words"]]
            assert [pair.get("dir") for pair in pairs] == [mirrored, mirrored]
            assert {cell.get("dir") for pair in pairs for cell in pair.iter("td")} == {document.get("dir")}

    def test_one_is_never_shown_larger_than_it_is(self) -> None:
        small = Image(url="https://img.example/a.png", width=60, height=50)
        (shown,) = page(simple({}, make_entry(1, image=small))).iter("img")
        assert rules(shown)["max-width"] == "60px"


class TestTheme:
    THEME = Theme(
        width=640,
        font="Verdana, sans-serif",
        heading_font="'Times New Roman', serif",
        logo=Logo(src="https://example.org/l.png", dark="https://example.org/d.png", width=180, height=40),
    )

    @in_each_design
    def test_its_fonts_width_and_logo_are_used(self, design: Design) -> None:
        rendered = simple({"design": design, "theme": self.THEME})
        document = page(rendered)
        assert rules(document.find_class("sheet")[0])["max-width"] == "640px"
        assert rules(document.find_class("margin")[0])["font-family"] == "Verdana, sans-serif"
        assert rules(next(document.iter("h3")))["font-family"].replace('"', "'") == "'Times New Roman', serif"
        assert "h1 a, h3 a { font-family: Times New Roman !important" in (rendered.mail_html or "")
        logo = document.find_class("logo")[0]
        assert [logo.get(name) for name in ("src", "alt", "width", "height")] == [
            "https://example.org/l.png", "The Weekly", "180", "40",
        ]  # fmt: skip
        assert document.xpath("//h1//source/@srcset") == ["https://example.org/d.png"]
        assert "</source>" not in (rendered.mail_html or "")

    def test_the_place_of_a_picture_has_a_ground_on_which_its_words_can_be_read(self) -> None:
        image = Image(url="https://img.example/a.png")
        grounds = {"#eef1f3": "#eef1f3", "#222222": "#fffffe"}
        for background, ground in grounds.items():
            theme = Theme(light=replace(LIGHT, background=background, surface="#fffffe"))
            (shown,) = page(simple({"theme": theme}, make_entry(1, image=image))).iter("img")
            assert rules(shown)["background-color"] == ground

    @in_each_design
    def test_its_colours_are_used_in_both_schemes(self, design: Design) -> None:
        light = {name: f"#{number}{number}12ab" for number, name in enumerate(LIGHT.__slots__)}
        dark = {name: f"#{number}{number}34cd" for number, name in enumerate(DARK.__slots__)}
        theme = Theme(light=type(LIGHT)(**light), dark=type(DARK)(**dark))
        rendered = simple({"design": design, "theme": theme})
        (sheet,) = page(rendered).xpath("//head/style/text()")
        styles = " ".join(page(rendered).xpath("//@style"))
        unused = {"background"} if design is Design.TEXT else set()
        assert {name for name, colour in light.items() if colour not in styles} == unused
        assert {name for name, colour in dark.items() if colour not in sheet} == unused
        built_in = {getattr(palette, name) for palette in (LIGHT, DARK) for name in LIGHT.__slots__}
        assert not built_in & set(re.findall(r"#[0-9a-f]{6}\b", styles + sheet))

    def test_the_text_gives_a_header_of_its_own_colour_room(self) -> None:
        for header, room in (("#ffffff", "8px"), ("#7a1f3d", "28px")):
            theme = Theme(light=replace(LIGHT, header=header, header_text="#000000" if room == "8px" else "#ffffff"))
            found = page(simple({"design": Design.TEXT, "theme": theme})).find_class("header")[0]
            assert rules(found)["padding"].split()[0] == room

    @everywhere
    def test_words_can_be_read_on_what_they_stand_on(self, design: Design, language: str) -> None:
        """The nearest colour and ground of each element with words, by its own style and those around it."""
        checked = 0
        for element in page(issue(design, language)).find("body").iter("p", "h1", "h2", "h3", "a", "li", "span", "b"):
            around = [element, *element.iterancestors()]
            colour = next(rules(one)["color"] for one in around if "color" in rules(one))
            ground = next(rules(one)["background-color"] for one in around if "background-color" in rules(one))
            whole = [
                f"#{one[1:]}" if len(one) == 7 else "#" + "".join(2 * sign for sign in one[1:])
                for one in (colour, ground)
            ]
            assert contrast(*whole) >= 4.5
            checked += 1
        assert checked > 20


class TestContents:
    def contents(self, *sections: Any) -> list[str]:
        rendered = render_issue(TEMPLATES, make_site(), make_newsletter(contents=True), sections, day(1, 6), 3)
        return [" ".join(line.text_content().split()) for line in page(rendered).xpath("//ul[@class='lines']/li")]

    def test_there_is_a_line_for_each_section(self) -> None:
        found = self.contents((TEA, [make_entry(1), make_entry(2), make_entry(3)]), (SKY, [make_entry(4)]))
        assert found == ["Tea: Headline 1 and 2 more", "Night Sky: Headline 4"]

    def test_there_is_a_line_for_each_story_of_the_only_section(self) -> None:
        found = self.contents((TEA, [make_entry(number) for number in range(1, 4)]))
        assert found == ["Headline 1", "Headline 2", "Headline 3"]

    def test_there_is_none_where_there_is_little_to_list(self) -> None:
        assert self.contents((TEA, [make_entry(1), make_entry(2)])) == []
        assert self.contents() == []

    @pytest.mark.parametrize(
        ("title", "short"),
        [
            ("word " * 60, "word " * 23 + "word…"),
            ("w" * 300, "w" * 120 + "…"),
            ("茶" * 300, "茶" * 120 + "…"),
            ("x" * 120, "x" * 120),
        ],
    )
    def test_a_long_title_is_cut_at_a_word(self, title: str, short: str) -> None:
        found = self.contents((TEA, [make_entry(1, title=title.strip())]), (SKY, [make_entry(2)]))
        assert found[0] == f"Tea: {short}"
        assert simple({}, make_entry(1, title=title.strip())).subject == f"The Weekly: {short}"


# ---- A marketer's own parts ----

PARTS = [
    "issue.html", "issue.txt", "header.html", "header.txt", "section.html", "section.txt", "story.html", "story.txt",
    "meta.html", "footer.html", "footer.txt", "style.css", "screens.css", "design.css",
]  # fmt: skip


class TestOneOwnPart:
    @pytest.mark.parametrize("part", PARTS)
    def test_it_takes_the_place_of_the_built_in_one_and_of_no_other(self, part: str) -> None:
        """Each part of the brief is replaced in turn; what another part says stays."""
        before = simple({"design": Design.BRIEF})
        name = next(name for name in (f"newsletter/brief/{part}", f"newsletter/{part}") if name in TEMPLATES)
        own = "p { color: #abcdef }" if part.endswith(".css") else "OWN PART"
        after = simple({"design": Design.BRIEF}, templates={name: own})
        changed = after.text if part.endswith(".txt") else after.html
        kept = (after.html, before.html) if part.endswith(".txt") else (after.text, before.text)
        assert ("#abcdef" if part.endswith(".css") else "OWN PART") in changed
        assert kept[0] == kept[1]
        if part not in ("issue.html", "issue.txt"):
            # The one is said at the top, the other at the end.
            assert "The Weekly" in changed or "The Test Gazette" in changed

    def test_it_may_be_for_one_design_only(self) -> None:
        own = {"newsletter/brief/footer.html": "<tr><td>BRIEF END</td></tr>"}
        assert "BRIEF END" in simple({"design": Design.BRIEF}, templates=own).html
        for design in (Design.MAGAZINE, Design.TEXT):
            assert simple({"design": design}, templates=own) == simple({"design": design})

    @pytest.mark.parametrize(
        ("part", "told"),
        [
            (
                "newsletter/footer.html",
                "templates/newsletter/footer.html:2: the template uses 'nope', which there is not "
                "(see docs/reference/templates.md for what a template may use)",
            ),
            (
                "newsletter/magazine/story.html",
                "templates/newsletter/magazine/story.html:2: the template uses 'nope', which there is not "
                "(see docs/reference/templates.md for what a template may use)",
            ),
        ],
    )
    def test_a_mistake_in_it_is_told_with_file_line_and_variable(self, part: str, told: str) -> None:
        with pytest.raises(TemplateError) as caught:
            simple({}, templates={part: "fine\n{{ nope }}\n"})
        assert str(caught.value) == told

    def test_a_part_that_nobody_has_is_told(self) -> None:
        with pytest.raises(TemplateError) as caught:
            simple({}, templates={"newsletter/footer.html": '{% include block("nope.html") %}'})
        assert str(caught.value).startswith("templates/newsletter/footer.html:1: ")

    def test_own_words_take_the_place_of_the_built_in_ones(self) -> None:
        source = TEMPLATES["newsletter/languages/de.po"].replace('msgstr "Abbestellen"', 'msgstr "Keine Post mehr"')
        own = {"newsletter/languages/de.po": source}
        assert "Keine Post mehr" in (simple({"language": "de"}, templates=own).mail_text or "")
