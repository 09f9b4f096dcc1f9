"""Entry nodes: made and changed, with new claims where customers are told apart otherwise.

The caller holds the workspace's row, see `Directory.locked`.
"""

from dataclasses import replace
from datetime import datetime

from onefold.actions.aggregates import project_again
from onefold.actions.customers.rekey import rekey_node
from onefold.actions.directory import Picture, require_open
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import list_sources, save_node
from onefold.model.access import Actor, Permission
from onefold.model.errors import FieldError, Invalid
from onefold.model.switches import check_needed
from onefold.model.workspaces import Node, UniquePolicy, check_name


async def store_entry_node(
    tx: Transaction, actor: Actor, *, picture: Picture, node: Node, at: datetime
) -> Node:
    """The node as it is stored, new or changed; another policy is a new version of it."""
    actor.require(Permission.CONFIGURATION_WRITE)
    require_open(picture.workspace, writing=True)
    check_name(node.name)
    check_needed([node], picture.workspace.settings.disabled_properties)
    await _check_sources(tx, actor, node)
    known = picture.workspace.nodes.get(node.id)
    unique = node.unique if known is None else _versioned(node.unique, known.unique)
    stored = replace(node, unique=unique)
    await save_node(tx, actor, node=stored, at=at)
    if known is not None and known.unique != stored.unique:
        await rekey_node(tx, actor, node=stored)
    if known is not None and known.source_priority != stored.source_priority:
        await project_again(
            tx, actor, workspace=picture.workspace, at=at, entry_node_ids=[stored.id]
        )
    return stored


def _versioned(wanted: UniquePolicy, known: UniquePolicy) -> UniquePolicy:
    same = replace(wanted, version=known.version) == known
    return known if same else replace(wanted, version=known.version + 1)


async def _check_sources(tx: Transaction, actor: Actor, node: Node) -> None:
    if not node.source_priority:
        return
    known = {one.id for one in await list_sources(tx, actor)}
    if not set(node.source_priority) <= known:
        message = "names a source that is not there"
        raise Invalid(f"sourcePriority {message}", fields=(FieldError("source_priority", message),))
