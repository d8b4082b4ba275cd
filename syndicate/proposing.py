"""A first config for a folder of articles."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from syndicate.adapters.sources import read_file, scan_source
from syndicate.adapters.walk import Listing
from syndicate.domain.articles import Article
from syndicate.domain.sources import SourceOptions
from syndicate.parsing.articles import MAX_FILE_BYTES, ArticleFile, parse_article
from syndicate.ports import FoundFile
from syndicate.services.generators import CONFIG_FILES, Recognised, recognise
from syndicate.services.starter import Starter, write_starter

# How far above the articles a site's root is looked for.
_MAX_LEVELS_UP = 6
# Enough articles to tell whether they name a source.
_LOOKED_AT = 50


def propose_config(folder: Path, base: Path, now: datetime) -> tuple[str | None, str]:
    """Return the generator of a folder of articles, if it is known, and the text of a config for them.

    `base` is the folder that the config will lie in: its paths are relative to that.
    """
    folder, base = folder.resolve(), base.resolve()
    found = _recognise_around(folder)
    starter = Starter(
        articles_path=Path(os.path.relpath(folder, base)).as_posix(),
        title=(folder.name if folder.name not in ("content", "posts", "_posts", "articles") else folder.parent.name)
        .replace("-", " ")
        .title(),
        has_sources=_name_sources(folder, found),
        start=f"{now - timedelta(days=7):%Y-%m-%d}",  # so that a first issue has something in it
    )
    return found.generator, write_starter(found, starter)


def _recognise_around(folder: Path) -> Recognised:
    """Return what the nearest folder above (or the folder itself) says that holds a generator's settings."""
    for root in [folder, *folder.parents][:_MAX_LEVELS_UP]:
        files = {name: read_file(str(root / name), MAX_FILE_BYTES) for name in CONFIG_FILES if (root / name).is_file()}
        found = recognise(files, folder.relative_to(root).as_posix())
        if found.generator:
            return found
    return Recognised()


def _name_sources(folder: Path, found: Recognised) -> bool:
    """Tell whether most of the first articles are curated: they name the address of a source."""
    url = "https://example.org/"
    options = SourceOptions(
        name="x", path=".", site_url=url, output_url=url, zone=ZoneInfo("UTC"), header_lines=found.header_lines
    )
    articles = scan_source(folder, ".", (), Listing()).articles[:_LOOKED_AT]
    found_articles = [article for file in articles if (article := _try_article(file, options))]
    return sum(article.source_url is not None for article in found_articles) * 2 > len(found_articles)


def _try_article(file: FoundFile, options: SourceOptions) -> Article | None:
    try:
        data = read_file(file.location, MAX_FILE_BYTES)
    except OSError:
        return None
    return parse_article(data, ArticleFile(path=file.path, relative=file.relative), options).article
