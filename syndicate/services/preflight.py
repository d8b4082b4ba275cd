"""The preflight of an issue: what is wrong with its message, before anything is sent."""

import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from typing import Any

from syndicate.domain.newsletters import Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.errors import UsageError
from syndicate.newsletters.preflight.rules import Fault
from syndicate.newsletters.preflight.table import blocks_sending, faults_of, open_letter
from syndicate.newsletters.preflight.words import message_bytes

__all__ = ["blocks_sending", "html_bytes", "plain_fault", "preflight", "reasons"]

# Where the pictures are that we publish; what else is below that address may be the site's own.
_OWN = "media/"
_PICTURE = re.compile(r"""<img\b[^>]*?\bsrc="([^"]*)\"""")


def preflight(
    newsletter: Newsletter,
    rendered: Rendered,
    site: Site,
    size: Callable[[str], int | None],
    source: str | None = None,
    *,
    is_published: bool = True,
) -> tuple[Fault, ...]:
    """Return what is wrong with an issue's message, errors first; it must not be sent with an error.

    `size` tells the bytes of a file in the output folder, or None if it is not there; before a build has
    published the issue's pictures, that says nothing. `source` is the HTML before style sheets were inlined,
    where it is known. Raises UsageError for an issue that was cut before messages were kept.
    """
    if rendered.mail_html is None or rendered.mail_text is None:
        raise UsageError(f"this issue of {newsletter.slug} was cut before messages were kept; later ones have theirs")
    sizes = _sizes(rendered.mail_html, site.output_url, size)
    if not is_published:
        sizes = {address: found for address, found in sizes.items() if found is not None}
    letter = open_letter(newsletter, rendered.subject, rendered.mail_html, rendered.mail_text, source, sizes)
    return faults_of(letter)


def _sizes(html: str, output_url: str, size: Callable[[str], int | None]) -> dict[str, int | None]:
    addresses = {unescape(found) for found in _PICTURE.findall(html)}
    own = (address for address in addresses if address.startswith(f"{output_url}{_OWN}"))
    return {address: size(re.split("[?#]", address.removeprefix(output_url))[0]) for address in own}


def html_bytes(rendered: Rendered) -> int:
    """Return the bytes of a message's HTML as the preflight counts them."""
    return message_bytes(rendered.mail_html or "")


def plain_fault(fault: Fault) -> Mapping[str, Any]:
    """Return a fault as JSON has it."""
    return {
        "severity": fault.rule.severity.value,
        "reason": fault.rule.reason,
        "part": fault.spot.part,
        "line": fault.spot.line,
        "what": fault.spot.what,
        "why": fault.rule.why,
        "mend": fault.rule.mend,
    }


def reasons(faults: Iterable[Fault]) -> str:
    """Return the reasons of the errors, for a message that refuses an issue."""
    return ", ".join(sorted({fault.rule.reason for fault in faults if fault.is_error}))
