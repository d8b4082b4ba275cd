"""Recognising the generator that a folder of articles belongs to, by the files around it.

Pure: it gets the bytes of the generators' own configuration files and says what they mean for ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from syndicate.domain.languages import is_language
from syndicate.domain.permalinks import unknown_tokens
from syndicate.domain.urls import is_web_address, join_site
from syndicate.parsing.documents import JsonHandler, Rejection, TomlHandler, YamlHandler
from syndicate.parsing.fields import FrontMatter, as_text

HUGO_FILES = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for suffix in ("toml", "yaml", "yml", "json")
)
JEKYLL_FILES = ("_config.yml", "_config.yaml", "_config.toml")
OTHER_MARKS = {
    "Eleventy": (".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"),
    "Astro": ("astro.config.mjs", "astro.config.ts", "astro.config.js"),
    "Docusaurus": ("docusaurus.config.js", "docusaurus.config.ts"),
    "Pelican": ("pelicanconf.py",),
    "Zola": ("zola.toml",),
}
"""Generators that are recognised by a file of theirs, whose settings are code or say little."""

CONFIG_FILES = (*HUGO_FILES, *JEKYLL_FILES, *(name for names in OTHER_MARKS.values() for name in names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What is known of a site from its generator; None where nothing is known."""

    generator: str | None = None
    config_file: str | None = None
    title: str | None = None
    url: str | None = None
    description: str | None = None
    language: str | None = None
    timezone: str | None = None
    permalink: str | None = None
    header_lines: bool = False
    split_categories: str | None = None


def recognise(files: Mapping[str, bytes], articles_path: str) -> Recognised:
    """Return what the files of a site's root folder say; `articles_path` is the articles' folder below it."""
    for names, reader in ((HUGO_FILES, _hugo), (JEKYLL_FILES, _jekyll)):
        for name in names:
            settings = _read(files[name], name) if name in files else None
            if settings is not None:
                return reader(settings, name, articles_path)
    for generator, names in OTHER_MARKS.items():
        found = next((name for name in names if name in files), None)
        if found:
            return Recognised(generator=generator, config_file=found, header_lines=generator == "Pelican")
    return Recognised()


def _read(data: bytes, name: str) -> FrontMatter | None:
    """Return a configuration file's settings, or None if it can't be read."""
    handlers = {"toml": TomlHandler, "json": JsonHandler}
    handler = handlers.get(name.rsplit(".", 1)[-1], YamlHandler)()
    try:
        return FrontMatter(handler.load(data.decode("utf-8-sig")))
    except (Rejection, ValueError, RecursionError, AttributeError):
        return None


def _hugo(settings: FrontMatter, name: str, articles_path: str) -> Recognised:
    below = re.sub(r"^(?:.*/)?content(?:/|$)", "", articles_path)
    section = below.split("/")[0]
    permalinks = settings.get("permalinks")
    patterns = FrontMatter(permalinks if isinstance(permalinks, dict) else {})
    pattern = as_text(patterns.get(f"page.{section}") or patterns.get(section)) if section else ""
    return Recognised(
        generator="Hugo",
        config_file=name,
        title=as_text(settings.get("title")) or None,
        url=_address(as_text(settings.get("baseURL"))),
        description=as_text(settings.get("params.description")) or None,
        language=_language(as_text(settings.get("languageCode") or settings.get("defaultContentLanguage"))),
        timezone=_zone(as_text(settings.get("timeZone"))),
        permalink=_below_content(_pattern(pattern) or "/:sections/:slugorfilename/", below),
    )


def _below_content(pattern: str, below: str) -> str:
    """Return a pattern for files below a folder of content/: Hugo counts sections from content/, we from the source."""
    below = below.strip("/").rstrip(".")
    if not below:
        return pattern
    first = below.split("/")[0]
    return re.sub(r":sections\b", f"{below}/:sections", re.sub(r":section\b", first, pattern))


def _jekyll(settings: FrontMatter, name: str, articles_path: str) -> Recognised:
    url, base = as_text(settings.get("url")), as_text(settings.get("baseurl"))
    styles = {
        "": "/:categories/:year/:month/:day/:title.html",
        "date": "/:categories/:year/:month/:day/:title.html",
        "pretty": "/:categories/:year/:month/:day/:title/",
        "ordinal": "/:categories/:year/:y_day/:title.html",
        "none": "/:categories/:title.html",
    }
    permalink = as_text(settings.get("permalink"))
    pattern = styles.get(permalink, permalink)
    return Recognised(
        generator="Jekyll",
        config_file=name,
        title=as_text(settings.get("title") or settings.get("name")) or None,
        url=_address(join_site(url, base) if base.strip("/") and is_web_address(url) else url),
        description=as_text(settings.get("description")) or None,
        language=_language(as_text(settings.get("lang") or settings.get("locale"))),
        timezone=_zone(as_text(settings.get("timezone"))),
        # Jekyll's :title is the slug, else the file's name; a plain string is several categories
        permalink=_pattern(re.sub(r":title\b|:slug\b", ":slugorfilename", pattern)),
        split_categories=" ",
    )


def _pattern(pattern: str) -> str | None:
    """Return a permalink pattern if every token of it has a meaning here."""
    return pattern if pattern.startswith("/") and not unknown_tokens(pattern) else None


def _address(text: str) -> str | None:
    return text if is_web_address(text) else None


def _zone(name: str) -> str | None:
    """Return the name of a zone that there is: 'Local' is none."""
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, OSError, LookupError):
        return None


def _language(text: str) -> str | None:
    code = text.replace("_", "-")
    return code if is_language(code) else None
