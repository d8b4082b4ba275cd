"""The words and dates of a newsletter's language: gettext catalogues among the templates, read by Babel.

newsletter/languages/de.po ─► read ─► checked ─► Words ─► _(), ngettext() in templates
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from typing import TYPE_CHECKING

from syndicate.errors import Problem, TemplateError

if TYPE_CHECKING:
    from babel import Locale

FOLDER = "newsletter/languages/"
"""Where catalogues lie among the templates, each called like its language: de.po, pt_BR.po."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a newsletter says in one language; what has no translation is said in English."""

    translations: NullTranslations
    locale: "Locale"

    def gettext(self, message: str) -> str:
        """Return a sentence in the language."""
        return self.translations.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return a sentence about a number of things in the language, by its own rules for numbers."""
        return self.translations.ngettext(singular, plural, count)

    def date(self, moment: datetime) -> str:
        """Return a date as people of the language write it in full: '1. Juni 2026'."""
        from babel.dates import format_date  # only what renders an issue needs it

        return format_date(moment, "long", locale=self.locale)

    def date_in(self, moment: datetime, year: int) -> str:
        """Return a date where a year is understood: '1. Juni', and in full if it is another."""
        from babel.dates import format_skeleton

        return format_skeleton("MMMMd", moment, locale=self.locale) if moment.year == year else self.date(moment)


def words_of(templates: Mapping[str, str], language: str) -> Words:
    """Return the words of a language; raises TemplateError for a catalogue that can't be used."""
    names = [f"{FOLDER}{code}.po" for code in _codes(language)]
    name = next((name for name in names if name in templates), None)
    return Words(
        translations=_translations(name, templates[name]) if name else NullTranslations(), locale=_locale(language)
    )


def _codes(language: str) -> tuple[str, ...]:
    """Return a language as catalogues are called, the narrower first: pt_BR, pt."""
    whole = language.replace("-", "_")
    code, _, region = whole.partition("_")
    tidy = f"{code.lower()}_{region.upper() if len(region) == 2 else region.title()}" if region else code.lower()
    return (tidy, code.lower()) if region else (tidy,)


@lru_cache(maxsize=16)
def _locale(language: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    for code in _codes(language):
        try:
            # English without a country is British here, as in all that this program says: 1 June 2026.
            return Locale.parse("en_GB" if code == "en" else code)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_GB")


@lru_cache(maxsize=16)
def _translations(name: str, source: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        catalogue = read_po(io.BytesIO(source.encode()), abort_invalid=True)
        wrong = [(message, error) for message in catalogue if message.string for error in message.check(catalogue)]
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        translations = GNUTranslations(compiled)
    except PoFileError as error:
        raise TemplateError(_problem(name, error.lineno + 1, error.args[0].rpartition(" on ")[0])) from error
    except Exception as error:  # its header may hold anything, and there are many ways to stumble over that
        raise TemplateError(_problem(name, None, f"it is no catalogue of gettext: {error}")) from error
    for message, what in wrong:
        raise TemplateError(_problem(name, message.lineno, f"{message.id!r}: {what}"))
    return translations


def _problem(name: str, line: int | None, what: str) -> Problem:
    hint = "compare it with newsletter/languages/de.po, or look at it with 'msgfmt --check'"
    return Problem(path=f"templates/{name}", line=line, reason="bad-catalogue", what=what, hint=hint)
