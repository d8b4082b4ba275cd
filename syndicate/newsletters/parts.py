"""The parts of an issue, as the ledger keeps them: rendered and inlined once, put together for any set of topics.

marked document ─► medium_of ─► Medium (HTML or plain text) ─┬─► Parts ─► dump ─► ledger ─► load ─► Assembler
                                     stories, topics, words ─┘
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any

from syndicate.domain.wording import Wording
from syndicate.newsletters.marks import NotInPartsError, one_hole, take

# What a line of the table of contents may have; `line_kind` says which it does.
LINE_KINDS = ("label more", "label", "")


def line_kind(label: str | None, more: int) -> str:
    """Return which of the lines is for a section that has so many more stories, or for a story."""
    return ("label more" if more else "label") if label else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPart:
    """A story of an issue; `also` is for each of its topics how the others are called there.

    `about` are the first words of its summary, which are the preheader of an issue that has nothing else.
    Topics are told by their place in `Parts.topics`; `home` is the one in whose section the whole issue has it.
    """

    title: str
    url: str
    about: str
    home: int
    also: Mapping[int, str]
    offerings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingPart:
    """An offering, told from others by `mark`; `topics` are those that it names, `is_general` one that names none."""

    mark: str
    topics: tuple[int, ...]
    is_general: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPart:
    """A topic of the newsletter, and all the names by which it may be asked for."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingPart:
    """The small templates of the config that word an issue, and all that they may use.

    `stories` come in the order of `Parts.stories`; those of a reader are picked from them.
    """

    subject: Wording | None
    preheader: Wording | None
    site: Mapping[str, Any]
    newsletter: Mapping[str, Any]
    issue: Mapping[str, Any]
    stories: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """The parts in HTML or in plain text, with holes for those that stand in them and places for values.

    `between` are what stands between two parts of a kind. `firsts` are stories as they are shown at
    the top of an issue. A part that the issue has not is empty.
    """

    frame: str
    sections: Mapping[int, str]
    stories: tuple[str, ...]
    firsts: Mapping[int, str]
    lines: Mapping[str, str]
    offering: tuple[str, ...]
    between: Mapping[str, str]
    preheader: str = ""
    note: str = ""
    contents: str = ""
    offerings: str = ""
    more: str = ""

    def changed(self, change: Callable[[str], str]) -> "Medium":
        """Return the same parts, each changed in the same way."""
        return Medium(**{field.name: _changed(getattr(self, field.name), change) for field in fields(self)})


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(map(change, value))
    return {key: change(part) for key, part in value.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An issue in parts; topics and stories come in the order in which they are shown.

    `counts`, `mores` and `webs` say for each number of stories that there are so many, so many more, and
    so many more on the web. `subjects` are for an issue of one story, two, and so on, with `title_mark`
    in the place of each title; subject and preheader of the whole issue are told whole.
    """

    topics: tuple[TopicPart, ...]
    stories: tuple[StoryPart, ...]
    offerings: tuple[OfferingPart, ...]
    offerings_per_topic: int
    subject: str
    preheader: str
    subjects: tuple[str, ...]
    counts: tuple[str, ...]
    mores: tuple[str, ...]
    webs: tuple[str, ...]
    html: Medium
    text: Medium
    wording: WordingPart | None = None


def title_mark(position: int) -> str:
    """Return what stands for the title of the story at a position: a sign for private use, which no filter parts."""
    return chr(0xF0000 + position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """How many parts of each kind a marked document must have; their keys are numbers from 0."""

    sections: int
    stories: int
    offerings: int
    has_contents: bool


def medium_of(document: str, kit: Kit) -> Medium:
    """Take a marked document apart; raises NotInPartsError if it doesn't show everything by its part."""
    document, stories = take(document, "story")
    document, offering = take(document, "offering")
    document, offerings = take(document, "offerings")
    document, lines = take(document, "line")
    document, contents = take(document, "contents")
    document, sections = take(document, "section")
    document, alone = _alone(document)
    between: dict[str, str] = {}
    _must_have("story", {key for key, _ in stories if " " not in key}, kit.stories)
    _must_have("offering", {key for key, _ in offering}, kit.offerings)
    _must_have("section", {key for key, _ in sections}, kit.sections)
    _must_have("line", {key for key, _ in lines}, len(LINE_KINDS) if kit.has_contents else 0)
    shown = {int(key): _joined(part, "story", between) for key, part in sections}
    if kit.offerings:
        shown = {key: one_hole(part, "offerings")[0] for key, part in shown.items()}
    plain = {int(key): part for key, part in stories if " " not in key}
    items = {int(key): part for key, part in offering}
    return Medium(
        frame=_joined(document, "section", between),
        sections=shown,
        stories=tuple(plain[number] for number in range(kit.stories)),
        firsts={int(key.partition(" ")[2]): part for key, part in stories if " " in key},
        lines={LINE_KINDS[int(key)]: part for key, part in lines},
        offering=tuple(items[number] for number in range(kit.offerings)),
        contents=_joined(contents[0][1], "line", between) if kit.has_contents else "",
        offerings=_joined(offerings[0][1], "offering", between) if kit.offerings else "",
        between=between,
        **alone,
    )


def frame_of(document: str, medium: Medium) -> Medium:
    """Return the parts in the frame of another document, which has nothing but holes for them."""
    for name in ("contents", "section"):
        document, _ = take(document, name)
    document, _ = _alone(document)
    return replace(medium, frame=_joined(document, "section", {}))


def _alone(document: str) -> tuple[str, dict[str, str]]:
    found = {}
    for name in ("preheader", "note", "more"):
        document, parts = take(document, name)
        if len(parts) > 1:
            raise NotInPartsError(name)
        found[name] = parts[0][1] if parts else ""
    return document, found


def _must_have(name: str, keys: set[str], number: int) -> None:
    if keys != {str(key) for key in range(number)}:
        raise NotInPartsError(name)


def _joined(document: str, name: str, between: dict[str, str]) -> str:
    """Return a part with one hole for those in it, and note what stands between these; it is the same everywhere."""
    part, gap = one_hole(document, name)
    if gap is not None and between.setdefault(name, gap) != gap:
        raise NotInPartsError(name)
    return part


def dump(parts: Parts) -> str:
    """Return the parts as text for the ledger, in ASCII, since their marks are no characters of any text."""
    return json.dumps(asdict(parts), separators=(",", ":"))


@lru_cache(maxsize=4)
def load(text: str) -> Parts:
    """Return the parts that `dump` wrote."""
    row = json.loads(text)
    return Parts(
        **{
            **row,
            "topics": tuple(TopicPart(label=one["label"], names=tuple(one["names"])) for one in row["topics"]),
            "stories": tuple(
                StoryPart(**{**one, "also": _by_number(one["also"]), "offerings": tuple(one["offerings"])})
                for one in row["stories"]
            ),
            "offerings": tuple(OfferingPart(**{**one, "topics": tuple(one["topics"])}) for one in row["offerings"]),
            **{name: tuple(row[name]) for name in ("subjects", "counts", "mores", "webs")},
            **{name: _medium(row[name]) for name in ("html", "text")},
            "wording": _wording(row.get("wording")),
        }
    )


def _medium(row: Mapping[str, Any]) -> Medium:
    numbered = {name: _by_number(row[name]) for name in ("sections", "firsts")}
    return Medium(**{**row, **numbered, **{name: tuple(row[name]) for name in ("stories", "offering")}})


def _wording(row: Mapping[str, Any] | None) -> WordingPart | None:
    if row is None:
        return None
    worded = {name: Wording(**row[name]) if row[name] else None for name in ("subject", "preheader")}
    return WordingPart(**{**row, **worded, "stories": tuple(row["stories"])})


def _by_number(row: Mapping[str, str]) -> dict[int, str]:
    return {int(key): value for key, value in row.items()}
