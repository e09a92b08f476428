"""All routers of the site: most under a language, a few without one.

Each is included in the site directly: the framework searches a tree of routers anew at every level,
which cost a request more than its handler did.
"""

from fastapi import APIRouter, FastAPI

from app.pages import (
    account,
    agreement,
    applications,
    assignments,
    assisted,
    attending,
    autosaving,
    awards,
    blindness,
    calls,
    check,
    confirming,
    consents,
    correcting,
    deadlines,
    demo,
    desk,
    desk_corrections,
    desk_privacy,
    digests,
    discussions,
    extensions,
    files,
    flags,
    home,
    inviting,
    ledger,
    mailbox,
    messages,
    my_data,
    open_ties,
    openings,
    organisation,
    own_keys,
    panel,
    phases,
    practice,
    progress,
    proposals,
    ranking,
    ranking_reviews,
    redaction,
    reminders,
    results,
    returning,
    returns,
    review_files,
    reviewer_own,
    reviewer_start,
    reviews,
    root,
    screening,
    sending,
    setup,
    sign_in,
    stage,
    standing,
    team,
    thirds,
    ties,
    versions,
    writing,
)

# An address is looked for in this order: what is asked most stands first.
LOCALISED: tuple[APIRouter, ...] = tuple(
    part.router
    for part in (
        calls,
        results,
        applications,
        messages,
        my_data,  # before `standing`: its address would be taken for a reference
        standing,
        correcting,
        consents,
        deadlines,
        sending,
        versions,
        files,
        autosaving,
        team,
        attending,
        writing,
        discussions,  # before `reviews`: its address would be taken for a code
        reviewer_start,  # before `reviews`: its address would be taken for a call's
        reviewer_own,  # and this one's for an application's
        review_files,
        open_ties,
        practice,  # before `reviews`, as the files and open ties: their addresses would be taken for a code
        reviews,
        setup,
        panel,
        inviting,
        organisation,
        assignments,
        proposals,
        ties,
        thirds,
        returns,
        phases,
        agreement,
        confirming,  # before `ranking_reviews`: its address would be taken for a code
        ranking,
        ranking_reviews,
        awards,
        blindness,
        stage,
        extensions,
        assisted,
        progress,
        redaction,
        desk,
        desk_corrections,
        screening,
        flags,
        desk_privacy,
        home,
        ledger,
        check,
        openings,
        sign_in,
        returning,
        digests,
        reminders,
        account,
        own_keys,
        mailbox,
        demo,
    )
)


def include_pages(site: FastAPI) -> None:
    """Give the site all its pages."""
    site.include_router(root.router)
    for router in LOCALISED:
        site.include_router(router, prefix="/{l:lang}")
