"""Marks by which the parts of a rendered issue are found again, and places for what a reader's topics decide.

block("story.html") ─► a copy of it between marks ─► inlined CSS ─► take() ─► the part, and a hole

Unicode keeps the code points U+FDD0 to U+FDEF for a program's own use (The Unicode Standard, 23.7).
They come through Jinja, libxml2 and premailer as they are, and stand in no article (`scrub`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from syndicate.domain.text import wrapped

# What each set of topics has of its own; the place stands where a template puts the value.
SUBJECT, PREHEADER, COUNT, MORE, ALSO, LABEL, TITLE = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6"
# An address is percent-encoded in a link, and so its place is one on a host that never is (RFC 2606).
URL = "https://place.invalid/"
# Around what a shortened summary leaves out.
REST, REST_END = "\ufdd7\ufdd8"
_LATE, _LATE_NEXT, _LATE_END = "\ufdd9\ufdda\ufddb"
_PART, _PART_NAMED, _PART_END, _HOLE = "\ufddc\ufddd\ufdde\ufddf"

_VALUES = {
    SUBJECT: "subject",
    PREHEADER: "preheader_words",
    COUNT: "count",
    MORE: "more_words",
    ALSO: "also",
    LABEL: "label",
    TITLE: "title",
    URL: "url",
}
_PLACE = re.compile(f'"?(?:{_HOLE}([a-z]+){_HOLE}|([{"".join(list(_VALUES)[:-1])}]|{re.escape(URL)}))"?')
_REST = re.compile(f"{REST}([^{REST_END}]*){REST_END}")
_LATE_LINES = re.compile(
    f"{_LATE}([^{_LATE_NEXT}]*){_LATE_NEXT}([^{_LATE_NEXT}]*){_LATE_NEXT}([^{_LATE_END}]*){_LATE_END}"
)

# The files that a part may be in, and what it shows one of, if there are several.
_PARTS = {
    "preheader": "",
    "note": "",
    "contents": "",
    "line": "line",
    "section": "section",
    "story": "story",
    "offerings": "",
    "offering": "offering",
    "more": "",
}

Pieces = tuple[str, ...]
"""A text with places: what stands between them, and at each second position the name of what comes there."""


class NotInPartsError(ValueError):
    """The templates show something in another way than by its part."""


def with_marked(templates: Mapping[str, str]) -> dict[str, str]:
    """Return the templates with a copy of each part that puts marks around it, and one that leaves it out."""
    made = dict(templates)
    for name, source in templates.items():
        if (found := _PART_FILE.fullmatch(name)) and found[1] in _PARTS:
            shown = _PARTS[found[1]]
            key = f"{{{{ part_key({shown}) }}}}" if shown else ""
            begin, end = _marks(found[1], key, found[2])
            made[f"{_MARKED}{name}"] = f"{begin}{_LAST_LINE_END.sub('', source)}{end}"
    for part in _PARTS:
        for ending in ("html", "txt"):
            made[f"{_LEFT_OUT}{part}.{ending}"] = "".join(_marks(part, "", ending))
    return made


def _marks(part: str, key: str, ending: str) -> tuple[str, str]:
    opening, closing = ("<!--", "-->") if ending == "html" else ("", "")
    return f"{opening}{_PART}{part} {key}{_PART_NAMED}{closing}", f"{opening}{_PART_END}{closing}"


# Messages about templates leave out what stands before the bar.
_MARKED, _LEFT_OUT = "marked|", "left out|"
_PART_FILE = re.compile(r"newsletter/(?:[^/]+/)?(\w+)\.(html|txt)")
# Jinja drops it, too.
_LAST_LINE_END = re.compile(r"(?:\r\n|\r|\n)\Z")


def marked_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names under which a part is looked for as those of the copies with marks; others stay as they are."""
    return tuple(f"{_MARKED}{name}" if _is_part(name) else name for name in names)


def left_out_name(names: Sequence[str]) -> tuple[str, ...]:
    """Return the name of what leaves a part out; others stay as they are."""
    return (f"{_LEFT_OUT}{names[-1].rpartition('/')[2]}",) if _is_part(names[-1]) else tuple(names)


def _is_part(name: str) -> bool:
    found = _PART_FILE.fullmatch(name)
    return found is not None and found[1] in _PARTS


def take(document: str, name: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a document with a hole in the place of each part of a name, and the parts, each with its key.

    Parts that stand in them must have been taken before.
    """
    found: list[tuple[str, str]] = []

    def taken(match: re.Match[str]) -> str:
        found.append((match[1], match[2]))
        return f"{_HOLE}{name}{_HOLE}"

    marked = (
        f"(?:<!--)?{_PART}{name} ([^{_PART_NAMED}]*){_PART_NAMED}(?:-->)?"
        f"([^{_PART}{_PART_END}]*?)(?:<!--)?{_PART_END}(?:-->)?"
    )
    return re.sub(marked, taken, document), found


def one_hole(document: str, name: str) -> tuple[str, str | None]:
    """Return a document with one hole for all parts of a name, and what stands between them; None if it has one.

    Raises NotInPartsError if it has none, or if they are not parted alike.
    """
    hole = f"{_HOLE}{name}{_HOLE}"
    around = document.split(hole)
    between = around[1:-1]
    if len(around) < 2 or len(set(between)) > 1:
        raise NotInPartsError(name)
    return around[0] + hole + around[-1], between[0] if between else None


def pieces(text: str, *, is_html: bool) -> Pieces:
    """Return a text cut at its holes and places; in HTML each place tells how its value is to be written."""
    made: list[str] = []
    last = 0
    for match in _PLACE.finditer(text):
        start, end = match.span(1 if match[1] else 2)
        start, end = (start - 1, end + 1) if match[1] else (start, end)
        name = match[1] or _VALUES[match[2]]
        if is_html and match[2]:
            is_attribute = text.rfind("<", 0, start) > text.rfind(">", 0, start)
            if is_attribute and match[0].startswith('"') and match[0].endswith('"') and len(match[0]) > 1:
                start, end, name = match.start(), match.end(), f"{name}:quoted"
            else:
                name = f"{name}:attribute" if is_attribute else f"{name}:html"
        made += (text[last:start], name)
        last = end
    return (*made, text[last:])


def filled(cut: Sequence[str], values: Mapping[str, str]) -> str:
    """Return a text with its places filled; what has no value is left empty."""
    parts = list(cut)
    parts[1::2] = [values.get(name, "") for name in cut[1::2]]
    return "".join(parts)


def written(values: Mapping[str, str], *, is_html: bool) -> dict[str, str]:
    """Return the values as they are written in HTML, each in all ways that a place may ask for, or as they are."""
    return dict(_ways(values)) if is_html else dict(values)


def _ways(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        attribute = escaped.replace('"', "&quot;")
        yield f"{name}:html", escaped
        yield f"{name}:attribute", attribute
        # As libxml2 writes it.
        yield f"{name}:quoted", f"'{escaped}'" if '"' in value and "'" not in value else f'"{attribute}"'


def whole(html: str) -> str:
    """Return HTML with its summaries whole."""
    return html.replace(REST, "").replace(REST_END, "")


def shortened(html: str) -> str:
    """Return HTML with its summaries shortened, where they are longer than that."""
    return whole(_REST.sub("…", html))


def with_rest(text: str, most: int) -> str:
    """Return a text with marks around what goes beyond its first words, if it is worth leaving out."""
    if len(text) <= most * 3 // 2:
        return text
    words, _, _ = text[:most].rpartition(" ")
    place = len(words.rstrip(" .,;:!?")) if len(words) > most // 2 else most
    return f"{text[:place]}{REST}{text[place:]}{REST_END}"


def wrap_late(text: str, indent: str = "", rest: str | None = None) -> str:
    """Return a text wrapped, or if it has places marked to be wrapped when they are filled (`wrap_now`)."""
    plain = whole(text)
    if not any(value in plain for value in _VALUES):
        return wrapped(plain, indent, rest)
    return f"{_LATE}{indent}{_LATE_NEXT}{indent if rest is None else rest}{_LATE_NEXT}{plain}{_LATE_END}"


def wrap_now(text: str) -> str:
    """Return a text in which the places are filled, with those lines wrapped that waited for it."""
    return _LATE_LINES.sub(lambda match: wrapped(match[3], match[1], match[2]), text) if _LATE in text else text
