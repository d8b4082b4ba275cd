"""Content codings: in which further forms a text of output/ may stand beside it (RFC 9110, 8.4.1)."""

from enum import Enum


class Coding(Enum):
    """A coding; the value names it in the config, and is the ending of its files."""

    GZIP = "gz"
    BROTLI = "br"

    @property
    def suffix(self) -> str:
        """What the name of a text's file has behind it in this coding."""
        return f".{self.value}"


# Pictures are compressed already.
_TEXTS = (".css", ".html", ".json", ".opml", ".txt", ".xml")


def is_text_path(path: str) -> bool:
    """Tell whether a file of output/ is a text, which gets smaller in a coding."""
    return path.endswith(_TEXTS)


def is_coded_path(path: str) -> bool:
    """Tell whether a file of output/ is a text in a coding."""
    return any(path.endswith(coding.suffix) and is_text_path(path.removesuffix(coding.suffix)) for coding in Coding)
