"""An issue rendered in one go, by templates that show stories in another way than by their parts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from syndicate.domain.extras import offerings_by_section
from syndicate.domain.newsletters import Rendered
from syndicate.newsletters.assemble import contents_of, short_title, tidy
from syndicate.newsletters.inline import inline_css
from syndicate.newsletters.setting import Setting
from syndicate.newsletters.shown import (
    Placed,
    Sections,
    context,
    count_text,
    issue_head,
    more_text,
    offering_view,
    story_view,
    topic_head,
    usual_heading,
    wording_of,
)
from syndicate.newsletters.tagging import tag_html, tag_text
from syndicate.newsletters.views import ContentsView, IssueHead, SectionView
from syndicate.newsletters.wording import heading, tags
from syndicate.templating.environment import render


def as_a_whole(setting: Setting, sections: Sections) -> Rendered:
    """Return an issue rendered in one go, which can't be parted by topics."""
    shown = tuple(_sections(setting, sections))
    stories = [story for section in shown for story in section.stories]
    usual, order = usual_heading(setting, stories), range(len(stories))
    wording = wording_of(setting, usual, stories)
    stories_text = count_text(setting.words, len(stories))
    told = heading(wording, order, usual, stories_text)
    head = _whole_head(setting, shown, told)
    page = context(setting, head, shown, len(stories), is_mail=False)
    mail_html = mail_text = None
    if setting.number:
        message = context(setting, head, shown, len(stories), is_mail=True)
        html = inline_css(render(setting.templates, "newsletter/issue.html", **message))
        found = tags(setting.newsletter, wording, order, told, stories_text)
        mail_html, became = tag_html(html, found, keep=(setting.web_url or "",))
        mail_text = tag_text(tidy(render(setting.templates, "newsletter/issue.txt", **message)), became)
    return Rendered(
        subject=head.subject,
        html=inline_css(render(setting.templates, "newsletter/issue.html", **page)),
        text=tidy(render(setting.templates, "newsletter/issue.txt", **page)),
        mail_html=mail_html,
        mail_text=mail_text,
    )


def source_of_message(setting: Setting, sections: Sections) -> str:
    """Return the HTML of the message as its templates make it, with its CSS in style sheets."""
    shown = tuple(_sections(setting, sections))
    stories = [story for section in shown for story in section.stories]
    head = _whole_head(setting, shown, usual_heading(setting, stories))
    return render(
        setting.templates, "newsletter/issue.html", **context(setting, head, shown, len(stories), is_mail=True)
    )


def _whole_head(setting: Setting, shown: Sequence[SectionView], told: tuple[str, str]) -> IssueHead:
    """Return the head of an issue with its own subject and preheader, and its table of contents."""
    stories_text = count_text(setting.words, sum(len(section.stories) for section in shown))
    head = issue_head(setting, subject=told[0], preheader=told[1], stories_text=stories_text)
    return replace(head, contents=tuple(_lines(setting, shown))) if setting.newsletter.contents else head


def _sections(setting: Setting, sections: Sections) -> Iterator[SectionView]:
    ids = [(topic, [entry.id for entry in entries]) for topic, entries in sections]
    offerings = offerings_by_section(ids, setting.extras.offerings, setting.newsletter.offerings_per_topic)
    for place, (topic, entries) in enumerate(sections):
        yield SectionView(
            topic=topic_head(setting, topic),
            stories=tuple(
                story_view(
                    setting,
                    Placed(entry=entry, home=topic, topics=(topic,)),
                    is_first=place == 0 and entry == entries[0],
                )
                for entry in entries
            ),
            offerings=tuple(offering_view(offering) for offering in offerings[place]),
        )


def _lines(setting: Setting, sections: Sequence[SectionView]) -> Iterator[ContentsView]:
    for label, story, more in contents_of([(section.topic.label, section.stories) for section in sections]):
        yield ContentsView(
            label=label,
            title=short_title(story.title),
            url=story.url,
            more_text=more_text(setting.words, more) if more else "",
        )
