"""An issue rendered once in parts, from which that of any set of topics is put together.

sections, extras ─► views with places ─► newsletter/issue.html between marks ─► inlined CSS ─► Parts ─► assembled
                                    └──► newsletter/issue.txt between marks ───────────────────┘
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from operator import itemgetter
from typing import TypeVar

from syndicate.domain.articles import EntryId
from syndicate.domain.extras import names_topic, offering_mark
from syndicate.domain.newsletters import Rendered
from syndicate.domain.topics import Topic, names_of
from syndicate.newsletters import marks
from syndicate.newsletters.assemble import Assembler, sections_for, short_title
from syndicate.newsletters.inline import inline_css
from syndicate.newsletters.parts import (
    Kit,
    Medium,
    OfferingPart,
    Parts,
    StoryPart,
    TopicPart,
    dump,
    frame_of,
    medium_of,
    title_mark,
)
from syndicate.newsletters.setting import Setting
from syndicate.newsletters.shown import (
    Placed,
    Sections,
    blocks_of,
    context,
    count_text,
    issue_head,
    labels_beside,
    more_text,
    offering_view,
    story_view,
    subject_of,
    topic_head,
    usual_heading,
    web_text,
    wording_of,
)
from syndicate.newsletters.tagging import tag_parts
from syndicate.newsletters.views import ContentsView, SectionView, StoryView
from syndicate.newsletters.wording import heading, tags
from syndicate.templating.environment import render

# What is left of a summary in a message that would be too large with whole ones: some two lines on a phone.
_SHORT_SUMMARY = 120

View = TypeVar("View")


def in_parts(setting: Setting, sections: Sections, topics: Sequence[Topic]) -> Rendered:
    """Return an issue rendered in parts and put together; raises NotInPartsError if its templates don't let it."""
    stories = placed(sections, topics, setting.extras.pins)
    order = tuple(dict.fromkeys((*topics, *(topic for topic, _ in sections))))
    order = tuple(topic for topic in order if any(topic in story.topics for story in stories))
    views = _Views(setting, stories, order)
    message, page = _media(setting, views)
    parts = _parts(setting, views, *message)
    # The copy on the web is never cut.
    whole = Assembler(replace(parts, html=page[0], text=page[1]), max_bytes=None).whole()
    parts = _tagged(setting, parts)
    mailed = Assembler(parts).whole() if setting.number else None
    return Rendered(
        subject=whole.subject,
        html=whole.html,
        text=whole.text,
        # A preview is shown, not sent.
        mail_html=mailed.html if mailed else None,
        mail_text=mailed.text if mailed else None,
        parts=dump(parts),
    )


def placed(sections: Sections, topics: Sequence[Topic], pins: Sequence[EntryId] = ()) -> tuple[Placed, ...]:
    """Return the stories of an issue in an order that is that of every section, and good for those of any topic.

    Pins come first, in their order. Of the others, one counts as new as the newest behind it in its
    section: what is first there stays first.
    """
    known = {*topics, *(topic for topic, _ in sections)}
    order = {pin: -number for number, pin in enumerate(pins)}
    ranked = []
    for home, entries in sections:
        own_ranks = ((order.get(entry.id, -len(order)), entry.published) for entry in reversed(entries))
        for entry, rank in zip(entries, reversed(list(accumulate(own_ranks, max))), strict=True):
            own = tuple(topic for topic in entry.topics if topic in known)
            story = Placed(entry=entry, home=home, topics=own if home in own else (home, *own))
            ranked.append((rank, story))
    return tuple(story for _, story in sorted(ranked, key=itemgetter(0), reverse=True))


def first_stories(stories: Sequence[Placed], order: Sequence[Topic]) -> dict[Topic, list[int]]:
    """Return for each topic those of its stories that may be the first of all to some readers.

    That is the topic's first, unless it goes to a later topic where a reader has that: then the next one, too.
    """
    place = {topic: number for number, topic in enumerate(order)}
    found: dict[Topic, list[int]] = {}
    for topic in order:
        own = [number for number, story in enumerate(stories) if topic in story.topics]
        stays = (at for at, number in enumerate(own) if place[stories[number].home] <= place[topic])
        found[topic] = own[: next(stays, len(own)) + 1]
    return found


class _Views:
    """What the templates of an issue in parts see: each story once, and once more where it may be the first."""

    def __init__(self, setting: Setting, stories: Sequence[Placed], order: Sequence[Topic]) -> None:
        self.stories, self.order = stories, order
        self.told = tuple(story_view(setting, story, is_first=False) for story in stories)
        own = [one for story in stories for one in setting.extras.offerings.get(story.entry.id, ())]
        self.offerings = tuple(dict.fromkeys(own)) if setting.newsletter.offerings_per_topic else ()
        self._keys: dict[int, str] = {}
        offerings = [self._keyed(offering_view(one), str(number)) for number, one in enumerate(self.offerings)]
        firsts = first_stories(stories, order)
        self.sections = tuple(
            self._keyed(
                SectionView(
                    topic=topic_head(setting, topic),
                    stories=tuple(self._stories(topic, firsts[topic])),
                    # One is enough to see where they stand.
                    offerings=tuple(offerings if place == 0 else offerings[:1]),
                ),
                str(place),
            )
            for place, topic in enumerate(order)
        )
        lines = ((marks.LABEL, marks.MORE), (marks.LABEL, ""), (None, ""))
        self.lines = tuple(
            self._keyed(ContentsView(label=label, title=marks.TITLE, url=marks.URL, more_text=more), str(number))
            for number, (label, more) in enumerate(lines if setting.newsletter.contents else ())
        )

    def key(self, view: object) -> str:
        """Return what tells a view from all others of its kind."""
        return self._keys[id(view)]

    def _keyed(self, view: View, key: str) -> View:
        self._keys[id(view)] = key
        return view

    def _stories(self, topic: Topic, firsts: Sequence[int]) -> Iterator[StoryView]:
        for number in firsts:
            yield self._keyed(_with_places(self.told[number], is_first=True), f"first {number}")
        for number, story in enumerate(self.stories):
            if story.home == topic:
                yield self._keyed(_with_places(self.told[number], is_first=False), str(number))


def _with_places(view: StoryView, *, is_first: bool) -> StoryView:
    summary = marks.with_rest(view.summary, _SHORT_SUMMARY) if view.summary else None
    return replace(view, is_first=is_first, summary=summary, also_in=(marks.ALSO,) if view.also_in else ())


def _media(setting: Setting, views: _Views) -> tuple[tuple[Medium, Medium], tuple[Medium, Medium]]:
    """Return HTML and plain text of the message in parts, and the same parts in the frames of the copy on the web.

    The frames are the only parts that are rendered and inlined for both.
    """
    templates = marks.with_marked(setting.templates)
    head = issue_head(setting, subject=marks.SUBJECT, preheader=marks.PREHEADER, stories_text=marks.COUNT)
    head = replace(head, contents=views.lines, more_text=marks.MORE if setting.number else None)
    count, ways = len(views.stories), {"wrap": marks.wrap_late, "part_key": views.key}
    message = {**context(setting, head, views.sections, count, is_mail=setting.number is not None), **ways}
    message["block"] = lambda name: marks.marked_names(blocks_of(setting)(name))
    kit = Kit(
        sections=len(views.sections),
        stories=count,
        offerings=len(views.offerings),
        has_contents=bool(views.lines),
    )
    html = medium_of(inline_css(render(templates, "newsletter/issue.html", **message)), kit)
    text = medium_of(marks.whole(render(templates, "newsletter/issue.txt", **message)), kit)
    if not setting.number:
        return (html, text), (html, text)
    page = {**context(setting, replace(head, more_text=None), views.sections[:1], count, is_mail=False), **ways}
    page["block"] = lambda name: marks.left_out_name(blocks_of(setting)(name))
    return (html, text), (
        frame_of(inline_css(render(templates, "newsletter/issue.html", **page)), html),
        frame_of(render(templates, "newsletter/issue.txt", **page), text),
    )


def _parts(setting: Setting, views: _Views, html: Medium, text: Medium) -> Parts:
    """Return the parts with all that is said of them in words, which depend on how many stories a reader gets."""
    words, count = setting.words, len(views.stories)
    place = {topic: number for number, topic in enumerate(views.order)}
    order = sorted(range(count), key=lambda number: place[views.stories[number].home])
    usual = usual_heading(setting, [views.told[number] for number in order])
    wording = wording_of(setting, usual, views.told)
    subject, preheader = heading(wording, order, usual, count_text(words, count))
    unnamed = [replace(views.told[0], title=title_mark(number)) for number in range(count)]
    offered = {offering: number for number, offering in enumerate(views.offerings)}
    return Parts(
        topics=tuple(TopicPart(label=topic.label, names=names_of(topic)) for topic in views.order),
        stories=tuple(
            StoryPart(
                title=story.entry.title,
                url=story.entry.url,
                about=short_title(story.entry.summary or ""),
                home=place[story.home],
                also={place[one]: words.gettext(", ").join(labels_beside(story, one)) for one in story.topics},
                offerings=tuple(
                    offered[one] for one in setting.extras.offerings.get(story.entry.id, ()) if one in offered
                ),
            )
            for story in views.stories
        ),
        offerings=tuple(
            OfferingPart(
                mark=offering_mark(one),
                topics=tuple(number for topic, number in place.items() if names_topic(one, topic)),
                is_general=not one.categories,
            )
            for one in views.offerings
        ),
        offerings_per_topic=setting.newsletter.offerings_per_topic,
        subject=subject,
        preheader=preheader,
        subjects=tuple(subject_of(setting.newsletter, unnamed[:number], words) for number in range(1, count + 1)),
        counts=tuple(count_text(words, number) for number in range(count + 1)),
        mores=tuple(more_text(words, number) for number in range(count + 1)),
        webs=tuple(web_text(words, number) for number in range(count + 1)),
        html=html,
        text=text,
        wording=wording,
    )


def _tagged(setting: Setting, parts: Parts) -> Parts:
    """Return the parts of the message with their links tagged, and with no more of the wording than readers need."""
    newsletter = setting.newsletter
    if parts.wording is not None and setting.number is not None:  # a preview is shown as it will be on the web
        order = [story for _, stories in sections_for(parts, range(len(parts.topics))) for story in stories]
        found = tags(newsletter, parts.wording, order, (parts.subject, parts.preheader), parts.counts[len(order)])
        parts = tag_parts(parts, found, keep=(setting.web_url or "",))
    return parts if newsletter.subject or newsletter.preheader else replace(parts, wording=None)
