"""Inlining: the one place that knows premailer, so that another inliner could take its place."""

import logging
import re
import sys
from types import ModuleType
from typing import Any


def inline_css(html: str) -> str:
    """Return the document with its style sheet copied into style attributes.

    A style element marked data-premailer="ignore" stays as it is: it holds the @media rules, which
    can't be inlined. Its mark doesn't, so it gets that of css-inline too, by which the preflight
    tells it from what premailer left over.

    Each argument answers a measured fault of premailer 3.10's defaults: it fetches remote style
    sheets and raises when one is down; it strips !important, without which dark mode and phone
    rules lose; it validates with cssutils, slowly and noisily; it writes attributes that HTML no
    longer has, and height="auto", which it never had.
    """
    inliner = _premailer()(
        _KEPT.sub(r'\1 data-css-inline="keep"', html),
        allow_network=False,
        allow_loading_external_files=False,
        strip_important=False,
        disable_validation=True,
        disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
        cssutils_logging_level=logging.CRITICAL,
        keep_style_tags=False,
        remove_classes=False,
        align_floating_images=False,
    )
    return _NO_END_TAG.sub("", str(inliner.transform(pretty_print=False)))


def _premailer() -> Any:
    """Return premailer's class, imported where an issue is made: it takes a tenth of a second.

    Its module imports the HTTP client requests, by which it would fetch style sheets, and which is not called
    with `allow_network=False`. That client is a third of the time, and so an empty module stands for it while
    premailer is loaded, unless the program has it already.
    """
    stands_in = "requests" not in sys.modules
    if stands_in:
        sys.modules["requests"] = ModuleType("requests")
    try:
        from premailer import Premailer
    finally:
        if stands_in:
            del sys.modules["requests"]
    return Premailer


_KEPT = re.compile(r"""(<style\b(?![^>]*data-css-inline)[^>]*\bdata-premailer=["']?ignore["']?)""")
# libxml2 is older than these elements, and ends each with a tag that HTML doesn't have.
_NO_END_TAG = re.compile(r"</(?:source|track|wbr)>")
