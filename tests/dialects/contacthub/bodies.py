"""Bodies made from the contract's schemas: good ones, and good ones with one thing wrong."""

from typing import Any

from hypothesis import strategies as st

from onefold.dialects.contacthub.shapes.paths import LISTS, SCALARS, SYSTEM
from onefold.model.filters import Operator
from tests.contracts.contract import document, find_operation, resolve
from tests.dialects.contacthub.clients import MOUNT
from tests.dialects.contacthub.event_values import (
    context_schema,
    full_value,
    properties_schema,
)
from tests.dialects.contacthub.people import Json

Values = st.SearchStrategy[Any]

DIALECT = "contacthub"
BY_FORMAT: dict[str, Values] = {
    "uuid": st.sampled_from(
        ["<node>", "<customer>", "<event>", "00000000-0000-7000-8000-000000000001"]
    ),
    "date-time": st.sampled_from(
        ["2026-02-03T04:05:06.789+0000", "2026-02-03T04:05:06Z", "1969-12-31T23:59:59.9+01:00"]
    ),
    "date": st.sampled_from(["1985-12-10", "2024-02-29", "0001-01-01", "9999-12-31"]),
    "email": st.sampled_from(["ada@shop.example", "Ada@shop.example", "zoe@shop.example"]),
    "uri": st.sampled_from(["https://shop.example/a", "mailto:ada@shop.example"]),
    "ipv4": st.just("192.0.2.7"),
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
WORDS = st.sampled_from(["a", "news", "school", "tea", "clerk", "x.y", "x/y", ""])
NUMBERS = st.integers(-(2**40), 2**40) | st.floats(-1e6, 1e6) | st.sampled_from([0, -1, 10**30])
ANYTHING: Values = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)
"""Any JSON at all, lone surrogates and NUL characters included."""

INVENTED = st.dictionaries(st.text(max_size=4), ANYTHING, max_size=2)


def bodies_of(method: str, path: str) -> Values:
    """Bodies for an operation: mostly good, and broken in one place."""
    operation = find_operation(DIALECT, method, path)
    assert operation is not None
    good = values(operation.request)
    if operation.operation_id == "createEvent":
        good = st.builds(as_event, good, known=st.booleans(), full=st.booleans())
    return good | good.flatmap(broken)


def as_event(body: Json, *, known: bool, full: bool) -> Json:
    """Give the event one owner, and properties that fit its type."""
    schema = properties_schema(body["type"])
    needed = {name: full_value(schema["properties"][name]) for name in schema.get("required", ())}
    whole = {**body, "properties": full_value(schema) if full else needed}
    whole["contextInfo"] = full_value(context_schema(body["context"])) if full else {}
    whole.pop("bringBackProperties" if known else "customerId", None)
    brought = {"type": "SESSION_ID", "value": "visit-1", "nodeId": "<node>"}
    return whole | ({"customerId": "<customer>"} if known else {"bringBackProperties": brought})


def mount_of(path: str) -> str:
    workspace = "00000000-0000-7000-8000-000000000009"
    return f"{MOUNT.removeprefix('http://onefold.example')}/workspaces/{workspace}{path}"


def values(schema: Json) -> Values:
    """Values of a schema; of its limits only those that matter for making one."""
    schema = resolve(DIALECT, schema)
    if "allOf" in schema:
        parts = [values(part) for part in schema["allOf"] if part.keys() != {"required"}]
        needed = [name for part in schema["allOf"] for name in part.get("required", ())]
        return with_needed(st.tuples(*parts).map(merged), needed)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([values(one) for one in schema["anyOf"]])
    kinds = schema.get("type", "object")
    return st.one_of(
        [of_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    )


def of_kind(kind: str, schema: Json) -> Values:
    if kind == "object":
        return objects(schema)
    if kind == "array":
        return st.lists(values(schema.get("items") or {"type": "string"}), max_size=2)
    if kind == "string":
        return BY_FORMAT.get(schema.get("format", ""), WORDS | TEXTS)
    simple: dict[str, Values] = {
        "integer": st.integers(-3000, 3000),
        "number": NUMBERS,
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return simple[kind]


def objects(schema: Json) -> Values:
    named = {name: values(one) for name, one in schema.get("properties", {}).items()}
    needed = {name: named.pop(name) for name in schema.get("required", ()) if name in named}
    made = st.fixed_dictionaries(needed, optional=named)
    if schema.get("additionalProperties") is True:
        return st.tuples(made, INVENTED).map(merged)
    return made


def with_needed(made: Values, needed: list[str]) -> Values:
    """Give what only the outer schema asks for; an id that was left out, mostly."""
    fallback = {"id": "new", "subscribed": True, "nodeId": "<node>"}
    known = {name: fallback[name] for name in needed if name in fallback}
    return made.map(lambda body: {**known, **body})


def merged(parts: tuple[Json, ...]) -> Json:
    whole: dict[str, Json] = {}
    for part in parts:
        if isinstance(part, dict):
            whole |= part
    return whole


def broken(body: Json) -> Values:
    """Replace, remove or add one thing somewhere in a body."""
    places = list(places_in(body))
    return st.tuples(st.sampled_from(places), ANYTHING, st.text(max_size=3)).map(
        lambda change: changed(body, change[0], change[1], change[2])
    )


def places_in(value: Json, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found += places_in(inner, (*path, name))
    return found


def changed(value: Json, path: tuple[Any, ...], new: Json, name: str) -> Json:
    if not path:
        return {**value, name: new} if isinstance(value, dict) else new
    copied = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and new is None and isinstance(copied, dict):
        del copied[path[0]]
    else:
        copied[path[0]] = changed(copied[path[0]], path[1:], new, name)
    return copied


def parameters_of(method: str, path: str) -> Values:
    """Query parameters of an operation, any of them, with good and with bad values."""
    operation = find_operation(DIALECT, method, path)
    assert operation is not None
    node = document(DIALECT)["paths"][operation.path][method.lower()]
    named = [resolve(DIALECT, one) for one in node.get("parameters", ())]
    names = [one["name"] for one in named if one["in"] == "query"]
    words = "0 1 5 <node> <customer> viewedPage WEB ACTIVE CUSTOMER base.firstName STRICT news"
    good = st.sampled_from([*words.split(), "updatedAt,desc", "2026-02-03T04:05:06Z"])
    return st.dictionaries(st.sampled_from(names or ["nodeId"]), good | TEXTS, max_size=4)


ATTRIBUTES = st.sampled_from(
    [
        *SCALARS,
        *SYSTEM,
        *(f"{name}.{field}" for name, (_, fields) in LISTS.items() for field in fields),
        *("tags.manual", "extended.a", "extended.nothing", "base.socialProfile.facebook"),
        *("consents.softSpam.email.status", "base.likes", "base", "nothing", ""),
    ]
)
OPERATORS = st.sampled_from([*(one.value for one in Operator), "LIKE"])
OPERANDS = st.none() | st.booleans() | NUMBERS | TEXTS | BY_FORMAT["date-time"] | BY_FORMAT["uuid"]


def conditions() -> Values:
    """Conditions of the query language, joined in any way."""
    atomic = st.fixed_dictionaries(
        {"type": st.just("atomic"), "attribute": ATTRIBUTES, "operator": OPERATORS},
        optional={"value": OPERANDS | st.lists(OPERANDS, max_size=3)},
    )
    return st.recursive(atomic, composite, max_leaves=6)


def composite(inner: Values) -> Values:
    return st.fixed_dictionaries(
        {
            "type": st.just("composite"),
            "conjunction": st.sampled_from(["and", "or"]),
            "conditions": st.lists(inner, min_size=1, max_size=3),
        }
    )


def queries() -> Values:
    """Whole queries, simple and combined; what a customer did is asked for too."""
    event = st.fixed_dictionaries({"name": st.sampled_from(["viewedPage", "loggedIn", "x"])})
    did = st.fixed_dictionaries(
        {"event": event},
        optional={
            "timeframe": st.fixed_dictionaries(
                {"operator": OPERATORS, "value": OPERANDS | st.lists(OPERANDS, max_size=2)}
            )
        },
    )
    simple = st.fixed_dictionaries(
        {"type": st.just("simple"), "are": st.fixed_dictionaries({"condition": conditions()})},
        optional={"did": did, "name": st.just("query")},
    )
    return st.recursive(simple, combined, max_leaves=3).map(lambda query: {"query": query})


def combined(inner: Values) -> Values:
    return st.fixed_dictionaries(
        {
            "type": st.just("combined"),
            "conjunction": st.sampled_from(["UNION", "INTERSECT", "EXCEPT"]),
            "queries": st.lists(inner, min_size=1, max_size=3),
        }
    )
