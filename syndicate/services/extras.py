"""What an issue says beside its stories, gathered: the editor's note from its file, offerings from the index."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicate.domain.articles import ArticlePath, EntryId, Offering
from syndicate.domain.extras import Extras, Note
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.selection import Section
from syndicate.domain.site import Site
from syndicate.domain.urls import resolve
from syndicate.errors import Problem, TemplateError
from syndicate.parsing.fields import as_offerings
from syndicate.parsing.notes import parse_note
from syndicate.ports import Index
from syndicate.services.collect import Snapshot

# A note is a few paragraphs; a file beyond this is another one.
MAX_NOTE_BYTES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherer:
    """Gathers the extras of issues made from one snapshot.

    `read` returns a file's bytes by its path relative to the config, at most one more than it is
    allowed, or raises OSError.
    """

    site: Site
    snapshot: Snapshot
    index: Index
    read: Callable[[str, int], bytes]

    def __call__(self, newsletter: Newsletter, due: datetime, sections: Sequence[Section]) -> Extras:
        """Return the extras of an issue; raises TemplateError for a note that is there and can't be read."""
        return Extras(
            note=self._note(newsletter, due),
            offerings=self._offerings(sections) if newsletter.offerings_per_topic else {},
        )

    def _note(self, newsletter: Newsletter, due: datetime) -> Note | None:
        if newsletter.note is None:
            return None
        path = newsletter.note.replace("{date}", f"{due.astimezone(newsletter.zone):%Y-%m-%d}")
        try:
            data = self.read(path, MAX_NOTE_BYTES)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            what = f"can't be read: {getattr(error, 'strerror', None) or error}"
            raise _unreadable(path, what, "name a file that can be read, or none") from error
        if len(data) > MAX_NOTE_BYTES:
            raise _unreadable(
                path, f"is larger than {MAX_NOTE_BYTES:,} bytes", "a note is a few paragraphs: shorten it"
            )
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise _unreadable(path, "is not UTF-8", "save it as UTF-8") from error
        return parse_note(text, lambda address: resolve(self.site.url, address))

    def _offerings(self, sections: Sequence[Section]) -> Mapping[EntryId, tuple[Offering, ...]]:
        paths: list[ArticlePath] = [article.path for section in sections for article in section.articles]
        found = self.index.offerings(paths)
        identities = self.snapshot.identities
        return {identities[path].id: as_offerings(list(items), self.site.url) for path, items in found.items()}


def _unreadable(path: str, what: str, hint: str) -> TemplateError:
    return TemplateError(Problem(path=path, reason="bad-note", what=f"the editor's note {what}", hint=hint))
