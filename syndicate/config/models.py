"""config.yaml's keys, as pydantic checks them; its docstrings and descriptions are those of the JSON Schema."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from ipaddress import ip_network
from typing import Annotated, Any, Literal
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from syndicate.domain.cadence import parse_cadence
from syndicate.domain.codings import Coding
from syndicate.domain.facets import FacetKind
from syndicate.domain.feeds import MAX_WINDOW_DAYS, Archiving, Content, FeedFormat
from syndicate.domain.languages import is_language
from syndicate.domain.ledger import has_password, wrong_address
from syndicate.domain.mail import is_address, is_domain, parse_mailbox
from syndicate.domain.newsletters import Order, Overflow
from syndicate.domain.permalinks import TOKENS, unknown_tokens
from syndicate.domain.server import MAX_BUILD_AGE_MINUTES, parse_listen
from syndicate.domain.slugs import slugify
from syndicate.domain.sources import DEFAULT_FIELDS, LinkTo
from syndicate.domain.text import scrub
from syndicate.domain.themes import Design, parse_colour, parse_fonts
from syndicate.domain.urls import host_of, is_web_address

_NO_ALIAS = "expected a path that begins with / such as /feed/ or /index.xml"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError("expected a zone of the tz database such as Europe/Berlin or UTC") from None
    return name


def _web_address(text: str) -> str:
    if not is_web_address(text) or not host_of(text) or set(text) & set("?# \t\n") or not text.isprintable():
        raise ValueError("expected an address such as https://example.org/")
    return text if text.endswith("/") else f"{text}/"


def _file_address(text: str) -> str:
    _web_address(text)
    return text


def _database_url(text: str) -> str:
    if wrong := wrong_address(text):
        raise ValueError(wrong)
    if has_password(text):
        raise ValueError(
            "expected an address without a password, got one with it: put it into ledger.password_file, PGPASSWORD or "
            "the whole address into SYNDICATE_LEDGER_URL"
        )
    return text


def _alias(written: str) -> str:
    """Return an old path decoded, as requests are compared: people copy them encoded (caf%C3%A9) and not."""
    path = unquote(written)
    # Servers refuse what is no UTF-8 and a slash in disguise.
    is_whole = path.count("/") == written.count("/") and "\ufffd" not in path
    if not path.startswith("/") or ".." in path.split("/") or not path.isprintable() or not is_whole:
        raise ValueError(_NO_ALIAS)
    if set(written) & set(" ?#") or "\\" in path:
        raise ValueError(_NO_ALIAS)
    return path


def _off(value: Any) -> Any:
    """Return None for 'off', which YAML takes for false unless it is in quotes."""
    return None if value is False or value == "off" else value


def _slug(text: str) -> str:
    if slugify(text) != text:
        raise ValueError(f"expected lower-case letters, digits and hyphens such as {slugify(text)!r}")
    return text


def _cadence(text: str) -> str:
    parse_cadence(text)
    return text


def _permalink(pattern: str) -> str:
    if not pattern.startswith("/"):
        raise ValueError("expected a pattern that begins with / such as /news/:slug/")
    if unknown := unknown_tokens(pattern):
        raise ValueError(
            f"the token :{unknown[0]} is unknown; the tokens are {', '.join(f':{name}' for name in TOKENS)}"
        )
    return pattern


def _mailbox(text: str) -> str:
    parse_mailbox(text)
    return text


def _address(text: str) -> str:
    if not is_address(text):
        raise ValueError("expected an address such as weekly@example.org")
    return text


def _domain(text: str) -> str:
    if not is_domain(text):
        raise ValueError("expected a domain such as example.org")
    return text


def _selector(text: str) -> str:
    if not is_domain(f"{text}.example.org"):
        raise ValueError("expected the name of a key in the DNS such as mail2026")
    return text


def _encoding(name: str) -> str:
    try:
        b"\xff".decode(name, "replace")
    except (LookupError, ValueError):
        raise ValueError("expected an encoding such as windows-1252") from None
    return name


def _language(code: str) -> str:
    if not is_language(code):
        raise ValueError("expected a language code such as en or pt-BR")
    return code


def _start(value: Any) -> Any:
    """Return the date-time that a text names; only texts with dashes, since a number is no date."""
    try:
        if isinstance(value, str) and value[4:5] == "-":
            moment = datetime.fromisoformat(value)
            if MINYEAR < moment.year < MAXYEAR:  # the first and the last are no moments in every zone
                return moment
    except ValueError:
        pass
    raise ValueError("expected a date such as 2026-03-01")


def _clean(text: str) -> str:
    if scrub(text) != text:
        raise ValueError("expected text without control characters")
    return text


def _base_path(text: str) -> str:
    if not text.startswith("/") or "//" in text or set(text) & set("?#%\\"):
        raise ValueError("expected a path that begins with / such as /feeds/")
    return text if text.endswith("/") else f"{text}/"


def _colour(value: Any) -> Any:
    """Return a colour; YAML takes what stands behind # for a comment, unless it is in quotes."""
    return parse_colour(value if isinstance(value, str) else "")


def _fonts(text: str) -> str:
    return parse_fonts(text)


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError:
        raise ValueError("expected an address or a network such as 127.0.0.1 or 10.0.0.0/8") from None
    return text


def _listen(text: str) -> str:
    parse_listen(text)
    return text


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _site_id(text: str) -> str:
    """Give an address the slash at its end that site.url has too: the ids are the same with and without it."""
    return f"{text}/" if is_web_address(text) and not text.endswith("/") else text


SiteId = Annotated[str, Field(min_length=1), AfterValidator(_site_id)]
Start = Annotated[datetime, BeforeValidator(_start)]
Zone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
FileAddress = Annotated[str, AfterValidator(_file_address)]
Alias = Annotated[str, AfterValidator(_alias)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
Slug = Annotated[str, AfterValidator(_slug)]
CadenceText = Annotated[str, AfterValidator(_cadence)]
BasePath = Annotated[str, AfterValidator(_base_path)]
Network = Annotated[str, AfterValidator(_network)]
Listen = Annotated[str, AfterValidator(_listen)]
Permalink = Annotated[str, AfterValidator(_permalink)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Language = Annotated[str, AfterValidator(_language)]
MailboxText = Annotated[str, AfterValidator(_mailbox)]
MailAddress = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
Selector = Annotated[str, AfterValidator(_selector)]
Colour = Annotated[str | None, BeforeValidator(_colour)]
Fonts = Annotated[str, AfterValidator(_fonts)]
Text = Annotated[str, Field(min_length=1), AfterValidator(_clean)]
Texts = Annotated[list[Text], BeforeValidator(_one_or_many)]
Threshold = Annotated[
    Annotated[int, Field(strict=True, ge=50, le=100)] | None,
    BeforeValidator(_off),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 50, "maximum": 100}, {"enum": ["off", False, None]}]}),
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteModel(_Model):
    """What the site is and where it lives."""

    title: Text = Field(description="The site's name, as feeds and pages show it.")
    url: WebAddress = Field(description="Where the site's own pages live, such as https://example.org/.")
    description: Text | None = Field(None, description="One sentence about the site.")
    language: Language = Field("en", description="The language of the site, such as en or pt-BR.")
    timezone: Zone = Field("UTC", description="The zone of dates without an offset, such as Europe/Berlin.")
    author: Text | None = Field(None, description="Who answers for the feeds; the site's title if left out.")
    link_to: LinkTo | None = Field(
        None,
        description="Where headlines lead: page (the article's page on the site), source (where curated news comes "
        "from) or ours (a reading page in output/). Left out: page for a source with a permalink pattern, else "
        "source, else ours.",
    )
    icon: FileAddress | None = Field(
        None, description="The address of a square picture that stands for the site, such as a logo."
    )
    id: SiteId | None = Field(
        None,
        description="What article ids are made from where the ledger knows no better: the site's first url. Set it to "
        "the old url when the site moves.",
    )


class OutputModel(_Model):
    """What is published and where."""

    path: Text = Field("output", description="The folder to publish into, relative to this file.")
    url: WebAddress | None = Field(None, description="Where that folder is served; site.url if left out.")
    precompress: list[Coding] = Field(
        default_factory=list, description="In which codings texts also stand beside themselves: gz, br."
    )


class SourceModel(_Model):
    """A folder of articles."""

    path: Text = Field(description="The folder, relative to this file.")
    name: Slug | None = Field(None, description="A short name; the folder's own if left out.")
    permalink: Permalink | None = Field(
        None, description="The pattern of the articles' addresses on the site, such as /news/:year/:slug/."
    )
    link_to: LinkTo | None = Field(None, description="As site.link_to, for this source.")
    timezone: Zone | None = Field(None, description="As site.timezone, for this source.")
    language: Language | None = Field(None, description="The language of articles that name none.")
    image_base: WebAddress | None = Field(
        None, description="The address below which the pictures named in front matter live."
    )
    fields: dict[Text, Texts] = Field(
        default_factory=dict,
        description="Front-matter keys by field, tried in order before the usual ones: "
        + ", ".join(DEFAULT_FIELDS)
        + ".",
    )
    split_categories: Text | None = Field(
        None,
        description="What separates several categories in one text, such as a comma; left out: it is one category.",
    )
    taxonomies: bool = Field(True, description="Whether 'Taxonomy: Label' is a label within a taxonomy.")
    fallback_encoding: Encoding | None = Field(
        None, description="How to read files that are not UTF-8, such as windows-1252; left out: they are rejected."
    )
    header_lines: bool = Field(
        False, description="Whether 'Key: value' lines at the top count as front matter (Pelican)."
    )


class RuleModel(_Model):
    """Which articles belong to a topic; one hit in any list is enough."""

    categories: Texts = Field(default_factory=list, description="Categories, with or without their taxonomy.")
    tags: Texts = Field(default_factory=list, description="Tags.")
    brands: Texts = Field(default_factory=list, description="Publishers, such as example.com.")
    authors: Texts = Field(default_factory=list, description="Names of authors.")
    folders: Texts = Field(
        default_factory=list, description="Folders below which the articles lie, relative to this file."
    )
    title_words: Texts = Field(default_factory=list, description="Words or phrases in the title.")


class TopicModel(_Model):
    """What is to be different about one topic."""

    label: Text | None = Field(None, description="Another name for it.")
    slug: Slug | None = Field(None, description="Another slug for its addresses.")
    description: Text | None = Field(None, description="One sentence about it.")
    hide: bool = Field(False, description="Whether to make no feed and no page for it.")
    merge: Texts = Field(default_factory=list, description="Other categories that are the same topic.")
    rule: RuleModel | None = Field(None, description="Further articles that belong to it.")


class FeedsModel(_Model):
    """How feeds are made."""

    limit: Annotated[int, Field(strict=True, ge=1, le=1000)] = Field(50, description="The most entries of a feed.")
    window_days: Annotated[int, Field(strict=True, ge=1, le=MAX_WINDOW_DAYS)] | None = Field(
        None, description="How many days back articles are recent; left out: all are."
    )
    formats: Annotated[list[FeedFormat], Field(min_length=1)] = Field(
        list(FeedFormat), description="The formats to write: rss, atom, json."
    )
    content: Content = Field(Content.FULL, description="full for whole articles, summary for summaries only.")
    ttl_minutes: Annotated[int, Field(strict=True, ge=1, le=10_080)] = Field(
        60, description="How many minutes readers may keep a feed before they look again."
    )
    hubs: list[FileAddress] = Field(default_factory=list, description="The WebSub hubs that are told of changed feeds.")
    max_bytes: Annotated[int, Field(strict=True, ge=65_536, le=10_485_760)] = Field(
        524_288, description="The most bytes of a feed; what it has no room for moves to its archive."
    )
    archive: Archiving = Field(
        Archiving.ANNOUNCED,
        description="Which older articles stay reachable on archive pages: announced (those that the feed has "
        "carried), all, or none.",
    )
    tombstones: bool = Field(False, description="Whether Atom feeds say which entries are gone (RFC 6721).")
    retire_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = Field(
        30,
        description="How many days a feed without articles waits for more, and then says for as long that it has "
        "ended, before it answers 410 Gone.",
    )
    aliases: dict[Alias, Text] = Field(
        default_factory=dict,
        description="Addresses of a former system, such as /feed/, each with what it leads to: all, a topic, or a "
        "path of output/.",
    )
    per: list[FacetKind] = Field(default_factory=list, description="Further feeds: one for each tag, author or brand.")
    permalink_ids: bool = Field(
        False,
        description="Whether an article that is new takes its page's address for its id in feeds, as on the site that "
        "you come from; an id stays when the address changes.",
    )


class PaletteModel(_Model):
    """The colours of a newsletter on light or on dark screens, each such as '#0b6274' in quotes."""

    background: Colour = Field(None, description="Around the sheet.")
    surface: Colour = Field(None, description="The sheet that the words stand on.")
    text: Colour = Field(None, description="Headlines and summaries.")
    muted: Colour = Field(None, description="Dates, brands, authors and the footer.")
    accent: Colour = Field(None, description="Links and buttons.")
    line: Colour = Field(None, description="Rules between parts.")
    header: Colour = Field(None, description="The ground of the header; that of the sheet if left out.")
    header_text: Colour = Field(None, description="The words in the header.")


class LogoModel(_Model):
    """A picture in the place of the newsletter's name."""

    src: FileAddress = Field(description="The address of the picture, a PNG or JPEG that mail programs can fetch.")
    width: Annotated[int, Field(strict=True, ge=16, le=700)] = Field(description="How wide it is shown, in pixels.")
    height: Annotated[int, Field(strict=True, ge=16, le=400)] = Field(description="How high it is shown, in pixels.")
    alt: Text | None = Field(None, description="What stands where pictures are blocked; the title if left out.")
    dark: FileAddress | None = Field(
        None, description="The address of a picture for dark screens, for the mail programs that take one."
    )


class ThemeModel(_Model):
    """The colours, fonts, width and logo of a newsletter."""

    width: Annotated[int, Field(strict=True, ge=480, le=700)] = Field(
        600, description="The width of the sheet in pixels."
    )
    font: Fonts | None = Field(
        None, description="The fonts of the words, such as Verdana, sans-serif; the design's own if left out."
    )
    heading_font: Fonts | None = Field(None, description="The fonts of the headlines, likewise.")
    logo: LogoModel | None = Field(None, description="A picture in the place of the newsletter's name.")
    light: PaletteModel = Field(default_factory=PaletteModel, description="The colours on light screens.")
    dark: PaletteModel = Field(default_factory=PaletteModel, description="The colours on dark screens.")


class UtmModel(_Model):
    """What the links of messages are tagged with, for those who count visits."""

    source: Text | None = Field(None, description="utm_source; the newsletter's slug if left out.")
    medium: Text = Field("email", description="utm_medium.")
    campaign: Text = Field(
        "{{ newsletter.slug }}-{{ issue.number }}", description="utm_campaign, a small template or fixed words."
    )


class NewsletterModel(_Model):
    """A newsletter."""

    slug: Slug = Field(description="Its name in commands and addresses.")
    title: Text = Field(description="Its name, as readers see it.")
    cadence: CadenceText = Field(
        description="When an issue is due: 'weekly on Monday at 08:00', 'daily at 07:30', 'monthly on the first "
        "Tuesday at 09:00', or five cron fields."
    )
    timezone: Zone | None = Field(None, description="The zone of the cadence; site.timezone if left out.")
    description: Text | None = Field(None, description="One sentence about it.")
    topics: Texts = Field(
        default_factory=list, description="Its topics by name or slug, in the order of its sections; left out: all."
    )
    start: Start | None = Field(
        None,
        description="Articles published since this day are new to its first issue; left out: only those that came "
        "after the first build.",
    )
    limit: Annotated[int, Field(strict=True, ge=1, le=500)] = Field(40, description="The most articles of an issue.")
    limit_per_topic: Annotated[int, Field(strict=True, ge=1, le=500)] = Field(
        10, description="The most articles of a section."
    )
    minimum: Annotated[int, Field(strict=True, ge=1, le=500)] = Field(
        1, description="The fewest stories of an issue; with fewer none is cut, and its articles wait for the next."
    )
    order: Order = Field(
        Order.RECENT,
        description="recent: the newest first; ranked: recent ones first, with a variety of topics and brands.",
    )
    overflow: Overflow = Field(
        Overflow.CARRY,
        description="What becomes of articles that an issue has no room for: carry (over to the next) or drop.",
    )
    pinned: Texts = Field(
        default_factory=list,
        description="Articles that come first in their section whatever the limits, each by its id, its file, or the "
        "address of its page or source.",
    )
    excluded: Texts = Field(default_factory=list, description="Articles that come into no issue, named likewise.")
    near_duplicates: Threshold = Field(
        None,
        description="How many hundredths articles of several brands must have in common to be one story, such as 90; "
        "off or left out: none are.",
    )
    summary_length: Annotated[int, Field(strict=True, ge=20, le=2000)] | None = Field(
        None, description="The most characters of a summary, which is cut at a word; left out: it is whole."
    )
    language: Language | None = Field(None, description="Its language; site.language if left out.")
    design: Design = Field(
        Design.MAGAZINE, description="How issues look: brief (a list), magazine (with pictures) or text (a letter)."
    )
    theme: ThemeModel = Field(default_factory=ThemeModel, description="The colours, fonts, width and logo of it.")
    note: Text | None = Field(
        None,
        description="The editor's note, a Markdown file relative to this one; {date} in its name is the day of the "
        "slot. Where there is no such file, there is no note.",
    )
    contents: bool = Field(False, description="Whether an issue begins with a table of its contents.")
    offerings_per_topic: Annotated[int, Field(strict=True, ge=0, le=20)] = Field(
        0, description="The most related offerings below a section."
    )
    subject: Text | None = Field(
        None,
        description="The subject of its issues, a small template such as '{{ newsletter.title }}: "
        "{{ stories[0].title }}'; left out: the title, the first story and how many more there are.",
    )
    preheader: Text | None = Field(
        None,
        description="What mail programs show behind the subject, likewise; left out: the titles of the next stories.",
    )
    utm: UtmModel | None = Field(
        None, description="What the links of messages are tagged with; left out: with nothing."
    )
    postal_address: Text | None = Field(None, description="The sender's postal address, which the law asks for.")
    sender: MailboxText | None = Field(None, description="As mail.sender, for this newsletter.")
    reply_to: MailboxText | None = Field(None, description="As mail.reply_to, for this newsletter.")
    max_lateness_hours: Annotated[int, Field(strict=True, ge=1, le=8784)] = Field(
        24, description="How many hours after its slot 'syndicate run-due' still cuts an issue; later it is skipped."
    )
    approval: Literal["required"] | None = Field(
        None, description="required: an issue goes out only once someone has approved it; left out: at its slot."
    )
    draft_ahead_hours: Annotated[int, Field(strict=True, ge=0, le=744)] = Field(
        24, description="How many hours before its slot an issue is drafted that needs approval."
    )


class DkimModel(_Model):
    """By which key messages are signed."""

    domain: Domain = Field(description="The domain that answers for the messages: that of the sender's address.")
    selector: Selector = Field(description="The name of the key below _domainkey in that domain's DNS.")
    key_file: Text = Field(description="The file of the private RSA key in PEM, relative to this file.")


class MailModel(_Model):
    """What the messages of all newsletters share."""

    sender: MailboxText | None = Field(
        None, description="Who messages are from, such as The Weekly <weekly@example.org>."
    )
    reply_to: MailboxText | None = Field(None, description="Where answers go; to the sender if left out.")
    unsubscribe_mailto: MailAddress | None = Field(
        None, description="An address that ends a subscription by mail, beside the link that does."
    )
    dkim: DkimModel | None = Field(None, description="By which key messages are signed; left out: by none.")


class StateModel(_Model):
    """Where things are kept between runs."""

    path: Text = Field(".syndicate", description="The folder of the ledger, the index and the last report.")


class LedgerModel(_Model):
    """The database that has the ledger."""

    url: DatabaseUrl | None = Field(
        None,
        description="The address of a PostgreSQL database, such as postgresql://user@host/database; left out: SQLite "
        "in the state folder.",
    )
    password_file: Text | None = Field(
        None, description="The file whose first line is the database's password, relative to this file."
    )


class OpsModel(_Model):
    """Where operators see how the service is: /status, /metrics and /readyz; left out: nowhere."""

    listen: Listen | None = Field(
        None, description="An address of their own to answer at, such as 127.0.0.1:9100; left out: that of the site."
    )
    token_file: Text | None = Field(
        None,
        description="The file of the token that is asked for, relative to this file; it must be there if listen isn't.",
    )
    max_build_age_minutes: Annotated[int, Field(strict=True, ge=1, le=525_600)] = Field(
        MAX_BUILD_AGE_MINUTES,
        description="How many minutes after the last good build /readyz still says that all is well.",
    )


class ServerModel(_Model):
    """How 'syndicate serve' serves the output folder."""

    host: Text = Field("127.0.0.1", description="The address to listen at; 0.0.0.0 for all of this machine.")
    port: Annotated[int, Field(strict=True, ge=0, le=65535)] = Field(8000, description="The port; 0 for any free one.")
    base_path: BasePath | None = Field(
        None,
        description="The path of requests, such as / behind a proxy that strips it; that of output.url if left out.",
    )
    trusted_proxies: Annotated[list[Network], BeforeValidator(_one_or_many)] = Field(
        default_factory=list, description="The addresses or networks of proxies whose X-Forwarded-For is believed."
    )
    max_age_s: Annotated[int, Field(strict=True, ge=0, le=31_536_000)] = Field(
        300, description="How many seconds feeds, pages and styles may be kept before asking again."
    )
    media_max_age_s: Annotated[int, Field(strict=True, ge=0, le=31_536_000)] = Field(
        86_400, description="As max_age_s, for pictures, fonts and the like."
    )
    request_timeout_s: Annotated[int, Field(strict=True, ge=1, le=600)] = Field(
        10, description="How many seconds a client may take to send its request."
    )
    max_connections: Annotated[int, Field(strict=True, ge=1, le=100_000)] = Field(
        800, description="The most connections at one time; others get 503."
    )
    build_every_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] = Field(
        10, description="How often it looks for something to build, whatever else wakes it."
    )
    watch: bool = Field(True, description="Whether it builds as soon as files change.")
    access_log: Text | None = Field(
        None,
        description="The file of the access log, relative to this file, or - for standard output; left out: none.",
    )
    ops: OpsModel = Field(
        default_factory=OpsModel, description="Where operators see how the service is; left out: nowhere."
    )


class NotifyModel(_Model):
    """Who is told of what goes wrong."""

    command: Text | None = Field(
        None, description="A command that is run in the config's folder; it gets the notice as JSON on its input."
    )
    webhook: FileAddress | None = Field(None, description="An address that gets the notice as JSON in a POST.")
    webhook_file: Text | None = Field(
        None, description="A file that holds the webhook's address, if that is a secret; relative to this file."
    )


class ConfigModel(_Model):
    """The configuration of syndicate."""

    site: SiteModel = Field(description="What the site is and where it lives.")
    sources: Annotated[list[SourceModel], Field(min_length=1)] = Field(description="The folders of articles.")
    output: OutputModel = Field(default_factory=OutputModel, description="What is published and where.")
    topics: dict[Text, TopicModel] = Field(
        default_factory=dict, description="Topics that need a word, by category as articles write it or by a new name."
    )
    feeds: FeedsModel = Field(default_factory=FeedsModel, description="How feeds are made.")
    newsletters: list[NewsletterModel] = Field(default_factory=list, description="The newsletters.")
    mail: MailModel = Field(default_factory=MailModel, description="What the messages of all newsletters share.")
    templates: Text = Field("templates", description="The folder of your own templates, relative to this file.")
    server: ServerModel = Field(
        default_factory=ServerModel, description="How 'syndicate serve' serves the output folder."
    )
    notify: NotifyModel = Field(default_factory=NotifyModel, description="Who is told of what goes wrong.")
    state: StateModel = Field(default_factory=StateModel, description="Where things are kept between runs.")
    ledger: LedgerModel = Field(default_factory=LedgerModel, description="The database that has the ledger.")


def start_in(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return a newsletter's start as an aware UTC moment; one without an offset is a wall time in the zone."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
