"""Addresses of pages from a pattern, with the tokens of Hugo and of Jekyll: '/news/:year/:month/:slug/'."""

import re
from datetime import datetime
from pathlib import PurePosixPath

_TOKEN = re.compile(r":([a-z_]+)(?:\[[^\]]*\])?")
_LANGUAGE_SUFFIX = re.compile(r"\.[a-z]{2}(?:-[A-Za-z]{2,4})?$")
_LEADING_DATE = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-(?=.)")
TOKENS = (
    "year", "month", "monthname", "day", "i_month", "i_day", "short_year", "yearday", "y_day", "hour", "minute",
    "second", "slug", "slugorfilename", "slugorcontentbasename", "title", "filename", "contentbasename", "name", "path",
    "section", "sections", "categories",
)  # fmt: skip
"""What may stand behind a colon in sources[].permalink."""


def unknown_tokens(pattern: str) -> list[str]:
    """Return the tokens of a pattern that have no meaning here."""
    return [token for token in _TOKEN.findall(pattern) if token not in TOKENS]


def expand(
    pattern: str, *, relative: str, slug: str, title_slug: str, published: datetime, categories: tuple[str, ...]
) -> str:
    """Return the site path that a pattern gives an article.

    `relative` is the file's path below its source, `published` its wall time in the source's zone,
    `categories` are slugs. Without a slug, ':slug' is the title's, as in Hugo, ':slugorfilename' the
    file's name. A page bundle's own folder is its name and no section.
    """
    path = PurePosixPath(relative)
    folders = path.parent.parts[:-1] if _is_bundle(path) else path.parent.parts
    name = file_name(relative)
    values = {
        "year": f"{published:%Y}", "month": f"{published:%m}", "day": f"{published:%d}",
        "i_month": str(published.month), "i_day": str(published.day), "short_year": f"{published:%y}",
        "monthname": f"{published:%B}".lower(), "yearday": f"{published:%j}", "y_day": f"{published:%j}",
        "hour": f"{published:%H}", "minute": f"{published:%M}", "second": f"{published:%S}",
        "slug": slug or title_slug, "slugorfilename": slug or name, "slugorcontentbasename": slug or name,
        "title": title_slug,
        "filename": name, "contentbasename": name, "name": name, "path": "/".join((*folders, name)),
        "section": folders[0] if folders else "", "sections": "/".join(folders),
        "categories": "/".join(categories),
    }  # fmt: skip
    return re.sub(r"/{2,}", "/", _TOKEN.sub(lambda token: values.get(token[1], token[0]), pattern))


def _is_bundle(path: PurePosixPath) -> bool:
    return _LANGUAGE_SUFFIX.sub("", path.stem) == "index" and bool(path.parent.name)


def file_name(relative: str) -> str:
    """Return the name of an article's file without its suffix, a language suffix and a leading date.

    A page bundle (index.md) is named by its folder.
    """
    folders, _, name = relative.rpartition("/")
    stem = _LANGUAGE_SUFFIX.sub("", name.rpartition(".")[0] or name)
    if stem == "index" and folders:
        stem = folders.rpartition("/")[2]
    return _LEADING_DATE.sub("", stem)
