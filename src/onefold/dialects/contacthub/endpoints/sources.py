"""Sources: integrations with a token."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET

from onefold.actions.sources import (
    ShownSource,
    change_source,
    create_source,
    read_source,
    read_sources,
    refresh_token,
)
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import find_source
from onefold.dialects.contacthub.endpoints.configuring import configure, whole_page
from onefold.dialects.contacthub.endpoints.parameters import path_id
from onefold.dialects.contacthub.mapping.sources import source_of, wire_source
from onefold.dialects.contacthub.shapes.providers import provider_of
from onefold.dialects.contacthub.shapes.sources import SourceBody
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid
from onefold.model.ids import uuid7
from onefold.model.sources import check_single_link
from onefold.model.workspaces import Source
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint

API = "API"
CONTACTSEND = "CONTACTSEND"
USER_DATABASE = ("groupPk", "userdbId")


async def list_sources(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_READ)
    found = await call.read(lambda tx: read_sources(tx, call.actor))
    elements = [wire_source(one.source, one.token) for one in found]
    return json_answer(200, {"elements": elements, "page": whole_page(len(elements))})


async def get_source(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_READ)
    wanted = path_id(call, "sourceId", "source")
    found = await call.read(lambda tx: read_source(tx, call.actor, source_id=wanted))
    return _answer(200, found)


async def add_source(call: Call) -> Answer:
    body = await _body(call)
    word = API if body.provider is UNSET else body.provider
    provider = provider_of(word)
    if provider.retired:
        raise _invalid("/provider", "no new source can be of this kind")
    source = source_of(body, source_id=uuid7(call.at), provider=word)
    _check_properties(call, source)
    made = await configure(
        call,
        lambda tx: create_source(
            tx,
            call.actor,
            picture=call.picture,
            source=source,
            check=_check_links,
            role=provider.role,
            at=call.at,
        ),
    )
    return _answer(201, made)


async def update_source(call: Call) -> Answer:
    wanted = path_id(call, "sourceId", "source")
    body = await _body(call)
    if body.id is not UNSET and UUID(body.id) != wanted:
        raise _invalid("/id", "is not the one in the path")

    async def change(tx: Transaction) -> ShownSource:
        stored = await find_source(tx, call.actor, source_id=wanted)
        if body.provider not in (UNSET, stored.provider):
            raise _invalid("/provider", "cannot change")
        source = source_of(
            body, source_id=wanted, provider=stored.provider, networks=stored.networks
        )
        _check_properties(call, source)
        return await change_source(
            tx,
            call.actor,
            picture=call.picture,
            source=source,
            check=_check_links,
            at=call.at,
        )

    return _answer(200, await configure(call, change))


async def refresh_source_token(call: Call) -> Answer:
    wanted = path_id(call, "sourceId", "source")

    async def refresh(tx: Transaction) -> ShownSource:
        stored = await find_source(tx, call.actor, source_id=wanted)
        return await refresh_token(
            tx,
            call.actor,
            picture=call.picture,
            source_id=wanted,
            role=provider_of(stored.provider).role,
            at=call.at,
        )

    return _answer(200, await configure(call, refresh))


async def _body(call: Call) -> SourceBody:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    return await call.body(SourceBody)


def _answer(status: int, shown: ShownSource) -> Answer:
    return json_answer(status, wire_source(shown.source, shown.token))


def _check_properties(call: Call, source: Source) -> None:
    """The contract has checked their form; a name that the provider does not know is a mistake."""
    schemas: Mapping[str, Any] = call.contract.document["components"]["schemas"]
    known = schemas[provider_of(source.provider).properties]["properties"]
    unknown = [name for name in source.properties if name not in known]
    if unknown:
        message = f"is not a property of {source.provider}"
        fields = tuple(FieldError(f"/properties/{name}", message) for name in unknown)
        raise Invalid("properties are not valid", fields=fields)


def _check_links(source: Source, others: Sequence[Source]) -> None:
    """One source of Contactsend, one node, one user database."""
    if source.provider == CONTACTSEND:
        check_single_link(source, others, keys=USER_DATABASE)


def _invalid(pointer: str, message: str) -> Invalid:
    name = pointer.rpartition("/")[2]
    return Invalid(f"{name} {message}", fields=(FieldError(pointer, message),))


ENDPOINTS: Mapping[str, Endpoint] = {
    "listSources": list_sources,
    "getSource": get_source,
    "createSource": add_source,
    "updateSource": update_source,
    "refreshSourceToken": refresh_source_token,
}
