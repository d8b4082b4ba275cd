"""What an issue is made from beside its stories."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from syndicate.domain.extras import Extras
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.site import Site
from syndicate.domain.text import direction
from syndicate.domain.themes import SHEET_PADDING, Design, plate, windows_font
from syndicate.newsletters.views import ThemeView
from syndicate.newsletters.words import Words, words_of

_SANS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_SERIF = "Georgia, serif"
# The fonts of a design, of its words and of its headlines, where the theme names none.
_FONTS = {Design.BRIEF: (_SANS, _SANS), Design.MAGAZINE: (_SANS, _SERIF), Design.TEXT: (_SERIF, _SERIF)}


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
