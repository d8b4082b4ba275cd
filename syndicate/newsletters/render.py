"""An issue's HTML and plain text, from the sections that were chosen.

sections, extras ─► views ─► newsletter/issue.html, in the newsletter's design, language and theme ─► inlined CSS
                       └───► newsletter/issue.txt
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from syndicate.domain.articles import Offering
from syndicate.domain.extras import NO_EXTRAS, Extras, offerings_by_section
from syndicate.domain.feeds import Entry
from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL, Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.domain.text import direction, written_direction
from syndicate.domain.themes import SHEET_PADDING, Design, plate, windows_font
from syndicate.domain.topics import Topic
from syndicate.newsletters.inline import inline_css
from syndicate.newsletters.pictures import across, fitted
from syndicate.newsletters.tagging import tag_html, tag_text
from syndicate.newsletters.views import (
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
from syndicate.newsletters.worded import Worded
from syndicate.newsletters.words import Words, words_of
from syndicate.templating.environment import render
from syndicate.templating.views import site_view

# Mail programs show some 90 characters of the preheader; more only hides the text that follows.
PREHEADER_STORIES = 2
# So much of a title says what a story is about, where it stands in a subject or in a table of contents.
_MOST_OF_A_TITLE = 120
# A picture beside words takes this share of the column, and is no higher than this share of that: a tall one would
# leave a hole below the words.
_THUMB_SHARE, _THUMB_HEIGHT = 0.32, 0.75
# A table of contents of one section lists so many of its stories.
_MOST_CONTENTS = 12

_SANS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_SERIF = "Georgia, serif"
# The fonts of a design, of its words and of its headlines, where the theme names none.
_FONTS = {Design.BRIEF: (_SANS, _SANS), Design.MAGAZINE: (_SANS, _SERIF), Design.TEXT: (_SERIF, _SERIF)}


def render_issue(
    templates: Mapping[str, str],
    site: Site,
    newsletter: Newsletter,
    sections: Sequence[tuple[Topic, Sequence[Entry]]],
    due: datetime,
    number: int | None,
    extras: Extras = NO_EXTRAS,
    inline: Callable[[str], str] | None = None,
) -> Rendered:
    """Return the issue of a slot; `number` is None for a preview, which has no place on the web.

    The preflight gives another `inline`, to see the HTML as the templates made it.
    """
    inline = inline or inline_css
    words = words_of(templates, newsletter.language)
    theme = _theme(newsletter)
    day = due.astimezone(newsletter.zone)
    shown = tuple(_sections(sections, extras, site, newsletter, theme, words, day.year))
    stories = [story for section in shown for story in section.stories]
    issue = IssueHead(
        number=number,
        date_text=words.date(day),
        subject=_subject(newsletter, stories, words),
        preheader=_preheader(stories),
        web_url=site.address(f"newsletters/{newsletter.slug}/{number}/") if number else None,
        note=NoteView(html=extras.note.html, text=extras.note.text) if extras.note else None,
        contents=tuple(_contents(shown)) if newsletter.contents else (),
    )
    head = NewsletterHead(
        slug=newsletter.slug,
        title=newsletter.title,
        description=newsletter.description,
        language=newsletter.language,
        direction=direction(newsletter.language),
        postal_address=newsletter.postal_address,
        design=newsletter.design.value,
    )
    wording = Worded(newsletter=newsletter, site=site, head=head, stories=stories)
    issue = wording.of(issue)
    context = {
        "site": site_view(site),
        "newsletter": head,
        "theme": theme,
        "issue": issue,
        "sections": shown,
        "story_count": len(stories),
        "unsubscribe_url": UNSUBSCRIBE_URL,
        "preferences_url": PREFERENCES_URL,
        "block": lambda name: (f"newsletter/{newsletter.design.value}/{name}", f"newsletter/{name}"),
        "_": words.gettext,
        "ngettext": words.ngettext,
    }
    # The copy on the web is nobody's own, and leads not to itself: it has no link that ends a subscription.
    here = replace(issue, web_url=None)
    on_the_web = {**context, "issue": here, "unsubscribe_url": None, "preferences_url": None}
    mail_html = mail_text = None
    if number:  # a preview is shown, not sent, and inlining is most of the time that it takes
        mail_html, became = tag_html(
            inline(render(templates, "newsletter/issue.html", **context)),
            wording.tags(issue),
            keep=(issue.web_url or "",),
        )
        mail_text = tag_text(_tidy(render(templates, "newsletter/issue.txt", **context)), became)
    return Rendered(
        subject=issue.subject,
        html=inline(render(templates, "newsletter/issue.html", **on_the_web)),
        text=_tidy(render(templates, "newsletter/issue.txt", **on_the_web)),
        mail_html=mail_html,
        mail_text=mail_text,
    )


def _tidy(text: str) -> str:
    """Return plain text with two empty lines between parts at most, whatever each part ends in."""
    return _GAP.sub("\n\n\n", text).strip("\n") + "\n"


_GAP = re.compile(r"\n(?:[ \t]*\n){3,}")


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
    named = {"newsletter": newsletter.title, "story": _short(stories[0].title)}
    if len(stories) == 1:
        return words.gettext("%(newsletter)s: %(story)s") % named
    count = len(stories) - 1
    one, many = (
        "%(newsletter)s: %(story)s and %(count)d more story",
        "%(newsletter)s: %(story)s and %(count)d more stories",
    )
    return words.ngettext(one, many, count) % {**named, "count": count}


def _preheader(stories: Sequence[StoryView]) -> str:
    """Return what the subject has no room for: the next stories, or what the only one is about."""
    said = " · ".join(_short(story.title) for story in stories[1 : 1 + PREHEADER_STORIES])
    return _short(said or (stories[0].summary or "" if stories else ""))


def _short(title: str) -> str:
    """Return a title, or as many of its first words as say what it is about."""
    if len(title) <= _MOST_OF_A_TITLE:
        return title
    cut = title[:_MOST_OF_A_TITLE]
    words, _, _ = cut.rpartition(" ")
    return f"{(words if len(words) > _MOST_OF_A_TITLE // 2 else cut).rstrip()}…"


def _contents(sections: Sequence[SectionView]) -> Iterator[ContentsView]:
    """Yield a line for each section, or for each story of the only one; nothing where there is too little to list."""
    if len(sections) > 1:
        for section in sections:
            first, more = section.stories[0], len(section.stories) - 1
            yield ContentsView(label=section.topic.label, title=_short(first.title), url=first.url, more=more)
    elif sections and len(sections[0].stories) > 2:
        for story in sections[0].stories[:_MOST_CONTENTS]:
            yield ContentsView(label=None, title=_short(story.title), url=story.url, more=0)


def _sections(
    sections: Sequence[tuple[Topic, Sequence[Entry]]],
    extras: Extras,
    site: Site,
    newsletter: Newsletter,
    theme: ThemeView,
    words: Words,
    year: int,
) -> Iterator[SectionView]:
    ids = [(topic, [entry.id for entry in entries]) for topic, entries in sections]
    offerings = offerings_by_section(ids, extras.offerings, newsletter.offerings_per_topic)
    for place, (topic, entries) in enumerate(sections):
        yield SectionView(
            topic=TopicHead(label=topic.label, url=site.address(f"topics/{topic.slug}/")),
            stories=tuple(
                _story(entry, topic, newsletter, theme, words, year, is_first=place == 0 and entry == entries[0])
                for entry in entries
            ),
            offerings=tuple(_offering(offering) for offering in offerings[place]),
        )


def _offering(offering: Offering) -> OfferingView:
    return OfferingView(label=offering.label, url=offering.url)


def _story(
    entry: Entry, topic: Topic, newsletter: Newsletter, theme: ThemeView, words: Words, year: int, *, is_first: bool
) -> StoryView:
    frame = round(theme.column * _THUMB_SHARE)
    own = direction(newsletter.language)
    also_in = tuple(other.label for other in entry.topics if other != topic)
    names = [entry.brand or "", *(author.name for author in entry.authors), *also_in]
    return StoryView(
        title=entry.title,
        url=entry.url,
        summary=entry.summary,
        brand=entry.brand,
        authors=tuple(author.name for author in entry.authors),
        date_text=words.date_in(entry.published.astimezone(newsletter.zone), year),
        is_first=is_first,
        title_direction=_other_direction(entry.title, own),
        summary_direction=_other_direction(entry.summary or "", own),
        is_mixed=any(_other_direction(name, own) for name in names),
        wide=across(entry.image, entry.title, theme.column),
        thumb=fitted(entry.image, entry.title, frame, round(frame * _THUMB_HEIGHT)),
        also_in=also_in,
    )


def _other_direction(text: str, own: str) -> str | None:
    """Return the direction of a text if it isn't the newsletter's own, which needs no word."""
    found = written_direction(text)
    return found if found != own else None
