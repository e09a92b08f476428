"""The command line: `baige serve`, `migrate`, `demo`, … (also `python -m app …`); `make` calls it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

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


@contextmanager
def _in_one_line() -> Iterator[None]:
    """What an operator can mend is said in one line, without the way through the code."""
    try:
        yield
    except ValidationError as error:
        words = "; ".join(each["msg"] for each in error.errors(include_url=False, include_input=False))
    except DBAPIError as error:
        words = (
            f"The database refused: {str(error.orig).splitlines()[0]}. Is it there, and has `migrate` run?"
        )
    except OSError as error:
        words = str(error.strerror or error)
    else:
        return
    typer.echo(words, err=True)
    raise typer.Exit(1)


@cli.command()
def serve() -> None:
    """Serve the site: one pinned web worker per core, and the job worker."""
    from app.serving import listen
    from app.serving import serve as run

    settings = _settings()
    with _in_one_line():
        listening = listen(settings)
    run(settings, listening)


@cli.command()
def migrate(
    roles: Annotated[
        bool,
        typer.Option("--roles", help="Also make the role that keeps reviewers' requests from identities."),
    ] = False,
) -> None:
    """Bring the database to the newest version; a role that is there gets its grants anew."""
    from app.migrate import upgrade

    with _in_one_line():
        upgrade(_settings(), roles=roles)


@cli.command()
def work() -> None:
    """Run the job worker alone: it sends mail and cleans up."""
    from app.jobs.worker import work as run
    from app.logs import configure_logs
    from app.proving import prove_next

    settings = _settings()
    configure_logs(settings)
    run(settings, prove_next)


@cli.command()
def demo(
    today: Annotated[
        datetime | None,
        typer.Option(help="The day on which the demo stands; today, if none.", formats=["%Y-%m-%d"]),
    ] = None,
    first_run: Annotated[bool, typer.Option(help="Do nothing if there is a programme already.")] = False,
) -> None:
    """Load the demo programme: two archived calls, one in review, one open; all applicants invented."""
    from app.demo.load import load_demo

    with _in_one_line():
        typer.echo(load_demo(_settings(), (today or datetime.now(UTC)).date(), first_run=first_run))


@cli.command()
def copy_files() -> None:
    """Copy the files of the local folder into the bucket that is set; it may be repeated."""
    from app.errors import DomainError
    from app.files.opening import copy_files as copy

    settings = _settings()
    if not settings.s3_bucket:
        typer.echo("No bucket is set: see BAIGE_S3_BUCKET in .env.example.", err=True)
        raise typer.Exit(2)
    with _in_one_line():
        try:
            typer.echo(f"Files in the bucket: {copy(settings)}")
        except DomainError as error:
            typer.echo(f"The bucket does not answer or refuses: {error.code}. See the log.", err=True)
            raise typer.Exit(1) from None


@cli.command()
def prove(call: str) -> None:
    """Look for applicants' known secrets in all that reviewers of a call can read; fails if one is found."""
    from app.proving import prove_call

    with _in_one_line():
        proof = prove_call(_settings(), call, datetime.now(UTC))
    if proof is None:
        typer.echo("There is no such call, or a check of it is under way.", err=True)
        raise typer.Exit(2)
    typer.echo(
        f"{proof.applications} applications, {proof.reviewers} reviewers, {proof.texts} texts read: "
        f"{proof.found_secrets} of {proof.secrets} known secrets found. SHA-256 {proof.digest}"
    )
    for each in proof.found:
        typer.echo(
            f"{each.ref}: {each.kind} in {each.place}{'' if each.sure else ' (perhaps)'}, {each.times} times"
        )
    if proof.found_secrets:
        raise typer.Exit(1)


@cli.command()
def manager(email: str) -> None:
    """Let somebody create calls; they sign in with this address."""
    from app.accounts.managers import make_manager
    from app.database import make_engine, session_on

    engine = make_engine(_settings().database_url)
    with _in_one_line(), session_on(engine) as session, session.begin():
        make_manager(session, email, datetime.now(UTC))
    typer.echo(f"{email} may create calls.")


def main() -> None:
    """Run the command line."""
    cli()
