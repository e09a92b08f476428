"""Whole addresses of public pages, as other sites, feeds and calendars need them."""

from fastapi import Request

from app.pages.page import path_to
from app.settings import Settings


def address_of(request: Request, language: str, route: str, **params: object) -> str:
    """The address of a page with the site before it."""
    return base_of(request) + path_to(language, route, **params)


def base_of(request: Request) -> str:
    """The address of the site, without a slash at its end."""
    settings: Settings = request.state.settings
    return settings.base_url.rstrip("/")


def host_of(request: Request) -> str:
    """The name of the site's machine, which ids are made of."""
    return base_of(request).partition("://")[2].partition("/")[0].partition(":")[0]
