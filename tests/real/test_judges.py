"""Thirty issues, from an ordinary one to the worst that articles hold, before every judge; and what judges must see.

tests/thirty_issues.py makes the issues by the command line, tests/mail_judges.py has the judges and says what they
need. A judge that praises everything is none: each is shown messages that its standard forbids, and must object.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import browser
import mail_clients
import mail_judges
import pytest
import thirty_issues
from mail_judges import changed, dkim_faults, header_faults, praised, size_faults, text_faults
from support import Once
from thirty_issues import CASES

from syndicate.newsletters.preflight import clients

pytestmark = pytest.mark.real

# With style sheets removed, a preheader needs overflow: what Outlook on Windows lacks of it does no harm.
OUTLOOK_LACKS = ["overflow"]
# The mail of Gmail for browsers of old phones, which shows the preheader above the header.
GMAIL_BASIC = {"gmail.mobile-webmail": ["display:none"]}
# Around a logo with another one for dark screens: programs that don't know these show the picture that is in it.
DARK_LOGO = ["<picture> element", "srcset and sizes attributes"]


@pytest.fixture(scope="module")
def folder(once: Once) -> Path:
    return once("thirty-issues", thirty_issues.make)


@pytest.fixture(scope="module")
def messages(folder: Path) -> dict[str, bytes]:
    return {name: (folder / f"{name}.eml").read_bytes() for name in CASES}


@pytest.fixture(scope="module")
def pages(folder: Path) -> list[Path]:
    return [folder / f"{name}.html" for name in CASES]


def record(folder: Path, name: str) -> bytes:
    return (folder / ("own-site.txt" if CASES[name].own_templates else "site.txt")).read_bytes()


def test_there_are_thirty_and_none_is_like_another(messages):
    assert len(messages) == 30
    assert len({re.sub(rb"(?m)^(?:DKIM|To|Date).*$", b"", one) for one in messages.values()}) == 30


# ---- SpamAssassin ----

# What fires without costing anything: no server has had the message yet, and one that has HTML says so.
HARMLESS = {"HTML_MESSAGE", "MAILING_LIST_MULTI", "NO_RECEIVED", "NO_RELAYS", "LOTS_OF_MONEY", "HTML_IMAGE_RATIO_04"}


def test_spamassassin_takes_none_for_spam(folder):
    found = mail_judges.spam([folder / f"{name}.eml" for name in CASES])
    told = [f"{name}: {score} by {', '.join(rules)}" for name, (score, rules) in found.items()]
    sys.stdout.write("\n".join([*told, ""]))
    limits = {f"{name}.eml": 1.0 if case.adversarial else -1.0 for name, case in CASES.items()}
    assert [line for line, (name, (score, _)) in zip(told, found.items(), strict=True) if score > limits[name]] == []
    assert {rule for _, rules in found.values() for rule in rules} <= HARMLESS


SUBJECT = re.compile(rb"(?m)^Subject:[^\r]*\r\n(?:[ \t][^\r]*\r\n)*")


def test_spamassassin_sees_spam(messages, tmp_path):
    good = messages["magazine-en"]
    mutants = {
        "unseen words": changed(good, "html", lambda html: html.replace("display:none; max-height:0", "color:#eef1f3")),
        "no list": re.sub(rb"(?m)^(?:List-|Precedence:)[^\r]*\r\n(?:[ \t][^\r]*\r\n)*", b"", good),
        "no date": re.sub(rb"(?m)^Date:[^\r]*\r\n", b"", good),
        "shouting": SUBJECT.sub(b"Subject: ACT NOW FREE MONEY!!!!\r\n", good),
        "forbidden bytes": good.replace(b"Precedence: bulk", b"X-Odd: \xe4\xf6\xfc\xe4\xf6\xfc\xe4\xf6\xfc", 1),
        "no message id": re.sub(rb"(?m)^Message-ID:[^\r]*\r\n", b"", good),
    }
    for name, message in mutants.items():
        (tmp_path / f"{name}.eml").write_bytes(message)
    found = mail_judges.spam(sorted(tmp_path.iterdir()))
    assert {name: score for name, (score, _) in found.items() if score <= -1.0} == {}
    assert len(found) == len(mutants)


# ---- HTML ----

MARKUP: dict[str, Callable[[str], str]] = {
    "an element is not closed": lambda html: html.replace("</h1>", "", 1),
    "an attribute stands twice": lambda html: html.replace(' alt="', ' alt="" alt="', 1),
    "an element where it may not be": lambda html: html.replace("<ul", "<ul><p>x</p", 1).replace("</p>", "</p>", 1),
    "no title": lambda html: re.sub(r"<title>.*?</title>", "", html),
    "an id twice": lambda html: html.replace("<p ", '<p id="a" ', 2),
    "a side with a unit": lambda html: re.sub(r'(<img[^>]* width=")\d+', r"\g<1>20px", html, count=1),
    "an old element": lambda html: html.replace("<p ", "<center>x</center><p ", 1),
    "no doctype": lambda html: html.replace("<!DOCTYPE html>", "", 1),
}


def mutated(folder: Path, tmp_path: Path) -> list[Path]:
    html = (folder / "magazine-en.html").read_text("utf-8")
    for name, change in MARKUP.items():
        assert change(html) != html, name
        (tmp_path / f"{name}.html").write_text(change(html), "utf-8")
    return sorted(tmp_path.iterdir())


def test_the_nu_html_checker_finds_no_error(pages):
    assert mail_judges.nu(pages) == {}


def test_the_nu_html_checker_sees_errors(folder, tmp_path):
    found = mail_judges.nu(mutated(folder, tmp_path))
    assert {path.removesuffix(".html") for path in found} == set(MARKUP)


def test_html_validate_finds_no_error(pages):
    assert mail_judges.validated(pages) == {}


def test_html_validate_sees_errors(folder, tmp_path):
    found = mail_judges.validated(mutated(folder, tmp_path))
    missed = {"no title", "no doctype"} - {path.removesuffix(".html") for path in found}
    assert set(MARKUP) - {path.removesuffix(".html") for path in found} <= missed
    assert len(found) >= 5


# ---- Mail programs ----


def lacking(found: dict[str, dict[str, list[str]]]) -> dict[str, dict[str, list[str]]]:
    """Return what programs lack of pages, without what may be lacking."""
    allowed = {**GMAIL_BASIC, "outlook.windows": OUTLOOK_LACKS}
    worse = {
        page: {
            client: rest
            for client, titles in by_client.items()
            if (rest := [title for title in titles if title not in (*allowed.get(client, ()), *DARK_LOGO)])
        }
        for page, by_client in found.items()
    }
    return {page: by_client for page, by_client in worse.items() if by_client}


def test_gmail_apple_mail_and_outlook_show_all_of_it_without_style_sheets(pages):
    found = mail_judges.unsupported(pages)
    assert lacking(found) == {}
    assert len(found) == 30


@pytest.mark.parametrize(
    ("markup", "client"),
    [
        ('<p style="display:grid">x</p>', "outlook.windows"),
        ('<p style="border-radius:4px">x</p>', "outlook.windows"),
        ('<p style="position:absolute">x</p>', "gmail.ios"),
        ("<video></video>", "gmail.desktop-webmail"),
        ('<p style="hyphenate-limit-chars:3">x</p>', "apple-mail.ios"),
    ],
)
def test_what_they_do_not_show_is_seen(folder, tmp_path, markup, client):
    html = (folder / "magazine-en.html").read_text("utf-8")
    (tmp_path / "broken.html").write_text(html.replace("</body>", f"{markup}</body>"), "utf-8")
    assert client in lacking(mail_judges.unsupported([tmp_path / "broken.html"]))["broken.html"]


def test_the_table_of_the_preflight_is_that_of_caniemail():
    assert mail_clients.module(mail_judges.package("caniemail")) == Path(clients.__file__).read_text("utf-8")


# ---- Headers, signature, plain text, size ----


def test_headers_and_structure_keep_to_the_standards(messages):
    assert praised({name: header_faults(message) for name, message in messages.items()}) == {}


def without(name: bytes) -> Callable[[bytes], bytes]:
    return lambda message: re.sub(rb"(?m)^" + name + rb":[^\r]*\r\n(?:[ \t][^\r]*\r\n)*", b"", message, count=1)


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda message: message.replace(old, new, 1)


BULK = b"Precedence: bulk"
HTML_FIRST = (b"text/plain", b"text/x"), (b"text/html", b"text/plain"), (b"text/x", b"text/html")


def without_soft_breaks(message: bytes) -> bytes:
    head, gap, body = message.partition(b"\r\n\r\n")
    return head + gap + body.replace(b"=\r\n", b"")


def html_first(message: bytes) -> bytes:
    for old, new in HTML_FIRST:
        message = message.replace(old, new)
    return message


HEADERS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no date": (without(b"Date"), "Date stands 0 times"),
    "two subjects": (swap(b"Subject:", b"Subject: a\r\nSubject:"), "Subject stands 2 times"),
    "no zone": (lambda one: re.sub(rb"(?m)^Date: ([^\r]*) [+-]\d{4}", rb"Date: \1", one), "Date has no zone"),
    "raw UTF-8": (swap(b"Reply-To: ", "Reply-To: ä ".encode()), "a header is not ASCII"),
    "a bare line feed": (swap(b"\r\n\r\n--", b"\n\r\n--"), "a line ends in something else than CR LF"),
    "an endless line": (swap(BULK, BULK + b"\r\nX-A: " + b"a" * 999), "a line is longer than 998 bytes"),
    "no fold": (swap(BULK, BULK + b"\r\nX-A: " + b"a " * 40), "a header could be folded and is longer than 78"),
    "a header without a name": (swap(BULK, BULK + b"\r\nno header"), "is no header"),
    "http": (swap(b"List-Unsubscribe: <https:", b"List-Unsubscribe: <http:"), "not one https and one mailto"),
    "no mailto": (lambda one: re.sub(rb",\s*<mailto:[^>]*>", b"", one, count=1), "not one https and one mailto"),
    "no one-click": (swap(b"=One-Click", b"=Yes"), "List-Unsubscribe-Post is not what it should be"),
    "no id": (lambda one: re.sub(rb"Message-ID: <\w+", b"Message-ID: <a b", one), "Message-ID is not what it"),
    "HTML first": (html_first, "not plain text and then HTML"),
    "mixed": (swap(b"multipart/alternative", b"multipart/mixed"), "it is not multipart/alternative"),
    "no end": (lambda one: one[: one.rindex(b"--=_")], "its structure is broken"),
    "Latin-1": (swap(b'charset="utf-8"', b'charset="iso-8859-1"'), "text/plain is not in UTF-8"),
    "not encoded": (swap(b": quoted-printable", b": 8bit"), "is not encoded"),
    "a long encoded line": (without_soft_breaks, "an encoded line of more than 76"),
    "two senders": (swap(b"<weekly@example.org>", b"<weekly@example.org>, b@example.org"), "From is not one address"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_breach_of_the_standards_is_seen(messages, name):
    change, said = HEADERS[name]
    broken = change(messages["magazine-de"])
    assert broken != messages["magazine-de"]
    assert any(said in fault for fault in header_faults(broken)), header_faults(broken)


def test_every_signature_is_valid(folder, messages):
    assert praised({name: dkim_faults(message, record(folder, name)) for name, message in messages.items()}) == {}


@pytest.mark.parametrize(
    "change",
    [
        swap(b"Subject: ", b"Subject: Re: "),
        swap(b"Subject: ", b"Subject: a\r\nSubject: "),
        swap(b"List-Unsubscribe: <https:", b"List-Unsubscribe: <https:x"),
        swap(b"=One-Click", b"=Two-Clicks"),
        swap(b"</h1>", b"!</h1>"),
        swap(b"DKIM-Signature: ", b"X-Signature: "),
        swap(b"list-unsubscribe-post:", b""),
    ],
)
def test_a_signature_that_does_not_hold_is_seen(folder, messages, change):
    broken = change(messages["magazine-en"])
    assert broken != messages["magazine-en"]
    assert dkim_faults(broken, record(folder, "magazine-en")) != []


def test_the_plain_text_has_all_that_the_html_has(messages):
    assert praised({name: text_faults(message) for name, message in messages.items()}) == {}


TEXTS: dict[str, tuple[str, str, str]] = {
    "a headline less": ("A kettle that counts", "A kettle", "the heading 'A kettle that counts' is missing"),
    "a link less": ("https://news.example.org/magazine-en/1", "", "is missing"),
    "a link cut": ("https://example.org/topics/", "https://example.org/\ntopics/", "is missing"),
    "markup": ("A kettle that", "<b>A</b> kettle that", "markup is left: <b>"),
    "a reference": ("A kettle that", "A&nbsp;kettle that", "markup is left: &nbsp;"),
    "a template": ("A kettle that", "{{ title }} A kettle that", "markup is left: {{ title }}"),
    "a long line": ("Three people saw", "Three people saw it and another" + " saw it" * 9, "a line takes"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_plain_text_that_lost_something_is_seen(messages, name):
    old, new, said = TEXTS[name]
    faults = text_faults(changed(messages["magazine-en"], "plain", lambda text: text.replace(old, new)))
    assert any(said in fault for fault in faults), faults


def test_gmail_shows_all_of_it(messages):
    assert praised({name: size_faults(message) for name, message in messages.items()}) == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</body>", "x" * 102_400 + "</body>", "bytes of HTML"),
        ("</h1>", "é" * 51_200 + "</h1>", "bytes of HTML"),
        ("</h1>", "x" * 102_400 + "</h1>", "the link that ends the subscription is not in what is shown"),
        ('href="https://unsubscribe', 'href="https://elsewhere', "the link that ends the subscription"),
    ],
)
def test_what_gmail_cuts_is_seen(messages, old, new, said):
    faults = size_faults(changed(messages["magazine-en"], "html", lambda html: html.replace(old, new)))
    assert any(said in fault for fault in faults), faults


# ---- The preflight itself ----


def test_the_preflight_has_no_error_for_any(folder):
    found = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in CASES}
    errors = {
        name: {fault["reason"] for fault in one["fault_list"] if fault["severity"] == "error"}
        for name, one in found.items()
    }
    assert {name: reasons for name, reasons in errors.items() if reasons} == {}
    ordinary = {name for name, case in CASES.items() if not case.adversarial}
    assert {name: found[name]["fault_list"] for name in ordinary if found[name]["fault_list"]} == {}


# ---- A browser ----


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with browser.chromium() as started:
        yield started


@pytest.mark.parametrize("name", CASES)
def test_everybody_can_read_it(driver, folder, name):
    """No fault and no doubt of axe-core, light and dark, on a desktop and on a phone; nothing to scroll sideways."""
    for scheme, width in product(browser.SCHEMES, (320, 600)):
        browser.show(driver, folder / f"{name}.html", width=width, scheme=scheme)
        assert browser.doubts(driver) == [], (scheme, width)
        assert browser.width_of(driver) <= width, (scheme, width)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("color:#57606a", "color:#bbbbbb", "color-contrast"),
        (' alt="', ' data-alt="', "image-alt"),
        ('<html lang="en"', "<html", "html-has-lang"),
        ("<li>", "<p>", "list"),
        ('role="article"', 'role="letter"', "aria-roles"),
        ("background-color:#", "background-image:url(https://img.example.org/a.png); x:#", "color-contrast"),
    ],
)
def test_what_not_everybody_can_read_is_seen(driver, folder, tmp_path, old, new, said):
    html = (folder / "magazine-en.html").read_text("utf-8")
    assert old in html
    (tmp_path / "broken.html").write_text(html.replace(old, new), "utf-8")
    browser.show(driver, tmp_path / "broken.html", width=600)
    found = browser.doubts(driver)
    assert any(line.startswith(said) for line in found), found


# Of 200 stories the message shows fewer than its templates make.
@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("many-")])
def test_without_style_sheets_it_looks_the_same(driver, folder, name):
    """The written styles against the style sheet that they come from, element by element: nothing was lost inlining."""
    by_sheet = browser.looks(driver, folder / f"{name}.source.html", "style[data-premailer]")
    assert len(by_sheet) > 20
    assert browser.looks(driver, folder / f"{name}.html", "style") == by_sheet


@pytest.mark.parametrize("lost", ["; line-height:22px", "color:#57606a", "; font-size:14px"])
def test_a_style_that_was_lost_is_seen(driver, folder, tmp_path, lost):
    html = (folder / "brief-en.html").read_text("utf-8")
    assert lost in html
    (tmp_path / "broken.html").write_text(html.replace(lost, ""), "utf-8")
    by_sheet = browser.looks(driver, folder / "brief-en.source.html", "style[data-premailer]")
    assert browser.looks(driver, tmp_path / "broken.html", "style") != by_sheet


def test_what_has_to_be_scrolled_sideways_is_seen(driver, folder, tmp_path):
    html = (folder / "magazine-en.html").read_text("utf-8")
    (tmp_path / "broken.html").write_text(html.replace("max-width:600px", "width:600px"), "utf-8")
    browser.show(driver, tmp_path / "broken.html", width=320)
    assert browser.width_of(driver) > 320
