"""Thirty issues as readers get them: made by the command line, each by a newsletter of its own.

    make(folder) ─► folder/NAME.eml, the message, and folder/NAME.html, its HTML; folder/public.txt, the DKIM key

Ordinary ones are what a newsroom sends in a year; adversarial ones hold what articles may hold at worst.
"""

import base64
import email
import email.policy
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from golden.designs import SAID
from support import Site

from syndicate.wiring import load_app

BUILT, DUE = "2026-11-01T08:00:00Z", "2026-11-02T09:00:00Z"
READER = "Ann <ann@example.net>"
DESIGNS = ("brief", "magazine", "text")
BODY = "It was seen from the quay at dusk, and written down the same evening."


@dataclass(frozen=True, kw_only=True)
class Case:
    """One issue: its newsletter's settings, and the front matter of its articles."""

    name: str
    articles: tuple[dict[str, Any], ...]
    settings: dict[str, Any] = field(default_factory=dict)
    adversarial: bool = False
    own_templates: bool = False


def story(number: int, language: str = "en", **front: Any) -> dict[str, Any]:
    """Return the front matter of an ordinary article."""
    _, _, _, headlines, summary, author, _, _ = SAID[language]
    kind = headlines[number % len(headlines)]
    values = {
        "title": f"{kind} {number}" if number >= len(headlines) else kind,
        "description": summary,
        "author": author,
        # The case's own name comes in the place of CASE: two articles of one link and title would count as one.
        "link": f"https://news.example.org/CASE/{number}?a=1&b={number}",
        "date": f"2026-{1 + number % 9:02}-{1 + number % 28:02}T{number % 24:02}:00:00Z",
    }
    return {**values, **front}


def stories(count: int, language: str = "en", **front: Any) -> tuple[dict[str, Any], ...]:
    return tuple(story(number, language, **front) for number in range(count))


OFFERING = {"relatedOfferings": [{"label": "A tide clock", "permalink": "https://example.org/clock"}]}
LONG = "The tide tables are wrong again and nobody at the harbour office wants to say since when they have been. "
HOSTILE = (
    {"title": "<script>alert(1)</script><img src=x onerror=alert(1)>", "description": '"><script>alert(1)</script>'},
    {
        "title": "</title></head></html><!-- ",
        "description": "<![endif]--><style>*{display:none}</style> ]]> &amp; &lt;",
    },
    {"title": "<a href=javascript:alert(1)>Here</a>", "description": "<table></td></tr></table></div></div>"},
    {"title": "'\"`=/&#x27;&quot;&copy=1", "description": "x\u2028y\u2029z \u202egnirts\u202c \ufeff \u200b end"},
    {"title": "{{ 7 * 7 }}{% for x in range(9) %}x", "description": "{# x #} %(count)d ${x} <%= y %> *|FNAME|*"},
    {"title": "https://unsubscribe.invalid/ in a title", "description": "=?utf-8?q?x?= \\r\\nBcc: a@example.org"},
)
# Three that tell one story, in one issue folded into one.
BRANDS = ("ledger", "gazette", "courier")
LOUD = (
    {"title": "FREE MONEY!!! CLICK HERE NOW", "description": "100% FREE!!! Act now, no risk, dear friend. $$$"},
    {"title": "Cheap pills and a prize for you", "description": "Congratulations, you have won one million dollars."},
)
THEME = {
    "light": {"accent": "#7a1f3d", "header": "#7a1f3d", "background": "#f6efe9"},
    "font": "Verdana, sans-serif",
    "width": 640,
    "logo": {"src": "https://example.org/l.png", "dark": "https://example.org/d.png", "width": 180, "height": 40},
}


def cases() -> Iterator[Case]:
    """Yield the thirty."""
    for design in DESIGNS:
        for language in SAID:
            title, description, *_ = SAID[language]
            yield Case(
                name=f"{design}-{language}",
                articles=stories(4, language, image="https://img.example.org/a.png", **OFFERING),
                settings={
                    "design": design,
                    "language": language,
                    "title": title,
                    "description": description,
                    "note": f"note-{language}.md",
                    "contents": True,
                    "offerings_per_topic": 2,
                },
            )
        yield Case(name=f"one-{design}", articles=stories(1), settings={"design": design})
        many = {"limit": 200, "limit_per_topic": 200}
        yield Case(name=f"many-{design}", articles=stories(200), settings={"design": design, **many})
        yield Case(
            name=f"long-titles-{design}",
            articles=stories(3, title=(LONG * 3)[:300], description=LONG * 5, author="W" * 100),
            settings={"design": design, "contents": True},
            adversarial=True,
        )
    yield Case(name="empty-topic", articles=stories(2), settings={"topics": ["Nothing here", "empty-topic"]})
    yield Case(name="right-to-left", articles=stories(3, "ar", tags=["שלום"]), settings={"contents": True})
    yield Case(name="left-to-right", articles=stories(3), settings={"language": "ar", "title": "The Weekly in English"})
    yield Case(
        name="emoji",
        articles=stories(3, title="🍵 Tea 👩‍👩‍👧 " * 3, description="🎉" * 60, author="🦊"),
        settings={"title": "🍵 The Emoji Weekly"},
        adversarial=True,
    )
    yield Case(name="missing-pictures", articles=(story(0, image="none.png"), story(1, image=None), story(2, image="")))
    yield Case(name="enormous-pictures", articles=stories(2, image="enormous.png"), adversarial=True)
    yield Case(name="broken-pictures", articles=stories(2, image="broken.png"), adversarial=True)
    hostile = tuple(story(number, **front) for number, front in enumerate(HOSTILE))
    yield Case(name="hostile", articles=hostile, settings={"contents": True}, adversarial=True)
    loud = tuple(story(number, **front) for number, front in enumerate(LOUD))
    yield Case(name="loud", articles=loud, adversarial=True)
    yield Case(
        name="worded-and-tagged",
        articles=(
            *stories(3),
            story(3, link="https://s3.example.org/x?X-Amz-Signature=a%2Fb&z=1#top"),
            *(story(5, title="Ferries meet", link=f"https://{one}.example/x") for one in BRANDS),
        ),
        settings={
            "near_duplicates": 90,
            "subject": "{{ stories[0].title }}",
            "preheader": "{{ newsletter.title }}, {{ issue.date_text }}",
            "utm": {"source": "the weekly & co", "campaign": "{{ newsletter.slug }}-{{ issue.number }}"},
        },
    )
    yield Case(name="own-block", articles=stories(3), own_templates=True)
    yield Case(name="own-theme", articles=stories(3, image="https://img.example.org/a.png"), settings={"theme": THEME})


CASES = {case.name: case for case in cases()}
OWN_STORY = """\
<h3 class="title"><a href="{{ story.url }}">{{ story.title }}</a></h3>
<p class="kicker">{{ story.brand or newsletter.title }}</p>
{% if story.summary %}<p>{{ story.summary }}</p>{% endif %}
"""
OWN_CSS = ".kicker { margin: 4px 0 0; font-size: 13px; line-height: 18px; letter-spacing: 1px; color: #6b3a1f; }\n"
OWN_SCREENS = "@media (prefers-color-scheme: dark) { .kicker { color: #f0c9a8 !important; } }\n"


def make(folder: Path) -> None:
    """Write the thirty issues into a folder."""
    for own, name in ((False, "site"), (True, "own-site")):
        chosen = [case for case in CASES.values() if case.own_templates is own]
        site = _site(folder / name, chosen, folder)
        for command, now in (("build", BUILT), ("run-due", DUE)):
            if command == "run-due":
                _save_sources(site, folder)
            done = site.command(command, "--now", now)
            assert done.returncode == 0, done.stdout + done.stderr
        for case in chosen:
            path = folder / f"{case.name}.eml"
            site.say("issue", "render", case.name, "1", "--eml", str(path), "--to", READER)
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            part = message.get_body(("html",))
            assert part is not None
            (folder / f"{case.name}.html").write_text(part.get_content(), "utf-8")
            (folder / f"{case.name}.json").write_text(_check(site, case.name), "utf-8")


def _save_sources(site: Site, folder: Path) -> None:
    """Write the HTML of the issues that are about to be cut, with their CSS in style sheets."""
    app, now = load_app(site.config), datetime.fromisoformat(DUE)
    with app.open() as opened:
        desk = opened.desk(opened.snapshot(now, lambda *_: None))
        for newsletter in app.config.newsletters:
            source = desk.rehearse(newsletter, now).source
            (folder / f"{newsletter.slug}.source.html").write_text(source, "utf-8")


def _check(site: Site, name: str) -> str:
    done = site.run("issue", "check", name, "1", "--json")
    json.loads(done.stdout)
    return done.stdout


def _site(root: Path, chosen: list[Case], folder: Path) -> Site:
    newsletters = [
        {
            "slug": case.name,
            "title": "The Quay Weekly",
            "cadence": "weekly on Monday at 08:00",
            "start": "2026-01-01",
            "topics": [case.name],
            "design": "magazine",
            "postal_address": "The Quay Society\n1 Quay\nHarbour Town",
            **case.settings,
        }
        for case in chosen
    ]
    site = Site(
        root,
        {
            "site": {"title": "The Quay Gazette", "url": "https://example.org/", "link_to": "source"},
            "sources": [{"path": "articles"}],
            "newsletters": newsletters,
            "mail": {
                "sender": "The Quay Weekly <weekly@example.org>",
                "reply_to": "desk@example.org",
                "unsubscribe_mailto": "unsubscribe@example.org",
                "dkim": {"domain": "example.org", "selector": "judged", "key_file": "dkim.pem"},
            },
        },
    )
    _key(site, folder)
    for language, (*_, note) in SAID.items():
        site.write(f"note-{language}.md", note)
    for case in chosen:
        for number, front in enumerate(case.articles):
            own = {"categories": [case.name], "link": front["link"].replace("CASE", case.name)}
            site.article(f"{case.name}/{number}/index.md", body=BODY, **{**front, **own})
        pictures(site, case.name)
    if chosen[0].own_templates:
        site.write("templates/newsletter/story.html", OWN_STORY)
        site.write("templates/newsletter/magazine/story.html", OWN_STORY)
        site.write("templates/newsletter/magazine/design.css", OWN_CSS)
        packaged = Path(__file__).parent.parent / "templates/newsletter/screens.css"
        site.write("templates/newsletter/screens.css", packaged.read_text("utf-8") + OWN_SCREENS)
    return site


def pictures(site: Site, name: str) -> None:
    """Lay pictures beside the articles of a case: one too large for any use, or one that is none."""
    for number in range(2):
        if name == "enormous-pictures":
            site.write(f"articles/{name}/{number}/enormous.png", png(9000, 4000) + b"\0" * 2_000_000)
        if name == "broken-pictures":
            site.write(f"articles/{name}/{number}/broken.png", b"\x89PNG\r\n\x1a\n not a picture")


def png(width: int, height: int) -> bytes:
    """Return a picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\0" * (width // 8 + bool(width % 8))) * height, 1)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _key(site: Site, folder: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    site.write("dkim.pem", pem)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    (folder / f"{site.root.name}.txt").write_bytes(record)
