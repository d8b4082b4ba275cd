"""syndicate init"""

from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar, print_table
from syndicate.cli.options import now_option
from syndicate.domain.text import count
from syndicate.errors import UsageError
from syndicate.proposing import propose_config
from syndicate.services.listing import topic_rows
from syndicate.services.report import count_files
from syndicate.wiring import load_app

# More topics than this are better looked at with 'syndicate topics'.
_SHOWN_TOPICS = 20


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default="config.yaml",
    show_default=True,
    help="The configuration to write.",
)
@now_option
def init(folder: Path, config_path: Path, now: datetime) -> None:
    """Look at the articles in FOLDER and write a commented config.yaml for them.

    Recognises Hugo, Jekyll, Eleventy, Astro, Docusaurus, Pelican and Zola by their own settings;
    any other folder by the keys of its articles.
    """
    if config_path.exists():
        raise UsageError(f"{config_path}: exists already; name another file with --config")
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder")
    generator, text = propose_config(folder, config_path.parent, now)
    config_path.write_text(text, "utf-8")
    click.echo(f"wrote {config_path}" + (f" for a site made with {generator}" if generator else ""))
    _show_findings(config_path, now)
    click.echo("next: look through the file, then run 'syndicate build'")


def _show_findings(config_path: Path, now: datetime) -> None:
    with load_app(config_path).open() as opened, ProgressBar() as progress:
        snapshot = opened.snapshot(now, progress)
    files = {status.value: number for status, number in count_files(snapshot.collection).items()}
    found = ", ".join(f"{number:,} {status}" for status, number in sorted(files.items(), key=lambda pair: -pair[1]))
    click.echo(f"found {count(sum(files.values()), 'file')}: {found or 'no articles'}")
    if snapshot.collection.problems:
        click.echo(f"{count(len(snapshot.collection.problems), 'problem')}: 'syndicate check' lists them")
    rows = sorted(topic_rows(snapshot), key=lambda row: (-row["articles"], row["slug"]))
    click.echo(f"{count(len(rows), 'topic')}" + (":" if rows else ""))
    print_table(
        ("articles", "topic", "slug"),
        [
            (
                str(row["articles"]),
                f"{row['taxonomy']}: {row['label']}" if row["taxonomy"] else row["label"],
                row["slug"],
            )
            for row in rows[:_SHOWN_TOPICS]
        ],
    )
    if len(rows) > _SHOWN_TOPICS:
        click.echo(f"… and {len(rows) - _SHOWN_TOPICS:,} more; 'syndicate topics' lists them all")
