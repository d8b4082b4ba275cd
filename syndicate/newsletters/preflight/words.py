"""Rules about subject, preheader, footer and words."""

import re
from collections.abc import Iterator

from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL
from syndicate.domain.text import columns_of
from syndicate.newsletters.assemble import MOST_HTML_BYTES
from syndicate.newsletters.preflight.links import links
from syndicate.newsletters.preflight.rules import Letter, Spot, quoted

MAX_HTML_BYTES = 102_400
"""Gmail shows no more of a message's HTML, and hides the rest behind a link."""
# A reader's own address takes the place of one that is short.
_READER_BYTES = 200
MAX_SUBJECT = 90
"""Desktop programs show so many letters of a subject at most; phones some 40."""
MAX_PREHEADER = 150
"""What comes behind so many letters is shown by no program."""
_TAG = re.compile(
    r"</?(?:a|b|br|div|em|h[1-6]|i|img|li|ol|p|span|strong|table|td|tr|ul)\b[^<>]*>|&(?:[a-z]+|#\d+);", re.I
)
# Jinja, Handlebars, Mailchimp, printf, ERB.
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\*\|[A-Z_:]+\|\*|%\(\w+\)[sd]|<%.*?%>|\$\{\w+\}")
_NOTHING = frozenset(("None", "undefined", "null", "NaN", "[object Object]", "Undefined"))
_IN_ADDRESS = re.compile(r"\{\{|\}\}|\{%|%7B%7B|%7B%25|\*\||[/=](?:None|undefined|null|NaN)(?:[/?&#]|$)", re.I)


def message_bytes(html: str) -> int:
    """Return the bytes of a message's HTML, with room for a reader's own addresses."""
    own = html.count(UNSUBSCRIBE_URL) + html.count(PREFERENCES_URL)
    return _bytes_of(html) + own * _READER_BYTES


def _bytes_of(html: str) -> int:
    return len(html.encode("utf-8", "replace"))


def clipped(letter: Letter) -> Iterator[Spot]:
    """The HTML is not larger than what Gmail shows."""
    if (size := message_bytes(letter.html)) > MAX_HTML_BYTES:
        yield Spot(what=f"{size:,} bytes are more than the {MAX_HTML_BYTES:,} that Gmail shows")


def nearly_clipped(letter: Letter) -> Iterator[Spot]:
    """It was shortened where it would be nearly as large."""
    if (size := message_bytes(letter.html)) <= MAX_HTML_BYTES and _bytes_of(letter.html) > MOST_HTML_BYTES:
        yield Spot(what=f"{size:,} bytes are nearly the {MAX_HTML_BYTES:,} that Gmail shows")


def no_subject(letter: Letter) -> Iterator[Spot]:
    """An issue has a subject."""
    if not letter.subject.strip():
        yield Spot(what="it is empty", part="subject")


def long_subject(letter: Letter) -> Iterator[Spot]:
    """A subject is not longer than what programs show."""
    if (length := columns_of(letter.subject)) > MAX_SUBJECT:
        yield Spot(what=f"{length} letters are more than the {MAX_SUBJECT} that are shown", part="subject")


def no_preheader(letter: Letter) -> Iterator[Spot]:
    """A preheader stands before all that can be seen."""
    if not letter.preheader:
        yield Spot(what="there is none", part="preheader")


def long_preheader(letter: Letter) -> Iterator[Spot]:
    """A preheader is not longer than what programs show."""
    if (length := columns_of(letter.preheader)) > MAX_PREHEADER:
        yield Spot(what=f"{length} letters are more than the {MAX_PREHEADER} that are shown", part="preheader")


def no_postal_address(letter: Letter) -> Iterator[Spot]:
    """Both parts have the sender's postal address."""
    address = letter.newsletter.postal_address
    if not address or not address.strip():
        yield Spot(what="newsletters[].postal_address is not set", part="config")
        return
    lines = [" ".join(line.split()) for line in address.splitlines() if line.strip()]
    seen = " ".join(one.own_words for one in letter.page.elements if one.own_words and not one.is_hidden)
    if any(line not in seen for line in lines):
        yield Spot(what="newsletter.postal_address is not in it, or can't be seen")
    if any(line not in " ".join(letter.text.split()) for line in lines):
        yield Spot(what="newsletter.postal_address is not in it", part="text")


def no_sender(letter: Letter) -> Iterator[Spot]:
    """A newsletter has a sender."""
    if letter.newsletter.sender is None:
        yield Spot(what="neither newsletters[].sender nor mail.sender is set", part="config")


def markup_in_text(letter: Letter) -> Iterator[Spot]:
    """The plain text has no markup."""
    for number, line in enumerate(letter.text.splitlines(), 1):
        if "://" not in line and (found := _TAG.search(line)):
            yield Spot(what=f"{quoted(found[0])} stands in {quoted(line)}", part="text", line=number)


def left_over(letter: Letter) -> Iterator[Spot]:
    """No part of a template stands among the words, and no name of nothing."""
    if found := _left(letter.subject):
        yield Spot(what=f"{quoted(found)} stands in {quoted(letter.subject)}", part="subject")
    for one in letter.page.elements:
        if one.own_words and (found := _left(one.own_words)) and one.tag not in ("style", "script", "title"):
            yield Spot(what=f"{quoted(found)} stands in {quoted(one.own_words)}", line=one.line)
    for number, line in enumerate(letter.text.splitlines(), 1):
        if found := _left(line):
            yield Spot(what=f"{quoted(found)} stands in {quoted(line)}", part="text", line=number)


def _left(text: str) -> str | None:
    if found := _PLACEHOLDER.search(text):
        return found[0]
    parts = {part.strip() for part in re.split(r"[·|,:;()]|\s-\s", text)}
    return next((part for part in parts if part in _NOTHING), None)


def left_over_in_address(letter: Letter) -> Iterator[Spot]:
    """No part of a template stands in an address, and no name of nothing."""
    for one, address in links(letter):
        if _IN_ADDRESS.search(address):
            yield Spot(what=f"the link {quoted(one.words)} has the address {quoted(address)}", line=one.line)
    for one in letter.page.all("img"):
        if _IN_ADDRESS.search(one.attributes.get("src", "")):
            yield Spot(what=f"the picture has the address {quoted(one.attributes['src'])}", line=one.line)
