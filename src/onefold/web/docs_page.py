"""A readable page of a dialect's contract: plain HTML, nothing to fetch."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;border-bottom:1px solid #ccc}code{background:#f2f2f2;padding:.1em .3em}
details{border:1px solid #ddd;border-radius:.4rem;margin:.6rem 0;padding:.4rem .8rem}
summary{cursor:pointer}b.m{display:inline-block;min-width:4.5rem}
@media(prefers-color-scheme:dark){body{background:#111;color:#eee}code{background:#222}}
"""


def docs_page(name: str, document: Mapping[str, Any], notes: str) -> str:
    """Operations by tag, each with its parameters, answers and statements of behaviour."""
    title = escape(str(document["info"]["title"]))
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>",
        f"<style>{_STYLE}</style><h1>{title}</h1>",
        f"<p>The whole contract: <a href='/{name}/openapi.json'>openapi.json</a>.</p>",
        f"<p>{escape(notes)}</p>",
    ]
    for tag, operations in _by_tag(document).items():
        parts.append(f"<h2>{escape(tag)}</h2>")
        parts.extend(operations)
    return "".join(parts)


def _by_tag(document: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            operation = operations.get(method)
            if operation is not None:
                tag = (operation.get("tags") or ["Other"])[0]
                text = "".join(_operation(path, method, operation))
                found.setdefault(tag, []).append(text)
    return found


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<details id='{escape(operation['operationId'])}'><summary>"
    yield f"<b class=m>{method.upper()}</b> <code>{escape(path)}</code></summary>"
    yield f"<p>{escape(operation.get('description', ''))}</p>"
    yield f"<p>Answers: {escape(', '.join(map(str, operation['responses'])))}</p><ul>"
    for statement in operation.get("x-behaviour", ()):
        yield f"<li>{escape(str(statement))}</li>"
    yield "</ul></details>"
