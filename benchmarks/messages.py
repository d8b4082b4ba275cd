"""Issues and their messages, in one run, as ratios: three bars that are missed make no failure, a wrong message does.

    python benchmarks/messages.py [--stories 50] [--rounds 5]

* Messages to one reader after the other: a form that is filled in, against an EmailMessage for each; on one core,
  without a signature and with one.
* An issue rendered in a fresh process, against premailer alone on the same HTML.
* The issue put together for 200 sets of topics, against rendering it once.
"""

import argparse
import email
import email.policy
import gc
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

TOPICS = 8
SETS = 200
READERS = 2_000
DUE = datetime(2026, 6, 1, 7, tzinfo=UTC)
# Premailer as it is called for an issue, and nothing else: what an issue can't do without.
BARE = """
import logging, pathlib, sys
from premailer import Premailer
html = pathlib.Path(sys.argv[1]).read_text("utf-8")
done = Premailer(
    html, allow_network=False, allow_loading_external_files=False, strip_important=False, disable_validation=True,
    disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
    cssutils_logging_level=logging.CRITICAL, keep_style_tags=False, remove_classes=False, align_floating_images=False,
).transform(pretty_print=False)
print(len(done))
"""


def setting_and_sections(stories: int):  # type: ignore[no-untyped-def]
    """Return what an issue is made from: stories with pictures and summaries, each in one to three topics."""
    from syndicate.adapters.templates import load_templates
    from syndicate.domain.articles import Author, EntryId, Image
    from syndicate.domain.cadence import parse_cadence
    from syndicate.domain.extras import NO_EXTRAS
    from syndicate.domain.feeds import Entry
    from syndicate.domain.mail import Mailbox
    from syndicate.domain.newsletters import Newsletter
    from syndicate.domain.site import Site
    from syndicate.domain.topics import Topic
    from syndicate.newsletters.render import Setting

    zone = ZoneInfo("UTC")
    site = Site(
        title="The Gazette",
        url="https://gazette.example/",
        output_url="https://gazette.example/",
        id="https://gazette.example/",
        zone=zone,
    )
    newsletter = Newsletter(
        slug="weekly",
        title="The Weekly",
        cadence=parse_cadence("weekly on Monday at 07:00"),
        zone=zone,
        contents=True,
        postal_address="1 Quay\nHarbour Town",
        sender=Mailbox(address="weekly@gazette.example", name="The Weekly"),
        limit=stories,
    )
    topics = tuple(Topic(key=f"topic {n}", slug=f"topic-{n}", label=f"Topic {n}") for n in range(TOPICS))
    sections: dict[Topic, list[Entry]] = {topic: [] for topic in topics}
    for number in range(stories):
        own = tuple(topics[(number + step) % TOPICS] for step in range(1 + number % 3))
        published = DUE - timedelta(hours=number + 1)
        entry = Entry(
            id=EntryId(f"https://gazette.example/{number}"),
            title=f"Headline {number} says what the story is about, as headlines do",
            url=f"https://gazette.example/stories/{number}/?from=feed&page=1",
            published=published,
            updated=published,
            summary="What it tells – in some words, as people write them in front matter. " * 3,
            brand="ledger.example",
            authors=(Author(name="Pip Draft"),),
            image=Image(url=f"https://img.example/{number}.jpg", width=1200, height=630),
            topics=own,
        )
        sections[min(own, key=topics.index)].append(entry)
    templates, _ = load_templates(Path("no templates of one's own"))
    setting = Setting(templates=templates, site=site, newsletter=newsletter, due=DUE, number=12, extras=NO_EXTRAS)
    return setting, [(topic, entries) for topic, entries in sections.items() if entries], topics


def rendered(stories: int):  # type: ignore[no-untyped-def]
    """Render an issue as a cut does."""
    from syndicate.newsletters.render import render_issue

    one, sections, topics = setting_and_sections(stories)
    return render_issue(one.templates, one.site, one.newsletter, sections, one.due, one.number, one.extras, topics)


def each(make: Callable[[Any], bytes], readers: Sequence[object]) -> None:
    """Make a message for one reader after the other, and keep none: a sender lets go of each."""
    for reader in readers:
        make(reader)


def seconds(function: Callable[[], object]) -> float:
    """Return how long a function takes."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def paired(rounds: int, ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, float]:
    """Return the median times of both, and of the ratios of ours to theirs; they take turns."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return median(one for one, _ in pairs), median(one for _, one in pairs), median(one / two for one, two in pairs)


def messages(stories: int, rounds: int) -> None:
    """Print how many messages a second one core fills in, signs, and builds by the email package."""
    from syndicate.domain.mail import Mailbox, Reader
    from syndicate.newsletters.message import make_form

    issue, newsletter = rendered(stories), setting_and_sections(stories)[0].newsletter
    form = make_form(newsletter, newsletter.sender, issue, DUE, 12, "gazette.example")
    readers = [
        Reader(
            mailbox=Mailbox(address=f"reader{number}@example.org", name=f"Reader {number}"),
            unsubscribe_url=f"https://gazette.example/u/{number:032x}?list=weekly&issue=12",
            preferences_url=f"https://gazette.example/p/{number:032x}?list=weekly&issue=12",
        )
        for number in range(READERS)
    ]
    check(form.fill(readers[0]), built(issue, newsletter, readers[0]))
    few = readers[: max(1, READERS // 100)]
    ours, theirs, _ = paired(
        rounds,
        lambda: each(form.fill, readers),
        lambda: each(lambda reader: built(issue, newsletter, reader), few),
    )
    rate, other = len(readers) / ours, len(few) / theirs
    print(f"messages of {len(form.fill(readers[0])):,} bytes, on one core")
    print(f"  filled in            {rate:>10,.0f} a second")
    print(f"  an EmailMessage each {other:>10,.0f} a second")
    print(f"  ratio                {rate / other:>10,.0f}   (bar: at least 100)")
    sign = signer()
    if sign is None:
        print("  signed: left out, since cryptography is not installed")
        return
    signed = len(few) / seconds(lambda: each(lambda reader: sign(form.fill(reader)), few))
    print(f"  filled in and signed {signed:>10,.0f} a second, {signed / other:,.1f} times an EmailMessage without")


def built(issue, newsletter, reader) -> bytes:  # type: ignore[no-untyped-def]
    """Return the same message by the email package."""
    from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL

    def own(text: str, unsubscribe: str, preferences: str) -> str:
        return text.replace(UNSUBSCRIBE_URL, unsubscribe).replace(PREFERENCES_URL, preferences)

    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"{newsletter.sender.name} <{newsletter.sender.address}>"
    message["To"] = f"{reader.mailbox.name} <{reader.mailbox.address}>"
    message["Subject"] = issue.subject
    message["Date"] = DUE
    message["Message-ID"] = f"<{hash(reader.mailbox.address):x}@gazette.example>"
    message["List-Id"] = f"{newsletter.title} <weekly.gazette.example>"
    message["List-Unsubscribe"] = f"<{reader.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Precedence"] = "bulk"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(own(issue.mail_text, reader.unsubscribe_url, reader.preferences_url))
    links = (reader.unsubscribe_url.replace("&", "&amp;"), reader.preferences_url.replace("&", "&amp;"))
    message.add_alternative(own(issue.mail_html, *links), subtype="html")
    return message.as_bytes()


def check(ours: bytes, theirs: bytes) -> None:
    """Compare what both messages say; raises SystemExit if they differ."""
    both = [email.message_from_bytes(data, policy=email.policy.default) for data in (ours, theirs)]
    said = [
        [part.get_content().replace("\r\n", "\n").strip() for part in one.iter_parts()]  # type: ignore[attr-defined]
        for one in both
    ]
    if said[0] != said[1] or both[0]["To"] != both[1]["To"] or both[0]["Subject"] != both[1]["Subject"]:
        raise SystemExit("the two messages differ")


def signer() -> Callable[[bytes], bytes] | None:
    """Return what signs messages by a key of 2,048 bits, if the library for it is there."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
    except ImportError:
        return None
    from syndicate.newsletters.dkim import load_signer, sign

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    by_key = load_signer(key.private_bytes(*form))
    return lambda message: sign(message, "gazette.example", "one", by_key)


def rendering(stories: int, rounds: int) -> None:
    """Print what an issue costs in a fresh process, and what premailer alone does."""
    with tempfile.TemporaryDirectory() as name:
        page = Path(name) / "issue.html"
        page.write_text(not_inlined(stories), "utf-8")
        ours = [sys.executable, __file__, "--render", "--stories", str(stories)]
        theirs = [sys.executable, "-c", BARE, str(page)]
        run(ours), run(theirs)  # so that both find their byte-code
        mine, other, ratio = paired(rounds, lambda: run(ours), lambda: run(theirs))
    print(f"an issue of {stories} stories in a fresh process")
    print(f"  rendered, as HTML and text, for the web and in parts {mine:.3f} s")
    print(f"  premailer alone on its HTML                          {other:.3f} s")
    print(f"  ratio                                                {ratio:.2f}   (bar: at most 1.5)")


def not_inlined(stories: int) -> str:
    """Return the HTML of an issue before its CSS is inlined."""
    from syndicate.newsletters import render

    one, sections, _ = setting_and_sections(stories)
    inline, render.inline_css = render.inline_css, lambda html: html
    try:
        return str(render.as_a_whole(one, sections).mail_html)
    finally:
        render.inline_css = inline


def run(command: Sequence[str]) -> None:
    """Run a command; raises CalledProcessError if it fails."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def assembling(stories: int, rounds: int) -> None:
    """Print what it costs to put an issue together for many sets of topics."""
    from syndicate.newsletters.assemble import Assembler
    from syndicate.newsletters.parts import load

    issue = rendered(stories)
    names = [f"topic-{number}" for number in range(TOPICS)]
    sets = [one for size in range(1, TOPICS + 1) for one in itertools.combinations(names, size)][:SETS]

    def assembled() -> None:
        load.cache_clear()
        assemble = Assembler(load(issue.parts))
        for one in sets:
            assemble(one)

    mine, other, ratio = paired(rounds, assembled, lambda: rendered(stories))
    print(f"an issue of {stories} stories for {len(sets)} sets of topics")
    print(f"  put together from its parts {mine:.3f} s")
    print(f"  rendered once               {other:.3f} s")
    print(f"  ratio                       {ratio:.2f}   (bar: less than 3)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--render", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.render:
        gc.disable()  # as the command does (cli/main.py), and it ends at once, too
        print(len(rendered(options.stories).html), flush=True)
        os._exit(0)
    for part in (messages, rendering, assembling):
        part(options.stories, options.rounds)


if __name__ == "__main__":
    main()
