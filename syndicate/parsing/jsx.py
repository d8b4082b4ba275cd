"""What JSX adds to HTML, taken out of an MDX body before it is rendered: imports, and properties in braces."""

import html
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""Start and end of a piece of the text."""

# Braces within braces, three deep: `style={{a: 1}}` and `render={({item}) => <A b={item} />}`.
_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\}"
_JSX_TAG = re.compile(rf"""<[A-Za-z][\w.-]*(?=[\s{{])(?:[^<>{{}}"']|"[^"]*"|'[^']*'|{_BRACES})*+>""")
_JSX_PROPERTY = re.compile(rf"(?P<gap>\s)(?:(?P<name>[\w:-]+)=)?(?P<value>{_BRACES})")
# `{"/x.png"}`, `{require('./x.png').default}`, `{useBaseUrl('/x.png')}` and `{700}`.
_JSX_LITERAL = re.compile(r"""\{\s*(?:[\w.]+\(\s*)?(?:"([^"]*)"|'([^']*)'|`([^`]*)`|(\d+)\s*\})""")
_JSX_SPACE = re.compile(r"""\{\s*(["'`])\s*\1\s*\}""")
_JSX_COMPONENT = re.compile(r"<[A-Z][\w.]*(?:\s|/?>)")
# Properties whose literal value means the same in HTML.
_JSX_KEPT = frozenset({"src", "href", "alt", "title", "width", "height"})
# ECMAScript at the start of a line; an export ends at a blank line, as in MDX.
_ESM = re.compile(
    r"""^(?:import\s+(?:[\w*{}\s,$]{1,999}?\sfrom\s+)?["'][^"'\n]+["'];?[ \t]*$"""
    r"""|export\s+(?:default|const|let|var|function|async|class|\{|\*)"""
    r"""[^\n]*(?:\n(?![ \t]*$)[^\n]*)*+)""",
    re.MULTILINE,
)


def may_have_jsx(text: str) -> bool:
    """Tell, fast, whether `without_jsx` may have something to do."""
    if "{" in text and "={" in text:
        return True
    if text.startswith(("import", "export")) or ("\n" in text and ("\nimport" in text or "\nexport" in text)):
        return ("import " in text or "export " in text) and _ESM.search(text) is not None
    return False


def without_jsx(text: str, code: Sequence[Span]) -> str:
    """Return the text without what JSX adds to HTML; lines keep their numbers, code stays.

    `{…}` properties go, unless they hold a literal that HTML takes; imports and exports go
    from a body that uses a component.
    """
    plain = "".join(piece for piece, is_code in _pieces(text, code) if not is_code)
    esm = _JSX_COMPONENT.search(plain) is not None
    return "".join(piece if is_code else _without_jsx(piece, esm) for piece, is_code in _pieces(text, code))


def _pieces(text: str, code: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """Yield the text piece by piece, each with whether it is code."""
    position = 0
    for start, end in code:
        yield text[position:start], False
        yield text[start:end], True
        position = end
    yield text[position:], False


def _without_jsx(text: str, esm: bool) -> str:
    if esm:
        text = _ESM.sub(lambda found: "\n" * found[0].count("\n"), text)
    if "={" in text:
        text = _JSX_SPACE.sub(" ", text)
        text = _JSX_TAG.sub(lambda tag: _JSX_PROPERTY.sub(_as_html, tag[0]), text)
    return text


def _as_html(found: re.Match[str]) -> str:
    literal = _JSX_LITERAL.match(found["value"]) if found["name"] in _JSX_KEPT else None
    lines = "\n" * found[0].count("\n")
    if literal is None:
        return lines
    value = html.escape(literal[literal.lastindex or 0])
    return f'{found["gap"]}{found["name"]}="{value}"' + lines[found["gap"] == "\n" :]
