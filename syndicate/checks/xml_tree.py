"""XML read into a small tree that knows its lines.

The standard library's expat reads it, and not lxml that wrote it: it has no limit to lines or depth, and it stops
at a document type before any entity is declared, so that nothing can be expanded and nothing fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from syndicate.checks.rules import EDITED, Fault

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_DECLARED_ENCODING = re.compile(r"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.-]+)["']""")


@dataclass(slots=True, eq=False)
class Node:
    """An element: its name as '{namespace}local', its line, and its own text without that of its children."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list["Node"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The element's own text, without white space around it."""
        return "".join(self.pieces).strip()

    @property
    def shown(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition("}")[2]

    def get(self, name: str) -> str:
        """Return an attribute without white space around it, '' if it isn't there."""
        return self.attributes.get(name, "").strip()

    def all(self, *names: str) -> list["Node"]:
        """Return the children of these names."""
        return [child for child in self.children if child.name in names]

    def first(self, name: str) -> "Node | None":
        """Return the first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def text_of(self, name: str) -> str:
        """Return the text of the first child of a name, '' if it isn't there."""
        child = self.first(name)
        return child.text if child else ""

    def walk(self) -> Iterator["Node"]:
        """Yield the element and everything below it, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """A processing instruction."""

    target: str
    data: str
    line: int


class NotReadable(Exception):  # noqa: N818 - a fault of the document, and no error of ours
    """A document can't be read; `fault` tells where and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def decode(data: bytes) -> str:
    """Return the document as text; raises NotReadable for what isn't UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"expected UTF-8, got the byte {data[error.start]:#04x}"
        raise NotReadable(Fault(what=what, hint=EDITED, line=line)) from error


def parse_xml(text: str) -> tuple[Node, list[Instruction]]:
    """Return the root element and the processing instructions; raises NotReadable."""
    declared = _DECLARED_ENCODING.match(text.removeprefix("\ufeff"))
    if declared and declared[1].upper() not in ("UTF-8", "US-ASCII"):
        what = f"expected UTF-8, got a declaration of {declared[1]}"
        raise NotReadable(Fault(what=what, hint=EDITED, line=1))
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        what = f"expected well-formed XML, got: {expat.ErrorString(error.code)}"
        raise NotReadable(Fault(what=what, line=error.lineno)) from error
    return reader.top.children[0], reader.instructions


class _Reader:
    """Builds the tree while expat reads."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.top = Node("", {}, 0)
        self.open = [self.top]
        self.instructions: list[Instruction] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(_clark(name), {_clark(key): value for key, value in attributes.items()}, self._line)
        self.open[-1].children.append(node)
        self.open.append(node)

    def _end(self, name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].pieces.append(text)

    def _instruction(self, target: str, data: str) -> None:
        self.instructions.append(Instruction(target=target, data=data, line=self._line))

    def _doctype(self, *declaration: object) -> None:
        what = "expected no document type, got one: readers refuse it, since it can declare entities"
        raise NotReadable(Fault(what=what, hint=EDITED, line=self._line))

    @property
    def _line(self) -> int:
        return self.parser.CurrentLineNumber


def _clark(name: str) -> str:
    return f"{{{name}" if "}" in name else name
