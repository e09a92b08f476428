"""All routers of the site: most under a language, a few without one.

Each is included in the site directly: the framework searches a tree of routers anew at every level,
which cost a request more than its handler did.
"""

from fastapi import APIRouter, FastAPI

from app.pages import (
    account,
    applications,
    assignments,
    awards,
    calls,
    correcting,
    demo,
    desk,
    desk_corrections,
    desk_privacy,
    home,
    mailbox,
    my_data,
    panel,
    ranking,
    results,
    reviews,
    root,
    sending,
    setup,
    sign_in,
    stage,
    standing,
    writing,
)

# An address is looked for in this order: what is asked most stands first.
LOCALISED: tuple[APIRouter, ...] = tuple(
    part.router
    for part in (
        calls,
        results,
        applications,
        my_data,  # before `standing`: its address would be taken for a reference
        standing,
        correcting,
        sending,
        writing,
        reviews,
        setup,
        panel,
        assignments,
        ranking,
        awards,
        stage,
        desk,
        desk_corrections,
        desk_privacy,
        home,
        sign_in,
        account,
        mailbox,
        demo,
    )
)


def include_pages(site: FastAPI) -> None:
    """Give the site all its pages."""
    site.include_router(root.router)
    for router in LOCALISED:
        site.include_router(router, prefix="/{l:lang}")
