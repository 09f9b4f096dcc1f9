"""Drafts made ready: everything about them that can be told without the database.

An importer does this while the database stores the batch before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from onefold.actions.customers.drafts import CustomerDraft, Operation
from onefold.actions.directory import Picture
from onefold.model.access import Actor
from onefold.model.changes import CustomerChange, apply_change
from onefold.model.customers import EMPTY_PROFILE, Profile
from onefold.model.errors import FieldError, Invalid, Refusal
from onefold.model.limits import limit_errors
from onefold.model.matching import require_values, unique_key_of, value_at
from onefold.model.plain import PlainRecord, plain_record
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.switches import without_disabled
from onefold.model.workspaces import Node

_CUSTOM = "custom."


class Plan:
    """A draft that may be saved, and where it goes.

    Where it may make a new customer, `key` is its claim in the node and `plain` what it comes to
    if it is plain.
    """

    __slots__ = ("_at", "_fresh", "draft", "key", "node", "plain", "target")

    def __init__(self, draft: CustomerDraft, node: Node | None, at: datetime) -> None:
        self.draft = draft
        self.node = node
        self.target: UUID | None = draft.customer_id
        self.key: str | None = None
        self.plain: PlainRecord | None = None
        self._fresh: Profile | None = None
        self._at = at

    @property
    def is_open(self) -> bool:
        """Whether nobody is named, so that it may make a new customer."""
        return self.draft.customer_id is None

    @property
    def fresh(self) -> Profile:
        """The profile of a new customer; worked out when it is first asked for."""
        if self._fresh is None:
            self._fresh = apply_change(EMPTY_PROFILE, self.draft.change, at=self._at)
        return self._fresh

    def claim_in(self, node: Node) -> None:
        """Works out the claim; raises Invalid for properties that the node asks for."""
        self.plain = plain_record(self.draft.change)
        find = self.plain.find if self.plain is not None else partial(value_at, self.fresh)
        require_values(node, find)
        self.key = unique_key_of(node, find)


def plan_drafts(
    actor: Actor, picture: Picture, *, drafts: Sequence[CustomerDraft], at: datetime
) -> list[Plan | Refusal]:
    """A plan or the reason why not for each draft, by the rules in the picture."""
    return [_plan_or_refusal(actor, picture, draft, at) for draft in drafts]


def _plan_or_refusal(
    actor: Actor, picture: Picture, draft: CustomerDraft, at: datetime
) -> Plan | Refusal:
    try:
        return _plan(actor, picture, draft, at)
    except Refusal as refusal:
        return refusal


def _plan(actor: Actor, picture: Picture, draft: CustomerDraft, at: datetime) -> Plan:
    draft = _enabled(picture, draft)
    _check_content(picture, draft.change)
    node = None
    if draft.node_id is not None:
        node = picture.workspace.entry_node(draft.node_id)
        actor.require_node(node.id)
    plan = Plan(draft, node, at)
    if not plan.is_open:
        return plan
    if node is None:
        message = "nodeId is required"
        raise Invalid(message, fields=(FieldError("node_id", "is required"),))
    plan.claim_in(node)
    return plan


def _enabled(picture: Picture, draft: CustomerDraft) -> CustomerDraft:
    """Without what the workspace has switched off; undoing restores everything."""
    disabled = picture.workspace.settings.disabled_properties
    if not disabled or draft.operation is Operation.REVERT:
        return draft
    return replace(draft, change=without_disabled(draft.change, disabled))


def _check_content(picture: Picture, change: CustomerChange) -> None:
    found = list(limit_errors(change))
    custom = {
        path.removeprefix(_CUSTOM): value
        for path, value in change.values.items()
        if path.startswith(_CUSTOM)
    }
    if custom:
        found.extend(picture.definitions.findings(CUSTOMER_OWNER, custom, "custom"))
    if found:
        raise Invalid("source customer is not valid", fields=tuple(found))
