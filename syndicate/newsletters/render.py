"""An issue's HTML and plain text, from the sections that were chosen: in parts, and put together from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from syndicate.domain.extras import NO_EXTRAS, Extras
from syndicate.domain.newsletters import Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.domain.topics import Topic
from syndicate.newsletters.as_a_whole import as_a_whole, source_of_message
from syndicate.newsletters.in_parts import in_parts
from syndicate.newsletters.marks import NotInPartsError
from syndicate.newsletters.setting import Setting
from syndicate.newsletters.shown import Sections


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
    return source_of_message(setting, sections)
