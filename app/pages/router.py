"""All routers of the site: most under a language, a few without one."""

from fastapi import APIRouter

from app.pages import (
    account,
    applications,
    assignments,
    awards,
    calls,
    demo,
    desk,
    home,
    mailbox,
    panel,
    ranking,
    results,
    reviews,
    root,
    sending,
    setup,
    sign_in,
    stage,
    writing,
)

router = APIRouter()
router.include_router(root.router)

localised = APIRouter(prefix="/{l:lang}")
for part in (
    home,
    sign_in,
    account,
    mailbox,
    demo,
    calls,
    results,
    applications,
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
):
    localised.include_router(part.router)
router.include_router(localised)
