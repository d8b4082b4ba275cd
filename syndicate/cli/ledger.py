"""syndicate ledger export|import|copy|backup"""

import sys
from pathlib import Path

import click

from syndicate.cli.options import config_option
from syndicate.domain.text import count
from syndicate.wiring import load_app


@click.group()
def ledger() -> None:
    """Export, import, copy or back up what must be remembered: identities, topic slugs and issues."""


@ledger.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-")
@config_option
def export_ledger(file: Path, config_path: Path) -> None:
    """Write the ledger to FILE as text that can be committed: one JSON row a line, in a fixed order."""
    with load_app(config_path).open() as opened:
        text = opened.export_ledger()
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    from syndicate.adapters.atomic import write_atomic

    write_atomic(file, text.encode())
    click.echo(f"exported {count(text.count(chr(10)) - 1, 'row')} to {file}")


@ledger.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--replace", is_flag=True, help="Replace a ledger that holds something already.")
@config_option
def import_ledger(file: Path, replace: bool, config_path: Path) -> None:
    """Read FILE, which 'ledger export' wrote, into the ledger: all of it or nothing."""
    shown = "standard input" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{shown}: can't be read: {error.strerror}") from error
    with load_app(config_path).open() as opened:
        rows = opened.import_ledger(data, shown, replace=replace)
    click.echo(f"imported {count(rows, 'row')} from {shown}")


@ledger.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--replace", is_flag=True, help="Replace a ledger that holds something already.")
@config_option
def copy_ledger(source: str, target: str, replace: bool, config_path: Path) -> None:
    """Copy a ledger FROM one place TO another: all of it or nothing.

    Each is the file of a SQLite ledger or the address of a PostgreSQL database.
    """
    rows = load_app(config_path).copy_ledger(source, target, replace=replace)
    click.echo(f"copied {count(rows, 'row')}")


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup(file: Path, config_path: Path) -> None:
    """Copy the ledger to FILE as a SQLite database, whole, also while a build runs."""
    load_app(config_path).back_up(file)
    click.echo(f"backed up the ledger to {file}")
