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
import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from typing import Any

from issue import DUE, TOPICS, rendered, setting_and_sections

SETS = 200
READERS = 2_000
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
        ours = [sys.executable, str(Path(__file__).with_name("issue.py")), str(stories)]
        theirs = [sys.executable, "-c", BARE, str(page)]
        run(ours), run(theirs)  # so that both find their byte-code
        mine, other, ratio = paired(rounds, lambda: run(ours), lambda: run(theirs))
    print(f"an issue of {stories} stories in a fresh process")
    print(f"  rendered, as HTML and text, for the web and in parts {mine:.3f} s")
    print(f"  premailer alone on its HTML                          {other:.3f} s")
    print(f"  ratio                                                {ratio:.2f}   (bar: at most 1.5)")


def not_inlined(stories: int) -> str:
    """Return the HTML of an issue before its CSS is inlined."""
    from syndicate.newsletters.render import message_source

    one, sections, _ = setting_and_sections(stories)
    return message_source(one.templates, one.site, one.newsletter, sections, one.due, one.number or 0, one.extras)


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
    options = parser.parse_args()
    for part in (messages, rendering, assembling):
        part(options.stories, options.rounds)


if __name__ == "__main__":
    main()
