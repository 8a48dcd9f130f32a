"""The base of all lists and pages of the admin: people read, services write, and no list looks at all of its rows."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse

from hocotate_site.admin.counting import EstimatingPaginator
from hocotate_site.bounded import SearchTooBroad, bounded

SECONDS: Final = 5.0
"""A list whose rows take longer to find is not shown."""
LARGEST: Final = 2**63 - 1


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # ModelAdmin takes no argument at run time
    """Rows that people read, and that only services write.

    Attributes:
        search_numbers: fields that a word of digits is looked for in, as a whole number.
        search_fields: fields that other words are looked for in, as a part.
    """

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = EstimatingPaginator
    change_list_template = "admin/bounded_list.html"
    search_numbers: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse | TemplateResponse:
        """The list, or a page that says how to ask for less."""
        if request.method != "GET":
            return super().changelist_view(request, extra_context)
        try:
            with bounded(SECONDS):
                response = super().changelist_view(request, extra_context)
                # Its rows are asked for as it is drawn.
                return response.render() if isinstance(response, TemplateResponse) else response
        except SearchTooBroad as error:
            context = {"title": "Too many rows", "detail": str(error), "back": request.path, "action": "The whole list"}
            return render(request, "error.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows in which every word is found. Django's own turns numbers into text, which no index can serve."""
        for word in search_term.split():
            found = Q()
            if word.isascii() and word.isdecimal() and int(word) <= LARGEST:
                for name in self.search_numbers:
                    found |= Q(**{name: int(word)})
            for name in self.search_fields:
                exact = name.startswith("=")
                found |= Q(**{name[1:]: word}) if exact else Q(**{f"{name}__icontains": word})
            queryset = queryset.filter(found)
        return queryset, False
