"""What the config says of the server."""

from dataclasses import dataclass

MAX_PORT = 65_535
# A cron line that builds once a day may be an hour late.
MAX_BUILD_AGE_MINUTES = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsOptions:
    """Where operators see how the service is: at an address of their own, behind a token, or both.

    `listen` is a host and a port. `token_file` is a path relative to the config's folder.
    """

    listen: tuple[str, int] | None = None
    token_file: str | None = None
    max_build_age_minutes: int = MAX_BUILD_AGE_MINUTES


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
    access_log: str | None = None  # a path relative to the config's folder, or "-" for standard output
    ops: OpsOptions = OpsOptions()


def parse_listen(text: str) -> tuple[str, int]:
    """Return the host and the port of '127.0.0.1:9100' or '[::1]:9100'; raises ValueError for anything else."""
    host, colon, port = text.rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    bare = host[1:-1] if is_bracketed else host
    is_whole = bool(colon and bare) and (is_bracketed or ":" not in host) and not set(bare) & set("[]/@ \t")
    if not is_whole or not port.isascii() or not port.isdigit() or not 0 <= int(port[:6]) <= MAX_PORT:
        raise ValueError("expected an address and a port such as 127.0.0.1:9100")
    return bare, int(port)
