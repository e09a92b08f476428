"""The command line: `python -m app serve`, `migrate`, `demo`, …; `make` calls it."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer
from pydantic import ValidationError

from app.settings import Settings

cli = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, add_completion=False)


def _settings(**changed: object) -> Settings:
    try:
        return Settings(**changed)  # type: ignore[arg-type]
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            place = ".".join(str(part) for part in each["loc"])
            typer.echo(
                f"{place + ': ' if place else ''}{each['msg'].removeprefix('Value error, ')}", err=True
            )
        raise typer.Exit(2) from None


@cli.command()
def serve() -> None:
    """Serve the site: one pinned web worker per core, and the job worker."""
    from app.serving import serve as run

    run(_settings())


@cli.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    from app.migrate import upgrade

    upgrade(_settings())


@cli.command()
def work() -> None:
    """Run the job worker alone: it sends mail and cleans up."""
    from app.jobs.worker import work as run
    from app.logs import configure_logs

    settings = _settings()
    configure_logs(settings)
    run(settings)


@cli.command()
def demo(
    today: Annotated[str, typer.Option(help="The day on which the demo stands, e.g. 2026-11-22.")] = "",
    first_run: Annotated[bool, typer.Option(help="Do nothing if there is a programme already.")] = False,
) -> None:
    """Load the demo programme: two archived calls, one in review, one open; all applicants invented."""
    from app.demo.load import load_demo

    day = date.fromisoformat(today) if today else datetime.now(UTC).date()
    typer.echo(load_demo(_settings(), day, first_run=first_run))


@cli.command()
def manager(email: str) -> None:
    """Let somebody create calls; they sign in with this address."""
    from app.accounts.managers import make_manager
    from app.database import make_engine, session_on

    engine = make_engine(_settings().database_url)
    with session_on(engine) as session, session.begin():
        make_manager(session, email, datetime.now(UTC))
    typer.echo(f"{email} may create calls.")


def main() -> None:
    """Run the command line."""
    cli()
