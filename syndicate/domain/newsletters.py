"""Newsletters: recurring publications, and their issues."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from syndicate.domain.cadence import Cadence
from syndicate.domain.mail import Mailbox
from syndicate.domain.themes import PLAIN_THEME, Design, Theme
from syndicate.domain.wording import Tagging, Wording

# What stands for a reader's own addresses until a message is filled in: whole addresses on a host that never is
# (RFC 2606), since they come through inlining as they are.
UNSUBSCRIBE_URL = "https://unsubscribe.invalid/"
PREFERENCES_URL = "https://preferences.invalid/"


class Order(Enum):
    """In which order an issue takes articles, and shows them in its sections."""

    RECENT = "recent"
    RANKED = "ranked"


class Overflow(Enum):
    """What becomes of an article that an issue has no room for: the next one may take it, or none will."""

    CARRY = "carry"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """A recurring publication; `topics` are names or slugs in the order of its sections, none means all.

    Articles that come after the first build that knew the newsletter are new to it; `start` lets its
    first issue reach back to those published since then. A slot that was missed is cut up to
    `max_lateness` after it. If it `needs_approval`, an issue is drafted `draft_ahead` of its slot, and
    goes out only once someone has approved it. An issue of fewer than `minimum` stories is not cut.
    `pinned` and `excluded` are articles by their ids, files or addresses. Articles of several brands
    that have `near_duplicates` hundredths in common are folded into one story, None folds nothing.
    `summary_length` is in characters, None leaves summaries whole. `note` is the file of the editor's
    note, with {date} for the day of the slot; `contents` adds a table of contents. `subject` and `preheader` are small
    templates in the place of what an issue says by itself; with `tagging`, links of messages tell where they
    came from.
    """

    slug: str
    title: str
    cadence: Cadence
    zone: ZoneInfo
    description: str | None = None
    topics: tuple[str, ...] = ()
    start: datetime | None = None
    limit: int = 40
    limit_per_topic: int = 10
    minimum: int = 1
    order: Order = Order.RECENT
    overflow: Overflow = Overflow.CARRY
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    near_duplicates: int | None = None
    summary_length: int | None = None
    language: str = "en"
    postal_address: str | None = None
    max_lateness: timedelta = timedelta(hours=24)
    needs_approval: bool = False
    draft_ahead: timedelta = timedelta(hours=24)
    sender: Mailbox | None = None
    reply_to: Mailbox | None = None
    unsubscribe_mailto: str | None = None
    design: Design = Design.MAGAZINE
    theme: Theme = PLAIN_THEME
    note: str | None = None
    contents: bool = False
    offerings_per_topic: int = 0
    subject: Wording | None = None
    preheader: Wording | None = None
    tagging: Tagging | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of a newsletter, cut for good; (newsletter, due) is unique."""

    newsletter: str
    due: datetime
    number: int
    cut_at: datetime
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What an issue says: the HTML document with inlined CSS, and its plain text.

    `html` and `text` are the copy on the web, which is nobody's own. Those for a message have
    UNSUBSCRIBE_URL and PREFERENCES_URL where a reader's own addresses are put; they are None for an
    issue that was cut before messages were kept. Those are for readers of all its topics; from `parts`
    they are made for others (`newsletters.assemble`). An issue whose templates can't be parted has none.
    """

    subject: str
    html: str
    text: str
    mail_html: str | None = None
    mail_text: str | None = None
    parts: str | None = None

    @property
    def digest(self) -> str:
        """What tells these very words and bytes from any others, short enough to be read aloud."""
        said = [self.subject, self.html, self.text, self.mail_html or "", self.mail_text or ""]
        said += [self.parts] if self.parts is not None else []
        lengths = " ".join(str(len(one)) for one in said)
        return hashlib.blake2b("".join([lengths, *said]).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue that is made and not yet out; `approved` is the digest of what someone approved, if anyone did."""

    issue: Issue
    digest: str
    approved: str | None = None

    @property
    def is_approved(self) -> bool:
        """Whether someone approved what the draft holds now."""
        return self.approved == self.digest
