"""The preflight: each rule finds what breaks it, names the place, and leaves alone what is right."""

import re
from typing import Any

import pytest
from golden.designs import LANGUAGES, TEMPLATES, issue
from makers import day, make_entry, make_newsletter, make_site, make_topic

from syndicate.domain.extras import NO_EXTRAS
from syndicate.domain.mail import Mailbox
from syndicate.domain.newsletters import Rendered
from syndicate.domain.themes import Design
from syndicate.errors import UsageError
from syndicate.newsletters.preflight.colours import colour_of
from syndicate.newsletters.preflight.rules import Fault, Severity
from syndicate.newsletters.preflight.sheets import Block, blocks, declarations
from syndicate.newsletters.preflight.table import RULES, blocks_sending, faults_of, open_letter
from syndicate.newsletters.render import message_source, render_issue
from syndicate.services.preflight import preflight

SENDER = Mailbox(address="weekly@example.org")
NEWSLETTER = make_newsletter(postal_address="1 Quay\nHarbour Town", sender=SENDER)
GOOD = issue(Design.MAGAZINE, "en")
HTML, TEXT = GOOD.mail_html or "", GOOD.mail_text or ""


def judged(
    html: str = HTML, text: str = TEXT, subject: str = GOOD.subject, newsletter: Any = NEWSLETTER, **more: Any
) -> list[str]:
    return [str(fault) for fault in faults_of(open_letter(newsletter, subject, html, text, **more))]


def with_part(markup: str) -> str:
    """Return the HTML with something more above its footer."""
    assert HTML.count('<td class="footer"') == 1
    return re.sub(r'<tr>\s*<td class="footer"', f"<tr><td>{markup}</td></tr>\\g<0>", HTML)


def found_in(markup: str, text: str = TEXT, **more: Any) -> list[str]:
    """Return what is said of something more, without where it stands and how it is mended."""
    said = judged(with_part(markup), text, **more)
    return [re.sub(r"^(\w+): html:\d+: (.*) \([^()]*(?:\([^()]*\)[^()]*)*\)$", r"\1 \2", line) for line in said]


class TestWhatIsRight:
    @pytest.mark.parametrize("design", Design)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_designs_have_no_fault(self, design, language):
        rendered = issue(design, language)
        assert judged(rendered.mail_html or "", rendered.mail_text or "", rendered.subject) == []

    def test_their_style_sheets_can_be_inlined(self):
        entries = [make_entry(1), make_entry(2)]
        for design in Design:
            newsletter = make_newsletter(design=design, sender=SENDER, postal_address="1 Quay")
            arguments = (TEMPLATES, make_site(), newsletter, [(make_topic("Tea"), entries)], day(1, 6), 3)
            rendered, html = render_issue(*arguments), message_source(*arguments, NO_EXTRAS)
            letter = open_letter(newsletter, rendered.subject, html, rendered.mail_text or "", source=html)
            assert [one.rule.reason for one in faults_of(letter)] == ["no-preheader"]

    def test_what_looks_like_a_fault_and_is_none(self):
        markup = (
            '<p>None of us was undefined: a &lt; b, 5 % d, {x}</p><a href="#top">Up</a><a name="x"></a>'
            '<a href="mailto:a@example.org">Write</a><img src="https://img.example/a.png" alt="" width="1" height="1">'
            '<p style="color:#767676; background-color:#fff">just dark enough</p>'
            '<p style="color:#949494; font-size:24px">large</p><p style="display:none; color:#fff">unseen</p>'
            '<p style="color:mystery(1)">a colour that nobody knows</p>'
        )
        assert found_in(markup) == []


class TestWords:
    def test_sender_subject_and_postal_address_are_asked_for(self):
        assert judged(subject=" ", newsletter=make_newsletter()) == [
            "error: config: no-sender: neither newsletters[].sender nor mail.sender is set "
            "(set newsletters[].sender or mail.sender)",
            "error: subject: no-subject: it is empty (set newsletters[].subject, or give the first article a title)",
            "error: config: no-postal-address: newsletters[].postal_address is not set "
            "(set newsletters[].postal_address, and show it in footer.html and footer.txt)",
        ]

    def test_a_postal_address_has_to_be_seen_in_both_parts(self):
        mend = "(set newsletters[].postal_address, and show it in footer.html and footer.txt)"
        html = re.sub(r"<span[^>]*>Harbour Town", '<span style="display:none">Harbour Town', HTML)
        assert judged(html, TEXT.replace("Harbour Town", "")) == [
            f"error: html: no-postal-address: newsletter.postal_address is not in it, or can't be seen {mend}",
            f"error: text: no-postal-address: newsletter.postal_address is not in it {mend}",
        ]

    def test_long_subjects_and_preheaders_are_told(self):
        html = re.sub(r'(class="preheader"[^>]*>)[^<]*', rf"\g<1>{'p' * 151}", HTML)
        assert judged(html, subject="s" * 91) == [
            "warning: subject: long-subject: 91 letters are more than the 90 that are shown "
            "(word newsletters[].subject so that what is new comes first)",
            "warning: preheader: long-preheader: 151 letters are more than the 150 that are shown "
            "(set newsletters[].preheader)",
        ]

    def test_a_missing_preheader_is_told(self):
        assert judged(re.sub(r'<div class="preheader".*?</div>', "", HTML)) == [
            "warning: preheader: no-preheader: there is none "
            "(set newsletters[].preheader, and show it in preheader.html)"
        ]

    def test_the_link_that_ends_a_subscription_has_to_be_seen_in_both_parts(self):
        mend = "(show unsubscribe_url in footer.html and footer.txt)"
        hidden = re.sub(r'(<a href="https://unsubscribe.invalid/" style=")', r"\g<1>display:none; ", HTML)
        assert hidden != HTML
        assert judged(hidden, TEXT.replace("https://unsubscribe.invalid/", "")) == [
            f"error: html: no-unsubscribe: there is no link to unsubscribe_url that can be seen {mend}",
            f"error: text: no-unsubscribe: there is no unsubscribe_url {mend}",
            "error: text: lost-link: it lacks 'https://unsubscribe.invalid/', the link 'Unsubscribe' of the HTML "
            "(show the address in the .txt file that belongs to the changed .html file)",
        ]

    @pytest.mark.parametrize(
        ("size", "said"),
        [
            (102_400, ["warning: html: nearly-clipped: 102,400 bytes are nearly the 102,400 that Gmail shows"]),
            (102_401, ["error: html: clipped: 102,401 bytes are more than the 102,400 that Gmail shows"]),
            (100_401, ["warning: html: nearly-clipped: 100,401 bytes are nearly the 102,400 that Gmail shows"]),
            (100_400, []),
        ],
    )
    def test_gmail_s_limit_counts_bytes_and_leaves_room_for_a_reader_s_addresses(self, size, said):
        empty = len(with_part("").encode()) + 2 * 200
        html = with_part("é" * ((size - empty) // 2) + "e" * ((size - empty) % 2))
        assert [line.partition(" (")[0] for line in judged(html)] == said

    def test_markup_in_plain_text(self):
        text = TEXT + "A <b>kettle</b>\nTea &amp; cake\nhttps://a.example/?a&amp;b 3 < 4 > 2\n"
        number = len(TEXT.splitlines())
        mend = "(take the markup out of the template or of the article's title and summary)"
        assert judged(text=text) == [
            f"warning: text:{number + 1}: markup-in-text: '<b>' stands in 'A <b>kettle</b>' {mend}",
            f"warning: text:{number + 2}: markup-in-text: '&amp;' stands in 'Tea &amp; cake' {mend}",
        ]

    @pytest.mark.parametrize(
        ("markup", "what"),
        [
            ("<p>Dear {{ name }}, hello</p>", "'{{ name }}' stands in 'Dear {{ name }}, hello'"),
            ("<p>Dear *|FNAME|*</p>", "'*|FNAME|*' stands in 'Dear *|FNAME|*'"),
            ("<p>No. %(number)s</p>", "'%(number)s' stands in 'No. %(number)s'"),
            ("<p>{% if x %}</p>", "'{% if x %}' stands in '{% if x %}'"),
            ("<p>Pub · None · today</p>", "'None' stands in 'Pub · None · today'"),
            ("<p>by undefined, today</p><p>undefined</p>", "'undefined' stands in 'undefined'"),
        ],
    )
    def test_what_is_left_of_templates(self, markup, what):
        assert found_in(markup) == [f"warning left-over: {what}"]

    @pytest.mark.parametrize(
        "address", ["https://a.example/{{ slug }}", "https://a.example/None/", "https://a.example/?id=undefined"]
    )
    def test_what_is_left_of_templates_in_addresses(self, address):
        text = f"{TEXT}\n{address}\n".replace("{{ slug }}", "{{%20slug%20}}")
        said = found_in(f'<a href="{address.replace("{{ slug }}", "{{%20slug%20}}")}">A</a>', text)
        assert [line.partition(": ")[0] for line in said if "left-over-in" in line] == ["error left-over-in-address"]
        (line,) = found_in(f'<img src="{address}" alt="" width="1" height="1">')
        assert line == f"error left-over-in-address: the picture has the address {address!r}"


class TestLinks:
    @pytest.mark.parametrize(
        ("markup", "said"),
        [
            ('<a href="">Here</a>', "error empty-link: the link 'Here' has no address"),
            ('<a href="#">Here</a>', "error empty-link: the link 'Here' has no address"),
            (
                '<a href="mailto:a@example.org"> </a>',
                "error empty-link: the link to 'mailto:a@example.org' has no words",
            ),
            (
                '<a href="mailto:a@example.org"><img src="https://a.example/i.png" alt="" width="9" height="9"></a>',
                "error empty-link: the link to 'mailto:a@example.org' has no words",
            ),
            ('<a href="/tea/">Tea</a>', "error relative-address: the link 'Tea' has the address '/tea/'"),
            ('<a href="//a.example/">Tea</a>', "error relative-address: the link 'Tea' has the address '//a.example/'"),
            (
                '<img src="tea.png" alt="Tea" width="9" height="9">',
                "error relative-address: the picture has the address 'tea.png'",
            ),
            (
                '<a href="java\nscript:alert(1)">Tea</a>',
                "error unsafe-address: the link 'Tea' has the address 'javascript:alert(1)'",
            ),
            (
                '<img src="data:image/png;base64,AA==" alt="Tea" width="9" height="9">',
                "error unsafe-address: the picture has the address 'data:image/png;base64,AA=='",
            ),
        ],
    )
    def test_addresses_and_words(self, markup, said):
        assert found_in(markup) == [said]

    @pytest.mark.parametrize("host", ["localhost:8000", "192.168.1.5", "[::1]", "intranet", "site.test", "nas.local"])
    def test_what_only_this_machine_or_network_knows(self, host):
        said = found_in(
            f'<a href="http://{host}/a">A</a><a href="http://{host}/b">B</a>',
            f"{TEXT}\nhttp://{host}/a\nhttp://{host}/b\n",
        )
        assert said == [f"warning unreachable-address: only this machine or network knows 'http://{host}/a'"]

    def test_two_headlines_to_one_page(self):
        url = "https://example.org/stories/1/"
        (line,) = found_in(f'<h3><a href="{url}?utm_source=x">The same</a></h3>', f"{TEXT}\n{url}?utm_source=x\n")
        assert re.fullmatch(
            r"warning repeated-link: the headlines 'The tide tables are wrong again' \(line \d+\) and 'The same' "
            r"lead to 'https://example.org/stories/1/\?utm_source=x'",
            line,
        )

    def test_a_link_that_the_text_has_not(self):
        assert judged(text=TEXT.replace("https://example.org/stories/2/", "https://example.org/stories/2/a")) == [
            "error: text: lost-link: it lacks 'https://example.org/stories/2/', the link 'A kettle that counts' of the "
            "HTML (show the address in the .txt file that belongs to the changed .html file)"
        ]


class TestPictures:
    @pytest.mark.parametrize(
        ("attributes", "said"),
        [
            ('width="9" height="9"', "error no-alt: the picture 'https://a.example/i.png' has no alt"),
            (
                'alt="" width="100%"',
                "error no-size: the picture 'https://a.example/i.png' has no width and no height in pixels",
            ),
            (
                'alt="" width="9" height="auto"',
                "error no-size: the picture 'https://a.example/i.png' has no height in pixels",
            ),
            (
                'alt="" width="601" height="9"',
                "warning wide-picture: the picture 'https://a.example/i.png' is 601 wide, the sheet 600",
            ),
        ],
    )
    def test_attributes(self, attributes, said):
        assert found_in(f'<img src="https://a.example/i.png" {attributes}>') == [said]

    @pytest.mark.parametrize(
        ("size", "said"),
        [
            (500_000, []),
            (500_001, ["warning heavy-picture: the picture 'https://a.example/i.png' has 500,001 bytes"]),
            (0, ["error missing-picture: the picture 'https://a.example/i.png' is an empty file"]),
            (None, ["error missing-picture: the picture 'https://a.example/i.png' is not in the output folder"]),
        ],
    )
    def test_files(self, size, said):
        twice = '<img src="https://a.example/i.png" alt="" width="9" height="9">' * 2
        assert found_in(twice, sizes={"https://a.example/i.png": size}) == said


class TestLooks:
    @pytest.mark.parametrize(
        ("css", "what"),
        [
            ("li:nth-child(2) { margin: 0 }", "'li:nth-child(2)' can't be told yet"),
            ("a:hover { color: red }", "'a:hover' can't be told yet"),
            ("p::before { content: 'x' }", "'p::before' can't be told yet"),
            (":is(p, li) { color: red }", "':is(p, li)' can't be told yet"),
            ("* { color: red }", "'*' meets no element"),
            (".a { --c: red }", "the variable --c has no value once it is inlined"),
            (".a { color: var(--c) }", "'color: var(--c)' of '.a' has no value once it is inlined"),
            (".a { color: red ! important }", "'color: red ! important' of '.a' beats screens.css"),
            ("@import url(https://a.example/x.css);", "'@import url(https://a.example/x.css)' is dropped"),
            ("@font-face { font-family: X }", "'@font-face' is dropped"),
            ("@supports (display: grid) { p { color: red } }", "'@supports (display: grid)' is dropped"),
            ("p { color: red; & a { color: blue } }", "the rules within 'p' are dropped"),
            ("p { color: red", "the style sheet breaks off or has a brace too many at 'p { color: red'"),
            ("p { color: red } }", "the style sheet breaks off or has a brace too many at '}'"),
        ],
    )  # fmt: skip
    def test_css_that_is_not_inlined_right(self, css, what):
        source = HTML.replace("</head>", f"<style>{css}</style></head>")
        said = [fault.spot.what for fault in faults_of(open_letter(NEWSLETTER, "S", HTML, TEXT, source=source))]
        assert said == [what]

    @pytest.mark.parametrize(
        "css",
        [
            "/* a:hover { */ p, td.a > li + li, a[href^='http:'] { color: red; background: url(x.png?a;b) }",
            "li:first-child { margin: 0 } li:last-child { margin: 0 }",
            "@media (max-width: 480px) { .a:hover { color: red !important } }",
            "@charset 'utf-8';",
        ],
    )
    def test_css_that_is(self, css):
        source = HTML.replace("</head>", f"<style>{css}</style></head>")
        assert judged(source=source) == []

    def test_what_stays_as_it_is_may_say_anything(self):
        source = HTML.replace("</head>", '<style data-premailer="ignore">a:hover { color: red }</style></head>')
        assert judged(source=source) == []

    @pytest.mark.parametrize(
        ("markup", "what"),
        [
            ('<p style="color:var(--c)">x</p>', "the style 'color:var(--c)'"),
            ('<p style="color:#000 !important">x</p>', "the style 'color:#000 !important'"),
            ("<style>p:hover {color:red !important}</style>", "'p:hover' was not inlined"),
            (
                '<link rel="stylesheet" href="https://a.example/x.css">',
                "the style sheet 'https://a.example/x.css' is not read",
            ),
            ("<![if !mso]><p>x</p><![endif]>", "<![if !mso]> becomes a comment that hides nothing and shows nothing"),
        ],
    )
    def test_traces_of_it_in_an_issue_that_was_cut(self, markup, what):
        letter = open_letter(NEWSLETTER, "S", with_part(markup), TEXT)
        found = [fault.spot.what for fault in faults_of(letter) if fault.rule.reason == "not-inlined"]
        assert found[0] == what

    @pytest.mark.parametrize(
        ("markup", "said"),
        [
            ('<p style="display:flex">x</p>', "display:flex is unknown to Outlook on Windows"),
            ('<p style="border-radius:4px">x</p><p style="border-radius:2px">x</p>',
             "border-radius is unknown to Outlook on Windows, 2 times"),
            ('<p style="width:calc(2px)">x</p>', "calc() is unknown to Outlook on Windows, Outlook.com, Yahoo Mail"),
            ('<p style="width:50vw">x</p>', "vw unit is unknown to Outlook on Windows"),
            ("<video></video>", "<video> is unknown to Gmail, Outlook on Windows, Outlook.com, Yahoo Mail"),
        ],
    )  # fmt: skip
    def test_what_mail_programs_do_not_know(self, markup, said):
        assert [line.partition(": ")[2] for line in found_in(markup)][:1] == [said]

    def test_gmail_drops_style_sheets_that_are_long_or_nested(self):
        css = "@media screen { @media (max-width: 480px) { p { color: #000 } } }" + "/*" + "x" * 16_384 + "*/"
        html = HTML.replace("</head>", f'<style data-css-inline="keep">{css}</style></head>')
        assert [line.partition(" (")[0] for line in judged(html)] == [
            f"warning: html: dropped-style-sheet: the style sheets have {len(css) + sheet_bytes():,} bytes, "
            "more than 16,384",
            "warning: html: dropped-style-sheet: an @ rule stands within '@media screen'",
        ]

    @pytest.mark.parametrize(
        ("markup", "said"),
        [
            ('<p style="color:#777">x</p>', "#777777 on #ffffff on light screens: a contrast of 4.48, not 4.5"),
            ('<p style="color:rgb(200 200 200)">x</p>',
             "#c8c8c8 on #ffffff on light screens: a contrast of 1.67, not 4.5"),
            ('<h1 style="color:silver">x</h1>', "#c0c0c0 on #ffffff on light screens: a contrast of 1.82, not 3.0"),
            ('<p style="color:#1b1f23">x</p>', "#1b1f23 on #181d20 on dark screens: a contrast of 1.03, not 4.5"),
            ('<p style="background:#eee; color:#000"><b style="color:white">x</b></p>',
             "#ffffff on #eeeeee on light screens: a contrast of 1.16, not 4.5"),
        ],
    )  # fmt: skip
    def test_words_that_cannot_be_read(self, markup, said):
        assert f"warning faint-words: 'x' is {said}" in found_in(markup)

    def test_words_on_a_picture_are_not_judged(self):
        assert found_in('<p style="background-image:url(https://a.example/i.png); color:#fff">x</p>') == [
            "warning unsupported-style: background-image is unknown to Outlook on Windows"
        ]

    @pytest.mark.parametrize(
        ("markup", "said"),
        [
            ('<p style="font-size:1px">x</p>', "'x' is 1 pixels high"),
            ('<p style="font-size:0">x</p>', "'x' is 0 pixels high"),
        ],
    )
    def test_words_that_are_there_for_machines(self, markup, said):
        assert found_in(markup) == [f"warning hidden-words: {said}"]


def sheet_bytes() -> int:
    outside = re.sub(r"<!--.*?-->", "", HTML, flags=re.DOTALL)
    return sum(len(sheet.encode()) for sheet in re.findall(r"<style[^>]*>(.*?)</style>", outside, re.DOTALL))


class TestRules:
    def test_each_has_a_word_of_its_own_and_says_why_and_what_to_do(self):
        reasons = [rule.reason for rule in RULES]
        assert len(set(reasons)) == len(reasons)
        assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", reason) for reason in reasons)
        assert all(rule.why and rule.mend and rule.why[-1] not in ".;" for rule in RULES)

    def test_many_of_a_kind_are_counted(self):
        said = found_in('<a href="">A</a>' * 30)
        assert len(said) == 10
        assert said[-1] == "error empty-link: the link 'A' has no address; and 20 more like this"

    def test_errors_come_first_and_keep_an_issue_from_being_sent(self):
        faults = faults_of(open_letter(NEWSLETTER, "s" * 91, with_part('<a href="">A</a>'), TEXT))
        assert [fault.rule.severity for fault in faults] == [Severity.ERROR, Severity.WARNING]
        assert blocks_sending(faults)
        assert not blocks_sending(faults[1:])


class TestPreflight:
    def of(self, html: str, **more: Any) -> tuple[Fault, ...]:
        rendered = Rendered(subject="S", html="", text="", mail_html=html, mail_text=TEXT)
        files = {"media/a b.png": 9, "media/heavy.png": 600_000}
        return preflight(NEWSLETTER, rendered, make_site(), files.get, **more)

    def test_only_pictures_of_ours_are_looked_for(self):
        address = "https://feeds.example.org/media"
        names = ("a b.png?v=1", "heavy.png", "none.png")
        html = with_part(
            "".join(f'<img src="{address}/{name}" alt="" width="9" height="9">' for name in names)
            + '<img src="https://elsewhere.example/none.png" alt="" width="9" height="9">'
        )
        assert [fault.spot.what for fault in self.of(html)] == [
            f"the picture '{address}/none.png' is not in the output folder",
            f"the picture '{address}/heavy.png' has 600,000 bytes",
        ]
        assert [fault.rule.reason for fault in self.of(html, is_published=False)] == ["heavy-picture"]

    def test_an_issue_without_a_message_cannot_be_judged(self):
        with pytest.raises(UsageError) as caught:
            preflight(NEWSLETTER, Rendered(subject="S", html="", text=""), make_site(), lambda path: None)
        said = "this issue of weekly was cut before messages were kept; later ones have theirs"
        assert str(caught.value) == said


class TestReading:
    @pytest.mark.parametrize(
        ("value", "colour"),
        [
            ("#ABC", "#aabbcc"),
            ("1px solid #0b6274 !important", "#0b6274"),
            ("rgb(255 0 300)", "#ff00ff"),
            ("transparent", "transparent"),
            ("url(red.png)", None),
            ("Navy", "#000080"),
            ("#12345", None),
        ],
    )
    def test_colours(self, value, colour):
        assert colour_of(value) == colour

    def test_declarations(self):
        css = "COLOR : red ; /* x: y; */ background:url('a;b') ;font:12px/1.5 \"A; B\""
        assert list(declarations(css)) == [
            ("color", "red"),
            ("background", "url('a;b')"),
            ("font", '12px/1.5 "A; B"'),
        ]

    def test_blocks(self):
        assert list(blocks("@charset 'x'; a{b:c} @media x{d{e:f}} g")) == [
            Block(prelude="@charset 'x'", body=None),
            Block(prelude="a", body="b:c"),
            Block(prelude="@media x", body="d{e:f}"),
            Block(prelude="g", body=None, is_whole=False),
        ]
