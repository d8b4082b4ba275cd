"""Options that commands share."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from syndicate.domain.mail import Mailbox

Command = TypeVar("Command", bound=Callable[..., Any])


class MomentType(click.ParamType[datetime]):
    """A moment as ISO 8601; without an offset it is UTC."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the aware UTC moment."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"expected a moment like 2026-03-01T08:00:00Z, got {value!r}", param, ctx)
        if not 1900 <= moment.year <= 9998:  # as for articles' dates; the ends of the calendar have no zone
            self.fail(f"expected a year from 1900 to 9998, got {value!r}", param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


class MailboxType(click.ParamType["Mailbox"]):
    """An e-mail address, with or without a name before it."""

    name = "ADDRESS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Mailbox":
        """Return the mailbox."""
        from syndicate.domain.mail import Mailbox, parse_mailbox  # most commands have no use for it

        if isinstance(value, Mailbox):
            return value
        try:
            return parse_mailbox(value)
        except ValueError as error:
            self.fail(f"{error}, got {value!r}", param, ctx)


class TopicsType(click.ParamType[tuple[str, ...]]):
    """Names or slugs of topics with commas between."""

    name = "A,B"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Return the names."""
        if isinstance(value, tuple):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())


config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default="config.yaml",
    show_default=True,
    help="The configuration.",
)
now_option = click.option(
    "--now",
    type=MomentType(),
    default=lambda: datetime.now(UTC),
    help="Act as if it were this moment, such as 2026-03-01T08:00:00Z.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
explain_option = click.option(
    "--explain", "with_reasons", is_flag=True, help="Say for each article why it is in the issue or not."
)
