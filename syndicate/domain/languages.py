"""Languages of files by where they lie: 'about.es.md', or 'en/' beside 'ja/' with the same files in both."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

# ISO 639-1, the two-letter codes that sites name folders and files by.
_CODES = frozenset(
    [
        "aa",
        "ab",
        "ae",
        "af",
        "ak",
        "am",
        "an",
        "ar",
        "as",
        "av",
        "ay",
        "az",
        "ba",
        "be",
        "bg",
        "bi",
        "bm",
        "bn",
        "bo",
        "br",
        "bs",
        "ca",
        "ce",
        "ch",
        "co",
        "cr",
        "cs",
        "cu",
        "cv",
        "cy",
        "da",
        "de",
        "dv",
        "dz",
        "ee",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "ff",
        "fi",
        "fj",
        "fo",
        "fr",
        "fy",
        "ga",
        "gd",
        "gl",
        "gn",
        "gu",
        "gv",
        "ha",
        "he",
        "hi",
        "ho",
        "hr",
        "ht",
        "hu",
        "hy",
        "hz",
        "ia",
        "id",
        "ie",
        "ig",
        "ii",
        "ik",
        "io",
        "is",
        "it",
        "iu",
        "ja",
        "jv",
        "ka",
        "kg",
        "ki",
        "kj",
        "kk",
        "kl",
        "km",
        "kn",
        "ko",
        "kr",
        "ks",
        "ku",
        "kv",
        "kw",
        "ky",
        "la",
        "lb",
        "lg",
        "li",
        "ln",
        "lo",
        "lt",
        "lu",
        "lv",
        "mg",
        "mh",
        "mi",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "na",
        "nb",
        "nd",
        "ne",
        "ng",
        "nl",
        "nn",
        "no",
        "nr",
        "nv",
        "ny",
        "oc",
        "oj",
        "om",
        "or",
        "os",
        "pa",
        "pi",
        "pl",
        "ps",
        "pt",
        "qu",
        "rm",
        "rn",
        "ro",
        "ru",
        "rw",
        "sa",
        "sc",
        "sd",
        "se",
        "sg",
        "si",
        "sk",
        "sl",
        "sm",
        "sn",
        "so",
        "sq",
        "sr",
        "ss",
        "st",
        "su",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "tk",
        "tl",
        "tn",
        "to",
        "tr",
        "ts",
        "tt",
        "tw",
        "ty",
        "ug",
        "uk",
        "ur",
        "uz",
        "ve",
        "vi",
        "vo",
        "wa",
        "wo",
        "xh",
        "yi",
        "yo",
        "za",
        "zh",
        "zu",
    ]
)
_MAY_SHOW = re.compile(r"(?:^|[/.])[A-Za-z]{2}(?:-[A-Za-z]{2,4})?[/.]")
_SUFFIX = re.compile(r"\.([a-z]{2}(?:-[A-Za-z]{2,4})?)\.[a-z]+$")


def is_language(text: str) -> bool:
    """Tell whether a text is a language code such as 'de' or 'pt-BR'."""
    return (
        text.split("-", maxsplit=1)[0].lower() in _CODES
        and re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z]{2,4})?", text) is not None
    )


def languages_of(paths: Iterable[str]) -> dict[str, str]:
    """Return the language of each path that shows one.

    Folders such as 'it' are languages only where two of them beside each other ('en', 'de') hold a
    file of the same name; so a folder of news about IT stays a folder.
    """
    languages: dict[str, str] = {}
    twins: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for path in paths:
        if not _MAY_SHOW.search(path):
            continue
        if (found := _SUFFIX.search(path)) and is_language(found[1]):
            languages[path] = found[1]
            continue
        parts = PurePosixPath(path).parts
        for depth, folder in enumerate(parts[:-1]):
            if is_language(folder):
                twins["/".join(parts[:depth]), "/".join(parts[depth + 1 :])][folder] = path
    parents = {parent for (parent, _), codes in twins.items() if len(codes) > 1}
    for (parent, _), codes in twins.items():
        if parent in parents:
            for code, path in codes.items():
                languages.setdefault(path, code)
    return languages
