"""An issue's HTML and plain text, from the sections that were chosen: in parts, and put together from them.

sections, extras ─► views with places ─► newsletter/issue.html between marks ─► inlined CSS ─► Parts ─► assembled
                                    └──► newsletter/issue.txt between marks ───────────────────┘
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import Any, TypeVar

from syndicate.domain.articles import EntryId, Offering
from syndicate.domain.extras import NO_EXTRAS, Extras, names_topic, offering_mark, offerings_by_section
from syndicate.domain.feeds import Entry
from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL, Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.domain.text import direction, written_direction
from syndicate.domain.themes import SHEET_PADDING, Design, plate, windows_font
from syndicate.domain.topics import Topic, names_of
from syndicate.newsletters import marks
from syndicate.newsletters.assemble import Assembler, contents_of, preheader_of, sections_for, short_title, tidy
from syndicate.newsletters.inline import inline_css
from syndicate.newsletters.marks import NotInPartsError
from syndicate.newsletters.parts import (
    Kit,
    Medium,
    OfferingPart,
    Parts,
    StoryPart,
    TopicPart,
    WordingPart,
    dump,
    frame_of,
    medium_of,
    title_mark,
)
from syndicate.newsletters.pictures import across, fitted
from syndicate.newsletters.tagging import tag_html, tag_parts, tag_text
from syndicate.newsletters.views import (
    AlsoAtView,
    ContentsView,
    IssueHead,
    NewsletterHead,
    NoteView,
    OfferingView,
    SectionView,
    StoryView,
    ThemeView,
    TopicHead,
)
from syndicate.newsletters.wording import heading, tags, wording_part
from syndicate.newsletters.words import Words, words_of
from syndicate.templating.environment import render
from syndicate.templating.views import site_view

# A picture beside words takes this share of the column, and is no higher than this share of that: a tall one would
# leave a hole below the words.
_THUMB_SHARE, _THUMB_HEIGHT = 0.32, 0.75
# What is left of a summary in a message that would be too large with whole ones: some two lines on a phone.
_SHORT_SUMMARY = 120

_SANS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_SERIF = "Georgia, serif"
# The fonts of a design, of its words and of its headlines, where the theme names none.
_FONTS = {Design.BRIEF: (_SANS, _SANS), Design.MAGAZINE: (_SANS, _SERIF), Design.TEXT: (_SERIF, _SERIF)}

Sections = Sequence[tuple[Topic, Sequence[Entry]]]
View = TypeVar("View")


def render_issue(
    templates: Mapping[str, str],
    site: Site,
    newsletter: Newsletter,
    sections: Sections,
    due: datetime,
    number: int | None,
    extras: Extras = NO_EXTRAS,
    topics: Sequence[Topic] = (),
) -> Rendered:
    """Return the issue of a slot; `number` is None for a preview, which has no place on the web.

    `topics` are those of the newsletter in their order, also such as have no section in the whole issue.
    Templates that show stories in another way than by their parts give an issue that has none.
    """
    setting = Setting(templates=templates, site=site, newsletter=newsletter, due=due, number=number, extras=extras)
    try:
        return in_parts(setting, sections, topics) if sections else as_a_whole(setting, sections)
    except NotInPartsError:
        return as_a_whole(setting, sections)


def message_source(
    templates: Mapping[str, str],
    site: Site,
    newsletter: Newsletter,
    sections: Sections,
    due: datetime,
    number: int,
    extras: Extras,
) -> str:
    """Return the HTML of an issue's message as its templates make it, with its CSS in style sheets."""
    setting = Setting(templates=templates, site=site, newsletter=newsletter, due=due, number=number, extras=extras)
    shown = tuple(_sections(setting, sections))
    stories = [story for section in shown for story in section.stories]
    head = _whole_head(setting, shown, _heading(setting, stories))
    return render(templates, "newsletter/issue.html", **_context(setting, head, shown, len(stories), is_mail=True))


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What an issue is made from beside its stories."""

    templates: Mapping[str, str]
    site: Site
    newsletter: Newsletter
    due: datetime
    number: int | None
    extras: Extras

    @property
    def day(self) -> datetime:
        """When it is due, where it is read."""
        return self.due.astimezone(self.newsletter.zone)

    @property
    def web_url(self) -> str | None:
        """Where it has its page; None for a preview."""
        return self.site.address(f"newsletters/{self.newsletter.slug}/{self.number}/") if self.number else None

    @cached_property
    def words(self) -> Words:
        """What it says in the newsletter's language."""
        return words_of(self.templates, self.newsletter.language)

    @cached_property
    def theme(self) -> ThemeView:
        """How it looks."""
        return _theme(self.newsletter)


# ---- In parts ----


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A story with its places: `home` is the topic in whose section the whole issue has it."""

    entry: Entry
    home: Topic
    topics: tuple[Topic, ...]


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
        self.told = tuple(_story(setting, story, is_first=False) for story in stories)
        own = [one for story in stories for one in setting.extras.offerings.get(story.entry.id, ())]
        self.offerings = tuple(dict.fromkeys(own)) if setting.newsletter.offerings_per_topic else ()
        self._keys: dict[int, str] = {}
        offerings = [self._keyed(_offering(one), str(number)) for number, one in enumerate(self.offerings)]
        firsts = first_stories(stories, order)
        self.sections = tuple(
            self._keyed(
                SectionView(
                    topic=_topic_head(setting, topic),
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
    head = _issue_head(setting, subject=marks.SUBJECT, preheader=marks.PREHEADER, stories_text=marks.COUNT)
    head = replace(head, contents=views.lines, more_text=marks.MORE if setting.number else None)
    count, ways = len(views.stories), {"wrap": marks.wrap_late, "part_key": views.key}
    message = {**_context(setting, head, views.sections, count, is_mail=setting.number is not None), **ways}
    message["block"] = lambda name: marks.marked_names(_blocks(setting)(name))
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
    page = {**_context(setting, replace(head, more_text=None), views.sections[:1], count, is_mail=False), **ways}
    page["block"] = lambda name: marks.left_out_name(_blocks(setting)(name))
    return (html, text), (
        frame_of(inline_css(render(templates, "newsletter/issue.html", **page)), html),
        frame_of(render(templates, "newsletter/issue.txt", **page), text),
    )


def _parts(setting: Setting, views: _Views, html: Medium, text: Medium) -> Parts:
    """Return the parts with all that is said of them in words, which depend on how many stories a reader gets."""
    words, count = setting.words, len(views.stories)
    place = {topic: number for number, topic in enumerate(views.order)}
    order = sorted(range(count), key=lambda number: place[views.stories[number].home])
    usual = _heading(setting, [views.told[number] for number in order])
    wording = _wording(setting, usual, views.told)
    subject, preheader = heading(wording, order, usual, _count_text(words, count))
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
                also={place[one]: words.gettext(", ").join(_also_in(story, one)) for one in story.topics},
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
        subjects=tuple(_subject(setting.newsletter, unnamed[:number], words) for number in range(1, count + 1)),
        counts=tuple(_count_text(words, number) for number in range(count + 1)),
        mores=tuple(_more_text(words, number) for number in range(count + 1)),
        webs=tuple(_web_text(words, number) for number in range(count + 1)),
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


# ---- As a whole ----


def as_a_whole(setting: Setting, sections: Sections) -> Rendered:
    """Return an issue rendered in one go, which can't be parted by topics."""
    shown = tuple(_sections(setting, sections))
    stories = [story for section in shown for story in section.stories]
    usual, order = _heading(setting, stories), range(len(stories))
    wording = _wording(setting, usual, stories)
    count_text = _count_text(setting.words, len(stories))
    told = heading(wording, order, usual, count_text)
    head = _whole_head(setting, shown, told)
    page = _context(setting, head, shown, len(stories), is_mail=False)
    mail_html = mail_text = None
    if setting.number:
        message = _context(setting, head, shown, len(stories), is_mail=True)
        html = inline_css(render(setting.templates, "newsletter/issue.html", **message))
        found = tags(setting.newsletter, wording, order, told, count_text)
        mail_html, became = tag_html(html, found, keep=(setting.web_url or "",))
        mail_text = tag_text(tidy(render(setting.templates, "newsletter/issue.txt", **message)), became)
    return Rendered(
        subject=head.subject,
        html=inline_css(render(setting.templates, "newsletter/issue.html", **page)),
        text=tidy(render(setting.templates, "newsletter/issue.txt", **page)),
        mail_html=mail_html,
        mail_text=mail_text,
    )


def _whole_head(setting: Setting, shown: Sequence[SectionView], told: tuple[str, str]) -> IssueHead:
    """Return the head of an issue with its own subject and preheader, and its table of contents."""
    count_text = _count_text(setting.words, sum(len(section.stories) for section in shown))
    head = _issue_head(setting, subject=told[0], preheader=told[1], stories_text=count_text)
    return replace(head, contents=tuple(_lines(setting, shown))) if setting.newsletter.contents else head


def _sections(setting: Setting, sections: Sections) -> Iterator[SectionView]:
    ids = [(topic, [entry.id for entry in entries]) for topic, entries in sections]
    offerings = offerings_by_section(ids, setting.extras.offerings, setting.newsletter.offerings_per_topic)
    for place, (topic, entries) in enumerate(sections):
        yield SectionView(
            topic=_topic_head(setting, topic),
            stories=tuple(
                _story(
                    setting,
                    Placed(entry=entry, home=topic, topics=(topic,)),
                    is_first=place == 0 and entry == entries[0],
                )
                for entry in entries
            ),
            offerings=tuple(_offering(offering) for offering in offerings[place]),
        )


def _lines(setting: Setting, sections: Sequence[SectionView]) -> Iterator[ContentsView]:
    for label, story, more in contents_of([(section.topic.label, section.stories) for section in sections]):
        yield ContentsView(
            label=label,
            title=short_title(story.title),
            url=story.url,
            more_text=_more_text(setting.words, more) if more else "",
        )


# ---- What the templates see ----


def _context(
    setting: Setting, head: IssueHead, sections: Sequence[SectionView], count: int, *, is_mail: bool
) -> dict[str, Any]:
    """Return the variables of an issue.

    The copy on the web is nobody's own, and leads not to itself: it has no link that ends a subscription.
    """
    return {
        "site": site_view(setting.site),
        "newsletter": _newsletter_head(setting.newsletter),
        "theme": setting.theme,
        "issue": head if is_mail else replace(head, web_url=None),
        "sections": sections,
        "story_count": count,
        "unsubscribe_url": UNSUBSCRIBE_URL if is_mail else None,
        "preferences_url": PREFERENCES_URL if is_mail else None,
        "block": _blocks(setting),
        "_": setting.words.gettext,
        "ngettext": setting.words.ngettext,
    }


def _newsletter_head(newsletter: Newsletter) -> NewsletterHead:
    return NewsletterHead(
        slug=newsletter.slug,
        title=newsletter.title,
        description=newsletter.description,
        language=newsletter.language,
        direction=direction(newsletter.language),
        postal_address=newsletter.postal_address,
        design=newsletter.design.value,
    )


def _wording(setting: Setting, usual: tuple[str, str], stories: Sequence[StoryView]) -> WordingPart:
    """Return what the small templates of the config may use."""
    count_text = _count_text(setting.words, len(stories))
    issue = _issue_head(setting, subject=usual[0], preheader=usual[1], stories_text=count_text)
    newsletter = setting.newsletter
    return wording_part(newsletter, site_view(setting.site), _newsletter_head(newsletter), issue, stories)


def _blocks(setting: Setting) -> Callable[[str], tuple[str, str]]:
    design = setting.newsletter.design.value
    return lambda name: (f"newsletter/{design}/{name}", f"newsletter/{name}")


def _issue_head(setting: Setting, *, subject: str, preheader: str, stories_text: str) -> IssueHead:
    note = setting.extras.note
    return IssueHead(
        number=setting.number,
        date_text=setting.words.date(setting.day),
        subject=subject,
        preheader=preheader,
        stories_text=stories_text,
        more_text=None,
        web_url=setting.web_url,
        note=NoteView(html=note.html, text=note.text) if note else None,
        contents=(),
    )


def _heading(setting: Setting, stories: Sequence[StoryView]) -> tuple[str, str]:
    """Return subject and preheader of an issue with these stories."""
    about = stories[0].summary or "" if stories else ""
    preheader = preheader_of([story.title for story in stories], about)
    return _subject(setting.newsletter, stories, setting.words), preheader


def _count_text(words: Words, count: int) -> str:
    one, many = "%(count)d story", "%(count)d stories"
    return words.ngettext(one, many, count) % {"count": count}


def _more_text(words: Words, count: int) -> str:
    one, many = "and %(count)d more", "and %(count)d more"
    return words.ngettext(one, many, count) % {"count": count}


def _web_text(words: Words, count: int) -> str:
    one, many = "%(count)d more story on the web", "%(count)d more stories on the web"
    return words.ngettext(one, many, count) % {"count": count}


def _topic_head(setting: Setting, topic: Topic) -> TopicHead:
    return TopicHead(label=topic.label, url=setting.site.address(f"topics/{topic.slug}/"))


def _also_in(story: Placed, topic: Topic) -> tuple[str, ...]:
    """Return how the other topics of a story are called, where it is shown in one."""
    return tuple(other.label for other in dict.fromkeys((*story.entry.topics, story.home)) if other != topic)


def _theme(newsletter: Newsletter) -> ThemeView:
    theme, (font, heading_font) = newsletter.theme, _FONTS[newsletter.design]
    font, heading_font = theme.font or font, theme.heading_font or theme.font or heading_font
    is_mirrored = direction(newsletter.language) == "rtl"
    return ThemeView(
        width=theme.width,
        column=theme.width - 2 * SHEET_PADDING,
        font=font,
        heading_font=heading_font,
        windows_font=windows_font(font),
        windows_heading_font=windows_font(heading_font),
        logo=theme.logo,
        light=theme.light,
        dark=theme.dark,
        start="right" if is_mirrored else "left",
        end="left" if is_mirrored else "right",
        plate=plate(theme.light),
        dark_plate=plate(theme.dark),
    )


def _subject(newsletter: Newsletter, stories: Sequence[StoryView], words: Words) -> str:
    if not stories:
        return newsletter.title
    named = {"newsletter": newsletter.title, "story": short_title(stories[0].title)}
    if len(stories) == 1:
        return words.gettext("%(newsletter)s: %(story)s") % named
    count = len(stories) - 1
    one, many = (
        "%(newsletter)s: %(story)s and %(count)d more story",
        "%(newsletter)s: %(story)s and %(count)d more stories",
    )
    return words.ngettext(one, many, count) % {**named, "count": count}


def _offering(offering: Offering) -> OfferingView:
    return OfferingView(label=offering.label, url=offering.url)


def _story(setting: Setting, story: Placed, *, is_first: bool) -> StoryView:
    entry, newsletter, theme = story.entry, setting.newsletter, setting.theme
    frame = round(theme.column * _THUMB_SHARE)
    own = direction(newsletter.language)
    also_in = _also_in(story, story.home)
    labels = (topic.label for topic in entry.topics) if also_in else ()
    names = [entry.brand or "", *(author.name for author in entry.authors), *labels]
    also_at = setting.extras.also_at.get(entry.id, ())
    names += [one.brand for one in also_at]
    return StoryView(
        title=entry.title,
        url=entry.url,
        summary=entry.summary,
        brand=entry.brand,
        authors=tuple(author.name for author in entry.authors),
        date_text=setting.words.date_in(entry.published.astimezone(newsletter.zone), setting.day.year),
        is_first=is_first,
        title_direction=_other_direction(entry.title, own),
        summary_direction=_other_direction(entry.summary or "", own),
        is_mixed=any(_other_direction(name, own) for name in names),
        wide=across(entry.image, entry.title, theme.column),
        thumb=fitted(entry.image, entry.title, frame, round(frame * _THUMB_HEIGHT)),
        also_in=also_in,
        also_at=tuple(AlsoAtView(brand=other.brand, url=other.url) for other in also_at),
    )


def _other_direction(text: str, own: str) -> str | None:
    """Return the direction of a text if it isn't the newsletter's own, which needs no word."""
    found = written_direction(text)
    return found if found != own else None
