"""Write a corpus of articles for the benchmark: any number, always the same for the same seed.

    python benchmarks/corpus.py OUT -n 10000 --topics 200 --seed 1

writes OUT/content/news/<uuid>.md. Each file has the keys and the size of one curated news article
as a Hugo site holds it: about 5.4 KB of YAML front matter, then 2 to 4 KB of HTML on one line.
Only the standard library is used, so that the corpus owes nothing to the code that it measures.

    plan()  decides: which article is in which categories, and when it appeared   (no I/O)
    text()  renders one article to the text of its file                           (no I/O)
    write() puts the files into place

The plan is cheap and complete enough to tell which entries every feed must hold, which is what
the benchmark checks both sides against (see `newest`).
"""

import argparse
import os
import random
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import words

# Part of the name of a kept corpus: raise it when the same arguments begin to give other files.
VERSION = 1
# Fixed, and not the clock: the same corpus is as old tomorrow as it is today.
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
YEAR_S = 365 * 86_400
NEWS = Path("content", "news")
MAX_TOPICS = len(words.QUALITIES) * len(words.FIELDS)
# The mean is 1.7 categories an article.
CATEGORY_COUNTS, CATEGORY_COUNT_WEIGHTS = (1, 2, 3), (50, 30, 20)
# What YAML writers fold: wider than this and the scalar becomes a `>-` block.
FOLD_AT = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One taxonomy-qualified topic, as in `Public Works: Urban Lighting`."""

    taxonomy: str
    label: str

    @property
    def name(self) -> str:
        """The qualified name: the value in the front matter, and the title of Hugo's feed."""
        return f"{self.taxonomy}: {self.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What is decided about an article before a word of it is written."""

    seed: int
    number: int
    file: str
    title: str
    slug: str
    brand: str
    link: str
    published: datetime
    categories: tuple[Category, ...]


# --- the plan -----------------------------------------------------------------------------------


def categories(count: int) -> list[Category]:
    """Return the first `count` (to MAX_TOPICS) categories: no two share a label or a slug."""
    return [_category(i) for i in range(count)]


def _category(index: int) -> Category:
    row, column = divmod(index, len(words.FIELDS))
    # The shift by row makes neighbours in rank differ in both of the words.
    quality = words.QUALITIES[(row + column) % len(words.QUALITIES)]
    return Category(
        taxonomy=words.TAXONOMIES[index % len(words.TAXONOMIES)],
        label=f"{quality} {words.FIELDS[column]}",
    )


def plan(count: int, topics: int, seed: int) -> list[Article]:
    """Return `count` articles over the year before NOW, in no particular order."""
    rng = random.Random(seed)
    pool = categories(topics)
    zipf = list(accumulate(1 / rank for rank in range(1, topics + 1)))
    # Distinct seconds: two equal dates would leave the order of two entries to each side's taste.
    ages = rng.sample(range(1, YEAR_S), count)
    return [
        _article(number, seed, NOW - timedelta(seconds=age), _pick(rng, pool, zipf), rng)
        for number, age in enumerate(ages)
    ]


def _pick(rng: random.Random, pool: Sequence[Category], zipf: Sequence[float]) -> list[Category]:
    wanted = min(rng.choices(CATEGORY_COUNTS, CATEGORY_COUNT_WEIGHTS)[0], len(pool))
    picked: dict[str, Category] = {}
    while len(picked) < wanted:
        category = rng.choices(pool, cum_weights=zipf)[0]
        picked[category.name] = category
    return list(picked.values())


def _article(number: int, seed: int, published: datetime, chosen: list[Category], rng: random.Random) -> Article:
    title = sentence(rng)[:-1]
    brand = rng.choice(words.BRANDS)
    slug = f"{slugify(title)}-{number}"
    return Article(
        seed=seed,
        number=number,
        file=f"{uuid.UUID(int=rng.getrandbits(128), version=4)}.md",
        title=title,
        slug=f"{slugify(brand.partition('.')[0])}-{slug}",
        brand=brand,
        link=f"https://www.{brand}/news/{slug}",
        published=published,
        categories=tuple(chosen),
    )


def newest(articles: Iterable[Article], limit: int) -> dict[str, tuple[str, ...]]:
    """Return, for each category in use, the links of its `limit` newest articles, newest first."""
    links: defaultdict[str, list[str]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: article.published, reverse=True):
        for category in article.categories:
            links[category.name].append(article.link)
    return {name: tuple(found[:limit]) for name, found in links.items()}


# --- the text -----------------------------------------------------------------------------------


def text(article: Article) -> str:
    """Return the article's file: front matter between two fences, then the body on one line."""
    rng = random.Random(f"{article.seed}/{article.number}")
    opening = " ".join(sentence(rng) for _ in range(3))
    return f"---\n{_front_matter(article, opening, rng)}---\n{_body(article, opening, rng)}"


def slugify(value: str) -> str:
    """Return `value` in lower case with every run of other characters as one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")


def sentence(rng: random.Random) -> str:
    """Return one sentence, which is also what a title is made of."""
    who, does = rng.choice(words.WHO), rng.choice(words.DOES)
    return f"{who[0].upper()}{who[1:]} {does} {rng.choice(words.WHAT)} {rng.choice(words.HOW)}."


def _body(article: Article, opening: str, rng: random.Random) -> str:
    target = rng.randint(1_900, 3_600)
    parts = [f"<p>{_html(opening)}</p>"]
    size = len(parts[0])
    while size < target:
        parts.append(rng.choice(_BLOCKS)(article, rng))
        size += len(parts[-1])
    return "".join(parts)


def _linked(article: Article, rng: random.Random) -> str:
    address = f"https://www.{article.brand}/archive?year=2026&amp;page={rng.randint(1, 400)}"
    link = f'<a href="{address}">{rng.choice(words.WHAT)}</a>'
    return f"<p>{_html(sentence(rng))} Read on about {link}. {_html(sentence(rng))}</p>"


def _listed(_: Article, rng: random.Random) -> str:
    tag = rng.choice(("ul", "ol"))
    items = (
        f"<li><strong>{rng.choice(words.WHAT).capitalize()}:</strong> {_html(sentence(rng))}</li>"
        for _ in range(rng.randint(3, 5))
    )
    return f"<{tag}>{''.join(items)}</{tag}>"


def _headed(_: Article, rng: random.Random) -> str:
    heading = f"{rng.choice(words.WHAT).capitalize()} &amp; {rng.choice(words.WHAT)}"
    return f"<h2>{heading}</h2><p>{_html(sentence(rng))} {_html(sentence(rng))}</p>"


def _pictured(article: Article, rng: random.Random) -> str:
    address = f"https://images.{article.brand}/{article.number}/{rng.randint(1, 99)}.jpg"
    alt = rng.choice(words.WHAT)
    return f'<p><img src="{address}" alt="{alt}" width="640" height="360"></p>'


def _quoted(_: Article, rng: random.Random) -> str:
    return f"<blockquote><p>{_html(sentence(rng))}</p></blockquote>"


_BLOCKS = (_linked, _linked, _listed, _listed, _headed, _pictured, _quoted)


def _html(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;")


# --- the front matter, by hand: a YAML writer would take ten times as long ----------------------

# Printable characters that mean nothing to YAML inside of a plain scalar.
_PLAIN = re.compile(r"[^\W\d_](?:[\w ,.()/\u2014\u2019\u201c\u201d-]*[\w.)\u2019\u201d])?")
# Words that YAML 1.1 would read as something else than text.
_RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
# The keys of htmlMetaData that are null: before ogdescription, before ogtitle, and after it.
_UNSET_HTML = (
    ("author", "description", "generator", "viewport", "articlemodified_time",
     "articlepublished_time", "msvalidate.01"),
    ("ogimage", "ogsite_name"),
    ("ogtype", "ogupdated_time", "ogurl", "yandex-verification", "robots", "fbapp_id", "oglocale",
     "fbadmins", "articlepublisher", "google-site-verification", "keywords"),
)  # fmt: skip


def scalar(value: str, indent: int = 0) -> str:
    """Return `value` as what follows `key:` in YAML: plain if that is safe, folded if it is long.

    `indent` is the column of the key: a folded block stands two columns further in.
    """
    if len(value) > FOLD_AT:
        margin = "\n" + " " * (indent + 2)
        return f" >-{margin}{margin.join(_wrapped(value, 78 - indent))}"
    if _PLAIN.fullmatch(value) and value.lower() not in _RESERVED:
        return f" {value}"
    return " '" + value.replace("'", "''") + "'"


def _wrapped(value: str, width: int) -> Iterator[str]:
    """Yield greedy lines of `value`: textwrap does this too, but takes most of the run for it."""
    line = ""
    for word in value.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _mapping(pairs: Mapping[str, str | None], indent: int = 0) -> str:
    margin = " " * indent
    return "".join(
        f"{margin}{key}:{' null' if value is None else scalar(value, indent)}\n" for key, value in pairs.items()
    )


def _sequence(key: str, items: Iterable[str], indent: int = 0) -> str:
    margin = " " * indent
    lines = (f"{margin}  -{scalar(item, indent + 2)}\n" for item in items)
    return f"{margin}{key}:\n{''.join(lines)}"


def _front_matter(article: Article, opening: str, rng: random.Random) -> str:
    # Cut in mid-word, as the summaries that the shape is taken from are.
    summary = opening[:200].strip()
    return "".join(
        (
            _origin(article, rng),
            _topics(article),
            _summary(article, summary),
            _html_meta(article, opening),
            _addresses(article, rng),
            _open_graph(article, opening),
            _kind(article),
            _offerings(article, rng),
            _twitter(article, opening),
        )
    )


def _origin(article: Article, rng: random.Random) -> str:
    return (
        _mapping({"aliases": f"/news/{article.slug}", "archetype": "curated-content"})
        + _sequence("author", [rng.choice(words.AUTHORS)])
        + "basePath: /news/\n"
        + _sequence("breadcrumbLinks", ["/", "/news/", ""])
        + _sequence("breadcrumbs", ["Home", "News", article.title])
    )


def _topics(article: Article) -> str:
    names = [category.name for category in article.categories]
    return (
        _sequence("categories", names)
        + _sequence("categorySlug", [name.lower() for name in names])
        + _sequence("categoryUrl", [f"topic/{slugify(name)}" for name in names])
        + _sequence("categoryLabel", [category.label for category in article.categories])
        + "contentCategories: bench-news-curated-content\n"
    )


def _summary(article: Article, summary: str) -> str:
    stem = article.file.removesuffix(".md")
    return (
        "institution: null\noffering: null\nlayOut: single\n"
        + _mapping({"date": _timestamp(article.published), "description": summary})
        + "favIconImage: null\nfeaturedImage:\n"
        + _mapping({"alt": article.title, "format": "JPEG"}, 2)
        + _mapping({"href": f"{stem}-featuredImage.jpeg"}, 2)
        + "  size:\n    - 630\n    - 1200\n  valid: true\n"
        + f"  workPackage: {10_000 + article.number}\n"
        + "  wpAttachment:\n    fileName: Curated_Featured_Image.png\n"
        + f"    link: /api/v3/attachments/{20_000 + article.number}/content\n"
        + "featuredPdf: null\n"
    )


def _html_meta(article: Article, opening: str) -> str:
    return (
        "htmlMetaData:\n"
        + _mapping(dict.fromkeys(_UNSET_HTML[0]), 2)
        + _mapping({"ogdescription": opening}, 2)
        + _mapping(dict.fromkeys(_UNSET_HTML[1]), 2)
        + _mapping({"ogtitle": article.title}, 2)
        + _mapping(dict.fromkeys(_UNSET_HTML[2]), 2)
    )


def _addresses(article: Article, rng: random.Random) -> str:
    age_s = (NOW - article.published).total_seconds()
    modified = article.published + timedelta(seconds=rng.random() * min(age_s, 72_000))
    return (
        f"id: {10_000 + article.number}\nidentifier: News\n"
        + _mapping({"lastMod": _timestamp(modified)})
        + "link:\n"
        + _mapping({"brand": article.brand}, 2)
        + _mapping({"href": article.link, "original": article.link}, 2)
        + _mapping({"href": article.link, "original": article.link})
        + _mapping({"mastHead": "NEWS", "mdName": article.file})
    )


def _open_graph(article: Article, opening: str) -> str:
    unset = ("ogurl", "ogimage", "ogsite_name", "ogtype", "ogupdated_time", "ogimageheight")
    return (
        "openGraphMetaData:\n"
        + _mapping({"ogdescription": opening, "ogtitle": article.title}, 2)
        + _mapping(dict.fromkeys(unset), 2)
    )


def _kind(article: Article) -> str:
    return (
        "openProjectCustomFields:\n"
        + _mapping({"cleanUrl": article.link}, 2)
        + _sequence("medigyTopics", [category.name for category in article.categories], 2)
        + _mapping({"sourceUrl": article.link}, 2)
        + "openProjectWorkPackageType: Curated Content\nsearchCategory: News\n"
        + _mapping({"slug": article.slug})
        + "source: open-project-curations\nstatus: ''\nsub: brief\n"
        + _sequence("tags", ["News"])
        + _mapping({"title": article.title})
        + "via: ' '\ninsights_description: ''\ninsights_name: ''\nviaLink: null\n"
    )


def _offerings(article: Article, rng: random.Random) -> str:
    names = [category.name for category in article.categories]
    offerings = (_offering(names, rng) for _ in range(rng.randint(4, 6)))
    return f"relatedOfferings:\n{''.join(offerings)}"


def _offering(names: Sequence[str], rng: random.Random) -> str:
    label = f"{rng.choice(words.SUPPLIERS)} - {rng.choice(words.PRODUCTS)}"
    return (
        f"  - label:{scalar(label, 4)}\n"
        + _mapping({"permalink": f"/offering/{slugify(label)}"}, 4)
        + _sequence("categories", names[: rng.randint(1, 2)], 4)
        + f"    offeringId: {rng.randint(16_000, 19_000)}\n"
    )


def _twitter(article: Article, opening: str) -> str:
    return (
        "twitterMetaData:\n  twittercard: null\n"
        + _mapping({"twitterdescription": opening, "twittertitle": article.title}, 2)
        + "  twitterimage: null\n  twitterurl: null\n"
    )


def _timestamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


# --- the files ----------------------------------------------------------------------------------


def write(folder: Path, articles: Iterable[Article]) -> int:
    """Write the articles under `folder` and return the number of bytes."""
    news = folder / NEWS
    news.mkdir(parents=True, exist_ok=True)
    return sum(write_one(folder, article) for article in articles)


def write_one(folder: Path, article: Article) -> int:
    """Write one article as it was before anything changed it, and return its number of bytes.

    A file is as old as its article: articles that were all written a moment ago are not what a
    generator finds on a site, and might be read again for being too young to trust.
    """
    path = folder / NEWS / article.file
    size = path.write_bytes(text(article).encode())
    os.utime(path, times=(article.published.timestamp(),) * 2)
    return size


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers between two limits, for argparse."""

    def read(given: str) -> int:
        if not given.isdecimal() or not least <= int(given) <= most:
            raise argparse.ArgumentTypeError(f"expected {least} to {most}, got {given}")
        return int(given)

    return read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose a corpus."""
    count, topics = whole(1, YEAR_S - 1), whole(1, MAX_TOPICS)
    parser.add_argument("-n", type=count, default=10_000, help="articles (default: 10000)")
    parser.add_argument("--topics", type=topics, default=200, help="categories (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other articles")


def main() -> None:
    """Write the corpus that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write the articles that the benchmark is run on.")
    parser.add_argument("out", type=Path, help="the folder that gets content/news/")
    add_arguments(parser)
    arguments = parser.parse_args()
    articles = plan(arguments.n, arguments.topics, arguments.seed)
    size = write(arguments.out, articles)
    in_use = len(newest(articles, 1))
    print(f"wrote {len(articles)} articles in {in_use} categories, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
