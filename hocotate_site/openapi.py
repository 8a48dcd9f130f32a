"""What the OpenAPI schema says of refusals: their content type, and those that any operation may give."""

from typing import Any, Final

from hocotate_site.problems import CONTENT_TYPE

ALWAYS: Final = {
    "400": "The request can't be read",
    "429": "Too many requests: ask again after `Retry-After` seconds",
    "503": "The database is away",
}
METHODS: Final = ("get", "post", "put", "patch", "delete")
PROBLEM: Final = "#/components/schemas/ErrorOut"


def file_of(*media_types: str) -> dict[str, Any]:
    """An operation's `openapi_extra`: it answers with a file of one of these types."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}
    return {"responses": {200: {"description": "A file", "content": content}}}


def tell_refusals(schema: dict[str, Any]) -> None:
    """Say in the schema that refusals are problems, and that every operation has those of `ALWAYS`."""
    for path in schema["paths"].values():
        for method in METHODS:
            if method in path:
                _refusals(path[method]["responses"])


def _refusals(responses: dict[Any, Any]) -> None:
    for code in list(responses):
        content = responses[code].get("content", {})
        if int(code) >= 400 and "application/json" in content:
            content[CONTENT_TYPE] = content.pop("application/json")
    told = {str(code) for code in responses}
    for code, description in ALWAYS.items():
        if code not in told:
            content = {CONTENT_TYPE: {"schema": {"$ref": PROBLEM}}}
            responses[int(code)] = {"description": description, "content": content}
