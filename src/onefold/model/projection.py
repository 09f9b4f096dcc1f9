"""The profile of a person: what its customers say, by merge policies.

Customers come in the order of priority. Of plain values the first that there is wins; a primary
contact point or address is taken whole; lists are united. Custom properties follow the policy
of their definition. Consents are the strictest: one refusal outweighs every consent, and silence
says nothing. A password is nobody's but the customer's who chose it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from onefold.model.changes import SAMENESS
from onefold.model.consents import Consent, Consents
from onefold.model.customers import Credential, Customer, Name, Profile, Tags
from onefold.model.merge_policies import MergePolicy
from onefold.model.merging import merged_value
from onefold.model.workspaces import Node

Policies = Mapping[str, MergePolicy]
"""Name of a custom property -> how its values are merged; by priority when it is not there."""

_FIRST: tuple[str, ...] = (
    "external_id",
    "birth_date",
    "gender",
    "locale",
    "timezone",
    "currency",
    "picture",
    "national_id",
    "extra",
)
_UNITED: tuple[str, ...] = ("devices", "educations", "employments", "likes", "subscriptions")
_PARTS = fields(Name)
_BY_KEY: tuple[str, ...] = ("handles", "details", "choices")


def policies_of(definitions: Mapping[str, Mapping[str, Any]]) -> dict[str, MergePolicy]:
    """The merge policies that definitions of custom properties name."""
    return {
        name: MergePolicy(one["merge_policy"])
        for name, one in definitions.items()
        if one.get("merge_policy")
    }


def in_order(
    customers: Iterable[Customer], node: Node, entries: Mapping[UUID, Node]
) -> list[Customer]:
    """Customers of a person, the one first whose values win.

    By the source that made the customer, in the aggregate node's order of sources or else in its
    entry node's; then by the order in which the aggregate node names its entry nodes; then by age.
    """
    places = {entry: place for place, entry in enumerate(node.entry_node_ids)}

    def rank(one: Customer) -> tuple[int, int, UUID]:
        listed = node.source_priority or entries[one.node_id].source_priority
        place = listed.index(one.registered_by) if one.registered_by in listed else len(listed)
        return place, places.get(one.node_id, len(places)), one.id

    return sorted(customers, key=rank)


def projected(profiles: Sequence[Profile], policies: Policies) -> Profile:
    """The profile of the person whose customers have these, in the order of priority.

    Most persons have one customer, and look like it.
    """
    if len(profiles) == 1:
        [only] = profiles
        if only.credential.password_hash is None:
            return only
        return replace(only, credential=replace(only.credential, password_hash=None))
    plain: dict[str, Any] = {}
    for names, merge in ((_FIRST, _first), (_UNITED, _united), (_BY_KEY, _by_key)):
        plain |= {name: merge([getattr(one, name) for one in profiles]) for name in names}
    keyed, next_key = _keyed(profiles)
    return Profile(
        name=_name(profiles),
        next_key=next_key,
        credential=Credential(_first(one.credential.username for one in profiles)),
        consents=strictest([one.consents for one in profiles]),
        tags=Tags(
            _united([one.tags.auto for one in profiles]),
            _united([one.tags.manual for one in profiles]),
        ),
        custom=_custom([one.custom for one in profiles], policies),
        enabled=any(one.enabled for one in profiles),
        **plain,
        **keyed,
    )


def strictest(consents: Sequence[Consents]) -> Consents:
    """What nobody of them objects to; the notice is the first that was seen."""
    names = dict.fromkeys(name for one in consents for name in one.purposes)
    purposes = {
        name: _strictest([one.purposes.get(name, Consent()) for one in consents]) for name in names
    }
    notice = next((one.notice for one in consents if one.notice != type(one.notice)()), None)
    return Consents(purposes=purposes) if notice is None else Consents(notice, purposes)


def _strictest(decided: Sequence[Consent]) -> Consent:
    return Consent(
        status=_unless([one.status for one in decided], refused=False),
        limitation=_unless([one.limitation for one in decided], refused=True),
        objection=_unless([one.objection for one in decided], refused=True),
    )


def _unless(said: Sequence[bool | None], *, refused: bool) -> bool | None:
    spoken = [one for one in said if one is not None]
    if not spoken:
        return None
    return refused if refused in spoken else not refused


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value not in (None, "")), None)


def _name(profiles: Sequence[Profile]) -> Name:
    names = [one.name for one in profiles]
    return Name(**{one.name: _first(getattr(name, one.name) for name in names) for one in _PARTS})


def _united(lists: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    """Every item once; of two with one id the first stands."""
    found: dict[object, Any] = {}
    for items in lists:
        for item in items:
            found.setdefault(getattr(item, "id", item), item)
    return tuple(found.values())


def _by_key(objects: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in objects:
        for key, value in one.items():
            found.setdefault(key, value)
    return found


def _custom(objects: Sequence[Mapping[str, Any]], policies: Policies) -> dict[str, Any]:
    names = dict.fromkeys(name for one in objects for name in one)
    return {
        name: merged_value(
            policies.get(name, MergePolicy.PRIORITY), [one.get(name) for one in objects]
        )
        for name in names
    }


def _keyed(profiles: Sequence[Profile]) -> tuple[dict[str, Any], int]:
    """Contact points and addresses, with keys of the person's own.

    What is primary in a customer stays so unless a customer of higher priority has one of the
    kind; then it stands among the others.
    """
    key = 1
    found: dict[str, Any] = {}
    for name, sameness in SAMENESS.items():
        kept: dict[object, Any] = {}
        taken: set[object] = set()
        for item in (item for one in profiles for item in getattr(one, name)):
            kind = getattr(item, "kind", None)
            leads = item.primary and kind not in taken
            same = sameness(item)
            if leads:
                taken.add(kind)
            if same not in kept:
                as_it_is = item.key == key and item.primary == leads
                kept[same] = item if as_it_is else replace(item, key=key, primary=leads)
                key += 1
            elif leads:
                kept[same] = replace(kept[same], primary=True)
        found[name] = tuple(kept.values())
    return found, key
