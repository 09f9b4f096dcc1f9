"""Properties that a workspace has switched off: what is written to them is ignored."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from onefold.model.changes import CustomerChange
from onefold.model.errors import FieldError, Invalid
from onefold.model.workspaces import Node

_HANDLES = "handles"
_SUBSCRIPTIONS = "subscriptions"
HANDLES = frozenset({"facebook", "google", "instagram", "linkedin", "qzone", "twitter"})
"""The networks that can be switched off one by one."""


def without_disabled(change: CustomerChange, disabled: Collection[str]) -> CustomerChange:
    """The change without what it says about these paths and lists."""
    if not disabled:
        return change
    values = {path: value for path, value in change.values.items() if path not in disabled}
    cleared = change.cleared
    kept = {name for name in HANDLES if f"{_HANDLES}.{name}" in disabled}
    if kept and _HANDLES in cleared:
        cleared -= {_HANDLES}
        gone = dict.fromkeys(f"{_HANDLES}.{name}" for name in sorted(HANDLES - kept))
        values = {**gone, **values}
    return replace(
        change,
        values=values,
        lists={name: one for name, one in change.lists.items() if name not in disabled},
        subscriptions=() if _SUBSCRIPTIONS in disabled else change.subscriptions,
        cleared=cleared,
    )


def check_needed(nodes: Iterable[Node], disabled: Collection[str]) -> None:
    """Raises Invalid when a node asks for a property that nobody could write."""
    for node in nodes:
        needed = [path for path in (*node.unique.paths, *node.mandatory) if path in disabled]
        if needed:
            message = f"is unique or mandatory in the node {node.name}"
            fields = tuple(FieldError(path, message) for path in needed)
            raise Invalid(f"{needed[0]} {message}, and cannot be switched off", fields=fields)
