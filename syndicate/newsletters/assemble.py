"""An issue for a reader's set of topics, put together from its parts; cut to what mail programs show.

names of topics ─► sections ─► too large? ─► shorter summaries ─► stories left to the web ─► HTML
                          └───────────────────────────────────────────────────────────────► plain text
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from syndicate.domain.extras import without_repeats
from syndicate.domain.text import first_words, fold
from syndicate.newsletters.marks import filled, pieces, shortened, whole, wrap_now, written
from syndicate.newsletters.parts import Medium, Parts, line_kind, load, title_mark
from syndicate.newsletters.wording import heading

MOST_HTML_BYTES = 100_000
"""Gmail hides what comes after 102,400 bytes of HTML, the link to unsubscribe first. The rest is for a reader's own
addresses, which are put in the place of short ones."""
# An editor's note that would take more of it is left to the web, or no story would be shown.
_MOST_OF_A_NOTE = MOST_HTML_BYTES // 2
# Mail programs show some 90 characters of the preheader; more only hides the text that follows.
PREHEADER_STORIES = 2
# So much of a title says what a story is about, where it stands in a subject or in a table of contents.
_MOST_OF_A_TITLE = 120
# A table of contents of one section lists so many of its stories.
_MOST_CONTENTS = 12
_GAP = re.compile(r"\n(?:[ \t]*\n){3,}")

TopicKey = TypeVar("TopicKey")
StoryKey = TypeVar("StoryKey")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What an issue says to readers of a set of topics; `in_mail` are how many of its stories the HTML has."""

    subject: str
    html: str
    text: str
    stories: int
    in_mail: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What the HTML is to show: the stories of each topic, and which of them with a short summary."""

    sections: Sequence[tuple[int, Sequence[int]]]
    short: frozenset[int] = frozenset()
    left_out: int = 0
    has_note: bool = True


class _Told(NamedTuple):
    """A story as it is shown in a topic, whole and with a short summary, and how many bytes each takes."""

    whole: str
    short: str
    size: int
    short_size: int


class Assembler:
    """Assembles an issue for sets of topics; what it makes depends on nothing but the parts and the set."""

    def __init__(self, parts: Parts, *, max_bytes: int | None = MOST_HTML_BYTES) -> None:
        self._parts, self._max_bytes = parts, max_bytes
        self._html, self._text = _Pages(parts, parts.html, is_html=True), _Pages(parts, parts.text, is_html=False)
        self._sections = sections_for(parts, range(len(parts.topics)))

    def chosen(self, names: Collection[str] = ()) -> frozenset[int]:
        """Return which of the issue's topics have any of some names; all if none is named."""
        topics, asked = self._parts.topics, {fold(name) for name in names}
        return frozenset(place for place, topic in enumerate(topics) if not asked or asked & set(topic.names))

    def __call__(self, names: Collection[str] = ()) -> Assembled | None:
        """Return the issue for readers of the topics with these names, or None if it has no story for them.

        Who names no topic reads all.
        """
        sections = sections_for(self._parts, self.chosen(names))
        return self._assembled(sections) if sections else None

    def whole(self) -> Assembled:
        """Return the issue for readers of all its topics."""
        return self._assembled(self._sections)

    def _assembled(self, sections: Sequence[tuple[int, Sequence[int]]]) -> Assembled:
        parts = self._parts
        count = sum(len(stories) for _, stories in sections)
        is_whole = sections == self._sections
        subject, preheader = (parts.subject, parts.preheader) if is_whole else _heading(parts, sections)
        values = {"subject": subject, "preheader_words": preheader, "count": parts.counts[count]}
        plan = _Plan(sections=sections)
        html = self._html.page(plan, sections, values)
        while self._max_bytes and (excess := len(html.encode()) - self._max_bytes) > 0:
            lighter = self._html.lighter(plan, excess)
            if lighter is None:
                break
            plan, html = lighter, self._html.page(lighter, sections, values)
        text = self._text.page(_Plan(sections=sections), sections, values)
        return Assembled(
            subject=subject, html=html, text=tidy(wrap_now(text)), stories=count, in_mail=count - plan.left_out
        )


def are_parts(text: str) -> bool:
    """Tell whether a text holds parts of which an issue can be put together."""
    try:
        Assembler(load(text)).whole()
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):  # whatever a stranger's text may lack
        return False
    return True


def sections_for(parts: Parts, chosen: Collection[int]) -> list[tuple[int, list[int]]]:
    """Return the sections of some topics, each with its stories; those without any are left out.

    A story is shown once: where the whole issue has it, or else in the first of the reader's topics that it has.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, story in enumerate(parts.stories):
        own = [topic for topic in story.also if topic in chosen]
        if own:
            found[story.home if story.home in chosen else min(own)].append(number)
    return sorted(found.items())


def contents_of(
    sections: Sequence[tuple[TopicKey, Sequence[StoryKey]]],
) -> Iterator[tuple[TopicKey | None, StoryKey, int]]:
    """Yield a line for each section, with its first story and how many more it has, or for each story of the only one.

    Nothing where there is too little to list.
    """
    if len(sections) > 1:
        for topic, stories in sections:
            yield topic, stories[0], len(stories) - 1
    elif sections and len(sections[0][1]) > 2:
        for story in sections[0][1][:_MOST_CONTENTS]:
            yield None, story, 0


def short_title(title: str) -> str:
    """Return a title, or as many of its first words as say what it is about."""
    return first_words(title, _MOST_OF_A_TITLE)


def preheader_of(titles: Sequence[str], about: str) -> str:
    """Return what the subject has no room for: the next stories, or what the only one is about."""
    return short_title(" · ".join(map(short_title, titles[1 : 1 + PREHEADER_STORIES])) or about)


def tidy(text: str) -> str:
    """Return plain text with two empty lines between parts at most, whatever each part ends in."""
    return _GAP.sub("\n\n\n", text).strip("\n") + "\n"


def _heading(parts: Parts, sections: Sequence[tuple[int, Sequence[int]]]) -> tuple[str, str]:
    """Return subject and preheader for an issue with these sections.

    A small template of the config that fits the whole issue, and not these stories, gives way to the usual words.
    """
    usual = _usual_heading(parts, sections)
    if parts.wording is None:
        return usual
    shown = [story for _, stories in sections for story in stories]
    return heading(parts.wording, shown, usual, parts.counts[len(shown)], is_lenient=True)


def _usual_heading(parts: Parts, sections: Sequence[tuple[int, Sequence[int]]]) -> tuple[str, str]:
    shown = [parts.stories[story] for _, stories in sections for story in stories]
    titles = [story.title for story in shown]
    marks = [ord(title_mark(place)) for place in range(len(titles))]
    subject = parts.subjects[len(titles) - 1].translate(dict(zip(marks, map(short_title, titles), strict=True)))
    return subject, preheader_of(titles, shown[0].about)


class _Pages:
    """The parts of one medium, cut at their places, and what each story is like in each of its topics."""

    def __init__(self, parts: Parts, medium: Medium, *, is_html: bool) -> None:
        self.parts, self.medium, self.is_html = parts, medium, is_html
        self._frame = self._cut(medium.frame)
        self._sections = {topic: self._cut(part) for topic, part in medium.sections.items()}
        self._lines = {kind: self._cut(part) for kind, part in medium.lines.items()}
        self._alone = {
            name: self._cut(getattr(medium, name)) for name in ("preheader", "contents", "offerings", "more")
        }
        self._told: dict[tuple[int, int, bool], _Told] = {}

    def _cut(self, part: str) -> tuple[str, ...]:
        return pieces(part, is_html=self.is_html)

    def _written(self, values: Mapping[str, str]) -> dict[str, str]:
        return written(values, is_html=self.is_html)

    def _between(self, name: str, parts: Iterable[str]) -> str:
        return self.medium.between.get(name, "").join(parts)

    def story(self, story: int, topic: int, *, is_first: bool) -> _Told:
        """Return a story as it is shown in a topic; it is made once."""
        key = (story, topic, is_first)
        if key not in self._told:
            part = (self.medium.firsts.get(story) if is_first else None) or self.medium.stories[story]
            also = self._written({"also": self.parts.stories[story].also[topic]})
            told = filled(self._cut(part), also)
            long, short = (whole(told), shortened(told)) if self.is_html else (wrap_now(told), "")
            self._told[key] = _Told(long, short, len(long.encode()), len(short.encode()))
        return self._told[key]

    def page(self, plan: _Plan, sections: Sequence[tuple[int, Sequence[int]]], values: Mapping[str, str]) -> str:
        """Return the document that a plan shows of an issue with these sections."""
        has_preheader = bool(values["preheader_words"])
        values = self._written(values)
        if plan.left_out:
            values["more"] = filled(self._alone["more"], self._written({"more_words": self.parts.webs[plan.left_out]}))
        if has_preheader:
            values["preheader"] = filled(self._alone["preheader"], values)
        if plan.has_note:
            values["note"] = self.medium.note
        shown = {topic for topic, _ in plan.sections}
        values["contents"] = self._contents([one for one in sections if one[0] in shown])
        values["section"] = self._between("section", self._shown(plan))
        return filled(self._frame, values)

    def _contents(self, sections: Sequence[tuple[int, Sequence[int]]]) -> str:
        lines = list(contents_of(sections)) if self.medium.contents else []
        if not lines:
            return ""
        return filled(self._alone["contents"], {"line": self._between("line", map(self._line, lines))})

    def _line(self, line: tuple[int | None, int, int]) -> str:
        topic, number, more = line
        story, label = self.parts.stories[number], None if topic is None else self.parts.topics[topic].label
        values = {
            "label": label or "",
            "title": short_title(story.title),
            "url": story.url,
            "more_words": self.parts.mores[more],
        }
        return filled(self._lines[line_kind(label, more)], self._written(values))

    def _shown(self, plan: _Plan) -> Iterator[str]:
        offered = offered_by_section(self.parts, plan.sections)
        first = plan.sections[0][1][0] if plan.sections else None
        for (topic, stories), offerings in zip(plan.sections, offered, strict=True):
            told = [(self.story(one, topic, is_first=one == first), one in plan.short) for one in stories]
            values = {"story": self._between("story", [one.short if is_short else one.whole for one, is_short in told])}
            if offerings:
                items = self._between("offering", [self.medium.offering[one] for one in offerings])
                values["offerings"] = filled(self._alone["offerings"], {"offering": items})
            yield filled(self._sections[topic], values)

    def lighter(self, plan: _Plan, excess: int) -> _Plan | None:
        """Return a plan for a document that is smaller by so many bytes, or as far as one step goes; None at the end.

        An enormous note goes first, then the summaries of the last stories are shortened, then the last
        stories of the longest sections are left to the web.
        """
        if plan.has_note and len(self.medium.note.encode()) > _MOST_OF_A_NOTE:
            return replace(plan, has_note=False)
        first = plan.sections[0][1][0] if plan.sections else None
        told = {
            (topic, one): self.story(one, topic, is_first=one == first)
            for topic, stories in plan.sections
            for one in stories
        }
        short = set(plan.short)
        for (_, one), story in reversed(told.items()):
            if excess > 0 and story.short_size < story.size and one not in short:
                short.add(one)
                excess -= story.size - story.short_size
        if short != plan.short:
            return replace(plan, short=frozenset(short))
        return self._with_fewer(plan, excess, {key: story.short_size for key, story in told.items()})

    def _with_fewer(self, plan: _Plan, excess: int, sizes: Mapping[tuple[int, int], int]) -> _Plan | None:
        sections = dict(plan.sections)
        left = {topic: list(stories) for topic, stories in plan.sections}
        count = 0
        while excess > 0 and left and self._alone["more"] != ("",):
            longest = max(left, key=lambda topic: (len(left[topic]), topic))
            excess -= sizes[longest, left[longest].pop()]
            count += 1
            if not left[longest]:
                del left[longest]
                excess -= self._section_size(longest, sections[longest][0])
        return replace(plan, sections=list(left.items()), left_out=plan.left_out + count) if count else None

    def _section_size(self, topic: int, first: int) -> int:
        """Return how many bytes go with a section beside its stories, with its line in the contents."""
        line = self._line((topic, first, 0)) if self.medium.contents else ""
        return sum(len(piece.encode()) for piece in (*self._sections[topic][::2], line))


def offered_by_section(parts: Parts, sections: Sequence[tuple[int, Sequence[int]]]) -> tuple[tuple[int, ...], ...]:
    """Return the offerings to show below each section: none twice, those first that name its topic."""
    offerings = parts.offerings
    related = [
        (topic, [one for story in stories for one in parts.stories[story].offerings]) for topic, stories in sections
    ]
    return without_repeats(
        (
            (
                *(one for one in found if topic in offerings[one].topics),
                *(one for one in found if offerings[one].is_general),
            )
            for topic, found in related
        ),
        lambda one: offerings[one].mark,
        parts.offerings_per_topic,
    )
