"""syndicate issue check"""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.domain.text import count
from syndicate.services.issues import find_issue, find_newsletter
from syndicate.services.preflight import blocks_sending, html_bytes, plain_fault
from syndicate.wiring import load_app


@click.command("check")
@click.argument("newsletter")
@click.argument("number", type=click.IntRange(1), required=False)
@config_option
@now_option
@json_option
def check_issue(newsletter: str, number: int | None, config_path: Path, now: datetime, as_json: bool) -> None:
    """Say what is wrong with the message of issue or draft NUMBER of NEWSLETTER, or of its next issue.

    Errors keep an issue from being sent, and the exit code is 1; warnings tell.
    """
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    if number is None:
        with app.open() as opened, ProgressBar() as progress:
            rehearsal, faults = opened.preflight(found, now, progress)
        if not rehearsal.stories and not as_json:
            click.echo(f"nothing new for {found.slug}: there is no next issue to check")
            return
        shown, rendered = rehearsal.number, rehearsal.rendered
    else:
        with app.ledger() as ledger:
            drafts = [draft.issue for draft in (ledger.drafts(found.slug) if ledger else ())]
            one = find_issue([*(ledger.issues(found.slug) if ledger else ()), *drafts], found.slug, number)
            if ledger is None:  # then no issue was found
                return
            shown, rendered = number, ledger.rendered(one)
        faults = app.preflight(found, rendered)
    errors = sum(fault.is_error for fault in faults)
    if as_json:
        plain = {
            "newsletter": found.slug,
            "number": shown,
            "subject": rendered.subject,
            "html_bytes": html_bytes(rendered),
            "errors": errors,
            "warnings": len(faults) - errors,
            "fault_list": [plain_fault(fault) for fault in faults],
        }
        click.echo(json.dumps(plain, ensure_ascii=False))
    else:
        for fault in faults:
            click.echo(str(fault))
        name = f"issue {shown} of {found.slug}" if number else f"the next issue of {found.slug}"
        told = f"{count(errors, 'error')}, {count(len(faults) - errors, 'warning')}"
        click.echo(f"{name}: {told}; {html_bytes(rendered):,} bytes of HTML")
    sys.exit(1 if blocks_sending(faults) else 0)
