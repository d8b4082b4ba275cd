"""From bytes to front matter and body, through python-frontmatter.

    bytes -> decode -> handler.detect -> handler.split -> handler.load -> Document

python-frontmatter picks the parts apart with handlers; its own lose data in silence: an unclosed
fence and a byte-order mark give an empty mapping, TOML needs a package that it doesn't install, and
its YAML loader turns some dates into strings and others into errors. The handlers below are its
extension mechanism, used for all three: they raise Rejection where the originals give up, read TOML
with tomllib, and read YAML with a loader that leaves dates as they are written.
"""

import codecs
import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import frontmatter
from fast_yaml import safe_load as fast_yaml_load
from frontmatter.default_handlers import BaseHandler

# Front matter larger than this is not front matter; parsers hold it in memory several times over.
MAX_FRONT_MATTER_CHARS = 1_000_000
# libyaml recurses once a level and overflows the stack far beyond this.
_MAX_YAML_DEPTH = 100
# The words of python errors that give no place of their own.
_PLACE = re.compile(r"(?:at )?line (\d+),? column (\d+)")
_HEADER_LINE = re.compile(r"([A-Za-z][\w.-]*)[ \t]*:[ \t]*(.*)$")
_AT_MARGIN = re.compile(r"\n[A-Za-z_]")
_TOP_LEVEL_KEY = re.compile(r"^([A-Za-z_][\w.-]*)[ \t]*:(?=\s|$)", re.MULTILINE)


class Rejection(Exception):  # noqa: N818 - the field's word, and no error of the program
    """A file can't be read as an article; `line` is 1-based within the file."""

    def __init__(self, reason: str, what: str, hint: str, line: int | None = None) -> None:
        super().__init__(what)
        self.reason, self.what, self.hint, self.line = reason, what, hint, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file taken apart; `text` is all of it, its front matter ends at `head_end`."""

    text: str
    head_end: int
    metadata: Mapping[str, Any]
    body: str
    repeated_keys: tuple[str, ...] = ()

    def line_of(self, key: str) -> int | None:
        """Return the line of a top-level front-matter key, or None if it can't be told."""
        head = self.text[: self.head_end]
        for margin in ("", r"[ \t]+"):  # JSON's keys are indented
            pattern = rf"^{margin}[\"']?{re.escape(key)}[\"']?[ \t]*[:=]"
            if found := re.search(pattern, head, re.MULTILINE | re.IGNORECASE):
                return head.count("\n", 0, found.start()) + 1
        return None

    def body_line(self, line: int) -> int:
        """Return the file's line of a body's line."""
        start = self.text.find(self.body[:200], self.head_end) if self.body else -1
        return self.text.count("\n", 0, max(start, 0)) + line


def read_document(data: bytes, *, fallback_encoding: str | None = None, header_lines: bool = False) -> Document:
    """Take a file's bytes apart; raises Rejection with a reason if they are no article.

    `fallback_encoding` reads bytes that are not UTF-8; `header_lines` accepts Pelican's
    'Key: value' lines in place of a fence.
    """
    text = _decode(data, fallback_encoding)
    stripped = text.lstrip()
    if not stripped:
        raise Rejection("empty-file", "the file is empty", "write an article into it or remove it", 1)
    handler = _handler_for(stripped, header_lines)
    lines_before = text.count("\n", 0, len(text) - len(stripped))
    try:
        metadata, body = frontmatter.parse(stripped, handler=handler)
    except Rejection as rejection:
        rejection.line = (rejection.line or 1) + lines_before
        raise
    repeated = _repeated_keys(stripped[: handler.head_end], metadata) if isinstance(handler, YamlHandler) else ()
    head_end = len(text) - len(stripped) + handler.head_end
    return Document(text=text, head_end=head_end, metadata=metadata, body=body, repeated_keys=repeated)


def _decode(data: bytes, fallback_encoding: str | None) -> str:
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()  # the codec that does both is written in Python
    except UnicodeDecodeError as error:
        if fallback_encoding:
            text = _decode_otherwise(data, fallback_encoding)
        else:
            raise Rejection(
                "not-utf8",
                f"expected UTF-8, got byte 0x{error.object[error.start]:02x} at offset {error.start}",
                "save the file as UTF-8, or name its encoding in sources[].fallback_encoding",
                data.count(b"\n", 0, error.start) + 1,
            ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decode_otherwise(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except UnicodeError as error:  # a few encodings know no replacement
        hint = "save the file as UTF-8, or name its real encoding in sources[].fallback_encoding"
        raise Rejection("not-utf8", f"is neither UTF-8 nor {encoding}", hint) from error


def _handler_for(text: str, header_lines: bool) -> "_Handler":
    for kind in (YamlHandler, TomlHandler, JsonHandler):
        handler: _Handler = kind()
        if handler.detect(text):
            return handler
    first_line = text.split("\n", 1)[0]
    if header_lines and _HEADER_LINE.match(first_line):
        return HeaderLinesHandler()
    raise Rejection(
        "no-front-matter",
        f"expected front matter between --- lines at the top, got {first_line[:60]!r}",
        "begin the file with ---, title and date lines, and ---",
        1,
    )


class _Handler(BaseHandler):
    """A handler for one text, of which it tells where the front matter ends, its closing left out, once it is split."""

    head_end = 0


class _FencedHandler(_Handler):
    """Front matter between two fences; an opening without a closing one is an error, not an empty article.

    `closing` begins with the end of the line before, and with a look at the next letter: by that a search for it is
    many times as fast.
    """

    closing: re.Pattern[str]
    fence: str
    reason: str

    def split(self, text: str) -> tuple[str, str]:
        """Return what stands between the fences, and the body."""
        start = text.find("\n") + 1 or len(text)
        end = self.closing.search(text, start - 1)
        if end is None:
            raise Rejection(
                "front-matter-not-closed",
                f"expected a second {self.fence} line after the front matter, found none",
                f"add a line {self.fence} where the front matter ends",
                1,
            )
        head_end = end.start() + 1
        if head_end - start > MAX_FRONT_MATTER_CHARS:
            raise _too_large(head_end - start)
        self.head_end = head_end
        return text[start:head_end], text[end.end() :]

    def load(self, fm: str) -> dict[str, Any]:
        """Return the front matter as a mapping."""
        try:
            metadata = self.read(fm)
        except (ValueError, RecursionError) as error:
            what, line = _plain_words(error)
            hint = "mend the line, or put the value in quotes"
            raise Rejection(self.reason, what, hint, line and line + 1) from error
        if metadata is None:
            return {}
        if not isinstance(metadata, dict):
            raise Rejection(
                "front-matter-not-a-mapping",
                f"expected lines like 'title: …', got {fm.strip().split(chr(10), 1)[0][:60]!r}",
                "write each value as 'key: value'",
                2,
            )
        return metadata

    def read(self, fm: str) -> Any:
        """Read the text between the fences."""
        raise NotImplementedError  # each of the classes below has its own


class YamlHandler(_FencedHandler):
    """--- YAML, closed by three or more dashes or by three dots."""

    FM_BOUNDARY = re.compile(r"-{3,}[ \t]*(?:\n|$)")
    closing = re.compile(r"\n(?=[-.])(?:-{3,}|\.{3})[ \t]*(?:\n|\Z)")
    fence, reason = "---", "bad-yaml"

    def read(self, fm: str) -> Any:
        """Read YAML, the fast way first."""
        try:
            return fast_yaml_load(fm)
        except ValueError as error:
            return _read_lenient_yaml(fm, error)


class TomlHandler(_FencedHandler):
    """+++ TOML, as Hugo and Zola write it."""

    FM_BOUNDARY = re.compile(r"\+{3,}[ \t]*(?:\n|$)")
    closing = re.compile(r"\n\+{3,}[ \t]*(?:\n|\Z)")
    fence, reason = "+++", "bad-toml"

    def read(self, fm: str) -> Any:
        """Read TOML; its dates come as dates."""
        return tomllib.loads(fm)


class JsonHandler(_Handler):
    """A JSON object at the top of the file; the body is all that follows it."""

    FM_BOUNDARY = re.compile(r"\{")

    def split(self, text: str) -> tuple[str, str]:
        """Return the object at the top, and the body."""
        try:
            _, end = json.JSONDecoder().raw_decode(text)
        except json.JSONDecodeError as error:
            hint = "mend the object at the top of the file"
            raise Rejection("bad-json", f"{error.msg}", hint, error.lineno) from error
        except (ValueError, RecursionError) as error:
            what, _ = _plain_words(error)
            raise Rejection("bad-json", what, "mend the object at the top of the file", 1) from error
        if end > MAX_FRONT_MATTER_CHARS:
            raise _too_large(end)
        self.head_end = end
        return text[:end], text[end:]

    def load(self, fm: str) -> dict[str, Any]:
        """Return the object."""
        metadata: dict[str, Any] = json.loads(fm)
        return metadata


class HeaderLinesHandler(_Handler):
    """Pelican's form: 'Key: value' lines up to the first blank line."""

    FM_BOUNDARY = re.compile(r"(?!)")

    def split(self, text: str) -> tuple[str, str]:
        """Return the lines up to the first blank one, and the body."""
        end = 0
        for line in text.splitlines(keepends=True):
            is_header = _HEADER_LINE.match(line) or (end and line[:1].isspace() and line.strip())
            if not is_header:
                break
            end += len(line)
        self.head_end = end
        return text[:end], text[end:]

    def load(self, fm: str) -> dict[str, Any]:
        """Return the values by lower-case key."""
        metadata: dict[str, Any] = {}
        for line in fm.splitlines():
            found = _HEADER_LINE.match(line)
            if found:
                metadata[found[1].lower()] = found[2].strip()
            elif metadata:  # an indented line continues the value above it
                key = next(reversed(metadata))
                metadata[key] = f"{metadata[key]} {line.strip()}".strip()
        for key in ("tags", "authors"):
            if key in metadata:
                metadata[key] = [part.strip() for part in re.split(r"[;,]", metadata[key]) if part.strip()]
        return metadata


def _read_lenient_yaml(fm: str, refused: ValueError) -> Any:
    """Read YAML that the fast loader refuses and libyaml takes, such as quoted text that goes on at the margin.

    libyaml overflows the stack on deep nesting and knows no bound on aliases, so both are refused
    before it builds anything. Raises `refused` if libyaml can't read the text either.
    """
    import yaml

    if "resource limit" in str(refused):
        raise refused
    depth = 0
    try:
        for event in yaml.parse(fm, _LenientLoader()):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_YAML_DEPTH or isinstance(event, yaml.AliasEvent):
                raise refused
        return yaml.load(fm, _LenientLoader())  # noqa: S506 - a SafeLoader, made below
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise refused from error  # PyYAML fails in many ways on a tag such as !!int before a text


def _LenientLoader() -> Any:  # noqa: N802 - it stands for a class
    """Return libyaml's safe loader without its reading of dates, which fails on '2017-02-29'."""
    import yaml

    class Loader(yaml.CSafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
            first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
            for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader


def _repeated_keys(front_matter: str, metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the top-level keys that stand more than once."""
    at_margin = len(_AT_MARGIN.findall(front_matter))
    if at_margin <= len(metadata):
        return ()
    keys = _TOP_LEVEL_KEY.findall(front_matter)
    return tuple(sorted(key for key, times in Counter(keys).items() if times > 1 and key in metadata))


def _plain_words(error: Exception) -> tuple[str, int | None]:
    """Return what a parser said without its name and place, and the line within the front matter."""
    if isinstance(error, RecursionError):
        return "the front matter is nested too deeply", None
    said = " ".join(str(error).split())
    if "int_max_str_digits" in said:
        return "a number is too long", None
    place = _PLACE.search(said)
    words = said.removeprefix("YAML parse error: ").removeprefix("YAML syntax error: ")
    words = re.sub(r"\s*\(?at line \d+,? column \d+\)?", "", words)
    return words[:200], int(place[1]) if place else None


def _too_large(size: int) -> Rejection:
    return Rejection(
        "front-matter-too-large",
        f"expected at most {MAX_FRONT_MATTER_CHARS:,} characters of front matter, got {size:,}",
        "move the text into the body",
        1,
    )
