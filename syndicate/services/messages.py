"""The message of a cut issue to one reader, from what the ledger froze."""

from collections.abc import Callable
from dataclasses import replace

from syndicate.domain.mail import Mailbox, Reader
from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL, Issue, Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.domain.urls import host_of
from syndicate.errors import UsageError
from syndicate.newsletters.message import make_form
from syndicate.services.issues import for_topics


def trial_message(
    newsletter: Newsletter,
    issue: Issue,
    rendered: Rendered,
    site: Site,
    to: Mailbox | None,
    sign: Callable[[bytes], bytes],
    topics: tuple[str, ...] = (),
) -> bytes:
    """Return an issue's message, by default to the sender; its links to end a subscription lead nowhere.

    It is what a reader of these topics gets, of all by default. Raises UsageError for an issue that can't
    be a message: without a sender, or cut before messages were kept; and for topics of which it has no story.
    """
    sender = newsletter.sender
    if sender is None:
        raise UsageError(f"{newsletter.slug} has no sender; set newsletters[].sender or mail.sender in the config")
    if rendered.mail_html is None or rendered.mail_text is None:
        raise UsageError(
            f"issue {issue.number} of {newsletter.slug} was cut before messages were kept; later ones have theirs"
        )
    reader = Reader(
        mailbox=to or sender, unsubscribe_url=UNSUBSCRIBE_URL, preferences_url=PREFERENCES_URL, topics=topics
    )
    if reader.topics:
        said = for_topics(rendered, reader.topics, f"issue {issue.number} of {newsletter.slug}")
        rendered = replace(rendered, subject=said.subject, mail_html=said.html, mail_text=said.text)
    form = make_form(newsletter, sender, rendered, issue.due, issue.number, host_of(site.output_url) or "localhost")
    return sign(form.fill(reader))
