"""One file's bytes to one Parsed: an article with its body and problems, or the reason why there is none.

    bytes ─► read_document ─► fields by their aliases ─► render_body ─► Parsed

Whatever is in the bytes, the outcome is a Parsed: this is where promise 1 is kept.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Collection, Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import unquote

from syndicate.domain.articles import Article, ArticlePath, Category, Enclosure, Image, story_digest
from syndicate.domain.collection import Parsed
from syndicate.domain.links import link_target
from syndicate.domain.permalinks import expand, file_name
from syndicate.domain.slugs import slugify
from syndicate.domain.sources import MEDIA_SUFFIXES, LinkTo, SourceOptions
from syndicate.domain.text import escaped_size, one_line
from syndicate.domain.urls import clean_address, host_of, is_web_address, join_site, resolve
from syndicate.errors import Problem
from syndicate.parsing import fields
from syndicate.parsing.bodies import Markup, render_body
from syndicate.parsing.dates import moment_in_name, parse_moment
from syndicate.parsing.documents import Document, Rejection, read_document
from syndicate.parsing.fields import FrontMatter
from syndicate.parsing.plain_text import excerpt, text_of

# Longer bodies are cut nowhere, but a file this large is a mistake (a picture, a dump) more often than an article.
MAX_FILE_BYTES = 20_000_000
# A summary made from the body: about three lines in a reader, two in a newsletter.
SUMMARY_CHARS = 280
# Files that live beside articles and are none, whatever their suffix.
_NOT_ARTICLES = re.compile(
    r"(?i)^(_index(\.[a-z-]+)?|readme|licen[cs]e|copying|changelog|contributing|code_of_conduct|security|404)$"
)
_UUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFile:
    """Where a file lies: `path` as reports name it, `relative` below its source."""

    path: ArticlePath
    relative: str
    language: str | None = None


def skip_reason(relative: str) -> str | None:
    """Return why a file is no article by its name alone, or None."""
    name = relative.rpartition("/")[2]
    stem = name.rpartition(".")[0]
    if not _NOT_ARTICLES.match(stem):
        return None
    return "section-page" if stem.lower().startswith("_index") else "project-file"


Steps: TypeAlias = Generator[None, None, Parsed]
"""The reading of one file, which can be halted between its steps."""


def parse_article(
    data: bytes, file: ArticleFile, options: SourceOptions, *, media: Collection[str] = (), settings: str = ""
) -> Parsed:
    """Read one file; never raises for what is in it. The arguments are those of `steps`."""
    (parsed,) = in_step([steps(data, file, options, media=media, settings=settings)])
    return parsed


def in_step(many: Iterable[Steps]) -> list[Parsed]:
    """Read several files, each step for all of them before the next.

    A processor keeps close what it did last, and the code of all steps is more than it can keep: to
    change between them once a step in place of once a file saves a sixth of the time.
    """
    under_way = list(enumerate(many))
    done: dict[int, Parsed] = {}
    while under_way:
        for number, one in under_way:
            try:
                next(one)
            except StopIteration as end:
                done[number] = end.value
        under_way = [(number, one) for number, one in under_way if number not in done]
    return [done[number] for number in sorted(done)]


def steps(
    data: bytes, file: ArticleFile, options: SourceOptions, *, media: Collection[str] = (), settings: str = ""
) -> Steps:
    """Read one file in steps; never raises for what is in it.

    `media` are the local pictures of the source, by path below it. `settings` is a digest of all
    that the outcome depends on beside the bytes and the pictures.
    """
    if reason := skip_reason(file.relative):
        return Parsed(path=file.path, skipped=reason)
    try:
        if len(data) > MAX_FILE_BYTES:
            raise _too_large()
        document = read_document(data, fallback_encoding=options.fallback_encoding, header_lines=options.header_lines)
        yield
        stamp = hashlib.sha256(data + settings.encode()).hexdigest()[:24]  # processors have instructions for this one
        return (yield from _Reading(document, file, options, media, stamp).steps())
    except Rejection as rejection:
        return rejected(file.path, rejection)


def rejected(path: ArticlePath, rejection: Rejection) -> Parsed:
    """Return what a file gives that can't be read."""
    problem = Problem(path=path, line=rejection.line, reason=rejection.reason, what=rejection.what, hint=rejection.hint)
    return Parsed(path=path, rejected=problem)


def _too_large() -> Rejection:
    return Rejection(
        "file-too-large",
        f"expected at most {MAX_FILE_BYTES:,} bytes, got more",
        "move pictures and data out of the article",
    )


class _Reading:
    """One document being read: its fields, and the problems met on the way."""

    def __init__(
        self, document: Document, file: ArticleFile, options: SourceOptions, media: Collection[str], stamp: str
    ) -> None:
        self.document, self.file, self.options, self.stamp = document, file, options, stamp
        self.values = FrontMatter(document.metadata)
        self.keys = dict(options.fields)
        self.problems: list[Problem] = []
        self.hold: str | None = None
        self.media = _LocalMedia(file.relative, media)
        self.slug = self._text("slug").strip("/").replace("\\", "/").rsplit("/", 1)[-1]  # as it is written

    def steps(self) -> Steps:
        path = self.file.path
        if fields.as_flag(self.values.get("headless")):
            return Parsed(path=path, skipped="headless-page")
        for key in self.document.repeated_keys:
            hint = "remove one of them"
            self._problem("repeated-key", key, f"the key {key!r} stands here more than once; the last one counts", hint)
        title = self._title()
        self._look_for_holds()
        published, due = self._published()
        page_url, source_url = self._addresses(title, published)
        base = self._base(page_url, source_url, title)
        yield
        body = self._body(base)
        yield
        article = self._article(title, published, due, page_url, source_url, base, body)
        return Parsed(
            path=path,
            article=article,
            body=body,
            offerings=fields.as_items(self._find("offerings")),
            problems=tuple(self.problems),
            media=tuple(sorted(self.media.found)),
            missing=tuple(sorted(self.media.missing)),
        )

    def _find(self, field: str) -> object:
        return self.values.find(self.keys[field])

    def _text(self, field: str) -> str:
        return fields.as_text(self._find(field))

    def _problem(self, reason: str, field: str, what: str, hint: str) -> None:
        line = self.document.line_of(field.split(".", maxsplit=1)[0])
        self.problems.append(Problem(path=self.file.path, line=line, field=field, reason=reason, what=what, hint=hint))

    def _title(self) -> str:
        for key in self.keys["title"]:
            if title := fields.as_text(self.values.get(key)):
                return title
        raise Rejection("no-title", "expected a title, found none", "add a line such as title: A headline", 1)

    def _published(self) -> tuple[datetime, datetime]:
        """Return when the article was published, and when it may appear."""
        zone = self.options.zone
        published = self._dated("published")
        if published is None:
            published = self._fallback_date()
        later = self._find("due")
        due = parse_moment(later, zone) if later is not None else None
        if later is not None and due is None:
            self._hold_for("bad-date")
            self._bad_date(self.values.find_key(self.keys["due"]), later)
        return published, max(published, due) if due else published

    def _dated(self, field: str) -> datetime | None:
        """Return the moment below the first key that holds one; a value that is none is a problem."""
        for key in self.keys[field]:
            value = self.values.get(key)
            if fields.is_nothing(value) or fields.as_flag(value) is not None:  # 'published' is either
                continue
            moment = parse_moment(value, self.options.zone)
            if moment:
                return moment
            self._bad_date(key, value)
        return None

    def _bad_date(self, key: str, value: object) -> None:
        if any(problem.reason == "bad-date" and problem.field == key for problem in self.problems):
            return
        hint = "write it as 2026-03-01 or 2026-03-01T08:00:00Z"
        self._problem("bad-date", key, f"expected a date like 2026-03-01, got {_shown(value)}", hint)

    def _fallback_date(self) -> datetime:
        """Return the day in the permalink, the slug, the path or the file's name; else when it was modified."""
        zone = self.options.zone
        for name in (self._text("page"), self._text("slug"), self.file.relative):
            if moment := moment_in_name(name, zone):
                return moment
        key = self.keys["published"][0]
        updated = parse_moment(self._find("updated"), zone)
        if updated is None:
            bad = next((problem for problem in self.problems if problem.reason == "bad-date"), None)
            if bad:
                raise Rejection("bad-date", f"{bad.field}: {bad.what}", bad.hint, bad.line)
            raise Rejection("no-date", "expected a date, found none", f"add a line such as {key}: 2026-03-01", 1)
        if not any(problem.reason == "bad-date" for problem in self.problems):
            used = self.values.find_key(self.keys["updated"])
            self._problem("no-date", key, f"found no date; {used} is used instead", f"add a line {key}: 2026-03-01")
        return updated

    def _addresses(self, title: str, published: datetime) -> tuple[str | None, str | None]:
        """Return the address of the article's own page and that of its source, each None if there is none."""
        links = (fields.as_link(self.values.get(key)) for key in self.keys["link"])
        source_url = next((address for link in links if (address := _web_address(link))), None)
        page = self._text("page")
        if is_web_address(page):
            if host_of(page) == host_of(self.options.site_url):
                return resolve(self.options.site_url, page), source_url
            source_url = source_url or _web_address(page)
            page = ""
        return self._page_url(page, title, published), source_url

    def _base(self, page_url: str | None, source_url: str | None, title: str) -> str:
        """Return the page that relative addresses are relative to: ours if that is where the headline leads."""
        if link_target(page_url, source_url, self.options) is LinkTo.OURS:
            return f"{self.options.output_url}articles/{self._slug(title)}/"
        return page_url or source_url or self.options.output_url

    def _page_url(self, page: str, title: str, published: datetime) -> str | None:
        site_url, slug = self.options.site_url, self.slug
        if page and ":" not in page:
            return join_site(site_url, page)
        pattern = page or self.options.permalink
        if pattern:
            wall_time = published.astimezone(self.options.zone)
            categories = tuple(slugify(category.label) for category in self._categories())
            return join_site(
                site_url,
                expand(
                    pattern,
                    relative=self.file.relative,
                    slug=slug,
                    title_slug=slugify(title),
                    published=wall_time,
                    categories=categories,
                ),
            )
        base = self._text("base")
        return join_site(site_url, f"{base}/{slug}") if base and slug else None

    def _slug(self, title: str) -> str:
        """Return the name of our own page: the slug, else the file's name, else the title."""
        if self.slug:
            return slugify(self.slug)
        name = file_name(self.file.relative)
        return slugify(title if _UUID.search(name) else name)

    def _categories(self) -> tuple[Category, ...]:
        return fields.as_categories(self._find("topics"), self.options.split_categories, self.options.taxonomies)

    def _body(self, base: str) -> str:
        """Return the sanitised body; text that could not be carried over is a problem."""
        resolver = self._resolver(base)
        markup = Markup.HTML if self.file.relative.endswith(".html") else Markup.MARKDOWN
        body = render_body(self.document.body, markup=markup, resolve=resolver)
        hint = "write the text outside the shortcode"
        self.problems += [
            Problem(
                path=self.file.path,
                line=self.document.body_line(lost.line),
                reason="text-lost",
                what=f"the text in {lost.found} is left out",
                hint=hint,
            )
            for lost in body.lost
        ]
        return body.html

    def _resolver(self, base: str) -> Callable[[str], str | None]:
        """Return what makes an address absolute: a local picture's own address, else relative to the page."""

        def resolver(address: str) -> str | None:
            if address.startswith("#"):  # bodies have no ids, so on a reading page of ours it leads nowhere
                return None if base.startswith(f"{self.options.output_url}articles/") else resolve(base, address)
            local = self.media.find(address) if not self.options.permalink else None
            if local:
                return join_site(self.options.output_url, f"media/{self.options.name}/{local}")
            return resolve(base, address)

        return resolver

    def _enclosure(self, base: str) -> Enclosure | None:
        enclosure = fields.as_enclosure(self._find("enclosure"))
        url = enclosure and _web_address(resolve(base, enclosure.url) or "")
        return enclosure.at(url) if enclosure and url else None

    def _image(self, base: str) -> Image | None:
        image = next((image for key in self.keys["image"] if (image := fields.as_image(self.values.get(key)))), None)
        if image is None:
            return None
        resolver = self._resolver(self.options.image_base or base)
        url = _web_address(image.url if is_web_address(image.url) else resolver(image.url) or "")
        return image.at(url) if url else None

    def _hold_for(self, reason: str) -> None:
        """Note why the article is not to be published; the first reason counts."""
        self.hold = self.hold or reason

    def _look_for_holds(self) -> None:
        """Note what in the article itself asks that it is not published."""
        if self._flag("draft", self._find("draft")) or "/_drafts/" in f"/{self.file.relative}":
            self._hold_for("draft")
        if fields.as_flag(self.values.get("published")) is False:
            self._hold_for("not-published")
        if self._flag("valid", self.values.get("valid")) is False:
            self._hold_for("not-valid")

    def _flag(self, key: str, value: object) -> bool | None:
        """Return a yes or no; any other word is a problem, and holds the article back to be safe."""
        flag = fields.as_flag(value)
        if flag is None and value is not None and fields.as_text(value):
            self._hold_for("bad-flag")
            self._problem("bad-flag", key, f"expected true or false, got {_shown(value)}", "write true or false")
        return flag

    def _expires(self) -> datetime | None:
        value = self._find("expires")
        expires = parse_moment(value, self.options.zone) if value is not None else None
        if value is not None and expires is None:
            self._hold_for("bad-date")  # what must go some day is better not shown than shown for good
            self._bad_date(self.values.find_key(self.keys["expires"]), value)
        return expires

    def _updated(self) -> datetime | None:
        """Return when the front matter says that the article was modified; a bad value is a problem."""
        value = self._find("updated")
        updated = parse_moment(value, self.options.zone) if value is not None else None
        if value is not None and updated is None:
            self._bad_date(self.values.find_key(self.keys["updated"]), value)
        return updated

    def _article(
        self,
        title: str,
        published: datetime,
        due: datetime,
        page_url: str | None,
        source_url: str | None,
        base: str,
        body: str,
    ) -> Article:
        authors = fields.as_authors(self._find("authors"))
        written = self._text("summary")
        summary = written or excerpt(text_of(body), SUMMARY_CHARS)
        brand = self._text("brand") or (host_of(source_url) if source_url else None)
        image = self._image(base)
        return Article(
            path=self.file.path,
            source=self.options.name,
            title=title,
            published=published,
            due=due,
            story=story_digest(title, written, authors, self.document.body),
            stamp="+".join([self.stamp, *sorted(self.media.found)]),
            slug=self._slug(title),
            updated=self._updated(),
            expires=self._expires(),
            hold=self.hold,
            front_id=self._front_id(),
            summary=summary or None,
            authors=authors,
            categories=self._categories(),
            tags=fields.as_texts(self._find("tags"), ","),
            kind=self._text("kind") or None,
            page_url=page_url,
            source_url=source_url,
            brand=brand or None,
            image=image,
            enclosure=self._enclosure(base),
            language=self._language(),
            size=escaped_size(body),
        )

    def _front_id(self) -> str | None:
        return self._text("id").removesuffix(".md") or None

    def _language(self) -> str | None:
        text = self._text("language").replace("_", "-")
        named = text if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text) else None
        return named or self.file.language or self.options.language


class _LocalMedia:
    """The pictures beside an article, found or missed while its references are resolved."""

    def __init__(self, relative: str, media: Collection[str]) -> None:
        self.folder = relative.rpartition("/")[0]
        self.media = media
        self.found: set[str] = set()
        self.missing: set[str] = set()

    def find(self, address: str) -> str | None:
        """Return the path below the source of the picture that a relative reference names, or None."""
        name = address.strip().partition("#")[0].partition("?")[0]
        if name.startswith("/") or not name.lower().endswith(MEDIA_SUFFIXES):
            return None
        name = unquote(name)
        if "/" in name:
            path = posixpath.normpath(posixpath.join(self.folder, name))
        else:  # what most pictures are called
            path = f"{self.folder}/{name}" if self.folder else name
        if path.startswith(".."):
            return None
        (self.found if path in self.media else self.missing).add(path)
        return path if path in self.media else None


def _web_address(text: str) -> str | None:
    """Return a web address cleaned, None for anything else."""
    return clean_address(text) if is_web_address(text) and host_of(text) else None


def _shown(value: object) -> str:
    """Return a value as its author wrote it, shortened, in quotes."""
    text = fields.as_text(value) or ("a number without end" if isinstance(value, int) else one_line(str(value)))
    return f"'{text}'"[:80]
