"""Writes syndicate/newsletters/preflight/clients.py from the data of caniemail.com.

    npm install --prefix .venv caniemail@1.0.5
    python tests/mail_clients.py .venv/node_modules/caniemail > syndicate/newsletters/preflight/clients.py

What is taken: the features that can be told from a style attribute or from an element's name, and of the
mail programs the five families below. A feature counts as unsupported by a family if the newest versions
of all its programs do not have it at all; what is there in part, or has not been tried, is left out. So
are elements whose content is shown as well without them, and properties that only refine.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FAMILIES = {
    "Gmail": ("gmail", ("desktop-webmail", "ios", "android", "mobile-webmail")),
    "Apple Mail": ("apple-mail", ("macos", "ios")),
    "Outlook on Windows": ("outlook", ("windows",)),
    "Outlook.com": ("outlook", ("outlook-com",)),
    "Yahoo Mail": ("yahoo", ("desktop-webmail", "ios", "android")),
}
# Titles that name several things in words.
SEVERAL = {
    "left, right, top, bottom": ("left", "right", "top", "bottom"),
    "gap, column-gap, row-gap": ("gap", "column-gap", "row-gap"),
    "CSS calc() function": ("calc()",),
    "CSS Variables (Custom Properties)": ("var()",),
    "lch(), oklch(), lab(), oklab()": ("lch()", "oklch()", "lab()", "oklab()"),
    "fit-content, min-content, max-content": (),
    "Image maps": ("<map>",),
    "Embedded <svg> image": ("<svg>",),
    "HTML5 semantics": ("<details>", "<summary>", "<dialog>"),
}
GRACEFUL = {
    *("<abbr>", "<acronym>", "<bdi>", "<body>", "<picture>", "<rp>", "<rt>", "<ruby>", "<style>", "<wbr>"),
    *("cursor", "hyphens", "overflow-wrap", "text-wrap", "word-break", "word-wrap"),
}
HEAD = '''"""What mail programs don't show, by caniemail.com: made by tests/mail_clients.py, not by hand.

The data are of {date} (npm package caniemail {version}), and under the MIT licence:

Copyright (c) 2019 HTeuMeuLeu

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions: The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

DATE = "{date}"
"""The day on which the data were last changed."""

UNSUPPORTED: dict[str, tuple[str, ...]] = {{
'''


def names(feature: dict[str, Any]) -> Iterator[str]:
    """Yield how the table calls a feature: 'overflow', 'display:flex', 'calc()', 'vh unit', '<video>'."""
    title = feature["title"]
    if title in SEVERAL:
        yield from SEVERAL[title]
    elif feature["category"] == "html":
        yield from re.findall(r"^(<\w+>) element$", title)
    elif pair := re.fullmatch(r"([a-z-]+): ?([a-z-]+)", title):
        yield f"{pair[1]}:{pair[2]}"
    elif title.endswith(("()", " unit")):
        yield from re.findall(r"^(?!lang|initial)(?:[a-z-]+\(\)|[a-z]+ unit)$", title)
    elif plain := re.fullmatch(r"([a-z]+(?:-[a-z]+)*) ?(?:property|shorthand|CSS property)?", title.strip()):
        yield plain[1]
    elif " & " in title and "logical" not in title:
        yield from re.findall(r"[a-z]+(?:-[a-z]+)+", title)


def newest(versions: dict[str, str]) -> str:
    """Return what the newest version of a program supports: 'y', 'n', 'a' (in part) or 'u' (untried)."""
    latest = max(versions, key=lambda version: [int(part) for part in re.findall(r"\d+", version)])
    return versions[latest][:1]


def table(data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return each feature that a family of programs doesn't have, with those families."""
    found = {}
    for feature in data["data"]:
        if feature["category"] not in ("css", "html"):
            continue
        stats = feature["stats"]
        lacking = tuple(
            family
            for family, (name, platforms) in FAMILIES.items()
            if {newest(stats[name][one]) for one in platforms if stats.get(name, {}).get(one)} == {"n"}
        )
        if lacking:
            found.update(dict.fromkeys(set(names(feature)) - GRACEFUL, lacking))
    return dict(sorted(found.items()))


def module(package: Path) -> str:
    """Return the module's text."""
    data = json.loads((package / "data/caniemail.json").read_text("utf-8"))
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    head = HEAD.format(date=data["last_update_date"][:10], version=version)
    rows = []
    for name, families in table(data).items():
        comma = "," if len(families) == 1 else ""
        rows.append(f'    "{name}": ({", ".join(json.dumps(one) for one in families)}{comma}),\n')
    return f'{head}{"".join(rows)}}}\n"""Each feature that a family of mail programs lacks, with those families."""\n'


if __name__ == "__main__":
    sys.stdout.write(module(Path(sys.argv[1])))
