"""Style sheets, read as far as the preflight needs: rules, declarations, and simple selectors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# A name and a value up to a semicolon; what stands in quotes or brackets may hold one.
_DECLARATION = re.compile(r"""([\w-]+)\s*:\s*((?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\)|["'(])*)""")
_COMPOUND = re.compile(r"(\*|[a-z][a-z0-9]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands before a brace, and what between it and the one that belongs to it; `body` is None without one."""

    prelude: str
    body: str | None
    is_whole: bool = True


def declarations(body: str) -> Iterator[tuple[str, str]]:
    """Yield each property in small letters with its value, as it is written."""
    for name, value in _DECLARATION.findall(_COMMENT.sub("", body)):
        yield name.lower(), value.strip()


def blocks(sheet: str) -> Iterator[Block]:
    """Yield the rules and at-rules of a style sheet, as they stand in one another only outermost."""
    text = _COMMENT.sub("", sheet)
    start, depth, opened = 0, 0, 0
    for found in re.finditer(r"""["'][^"'\n]*["']|[{};]""", text):
        sign = found[0]
        if sign == ";" and not depth:
            yield Block(prelude=text[start : found.start()].strip(), body=None)
            start = found.end()
        elif sign == "{":
            opened = found.end() if not depth else opened
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
            if not depth:
                yield Block(prelude=text[start : opened - 1].strip(), body=text[opened : found.start()])
                start = found.end()
        elif sign == "}":
            yield Block(prelude=text[start : found.end()].strip(), body=None, is_whole=False)
            start = found.end()
    if rest := text[start:].strip():
        yield Block(prelude=rest[:60], body=None, is_whole=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One element of a selector: its name, if it is told, and its classes and ids."""

    tag: str | None
    marks: tuple[str, ...]


def selector_of(text: str) -> tuple[Part, ...] | None:
    """Return a selector of names, classes and ids with blanks between them; None for any other kind."""
    parts = []
    for word in text.split():
        found = _COMPOUND.fullmatch(word)
        if not found or word in (">", "+", "~"):
            return None
        tag = found[1].lower() if found[1] and found[1] != "*" else None
        parts.append(Part(tag=tag, marks=tuple(re.findall(r"[.#][\w-]+", found[2]))))
    return tuple(parts)


def weight(selector: tuple[Part, ...]) -> tuple[int, int, int]:
    """Return how much a selector weighs against others (CSS Selectors 4, 'specificity')."""
    marks = [mark for part in selector for mark in part.marks]
    ids = sum(mark.startswith("#") for mark in marks)
    return ids, len(marks) - ids, sum(part.tag is not None for part in selector)
