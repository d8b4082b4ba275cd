"""Slugs: the safe, stable part of an address that a label or a title gives."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

# Folder names stay well under the 255 bytes that common file systems allow.
MAX_LENGTH = 80
# Symbols that tell labels apart ('C', 'C++', 'C#') are spelled out instead of dropped.
_SPELLED = str.maketrans({"&": " and ", "+": " plus ", "#": " sharp ", "@": " at ", "%": " percent ", "’": "", "'": ""})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GAP = re.compile(r"[^a-z0-9]+")
# Names that Windows reserves for devices, with any extension.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)


def slugify(text: str) -> str:
    """Return lower-case ASCII letters, digits and single hyphens; never empty, never a path."""
    slug = text if _SLUG.fullmatch(text) else _GAP.sub("-", _in_ascii(text).lower()).strip("-")
    if len(slug) > MAX_LENGTH:
        slug = f"{slug[: MAX_LENGTH - 7].rstrip('-')}-{_mark(text)}"
    if not slug or slug in _RESERVED:
        slug = f"{slug or 'x'}-{_mark(text)}"
    return slug


def _in_ascii(text: str) -> str:
    plain = text.translate(_SPELLED)
    if plain.isascii():
        return plain
    from anyascii import anyascii  # its tables are needed only for other scripts

    return anyascii(plain)


def assign_slugs(
    labels: Iterable[str], remembered: Mapping[str, str], chosen: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Give each label a slug that no other has.

    A label has the slug that was `chosen` for it, else keeps the one that `remembered` holds. Of
    new labels that would share one, only a label that spells the slug out itself gets it; the
    others carry a mark of their own, so that the outcome does not depend on their order.
    """
    chosen = chosen or {}
    given = set(chosen.values())
    kept = {label: slug for label, slug in remembered.items() if slug not in given} | dict(chosen)
    assigned = {label: kept[label] for label in set(labels) if label in kept}
    taken = set(kept.values())
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for label in sorted(set(labels) - assigned.keys()):
        wanted[slugify(label)].append(label)
    for slug, rivals in wanted.items():
        for label in rivals:
            spelled_out = _GAP.sub("-", label.casefold()) == slug
            free = slug not in taken and (len(rivals) == 1 or spelled_out)
            assigned[label] = slug if free else _marked(slug, label, taken)
            taken.add(assigned[label])
    return assigned


def _marked(slug: str, label: str, taken: Collection[str]) -> str:
    """Return the slug with the label's mark, or with a mark of that if it is taken too."""
    mark = _mark(label)
    while f"{slug}-{mark}" in taken:
        mark = _mark(mark + label)
    return f"{slug}-{mark}"


def _mark(text: str) -> str:
    """Return six hex digits that tell one text from another."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=3).hexdigest()
