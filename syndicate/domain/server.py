"""What the config says of the server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """How the output folder is served; times in seconds, `trusted_proxies` are addresses or networks."""

    host: str = "127.0.0.1"
    port: int = 8000
    base_path: str | None = None  # None: the path of output.url
    trusted_proxies: tuple[str, ...] = ()
    max_age_s: int = 300
    media_max_age_s: int = 86_400
    request_timeout_s: int = 10
    max_connections: int = 800
    build_every_minutes: int = 10
    watch: bool = True
