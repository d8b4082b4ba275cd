"""What the config says, as the rest of the program uses it; apart from the reading, which imports much."""

from dataclasses import dataclass

from syndicate.domain.codings import Coding
from syndicate.domain.feeds import FeedOptions
from syndicate.domain.ledger import LedgerOptions
from syndicate.domain.mail import DkimOptions
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.notify import NotifyOptions
from syndicate.domain.server import ServerOptions
from syndicate.domain.site import Site
from syndicate.domain.sources import SourceOptions
from syndicate.domain.topics import TopicOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration as the rest of the program uses it; paths are relative to the config's folder."""

    site: Site
    sources: tuple[SourceOptions, ...]
    topics: tuple[TopicOptions, ...]
    feeds: FeedOptions
    newsletters: tuple[Newsletter, ...]
    output_path: str
    codings: tuple[Coding, ...]
    templates_path: str
    state_path: str
    server: ServerOptions
    notify: NotifyOptions
    ledger: LedgerOptions
    dkim: DkimOptions | None = None
