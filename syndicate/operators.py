"""What operators see of one project: how it is, and the pages that say so."""

from datetime import datetime, timedelta

from syndicate.adapters.freshness import MARK_FILE
from syndicate.adapters.sources import read_file
from syndicate.domain.health import Health
from syndicate.domain.traffic import Traffic
from syndicate.errors import ConfigError, Problem, SyndicateError
from syndicate.pages import status as pages
from syndicate.services.builds import BUILDS_FILE
from syndicate.services.health import NO_LEDGER, Standing, build_notes, next_slots, standing
from syndicate.wiring import REPORT_FILE, App

# A token of 64 digits fits many times; what is larger is some other file.
_MAX_TOKEN_BYTES = 4_096
# 16 digits of 16 are 64 bits: more than anyone can try over a network.
_MIN_TOKEN = 16


def health(app: App, now: datetime) -> Health:
    """Return how the service is, from what the last builds left behind."""
    newsletters, trouble = app.config.newsletters, None
    known = Standing(issues=(), counts={}, lateness_s={})
    try:
        with app.ledger() as ledger:
            trouble = None if ledger else NO_LEDGER
            known = standing(ledger, newsletters, now) if ledger else known
    except SyndicateError as error:
        trouble = str(error)
    # A build that finds nothing to do touches its mark.
    ended = [moment for name in (REPORT_FILE, MARK_FILE) if (moment := app.state.written_at(name))]
    return Health(
        at=now,
        looked_at=max(ended, default=None),
        builds=build_notes(app.state.load(BUILDS_FILE)),
        slots=next_slots(newsletters, now),
        issues=known.issues,
        issue_counts=known.counts,
        lateness_s=known.lateness_s,
        ledger=trouble,
        max_build_age=timedelta(minutes=app.config.server.ops.max_build_age_minutes),
    )


def status_page(app: App, health: Health | None, traffic: Traffic, now: datetime, can_leave: bool) -> bytes:
    """Return the page that tells operators how the service is."""
    return pages.status_page(app.templates[0], app.config.site, health, traffic, now, can_leave)


def sign_in_page(app: App, failed: bool) -> bytes:
    """Return the page that asks operators for the token."""
    return pages.sign_in_page(app.templates[0], app.config.site, failed)


def ops_token(app: App) -> str | None:
    """Return the token that operators show, None if none is configured; raises ConfigError."""
    name = app.config.server.ops.token_file
    if name is None:
        return None
    path = app.base / name
    try:
        token = read_file(str(path), _MAX_TOKEN_BYTES).decode("ascii").strip()
        if len(token) >= _MIN_TOKEN and token.isprintable() and " " not in token:
            return token
        what = f"{path}: expected a token of at least {_MIN_TOKEN} letters and digits"
    except OSError as error:
        what = f"{path}: {error.strerror or error}"
    except UnicodeDecodeError:
        what = f"{path}: expected a token of letters and digits"
    hint = "make one with 'openssl rand -hex 32'"
    field = "server.ops.token_file"
    problem = Problem(path=str(app.config_path), field=field, reason="bad-token", what=what, hint=hint)
    raise ConfigError((problem,))
