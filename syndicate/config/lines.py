"""YAML with the line of every key, so that a mistake is shown where it stands."""

from collections.abc import Iterator
from typing import Any

import yaml

from syndicate.errors import Problem

Lines = dict[tuple[str | int, ...], int]
# A config deeper than this is none; libyaml recurses once a level.
_MAX_DEPTH = 30
_TOO_DEEP = f"nested more than {_MAX_DEPTH} levels deep"


class _Loader(yaml.CSafeLoader):
    """libyaml's safe loader, which leaves dates as they are written."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def load_with_lines(text: str, path: str) -> tuple[Any, Lines, tuple[Problem, ...]]:
    """Return the document, the 1-based line of each key path, and what is wrong with it as YAML."""
    try:
        if endless := _endless(text):
            return None, {}, (Problem(path=path, reason="bad-yaml", what=endless),)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            data = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        return None, {}, (_syntax_problem(error, path),)
    except (ValueError, LookupError, AttributeError, TypeError):  # '0x_' and tags such as !!int before a text
        what, hint = "a value is not what it says it is, such as a number", "put it in quotes"
        return None, {}, (Problem(path=path, reason="bad-yaml", what=what, hint=hint),)
    lines: Lines = {}
    problems = tuple(_note(node, (), lines, path)) if node is not None else ()
    return data, lines, problems


def _endless(text: str) -> str:
    """Return what is wrong with a document that is nested too deep or holds itself; '' for any other."""
    open_anchors: list[str | None] = []
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_anchors.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            open_anchors.pop()
        elif isinstance(event, yaml.AliasEvent) and event.anchor in open_anchors:
            return f"the part called &{event.anchor} holds itself"
        if len(open_anchors) > _MAX_DEPTH:
            return _TOO_DEEP
    return ""


def _note(node: yaml.Node, place: tuple[str | int, ...], lines: Lines, path: str) -> Iterator[Problem]:
    """Note the line of every key and list item below a node; yield the keys that stand twice."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            line = key.start_mark.line + 1
            if inner in lines:
                what = f"the key stands twice, first in line {lines[inner]}"
                yield Problem(
                    path=path, line=line, field=dotted(inner), reason="repeated-key", what=what, hint="remove one"
                )
            lines[inner] = line
            yield from _note(value, inner, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _note(value, (*place, number), lines, path)


def dotted(place: tuple[str | int, ...]) -> str:
    """Return a key path as people write it: 'sources[0].path'."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _syntax_problem(error: yaml.YAMLError, path: str) -> Problem:
    if "nesting depth" in str(error):  # libyaml 0.2.6 reads ahead, and ends at 1,000 levels before the 31st is seen
        return Problem(path=path, reason="bad-yaml", what=_TOO_DEEP)
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
    hint = "look at this line and the one above it: a missing colon, quote or space"
    return Problem(path=path, line=mark.line + 1 if mark else None, reason="bad-yaml", what=str(said), hint=hint)
