"""Similarity: whether two articles tell the same story in nearly the same words."""

import re
from dataclasses import dataclass

from syndicate.domain.articles import Article

# What two articles say first tells whether they say the same; the rest only takes time.
_MOST = 500
_WORD, _NUMBER = re.compile(r"\w+"), re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """An article as it is compared: the words of its title, and of title and summary, in alphabetical order.

    `as_told` is the title with its words in their own order.

    Articles in two languages, or with other numbers in their titles, are never near: 'Release 2.1' and
    'Release 2.2' have all but one letter in common, and are two stories.
    """

    title: str
    as_told: str
    whole: str | None
    numbers: frozenset[str]
    language: str | None


def gist_of(article: Article) -> Gist:
    """Return what an article is compared by."""
    whole = f"{article.title[:_MOST]} {article.summary}" if article.summary else None
    return Gist(
        title=_words(article.title),
        as_told=" ".join(_WORD.findall(article.title[:_MOST].casefold())),
        whole=_words(whole) if whole else None,
        numbers=frozenset(_NUMBER.findall(article.title)),
        language=article.language,
    )


def is_near(one: Gist, other: Gist, threshold: int) -> bool:
    """Tell whether two articles have `threshold` hundredths of their letters in common, in whatever order their words.

    Titles alone are compared where one of the two has no summary, and then their words must have the same
    order too: who beats whom is told by nothing else.
    """
    from rapidfuzz.fuzz import ratio  # only a newsletter that folds needs it

    if one.numbers != other.numbers or one.language != other.language:
        return False
    if one.whole and other.whole:
        return ratio(one.whole, other.whole, score_cutoff=threshold) >= threshold
    pairs = ((one.title, other.title), (one.as_told, other.as_told))
    return all(ratio(*pair, score_cutoff=threshold) >= threshold for pair in pairs)


def _words(text: str) -> str:
    return " ".join(sorted(_WORD.findall(text[:_MOST].casefold())))
