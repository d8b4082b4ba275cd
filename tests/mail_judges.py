"""Judges of messages, which share no code with syndicate: what the standards say, and what foreign programs say.

Needs Debian's spamassassin and default-jre-headless; from npm, in .venv/node_modules or where SYNDICATE_NODE says:
vnu-jar, html-validate, caniemail. Without them these tests are skipped; where CI is set they fail.

Each judge returns what it finds wrong; an empty answer is praise.
"""

import email
import email.policy
import json
import os
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

from lxml import html as lxml_html
from support import REPO, needs, program

NODE = Path(os.environ.get("SYNDICATE_NODE", REPO / ".venv/node_modules"))
MAX_HTML_BYTES = 102_400


def package(name: str) -> Path:
    """Return the folder of an npm package."""
    folder = NODE / name
    needs(folder.is_dir(), f"{name} is not here: npm install --prefix .venv {name}")
    return folder


# ---- Foreign programs ----


def spam(messages: Sequence[Path]) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Return each message's score by SpamAssassin and the rules that fired, by its local rules alone."""
    command = [program("spamassassin", "spamassassin"), "-t", "-L", *map(str, messages)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)
    headers = re.findall(rb"(?m)^X-Spam-Status: (.*(?:\n[ \t].*)*)", done.stdout)
    assert len(headers) == len(messages), done.stderr[-2000:]
    found = {}
    for path, header in zip(messages, headers, strict=True):
        flat = re.sub(r",\s+", ",", " ".join(header.decode("ascii").split()))
        score, rules = re.search(r"score=(-?[\d.]+) .*?tests=(\S+)", flat).groups()  # type: ignore[union-attr]
        found[path.name] = (float(score), tuple(rules.split(",")))
    return found


def nu(pages: Sequence[Path]) -> dict[str, list[str]]:
    """Return what the Nu HTML Checker of the W3C says against each page; what begins with mso- is Outlook's own."""
    jar = package("vnu-jar") / "build/dist/vnu.jar"
    command = [program("java", "default-jre-headless"), "-Xss4m", "-jar", str(jar), "--errors-only", "--format", "json"]
    command += ["--filterpattern", ".*mso-.*", "--exit-zero-always", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)
    found: dict[str, list[str]] = {}
    for one in json.loads(done.stderr)["messages"]:
        found.setdefault(Path(unquote(one["url"])).name, []).append(f"{one.get('lastLine')}: {one['message']}")
    return found


def validated(pages: Sequence[Path]) -> dict[str, list[str]]:
    """Return what html-validate says against each page."""
    script = package("html-validate") / "bin/html-validate.mjs"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"  # node cuts what it prints when it ends
        command = [program("node", "nodejs"), str(script), "--preset", "standard", "--formatter", f"json={report}"]
        subprocess.run([*command, *map(str, pages)], capture_output=True, check=False, timeout=300)
        reports = json.loads(report.read_text("utf-8"))
    return {
        Path(one["filePath"]).name: [f"{what['line']}: {what['ruleId']}: {what['message']}" for what in one["messages"]]
        for one in reports
        if one["messages"]
    }


CLIENTS = """
import fs from "fs";
import { caniemail } from "./dist/index.js";
const found = {};
for (const path of process.argv.slice(1)) {
  const html = fs.readFileSync(path, "utf8").replace(/<style[^]*?<\\/style>/g, "");
  found[path] = {};
  for (const glob of ["gmail.*", "apple-mail.*", "outlook.windows"])
    for (const [client, issues] of caniemail({clients: [glob], html}).issues.errors)
      for (const issue of issues) (found[path][client] ??= []).push(issue.title);
}
console.log(JSON.stringify(found));
"""


def unsupported(pages: Sequence[Path]) -> dict[str, dict[str, list[str]]]:
    """Return what each mail program doesn't support of each page without its style sheets, by caniemail."""
    command = [program("node", "nodejs"), "--input-type=module", "--eval", CLIENTS, *map(str, pages)]
    done = subprocess.run(command, cwd=package("caniemail"), capture_output=True, check=True, timeout=300)
    by_page: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    return {
        Path(page).name: {client: sorted(set(titles)) for client, titles in found.items()}
        for page, found in by_page.items()
    }


def dkim_faults(message: bytes, record: bytes) -> list[str]:
    """Return what dkimpy, and RFC 8058 section 4, find wrong with a signature."""
    import dkim

    if not dkim.verify(message, dnsfunc=lambda name, timeout=5: record):
        return ["the signature is not valid"]
    found = re.search(rb"(?is)^DKIM-Signature:.*?\bh=([^;]*);", message)
    signed = {name.strip().lower() for name in found[1].decode("ascii").split(":")} if found else set()
    wanted = ("from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post")
    return [f"{name} is not signed" for name in wanted if name not in signed]


# ---- Headers and structure ----

ONCE = (
    *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Id"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "Precedence", "Feedback-ID", "Auto-Submitted", "Reply-To"),
)


def header_faults(message: bytes) -> list[str]:
    """Return what is wrong with a message by RFC 5322, 2045 to 2047, 2369, 2919, 3834 and 8058."""
    faults = list(_line_faults(message))
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    names = [name.lower() for name, _ in parsed.items()]
    faults += [f"{name} stands {names.count(name.lower())} times" for name in ONCE if names.count(name.lower()) != 1]
    if any(fault.endswith("times") for fault in faults):
        return faults
    return [*faults, *_value_faults(parsed), *_part_faults(parsed)]


def _line_faults(message: bytes) -> Iterable[str]:
    head, gap, _ = message.partition(b"\r\n\r\n")
    if not gap:
        yield "no empty line ends the headers"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", message):
        yield "a line ends in something else than CR LF"
    if not head.isascii():
        yield "a header is not ASCII"
    lines = message.split(b"\r\n")
    if any(len(line) > 998 for line in lines):
        yield "a line is longer than 998 bytes"
    if any(len(line) > 78 for line in head.split(b"\r\n") if not re.match(rb"(?:[\w-]+:)?\s*\S+$", line)):
        yield "a header could be folded and is longer than 78"
    for number, line in enumerate(head.split(b"\r\n"), 1):
        if not re.match(rb"[!-9;-~]+:|[ \t]+\S", line):
            yield f"line {number} is no header"


def _raw(parsed: EmailMessage, name: str) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", str(parsed.get(name, "")))


# What each header looks like, by RFC 5322, 2919, 8058, 3834, and what Gmail asks of Feedback-ID.
VALUES = {
    "Message-ID": r"<[^<>@\s]+@[^<>@\s]+>",
    "List-Id": r"(?s).*<[A-Za-z0-9.-]+\.[A-Za-z0-9-]+>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Precedence": "bulk",
    "Auto-Submitted": "auto-generated",
    "Feedback-ID": r"[^:\s]*:[^:\s]*:[^:\s]*:[^:\s]{5,15}",
    "MIME-Version": "1.0",
}


def _value_faults(parsed: EmailMessage) -> Iterable[str]:
    yield from (f"{header!s}: {header.defects}" for header in parsed.values() if getattr(header, "defects", ()))
    for name in ("From", "To", "Reply-To"):
        addresses = [address for _, address in getaddresses([_raw(parsed, name)])]
        if len(addresses) != 1 or not re.fullmatch(r"[^@\s<>]+@[\w.-]+\.\w+", addresses[0]):
            yield f"{name} is not one address"
    for name, pattern in VALUES.items():
        if not re.fullmatch(pattern, _raw(parsed, name)):
            yield f"{name} is not what it should be: {_raw(parsed, name)}"
    if not _raw(parsed, "Subject").strip() or "=?" in _raw(parsed, "Subject"):
        yield "Subject is empty or not decoded"
    try:
        if parsedate_to_datetime(_raw(parsed, "Date")).tzinfo is None:
            yield "Date has no zone"
    except ValueError:
        yield "Date is no date"
    ways = re.findall(r"<([^<>]*)>", _raw(parsed, "List-Unsubscribe"))
    if sorted(way.partition(":")[0] for way in ways) != ["https", "mailto"]:
        yield "List-Unsubscribe has not one https and one mailto address"


def _part_faults(parsed: EmailMessage) -> Iterable[str]:
    if parsed.get_content_type() != "multipart/alternative":
        yield "it is not multipart/alternative"
        return
    parts = list(parsed.iter_parts())
    if [part.get_content_type() for part in parts] != ["text/plain", "text/html"]:
        yield "its parts are not plain text and then HTML"
    if parsed.defects:
        yield f"its structure is broken: {parsed.defects}"
    for part in parts:
        kind = part.get_content_type()
        if part.get_content_charset() != "utf-8":
            yield f"{kind} is not in UTF-8"
        if str(part.get("Content-Transfer-Encoding", "")).lower() not in ("quoted-printable", "base64"):
            yield f"{kind} is not encoded"
        body = part.get_payload()
        lines = body.splitlines() if isinstance(body, str) else []
        if any(len(line) > 76 for line in lines):
            yield f"{kind} has an encoded line of more than 76"
        if part.get_content_charset() == "utf-8" and "\ufffd" in str(part.get_content()):
            yield f"{kind} is not UTF-8"


# ---- Plain text ----


def text_faults(message: bytes) -> list[str]:
    """Return what the plain text lacks of the HTML, and where it isn't what a person would write."""
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    plain, markup = parsed.get_body(("plain",)), parsed.get_body(("html",))
    if plain is None or markup is None:
        return ["a part is missing"]
    text, tree = plain.get_content(), lxml_html.document_fromstring(markup.get_content())
    told, shown = _squeezed(text), _squeezed(tree.find("body").text_content())
    # A heading that leads to the page stands for the stories that are left to it: the text has them all.
    shown_here = (one for one in tree.iter("h1", "h2", "h3") if not one.xpath("a[contains(@href, '/newsletters/')]"))
    headings = {"".join(one.itertext()).strip() for one in shown_here} - {""}
    faults = [f"the heading {one!r} is missing" for one in sorted(headings) if _squeezed(one) not in told]
    addresses = set(re.findall(r"https?://[^\s<>]+", text))
    links = {one.get("href") for one in tree.iter("a") if (one.get("href") or "").startswith("http")}
    faults += [f"the link {one} is missing" for one in sorted(links) if one not in addresses]
    for line in text.splitlines():
        wide = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)
        if wide > 80 and len(line.split()) > 1 and "://" not in line:
            faults.append(f"a line takes {wide} columns: {line}")
    left = re.findall(r"</?(?!https?:)[a-z][^<>]*>|&(?:[a-z]+|#\d+);|\{\{.*?\}\}", text)
    return faults + [f"markup is left: {one}" for one in left if _squeezed(one) not in shown]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def changed(message: bytes, kind: str, change: Callable[[str], str]) -> bytes:
    """Return a message whose plain text or HTML is changed; raises AssertionError if nothing is."""
    parsed = email.message_from_bytes(message, policy=email.policy.SMTP)
    assert isinstance(parsed, EmailMessage)
    part = parsed.get_body((kind,))
    assert part is not None
    before = part.get_content()
    assert change(before) != before
    part.set_content(change(before), subtype=part.get_content_subtype(), cte="quoted-printable")
    return parsed.as_bytes()


# ---- Size ----


def size_faults(message: bytes) -> list[str]:
    """Return whether Gmail would cut the message, or the link that ends the subscription is not in what it shows."""
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    part = parsed.get_body(("html",))
    markup = part.get_content().replace("\r\n", "\n").encode() if part else b""
    faults = [f"{len(markup):,} bytes of HTML"] if len(markup) > MAX_HTML_BYTES else []
    ways = re.findall(r"<(https:[^<>]*)>", str(parsed.get("List-Unsubscribe", "")))
    seen = [way for way in ways if f'href="{way}"'.encode() in markup[:MAX_HTML_BYTES]]
    return faults if seen else [*faults, "the link that ends the subscription is not in what is shown"]


def praised(found: Mapping[str, object]) -> dict[str, object]:
    """Return what was found, without the empty answers."""
    return {name: what for name, what in found.items() if what}
