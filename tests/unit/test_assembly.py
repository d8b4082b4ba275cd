"""Issues in parts: marks, places, order, what a reader of some topics gets, and how a message gets shorter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from golden.designs import LANGUAGES, TEMPLATES
from lxml import html as lxml_html
from makers import day, make_entry, make_newsletter, make_site, make_topic

from syndicate.domain.articles import Image, Offering
from syndicate.domain.extras import Extras, Note
from syndicate.domain.feeds import Entry
from syndicate.domain.newsletters import Rendered
from syndicate.domain.text import columns_of, scrub
from syndicate.domain.themes import Design
from syndicate.domain.topics import Topic
from syndicate.domain.wording import Tagging, Wording
from syndicate.newsletters import marks
from syndicate.newsletters.assemble import MOST_HTML_BYTES, Assembled, Assembler, are_parts
from syndicate.newsletters.in_parts import first_stories, placed
from syndicate.newsletters.marks import NotInPartsError
from syndicate.newsletters.parts import dump, load
from syndicate.newsletters.render import render_issue
from syndicate.newsletters.shown import Placed

TEA, SKY, BREAD = make_topic("Desk: Tea"), make_topic("Night Sky"), make_topic("Bread")
ORDER = (TEA, SKY, BREAD)
DUE = day(1, 6, hour=7)
GMAIL_BYTES = 102_400
Sections = Sequence[tuple[Topic, Sequence[Entry]]]
in_each_design = pytest.mark.parametrize("design", Design, ids=lambda one: one.value)


def rendered(
    sections: Sections, *, templates: dict[str, str] | None = None, extras: Extras | None = None, **newsletter: Any
) -> Rendered:
    made = make_newsletter(postal_address="1 Quay", **newsletter)
    own = {**TEMPLATES, **(templates or {})}
    return render_issue(own, make_site(), made, sections, DUE, 3, extras or Extras(), ORDER)


def assembler(issue: Rendered, **options: Any) -> Assembler:
    assert issue.parts is not None
    return Assembler(load(issue.parts), **options)


def for_reader(issue: Rendered, *names: str) -> Assembled:
    said = assembler(issue)(names)
    assert said is not None
    return said


def page(html: str | None) -> Any:
    return lxml_html.document_fromstring(html or "")


def wording(text: str) -> Wording:
    return Wording(text=text, path="config.yaml", field="newsletters[0]")


def preheader(html: str | None) -> str:
    return str(page(html).xpath("string(//*[@class='preheader'])"))


def outline(html: str | None) -> list[str]:
    """Return the headings of a message, those of sections in capitals."""
    found = page(html).xpath("//h2|//h3")
    return [one.text_content().upper() if one.tag == "h2" else one.text_content() for one in found]


THREE: Sections = [
    (TEA, [make_entry(9, topics=(TEA, SKY)), make_entry(5, topics=(TEA,))]),
    (SKY, [make_entry(7, topics=(SKY, BREAD))]),
]


class TestReaders:
    @pytest.mark.parametrize(
        ("names", "told"),
        [
            ((), ["TEA", "Headline 9", "Headline 5", "NIGHT SKY", "Headline 7"]),
            (("desk-tea",), ["TEA", "Headline 9", "Headline 5"]),
            (("Night Sky",), ["NIGHT SKY", "Headline 9", "Headline 7"]),
            (("Bread", "night-sky"), ["NIGHT SKY", "Headline 9", "Headline 7"]),
            (("BREAD", "Tea"), ["TEA", "Headline 9", "Headline 5", "BREAD", "Headline 7"]),
            (("bread",), ["BREAD", "Headline 7"]),
            (("bread", "nobody's"), ["BREAD", "Headline 7"]),
        ],
    )
    def test_each_story_stands_once_in_the_first_of_the_readers_topics(
        self, names: tuple[str, ...], told: list[str]
    ) -> None:
        said = for_reader(rendered(THREE), *names)
        assert outline(said.html) == told
        lines = said.text.upper().splitlines()
        assert [line for line in lines if line in {one.upper() for one in told}] == [one.upper() for one in told]

    def test_a_set_without_a_story_gets_none(self) -> None:
        issue = rendered([(TEA, [make_entry(1, topics=(TEA,))])])
        assert assembler(issue)(["bread"]) is None
        assert assembler(issue)(["nobody's"]) is None

    def test_the_other_topics_of_a_story_are_named_wherever_it_stands(self) -> None:
        issue = rendered(THREE)
        for names, also in ((("Tea",), "Also in Night Sky"), (("night-sky",), "Also in Tea")):
            said = for_reader(issue, *names)
            assert also in page(said.html).text_content()
            assert also in said.text

    def test_subject_preheader_and_number_are_about_what_the_reader_gets(self) -> None:
        issue = rendered(THREE)
        said = for_reader(issue, "Night Sky")
        assert said.subject == page(said.html).xpath("string(//title)") == "The Weekly: Headline 9 and 1 more story"
        assert page(said.html).xpath("string(//*[@class='preheader'])") == "Headline 7"
        assert "2 stories" in page(said.html).text_content()
        assert "No. 3, 1 June 2026, 2 stories" in said.text
        one = for_reader(issue, "Bread")
        assert one.subject == "The Weekly: Headline 7"
        assert page(one.html).find_class("preheader") == []
        assert "1 story" in page(one.html).text_content()

    def test_pins_come_first_to_every_reader_in_their_order(self) -> None:
        old, older = make_entry(2, topics=(TEA, SKY)), make_entry(1, topics=(SKY, BREAD))
        sections = [(TEA, [old, make_entry(9, topics=(TEA, SKY))]), (SKY, [older, make_entry(7, topics=(SKY, BREAD))])]
        issue = rendered(sections, extras=Extras(pins=(older.id, old.id)))
        assert outline(issue.html) == ["TEA", "Headline 2", "Headline 9", "NIGHT SKY", "Headline 1", "Headline 7"]
        told = ["NIGHT SKY", "Headline 1", "Headline 2", "Headline 9", "Headline 7"]
        assert outline(for_reader(issue, "Night Sky").html) == told
        assert outline(for_reader(issue, "Bread").html) == ["BREAD", "Headline 1", "Headline 7"]

    def test_small_templates_are_filled_in_for_the_reader_and_give_way_one_by_one(self) -> None:
        issue = rendered(
            THREE,
            subject=wording("{{ stories[0].title }}, {{ issue.stories_text }}"),
            preheader=wording("then {{ stories[1].title }}"),
        )
        assert issue.subject == "Headline 9, 3 stories"
        two, one = for_reader(issue, "Night Sky"), for_reader(issue, "Bread")
        assert (two.subject, preheader(two.html)) == ("Headline 9, 2 stories", "then Headline 7")
        assert (one.subject, preheader(one.html)) == ("Headline 7, 1 story", "")

    def test_links_are_tagged_in_what_is_sent_and_nowhere_else(self) -> None:
        tagging = Tagging(medium="email", campaign=wording("no-{{ issue.number }}"))
        issue = rendered(THREE, tagging=tagging, contents=True)
        tag = "?utm_source=weekly&utm_medium=email&utm_campaign=no-3"
        said = for_reader(issue, "Tea", "Night Sky")
        for html in (issue.mail_html, said.html):
            links = page(html).xpath("//h3/a/@href|//li/a/@href")
            assert len(links) == 5
            assert all(link.endswith(tag) for link in links)
        assert said.text.count(tag) == 3 + 2 + 1  # stories, contents, the site itself
        assert "utm_" not in issue.html + issue.text

    def test_the_contents_are_those_of_the_reader(self) -> None:
        issue = rendered(
            [(TEA, [make_entry(number, topics=(TEA, SKY)) for number in (9, 8, 7)]), (BREAD, [make_entry(6)])],
            contents=True,
        )
        listed = {
            names: [one.text_content().strip() for one in page(for_reader(issue, *names).html).xpath("//li")]
            for names in ((), ("Night Sky",), ("Night Sky", "Bread"), ("Bread",))
        }
        assert listed == {
            (): ["Tea: Headline 9 and 2 more", "Bread: Headline 6"],
            ("Night Sky",): ["Headline 9", "Headline 8", "Headline 7"],
            ("Night Sky", "Bread"): ["Night Sky: Headline 9 and 2 more", "Bread: Headline 6"],
            ("Bread",): [],
        }

    def test_the_first_story_of_each_reader_is_shown_large(self) -> None:
        image = Image(url="https://img.example/a.png", width=1200, height=630)
        issue = rendered([(topic, [replace(one, image=image) for one in entries]) for topic, entries in THREE])
        for names in ((), ("Night Sky",), ("Bread",)):
            large = page(for_reader(issue, *names).html).find_class("wide")
            assert len(large) == 1
            assert large[0].xpath("following::h3")[0].text_content() == outline(for_reader(issue, *names).html)[1]

    def test_offerings_are_those_of_the_readers_stories(self) -> None:
        lamp = Offering(label="Lamp", categories=("Night Sky",))
        kettle = Offering(label="Kettle", url="https://shop.example/k")
        (tea, _), sky = THREE[0][1], THREE[1][1][0]
        extras = Extras(offerings={tea.id: (lamp, kettle), sky.id: (kettle,)})
        issue = rendered(THREE, extras=extras, offerings_per_topic=2)
        for names, offered in (
            ((), ["RelatedKettle"]),
            (("Night Sky",), ["RelatedLampKettle"]),
            (("Bread",), ["RelatedKettle"]),
        ):
            said = for_reader(issue, *names)
            assert [one.text_content() for one in page(said.html).find_class("offerings")] == offered
            assert ("* Lamp" in said.text) == ("Lamp" in offered[0])

    def test_lines_of_plain_text_stay_short_whatever_is_put_into_them(self) -> None:
        topics = tuple(make_topic(f"topic {number}", label=f"A topic called {number}") for number in range(7))
        issue = render_issue(
            TEMPLATES,
            make_site(),
            make_newsletter(contents=True),
            [(topics[0], [make_entry(number, title="word " * 30, topics=topics) for number in (3, 2, 1)])],
            DUE,
            3,
            Extras(),
            topics,
        )
        for names in ((), ("topic-3",), ("topic-3", "topic-5")):
            text = for_reader(issue, *names).text
            assert max(columns_of(line) for line in text.splitlines() if "://" not in line) <= 72
            assert text.count("Also in A topic called") == 3
            assert "Also in A topic called 3" not in " ".join(text.split()) or names == ()

    def test_nothing_of_the_marks_is_left(self) -> None:
        for language in LANGUAGES:
            issue = rendered(THREE, language=language, contents=True)
            for said in (for_reader(issue), for_reader(issue, "Bread")):
                assert scrub(said.html + said.text + said.subject) == said.html + said.text + said.subject
                assert not any(sign >= "\U000f0000" for sign in said.subject + said.html)
                assert ".invalid/" not in said.html.replace("unsubscribe.invalid/", "").replace(
                    "preferences.invalid/", ""
                )


class TestOrder:
    def test_stories_of_several_sections_come_newest_first(self) -> None:
        sections = [(TEA, [make_entry(9), make_entry(5)]), (SKY, [make_entry(7), make_entry(3)])]
        assert [story.entry.title[-1] for story in placed(sections, ORDER)] == ["9", "7", "5", "3"]

    def test_what_stands_first_in_its_section_stays_before_what_follows_there(self) -> None:
        """A pinned story is older than those behind it."""
        sections = [(TEA, [make_entry(1), make_entry(9), make_entry(5)]), (SKY, [make_entry(7)])]
        assert [story.entry.title[-1] for story in placed(sections, ORDER)] == ["1", "9", "7", "5"]

    def test_a_story_is_shown_where_the_whole_issue_has_it_if_the_reader_has_that_topic(self) -> None:
        """Its first topic had no room for it."""
        full = make_entry(9, topics=(TEA, SKY))
        issue = rendered([(TEA, [make_entry(8, topics=(TEA,))]), (SKY, [full])])
        assert outline(for_reader(issue, "Tea", "Night Sky").html) == ["TEA", "Headline 8", "NIGHT SKY", "Headline 9"]
        assert outline(for_reader(issue, "Tea").html) == ["TEA", "Headline 9", "Headline 8"]

    def test_stories_that_may_be_the_first_are_few(self) -> None:
        stories = [
            Placed(entry=make_entry(9), home=SKY, topics=(TEA, SKY)),
            Placed(entry=make_entry(8), home=TEA, topics=(TEA, BREAD)),
            Placed(entry=make_entry(7), home=TEA, topics=(TEA,)),
        ]
        assert first_stories(stories, ORDER) == {TEA: [0, 1], SKY: [0], BREAD: [1]}


# ---- What mail programs show ----


def many(count: int, *, words: int = 40, topics: Sequence[Topic] = ORDER) -> Sections:
    sections: dict[Topic, list[Entry]] = {}
    for number in range(count):
        topic = topics[number % len(topics)]
        entry = make_entry(
            1 + number % 28,
            id=f"urn:{number}",
            url=f"https://example.org/stories/{number}/",
            title=f"Story {number} has a headline of the usual length",
            summary=("Sömewhat long. " * words).strip(),
            image=Image(url=f"https://img.example/{number}.png", width=1200, height=630),
            topics=(topic,),
            published=day(1),
        )
        sections.setdefault(topic, []).append(entry)
    return list(sections.items())


def summaries(html: str | None) -> list[str]:
    found = [one.text_content() for one in page(html).xpath("//p[not(@class)]")]
    return [text for text in found if text.startswith("Sömewhat")]


class TestSize:
    @in_each_design
    def test_five_hundred_stories_stay_below_what_gmail_shows(self, design: Design) -> None:
        issue = rendered(many(500), design=design, contents=True)
        html = issue.mail_html or ""
        assert len(html.encode()) <= MOST_HTML_BYTES < GMAIL_BYTES
        shown = len(page(html).xpath("//h3"))
        assert shown >= 70
        assert page(html).xpath(f"//h2/a[text()='{500 - shown} more stories on the web']/@href") == [
            "https://feeds.example.org/newsletters/weekly/3/"
        ]
        assert html.count("https://unsubscribe.invalid/") == html.count("https://preferences.invalid/") == 1
        assert "1 Quay" in html
        assert len(page(issue.html).xpath("//h3")) == 500
        assert (issue.mail_text or "").count("\nStory ") == issue.text.count("\nStory ") == 500
        assert "on the web" not in issue.html

    def test_the_longest_topics_give_way_so_that_none_is_lost(self) -> None:
        sections = [(TEA, many(480, topics=(TEA,))[0][1]), (SKY, many(5, topics=(SKY,))[0][1])]
        html = rendered(sections).mail_html
        told = outline(html)
        assert told.index("NIGHT SKY") < len(told) - 6
        assert len(page(html).xpath("//h3")) == len(told) - 3

    def test_summaries_are_shortened_from_the_end_before_any_story_goes(self) -> None:
        issue = rendered(many(70))
        told = summaries(issue.mail_html)
        assert len(issue.mail_html or "") > 90_000
        assert len(told) == len(page(issue.mail_html).xpath("//h3")) == 70
        lengths = [len(text) for text in told]
        assert set(lengths) == {599, len("Sömewhat long. " * 8) - 1}
        assert lengths == sorted(lengths, reverse=True)
        assert told[-1] == "Sömewhat long. " * 7 + "Sömewhat long…"
        assert {len(text) for text in summaries(issue.html)} == {599}
        assert "on the web" not in (issue.mail_html or "")

    def test_a_message_with_room_is_left_alone(self) -> None:
        issue = rendered(many(12))
        assert {len(text) for text in summaries(issue.mail_html)} == {599}

    def test_readers_of_one_topic_get_more_of_it(self) -> None:
        issue = rendered(many(150))
        said = for_reader(issue, "Bread")
        assert (said.stories, said.in_mail) == (50, 50)
        assert {len(text) for text in summaries(said.html)} == {599}
        whole = for_reader(issue)
        assert whole.stories == 150 > whole.in_mail > 70

    def test_an_enormous_note_is_left_to_the_web_and_stories_are_not(self) -> None:
        note = Note(html=f"<p>{'note ' * 25_000}</p>", text="note " * 25_000)
        issue = rendered(THREE, extras=Extras(note=note))
        assert len((issue.mail_html or "").encode()) < MOST_HTML_BYTES
        assert len(page(issue.mail_html).xpath("//h3")) == 3
        assert "note note" not in (issue.mail_html or "")
        assert "note note" in issue.html

    def test_five_hundred_topics_leave_room_for_the_link_to_unsubscribe(self) -> None:
        topics = tuple(make_topic(f"topic {number}") for number in range(500))
        sections = many(500, topics=topics)
        newsletter = make_newsletter(contents=True)
        issue = render_issue(TEMPLATES, make_site(), newsletter, sections, DUE, 3, Extras(), topics)
        assert len((issue.mail_html or "").encode()) <= MOST_HTML_BYTES
        assert (issue.mail_html or "").count("https://unsubscribe.invalid/") == 1
        document = page(issue.mail_html)
        assert len(document.xpath("//li")) == len(document.xpath("//h3")) > 50


# ---- A marketer's own parts ----


class TestOwnParts:
    def test_an_own_section_and_an_own_story_are_parted_too(self) -> None:
        own = {
            "newsletter/section.html": "<tr><td><h2>{{ section.topic.label }}</h2>"
            "{% for story in section.stories %}{% if not loop.first %}<hr>{% endif %}"
            '{% include block("story.html") %}{% endfor %}</td></tr>',
            "newsletter/magazine/story.html": "<h3>{{ story.title }}</h3>",
        }
        said = for_reader(rendered(THREE, templates=own), "Night Sky")
        assert outline(said.html) == ["NIGHT SKY", "Headline 9", "Headline 7"]
        assert len(page(said.html).xpath("//hr")) == 1

    @pytest.mark.parametrize(
        ("name", "source"),
        [
            ("newsletter/section.html", "{% for story in section.stories %}<h3>{{ story.title }}</h3>{% endfor %}"),
            ("newsletter/section.txt", "{% for story in section.stories %}{{ story.title }}\n{% endfor %}"),
            (
                "newsletter/section.html",
                '{% for story in section.stories[:1] %}{% include block("story.html") %}{% endfor %}',
            ),
            (
                "newsletter/section.html",
                '{% for story in section.stories %}{{ loop.index }}{% include block("story.html") %}{% endfor %}',
            ),
            ("newsletter/contents.html", "{% for line in issue.contents %}{{ line.title }}{% endfor %}"),
            ("newsletter/offerings.html", "{% for offering in section.offerings %}{{ offering.label }}{% endfor %}"),
            ("newsletter/issue.html", "mine"),
        ],
    )
    def test_templates_that_show_stories_their_own_way_give_an_issue_without_parts(
        self, name: str, source: str
    ) -> None:
        extras = Extras(offerings={THREE[0][1][0].id: (Offering(label="Lamp"), Offering(label="Kettle"))})
        issue = rendered(THREE, templates={name: source}, contents=True, extras=extras, offerings_per_topic=2)
        assert issue.parts is None
        assert issue.mail_html
        assert scrub(issue.html + issue.text) == issue.html + issue.text
        assert "place.invalid" not in issue.html + issue.text


# ---- Marks ----


class TestMarks:
    def test_no_article_can_hold_one(self) -> None:
        every = "".join(chr(sign) for sign in range(0xFDD0, 0xFDF0))
        assert scrub(f"a{every}b") == "ab"

    def test_parts_are_taken_from_the_inside_out(self) -> None:
        marked = marks.with_marked({})
        assert marked["left out|note.html"].startswith("<!--")
        document = "a<!--\ufddcsection 0\ufddd--><\ufddcstory 1\ufdddx\ufdde><!--\ufdde-->b"
        document, stories = marks.take(document, "story")
        document, sections = marks.take(document, "section")
        assert (stories, sections) == ([("1", "x")], [("0", "<\ufddfstory\ufddf>")])
        assert document == "a\ufddfsection\ufddfb"

    def test_parts_that_are_not_parted_alike_are_told(self) -> None:
        hole = "\ufddfstory\ufddf"
        assert marks.one_hole(f"a{hole}, {hole}, {hole}b", "story") == (f"a{hole}b", ", ")
        assert marks.one_hole(f"a{hole}b", "story") == (f"a{hole}b", None)
        for wrong in ("ab", f"{hole}, {hole}; {hole}"):
            with pytest.raises(NotInPartsError, match="story"):
                marks.one_hole(wrong, "story")

    @pytest.mark.parametrize("value", ["plain", 'a "b"', "it's", 'it\'s "b"', "a & <b>", "&amp;"])
    def test_a_value_is_written_as_the_serialiser_writes_it(self, value: str) -> None:
        around = f'<p title="{marks.SUBJECT}" lang="x {marks.SUBJECT}">y {marks.SUBJECT}</p>'
        made = marks.filled(marks.pieces(around, is_html=True), marks.written({"subject": value}, is_html=True))
        element = lxml_html.fragment_fromstring(made)
        assert (element.get("title"), element.get("lang"), element.text) == (value, f"x {value}", f"y {value}")
        again = lxml_html.fragment_fromstring("<p/>")
        again.set("title", value)
        again.text = f"y {value}"
        alone = marks.pieces(f'<p title="{marks.SUBJECT}">y {marks.SUBJECT}</p>', is_html=True)
        assert marks.filled(alone, marks.written({"subject": value}, is_html=True)) == lxml_html.tostring(
            again, encoding="unicode"
        )

    def test_a_summary_is_shortened_at_a_word_where_that_is_worth_it(self) -> None:
        assert marks.with_rest("x" * 30, 20) == "x" * 30
        text = marks.with_rest("one two three four five six seven", 20)
        assert marks.whole(text) == "one two three four five six seven"
        assert marks.shortened(text) == "one two three four…"
        assert marks.shortened(marks.with_rest("茶" * 40, 20)) == "茶" * 20 + "…"

    def test_a_mark_that_a_template_cut_in_half_leaves_no_trace(self) -> None:
        half = marks.with_rest("one two three four five six seven", 20)[:-3]
        assert marks.shortened(half) == marks.whole(half) == "one two three four five six sev"


class TestFrozen:
    def test_parts_come_back_as_they_were_and_are_plain_text(self) -> None:
        issue = rendered(THREE, contents=True)
        assert issue.parts
        assert issue.parts.isascii()
        assert dump(load(issue.parts)) == issue.parts
        assert are_parts(issue.parts)

    @pytest.mark.parametrize("text", ["", "7", "{}", "[]", '{"topics": 1}', "[" * 100_000])
    def test_other_text_is_told_from_them(self, text: str) -> None:
        assert not are_parts(text)

    def test_parts_that_lack_a_story_are_none(self) -> None:
        issue = rendered(THREE)
        parts = load(issue.parts or "")
        assert not are_parts(dump(replace(parts, html=replace(parts.html, stories=()))))
        assert not are_parts(dump(replace(parts, counts=())))

    def test_the_digest_of_a_draft_covers_them(self) -> None:
        issue = rendered(THREE)
        assert replace(issue, parts=None).digest != issue.digest != replace(issue, parts="other").digest

    def test_one_issue_has_one_form(self) -> None:
        assert rendered(THREE) == rendered(THREE)
