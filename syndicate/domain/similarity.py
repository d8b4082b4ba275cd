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

    Articles in two languages, or with other numbers in their titles, are never near: 'Release 2.1' and
    'Release 2.2' have all but one letter in common, and are two stories.
    """

    title: str
    whole: str | None
    numbers: frozenset[str]
    language: str | None


def gist_of(article: Article) -> Gist:
    """Return what an article is compared by."""
    whole = f"{article.title[:_MOST]} {article.summary}" if article.summary else None
    return Gist(
        title=_words(article.title),
        whole=_words(whole) if whole else None,
        numbers=frozenset(_NUMBER.findall(article.title)),
        language=article.language,
    )


def is_near(one: Gist, other: Gist, threshold: int) -> bool:
    """Tell whether two articles have `threshold` hundredths of their letters in common, in whatever order their words.

    Titles alone are compared where one of the two has no summary.
    """
    from rapidfuzz.fuzz import ratio  # only a newsletter that folds needs it

    if one.numbers != other.numbers or one.language != other.language:
        return False
    texts = (one.whole, other.whole) if one.whole and other.whole else (one.title, other.title)
    return ratio(*texts, score_cutoff=threshold) >= threshold


def _words(text: str) -> str:
    return " ".join(sorted(_WORD.findall(text[:_MOST].casefold())))
