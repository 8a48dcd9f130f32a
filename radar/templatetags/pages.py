"""Navigation of the page frame: the pages that this site really serves."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TypedDict

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

register = template.Library()


class Page(TypedDict):
    """One entry of the navigation."""

    title: str
    url: str
    icon: str
    current: bool


def _addresses() -> Iterator[tuple[str, str]]:
    yield "Radar", "/"
    yield "Missions", "/missions/"
    for title, name in (("Analytics", "analytics"), ("Lake", "lake"), ("Status", "status")):
        with suppress(NoReverseMatch):
            yield title, reverse(name)


def _served(url: str) -> bool:
    try:
        resolve(url)
    except Resolver404:
        return False
    return True


@register.simple_tag(takes_context=True)
def site_pages(context: Context) -> list[Page]:
    """The pages in order, each with title, url, icon name and whether it is the current one."""
    request = context.get("request")
    here = request.path if isinstance(request, HttpRequest) else ""
    return [
        Page(
            title=title,
            url=url,
            icon=title.lower(),
            current=here == url if url == "/" else here.startswith(url),
        )
        for title, url in _addresses()
        if _served(url)
    ]
