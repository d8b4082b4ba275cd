"""A site of invented articles that have in them all that has ever broken a feed, and what readers must see of each.

What is written here is what an author writes; `shown` is what the docs say that a reader sees of it.
"""

import json
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

from support import Site

INVENTED = "This article is invented."
MEGABYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Nasty:
    """One article: its front matter and body, and the headline, authors, topics and words that readers must see."""

    name: str
    title: str
    shown: str = ""
    authors: tuple[str, ...] = ("Ada Quill",)
    author: Any = None
    categories: tuple[str, ...] = ("Tea",)
    date: str
    body: str = ""
    says: tuple[str, ...] = ()
    front: dict[str, Any] = field(default_factory=dict)
    empty: bool = False

    @property
    def headline(self) -> str:
        return self.shown or self.title

    @property
    def file(self) -> bytes:
        """The file's bytes; front matter in JSON can hold any character by its escape."""
        front = {
            "title": self.title,
            "date": self.date,
            "categories": list(self.categories),
            "author": self.author if self.author is not None else list(self.authors),
            **self.front,
        }
        body = "" if self.empty else f"\n{INVENTED} {self.body}\n"
        return json.dumps(front).encode() + body.encode("utf-8", "surrogatepass")


def _at(minute: int) -> str:
    return f"2026-03-01T08:{minute:02}:00Z"


# The same second, on purpose.
SAME = "2026-02-14T12:30:15Z"

ARTICLES = (
    Nasty(
        name="ampersand.md",
        title="Salt & pepper, \"quoted\" and 'single', AT&T; R&D",
        authors=("O'Hara & Söhne",),
        categories=("Tea & cake", 'The "best"'),
        date=_at(1),
        body="Fish & chips, &amp; &lt;b&gt; in words, 1 < 2.",
        says=("Fish & chips, & <b> in words, 1 < 2.",),
    ),
    Nasty(name="angles.md", title="When a < b and c > d", categories=("x < y",), date=_at(2)),
    Nasty(
        name="alpha.md", title="The <Alpha> station", date=_at(3), body="Call it `<Alpha>`.", says=("Call it <Alpha>.",)
    ),
    Nasty(name="markup.md", title="The <em>old</em> &amp; new bridge", shown="The old & new bridge", date=_at(4)),
    Nasty(name="entities.md", title="Caf&eacute;&nbsp;&#8217;s", shown="Café ’s", date=_at(5)),
    Nasty(
        name="emoji.md",
        title="A lighthouse 👩‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿 in 🌫️",
        authors=("Zoë 🐙",),
        categories=("🌫️ Fog",),
        date=_at(6),
        body="Light 🔦 in fog 🌫️.",
        says=("Light 🔦 in fog 🌫️.",),
    ),
    Nasty(
        name="right-to-left.md",
        title="مرحبا بالعالم (1 < 2) שלום",
        authors=("דוד כהן", "ليلى"),
        categories=("أخبار",),
        date=_at(7),
        body="שלום לכולם.",
        says=("שלום לכולם.",),
    ),
    Nasty(
        name="cjk.md",
        title="茶と港の話「一」",
        authors=("王小明",),
        categories=("港",),
        date=_at(8),
        body="船が来た。",
        says=("船が来た。",),
    ),
    Nasty(
        name="cdata.md",
        title="The end ]]> of a section",
        authors=("Cdata ]]>",),
        categories=("]]>",),
        date=_at(9),
        body="Code: `<![CDATA[ x ]]>` and ]]> bare.",
        says=("Code: <![CDATA[ x ]]> and ]]> bare.",),
    ),
    Nasty(
        name="surrogate.md",
        title="Half \ud83d a pair",
        shown="Half a pair",
        author=["Lone \udc00Some"],
        authors=("Lone Some",),
        date=_at(10),
    ),
    Nasty(
        name="control.md",
        title="Bell \x07and null \x00and escape \x1b[31m and \ufffe",
        shown="Bell and null and escape [31m and",
        author=["Vera \x0bTab"],
        authors=("Vera Tab",),
        date=_at(11),
        body="A bell\x07 and a form\x0c feed.",
        says=("A bell and a form feed.",),
    ),
    Nasty(
        name="with-address.md",
        title="Author with an address",
        author="Pip Draft <pip@gazette.example>",
        authors=("Pip Draft",),
        date=_at(12),
    ),
    Nasty(
        name="several.md",
        title="Several authors",
        author=[
            {"name": "Ada Quill", "email": "ada@gazette.example", "url": "https://gazette.example/ada"},
            "Noor Outline",
            {"name": "Émile D'Or, Jr."},
        ],
        authors=("Ada Quill", "Noor Outline", "Émile D'Or, Jr."),
        categories=("Tea", "Repairs", "Night Desk: Lamps"),
        date=_at(13),
    ),
    Nasty(name="second-one.md", title="In the same second, one", date=SAME),
    Nasty(name="second-two.md", title="In the same second, two", date=SAME),
    Nasty(
        name="dangerous.md",
        title="Dangerous <script>alert(1)</script> things",
        shown="Dangerous things",
        date=_at(14),
        body=(
            '\n\n<p onclick="steal()" style="position:fixed;top:0">Clicked paragraph.</p>\n\n'
            '<script>steal()</script>\n\n<iframe src="https://video.example/player" title="A film"></iframe>\n\n'
            '<object data="https://video.example/film.swf"></object>\n\n'
            '<a href="javascript:steal()">First link</a> <a href=" JaVa&#9;ScRiPt&colon;steal()">second link</a> '
            '[third link](javascript:steal())\n\n<img src="https://gazette.example/x.png" onerror="steal()">\n\n'
            '<svg onload="steal()"><script>steal()</script></svg><style>body{display:none}</style>\n'
        ),
        says=("Clicked paragraph.", "First link", "second link", "third link"),
    ),
    Nasty(
        name="relative.md",
        title="Relative addresses",
        date=_at(15),
        body=(
            "A [link](other/), a [path](/path/), an [anchor](#part), a [query](?a=1&b=2).\n\n![](lamp.png)\n\n"
            '<img src="/big.jpg" srcset="small.jpg 1x, /big.jpg 2x, //cdn.example/huge.jpg 3x" alt="Big">\n\n'
            '<video src="film.mp4" poster="poster.jpg"></video>\n\n<blockquote cite="../quoted/">Quoted.</blockquote>\n'
        ),
        says=("A link, a path, an anchor, a query.", "Quoted."),
    ),
    Nasty(
        name="enormous.md",
        title="An enormous body",
        date=_at(16),
        body="It goes on.\n\n" + "More & more words, <em>all</em> of them invented. \n\n" * (MEGABYTES // 50),
        says=("It goes on.",),
    ),
    Nasty(name="empty.md", title="An empty body", date=_at(17), empty=True),
    Nasty(
        name="pictured.md",
        title="A local picture",
        date=_at(18),
        front={"image": "lamp.png"},
        body="![A lamp](lamp.png)",
    ),
    Nasty(
        name="remote.md",
        title="A remote picture without a size",
        date=_at(19),
        front={"image": "https://pictures.example/remote.jpg?a=1&b=2"},
    ),
    Nasty(
        name="sized.md",
        title="A remote picture with a size",
        date=_at(20),
        front={"image": {"href": "https://pictures.example/sized.png", "alt": "A & B", "size": [630, 1200]}},
    ),
    Nasty(
        name="sounding.md",
        title="Something to hear",
        date=_at(21),
        front={"enclosure": {"url": "https://sounds.example/bell.mp3", "length": 48213, "type": "audio/mpeg"}},
    ),
    Nasty(
        name="modified.md",
        title="Modified later",
        date=_at(22),
        front={"lastMod": "2026-04-01T10:00:00Z", "description": "A summary with <b>bold</b> &amp; more."},
    ),
)
PICTURE_SIZE = (3, 2)


def picture() -> bytes:
    """Return a PNG of 3 by 2 grey pixels."""
    width, height = PICTURE_SIZE
    rows = (b"\x00" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def write_articles(site: Site) -> None:
    """Write the articles and their picture into the site's folder."""
    for article in ARTICLES:
        site.write(f"articles/{article.name}", article.file)
    site.write("articles/lamp.png", picture())
