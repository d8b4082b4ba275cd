"""Rules about colours and styles."""

import re
from collections.abc import Iterator

from syndicate.domain.themes import LEAST_CONTRAST, contrast
from syndicate.newsletters.preflight.clients import UNSUPPORTED
from syndicate.newsletters.preflight.colours import Scheme
from syndicate.newsletters.preflight.rules import Letter, Spot, quoted
from syndicate.newsletters.preflight.sheets import Block, blocks, declarations
from syndicate.newsletters.preflight.tree import Element, Page

# WCAG 2.2, success criterion 1.4.3: words of 24 pixels, or bold ones of 18.66.
_LARGE_CONTRAST, _LARGE, _LARGE_BOLD = 3.0, 24.0, 18.66
_HEADING_SIZES = {"h1": 32.0, "h2": 24.0, "h3": 18.72, "h4": 16.0, "h5": 13.28, "h6": 10.72}
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
# Smaller than this nobody reads it: it is there for machines, which filters know.
_LEAST_SIZE = 6.0
# What a program without the property shows anyway.
_HARMLESS = frozenset(("auto", "none", "normal", "initial", "inherit", "visible", "static", "0", "1"))
_FUNCTION = re.compile(r"([a-z-]+)\(")
_UNIT = re.compile(r"(?<![\w#-])\d*\.?\d+([a-z]+)\b")
# 'Gmail, supported CSS': more than this of all style elements together is dropped.
MAX_SHEET_BYTES = 16_384
# What premailer reads of the selectors that begin with a colon.
_READ = re.compile(r":(?:first-child|last-child)(?![\w(-])")


def faint(letter: Letter) -> Iterator[Spot]:
    """Words can be read on the ground that they stand on."""
    for name, is_dark in (("light", False), ("dark", True)):
        scheme = Scheme(letter.page, dark=is_dark)
        told = set()
        for one in letter.page.elements:
            if not one.own_words or one.is_hidden:
                continue
            words, ground = scheme.words(one), scheme.ground(one)
            if words is None or ground is None or "transparent" in (words, ground) or (words, ground) in told:
                continue
            least = _LARGE_CONTRAST if _is_large(one) else LEAST_CONTRAST
            if (found := contrast(words, ground)) < least:
                told.add((words, ground))
                what = f"{quoted(one.own_words)} is {words} on {ground} on {name} screens"
                yield Spot(what=f"{what}: a contrast of {found:.2f}, not {least}", line=one.line)


def hidden(letter: Letter) -> Iterator[Spot]:
    """Words are hidden by display:none, as the preheader, or not at all."""
    for one in letter.page.elements:
        if one.own_words and not one.is_hidden:
            if (size := _size(one)) < _LEAST_SIZE:
                yield Spot(what=f"{quoted(one.own_words)} is {size:g} pixels high", line=one.line)
            elif any(above.style.get("opacity", "1").strip() in ("0", "0.0") for above in one.ancestors()):
                yield Spot(what=f"{quoted(one.own_words)} has an opacity of 0", line=one.line)


def _size(element: Element) -> float:
    """Return how high an element's words are, in pixels."""
    for one in element.ancestors():
        if found := re.fullmatch(r"(\d*\.?\d+)(px|pt)?(?:\s*!important)?", one.style.get("font-size", "").strip()):
            return float(found[1]) * (4 / 3 if found[2] == "pt" else 1)
        if one.tag in _HEADING_SIZES:
            return _HEADING_SIZES[one.tag]
    return 16.0


def _is_large(element: Element) -> bool:
    size = _size(element)
    return size >= _LARGE or (size >= _LARGE_BOLD and _is_bold(element))


def _is_bold(element: Element) -> bool:
    for one in element.ancestors():
        if written := one.style.get("font-weight"):
            return written.startswith("bold") or (written.isdecimal() and int(written) >= 700)
        if one.tag in _BOLD:
            return True
    return False


def unsupported(letter: Letter) -> Iterator[Spot]:
    """Mail programs know what the HTML is made of."""
    seen: dict[str, list[Element]] = {}
    for one in letter.page.elements:
        if any(above.style.get("display") == "none" for above in one.ancestors()):
            continue
        for feature in {f"<{one.tag}>", *_features(one)} & UNSUPPORTED.keys():
            seen.setdefault(feature, []).append(one)
    for feature, elements in sorted(seen.items(), key=lambda pair: pair[1][0].line):
        times = f", {len(elements)} times" if len(elements) > 1 else ""
        programs = ", ".join(UNSUPPORTED[feature])
        yield Spot(what=f"{feature} is unknown to {programs}{times}", line=elements[0].line)


def _features(element: Element) -> Iterator[str]:
    for name, value in element.style.items():
        lowered = value.lower().removesuffix("!important").strip()
        if lowered not in _HARMLESS:
            yield name
        yield f"{name}:{lowered}"
        yield from (f"{function}()" for function in _FUNCTION.findall(lowered))
        yield from (f"{unit} unit" for unit in _UNIT.findall(re.sub(r"url\([^)]*\)", "", lowered)))


def dropped_sheet(letter: Letter) -> Iterator[Spot]:
    """The style sheets that stay in the message are ones that Gmail takes."""
    size = sum(len(sheet.encode("utf-8", "replace")) for sheet, _ in letter.page.sheets)
    if size > MAX_SHEET_BYTES:
        yield Spot(what=f"the style sheets have {size:,} bytes, more than {MAX_SHEET_BYTES:,}")
    for sheet, _ in letter.page.sheets:
        for block in blocks(sheet):
            if block.prelude.startswith("@") and block.body and "@" in block.body:
                yield Spot(what=f"an @ rule stands within {quoted(block.prelude)}")


def not_inlined(letter: Letter) -> Iterator[Spot]:
    """The style sheet says nothing that can't be written into style attributes."""
    if letter.source:
        for sheet, is_kept in letter.source.sheets:
            if not is_kept:
                yield from (Spot(what=what) for block in blocks(sheet) for what in _lost_in(block))
        yield from _outside(letter.source)
        return
    for sheet, is_kept in letter.page.sheets:
        if not is_kept:
            left = [block for block in blocks(sheet) if not block.prelude.startswith("@")]
            yield from (Spot(what=f"{quoted(block.prelude)} was not inlined") for block in left)
    for one in letter.page.elements:
        if any("var(" in value or "!important" in value for value in one.style.values()):
            yield Spot(what=f"the style {quoted(one.attributes['style'])}", line=one.line)
    yield from _outside(letter.page)


def _outside(page: Page) -> Iterator[Spot]:
    for one in page.all("link"):
        if "stylesheet" in one.attributes.get("rel", "").lower().split():
            yield Spot(what=f"the style sheet {quoted(one.attributes.get('href', ''))} is not read", line=one.line)
    for line, text in page.odd:
        yield Spot(what=f"<![{text}]> becomes a comment that hides nothing and shows nothing", line=line)


def _lost_in(block: Block) -> Iterator[str]:
    """Yield what becomes of a rule, if that is not what it says."""
    shown = quoted(block.prelude)
    if not block.is_whole:
        yield f"the style sheet breaks off or has a brace too many at {shown}"
    elif block.prelude.startswith("@"):
        if not block.prelude.lower().startswith(("@media", "@charset")):
            yield f"{shown} is dropped"
    elif block.body is None:
        yield f"{shown} has no braces"
    elif "{" in block.body:
        yield f"the rules within {shown} are dropped"
    else:
        yield from _lost_in_rule(block.prelude, block.body)


def _lost_in_rule(prelude: str, body: str) -> Iterator[str]:
    for selector in re.split(r",(?![^(\[]*[)\]])", prelude):
        if "*" in re.sub(r"\[[^\]]*\]", "", selector):
            yield f"{quoted(selector)} meets no element"
        elif ":" in _READ.sub("", re.sub(r"\[[^\]]*\]", "", selector)):
            yield f"{quoted(selector)} can't be told yet"
    for name, value in declarations(body):
        if name.startswith("--"):
            yield f"the variable {name} has no value once it is inlined"
        elif "var(" in value:
            yield f"{quoted(f'{name}: {value}')} of {quoted(prelude)} has no value once it is inlined"
        elif "!important" in value.replace(" ", "").lower():
            yield f"{quoted(f'{name}: {value}')} of {quoted(prelude)} beats screens.css"
