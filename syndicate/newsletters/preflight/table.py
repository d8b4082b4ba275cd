"""All rules of the preflight, in the order in which they are told."""

from collections.abc import Iterable, Mapping

from syndicate.domain.newsletters import Newsletter
from syndicate.newsletters.preflight import links, looks, pictures, words
from syndicate.newsletters.preflight.rules import Fault, Letter, Rule, Severity
from syndicate.newsletters.preflight.tree import read_page

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES = (
    Rule(
        reason="no-sender",
        severity=_ERROR,
        why="no message can be made",
        mend="set newsletters[].sender or mail.sender",
        find=words.no_sender,
    ),
    Rule(
        reason="no-subject",
        severity=_ERROR,
        why="filters take a message without a subject for spam, and nobody opens it",
        mend="set newsletters[].subject, or give the first article a title",
        find=words.no_subject,
    ),
    Rule(
        reason="long-subject",
        severity=_WARNING,
        why="desktop programs show some 90 letters, phones some 40",
        mend="word newsletters[].subject so that what is new comes first",
        find=words.long_subject,
    ),
    Rule(
        reason="no-preheader",
        severity=_WARNING,
        why="mail programs show the first words of the message instead, such as the date",
        mend="set newsletters[].preheader, and show it in preheader.html",
        find=words.no_preheader,
    ),
    Rule(
        reason="long-preheader",
        severity=_WARNING,
        why="what is behind the first 150 letters is shown nowhere, and costs bytes",
        mend="set newsletters[].preheader",
        find=words.long_preheader,
    ),
    Rule(
        reason="no-postal-address",
        severity=_ERROR,
        why="the law of many countries asks for it, and Gmail and Yahoo do too",
        mend="set newsletters[].postal_address, and show it in footer.html and footer.txt",
        find=words.no_postal_address,
    ),
    Rule(
        reason="no-unsubscribe",
        severity=_ERROR,
        why="the law asks for it, and who finds none marks the message as spam",
        mend="show unsubscribe_url in footer.html and footer.txt",
        find=links.no_unsubscribe,
    ),
    Rule(
        reason="clipped",
        severity=_ERROR,
        why="Gmail cuts the rest off, with the link that ends the subscription, and drops the style sheet",
        mend="lower newsletters[].limit or limit_per_topic, shorten summaries, or take a lighter design",
        find=words.clipped,
    ),
    Rule(
        reason="nearly-clipped",
        severity=_WARNING,
        why="its templates keep it from being shortened, and the next issue may be larger",
        mend="show stories by block('story.html') and block('more.html'), or do as for clipped",
        find=words.nearly_clipped,
    ),
    Rule(
        reason="empty-link",
        severity=_ERROR,
        why="it leads nowhere, or nobody who hears the page read knows what it is",
        mend="give the link an address, and words or a picture with alt",
        find=links.empty,
    ),
    Rule(
        reason="relative-address",
        severity=_ERROR,
        why="a message has no page that an address could be relative to",
        mend="write the whole address, with https://",
        find=links.relative,
    ),
    Rule(
        reason="unsafe-address",
        severity=_ERROR,
        why="mail programs don't follow it, and filters take it for an attack",
        mend="link to an https page; a picture needs an address of its own",
        find=links.unsafe,
    ),
    Rule(
        reason="unreachable-address",
        severity=_WARNING,
        why="readers are elsewhere",
        mend="set site.url and output.url to where the site really lives",
        find=links.unreachable,
    ),
    Rule(
        reason="left-over-in-address",
        severity=_ERROR,
        why="a template was not filled in, and the address leads nowhere",
        mend="mend the template or the article that the address comes from",
        find=words.left_over_in_address,
    ),
    Rule(
        reason="repeated-link",
        severity=_WARNING,
        why="the same story twice looks like a mistake",
        mend="exclude one of the articles, or mend its link",
        find=links.repeated,
    ),
    Rule(
        reason="lost-link",
        severity=_ERROR,
        why="those who read plain text can't follow it, and filters compare the two parts",
        mend="show the address in the .txt file that belongs to the changed .html file",
        find=links.lost,
    ),
    Rule(
        reason="no-alt",
        severity=_ERROR,
        why="while pictures are blocked nothing stands there, and screen readers read out the address",
        mend='say in alt what the picture shows; alt="" if it says nothing',
        find=pictures.no_alt,
    ),
    Rule(
        reason="no-size",
        severity=_ERROR,
        why="Outlook on Windows shows it at its own size, and elsewhere the page jumps when it comes",
        mend='give the picture width="…" and height="…" in pixels, without a unit',
        find=pictures.no_size,
    ),
    Rule(
        reason="wide-picture",
        severity=_WARNING,
        why="Outlook on Windows knows no max-width and pushes the sheet apart",
        mend="give it the width of its column as width",
        find=pictures.too_wide,
    ),
    Rule(
        reason="heavy-picture",
        severity=_WARNING,
        why="it is slow on a phone, and costs those who read it money",
        mend="save it smaller: twice the size at which it is shown is enough, as a JPEG",
        find=pictures.too_heavy,
    ),
    Rule(
        reason="missing-picture",
        severity=_ERROR,
        why="readers see a broken frame",
        mend="look at 'syndicate check', put the file beside the article, or take the picture out",
        find=pictures.missing,
    ),
    Rule(
        reason="not-inlined",
        severity=_ERROR,
        why="premailer drops it or writes something else, so that the message looks other than the template",
        mend="use plain selectors and values; move what asks about the screen into screens.css",
        find=looks.not_inlined,
    ),
    Rule(
        reason="dropped-style-sheet",
        severity=_WARNING,
        why="Gmail drops the whole style sheet, with the rules for dark and small screens",
        mend="shorten screens.css, and let no @ rule stand in another",
        find=looks.dropped_sheet,
    ),
    Rule(
        reason="unsupported-style",
        severity=_WARNING,
        why="readers of these programs don't see it, by caniemail.com",
        mend="use something that the message can do without, or another way",
        find=looks.unsupported,
    ),
    Rule(
        reason="faint-words",
        severity=_WARNING,
        why="many people can't read it (WCAG 2.2, 1.4.3)",
        mend="choose a darker or a lighter colour, in style.css or, for dark screens, in screens.css",
        find=looks.faint,
    ),
    Rule(
        reason="hidden-words",
        severity=_WARNING,
        why="filters take tiny and invisible words for a trick of spam",
        mend="hide the preheader as style.css does, by display: none, and nothing else",
        find=looks.hidden,
    ),
    Rule(
        reason="left-over",
        severity=_WARNING,
        why="it looks like a part of a template, or like a value that was not there",
        mend="mend the template or the article; nothing is wrong if the article is about that",
        find=words.left_over,
    ),
    Rule(
        reason="markup-in-text",
        severity=_WARNING,
        why="plain text is shown as it is",
        mend="take the markup out of the template or of the article's title and summary",
        find=words.markup_in_text,
    ),
)
"""Each rule; its reason is a short stable word."""


def open_letter(
    newsletter: Newsletter,
    subject: str,
    html: str,
    text: str,
    source: str | None = None,
    sizes: Mapping[str, int | None] | None = None,
) -> Letter:
    """Return what the rules look at."""
    return Letter(
        newsletter=newsletter,
        subject=subject,
        html=html,
        text=text,
        page=read_page(html),
        source=read_page(source) if source is not None else None,
        sizes=sizes or {},
    )


def faults_of(letter: Letter) -> tuple[Fault, ...]:
    """Return all that is wrong with a message, errors first."""
    found = [fault for rule in RULES for fault in rule.faults(letter)]
    return tuple(sorted(found, key=lambda fault: not fault.is_error))


def blocks_sending(faults: Iterable[Fault]) -> bool:
    """Tell whether a message must not be sent with these faults."""
    return any(fault.is_error for fault in faults)
