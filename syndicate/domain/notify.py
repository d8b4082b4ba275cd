"""What the config says of telling people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyOptions:
    """Who is told of failures: a command, a webhook, or both; `webhook_file` is a file that holds its address."""

    command: str | None = None
    webhook: str | None = None
    webhook_file: str | None = None
