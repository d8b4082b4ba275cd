"""The small pages that stand in for a file: 404, 410 and the like."""

from functools import cache
from html import escape

_WORDS = {
    400: ("No host", "The request does not say, or says twice, for which host it is."),
    404: ("Not here", "There is no page at this address."),
    405: ("Reading only", "This address can only be read."),
    410: ("Gone", "This page was taken down for good."),
    412: ("Changed", "The page is not the one that was asked for."),
    503: ("Busy", "This page changes this very moment. Try again in a second."),
}
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.125rem/1.6 Georgia,serif;max-width:32rem;margin:20vh auto 0;padding:0 1.25rem}"
    "h1{font-size:2rem;line-height:1.2;margin:0 0 .5rem}p{margin:0 0 1rem}small{font:1rem/1 ui-monospace,monospace}"
    "@media(prefers-color-scheme:dark){body{background:#161513;color:#e9e5dc}a{color:#9cc4f2}}"
)


@cache
def page(status: int, home: str = "") -> bytes:
    """Return a page as bytes; `home` is the address of the front page, '' to name none."""
    title, text = _WORDS[status]
    link = f'<p><a href="{escape(home)}">To the front page</a></p>' if home else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
        f"<p><small>{status}</small></p><h1>{title}</h1><p>{text}</p>{link}</main></body></html>\n"
    ).encode()
