"""The commented config.yaml that 'syndicate init' writes: every key, the unused ones as comments."""

import json
from dataclasses import dataclass

from syndicate.domain.slugs import slugify
from syndicate.services.generators import Recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """What the new config is to say beside what was recognised."""

    articles_path: str
    title: str
    has_sources: bool
    start: str


def write_starter(found: Recognised, starter: Starter) -> str:
    """Return the text of a config.yaml that builds the articles at once."""
    origin = f", read from {found.generator}'s {found.config_file}" if found.config_file else ""
    title, url = found.title or starter.title, found.url or "https://example.org/"
    known_url = "" if found.url else "   # put the site's own address here before you publish"
    link_to = "ours" if not found.permalink and not starter.has_sources else None
    return f"""\
# syndicate's configuration{origin}.
# 'syndicate check' finds mistakes in it; 'syndicate schema' prints its JSON Schema for editors.

site:
  title: {_quoted(title)}
  url: {_quoted(url)}{known_url}
{_line("description", found.description, "One sentence about the site.")}
  language: {found.language or "en"}
  timezone: {found.timezone or "UTC"}            # the zone of dates without an offset
  # author: Who answers for the feeds
{_line("link_to", link_to, "page")}   # where headlines lead: page, source or ours
  # id: https://old.example.org/   # keep the first address here when the site moves

sources:
  - path: {_quoted(starter.articles_path)}
{_line("permalink", found.permalink, "/news/:year/:slug/", 4)}   # the pattern of the articles' addresses
    # image_base: https://example.org/images/   # where pictures named in front matter live
{_line("split_categories", found.split_categories, '","', 4)}          # what parts several categories in one text
    # fallback_encoding: windows-1252   # for files that are not UTF-8
{_line("header_lines", "true" if found.header_lines else None, "true", 4)}   # 'Key: value' lines (Pelican)
    # fields:                        # keys of your own, tried before the usual ones
    #   title: [headline]

output:
  path: output
  # url: https://feeds.example.org/  # where that folder is served, if not at site.url
  # precompress: [gz, br]            # texts also compressed, for servers that send such files

# topics:                            # only those that need a word
#   "Release notes":
#     label: Releases
#     slug: releases
#     description: What changed, version by version.
#     merge: [Changelog]             # other categories that are the same topic
#     hide: false
#   "Remote work":                   # a topic made by a rule
#     rule: {{title_words: [remote, home office], tags: [remote]}}

feeds:
  limit: 50                          # the most entries of a feed
  # window_days: 90                  # leave out what is older
  formats: [rss, atom, json]
  content: full                      # or summary

newsletters:
  - slug: weekly
    title: {_quoted(f"{title} weekly")}
    cadence: weekly on Monday at 08:00
    # topics: [Releases]             # in the order of the sections; left out: all
    start: {starter.start}              # articles since then are new to the first issue
    limit: 40
    limit_per_topic: 10
    # minimum: 3                     # with fewer stories no issue is cut; they wait for the next
    # order: ranked                  # recent ones first, with a variety of topics and brands
    # overflow: drop                 # what an issue has no room for never comes; left out: in the next
    # pinned: [news/big-news.md]     # first in their section, by id, file, or address of page or source
    # excluded: [news/not-this.md]   # in no issue
    # near_duplicates: 90            # fold articles of several brands that are so much alike, in hundredths
    # summary_length: 240            # characters, cut at a word
    # design: magazine               # or brief, or text
    # theme: {{light: {{accent: "#0b6274"}}}}   # your colours, fonts and logo
    # note: notes/{{date}}.md          # the editor's note of an issue, by its day
    # contents: true                 # begin with a table of contents
    # offerings_per_topic: 3         # related offerings below a section
    # subject: "{{{{ stories[0].title }}}} and more"   # what an issue says in a reader's list; preheader likewise
    # utm: {{source: weekly, medium: email}}   # tags on the links of messages, for those who count visits
    # postal_address: The sender's postal address, which the law asks for

# templates: templates               # your own templates, which go before the built-in ones
# state: {{path: .syndicate}}          # the ledger, the index, previews and the last report
# ledger: {{url: postgresql://user@host/database}}   # instead of SQLite, for several machines
"""


def _line(key: str, value: str | None, example: str, indent: int = 2) -> str:
    """Return a key with its value, or as a comment with an example."""
    pad = " " * indent
    if value is None:
        return f"{pad}# {key}: {example}"
    return f"{pad}{key}: {value if value in ('true', 'ours', 'page', 'source') else _quoted(value)}"


def _quoted(text: str) -> str:
    """Return a text as YAML reads it back: plain if it is harmless, else in double quotes, which JSON's rules fit."""
    harmless = text.isascii() and slugify(text).replace("-", "") == text.lower().replace(" ", "").replace("-", "")
    words = {"true", "false", "yes", "no", "on", "off", "null"}
    return (
        text if harmless and text[:1].isalpha() and text.lower() not in words else json.dumps(text, ensure_ascii=False)
    )
