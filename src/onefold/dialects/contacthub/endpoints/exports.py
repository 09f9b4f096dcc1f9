"""Data protection: everything of a customer handed over, and everything forgotten."""

from collections.abc import Mapping, Sequence

from onefold.actions.customers.forget import forget_customer as forget
from onefold.actions.portability import CustomerRecord, export_customer
from onefold.actions.transaction import Transaction
from onefold.dialects.contacthub.endpoints.parameters import customer_id
from onefold.dialects.contacthub.mapping.consent_logs import wire_line
from onefold.dialects.contacthub.mapping.customers import wire_customer
from onefold.dialects.contacthub.mapping.events import wire_event
from onefold.dialects.contacthub.mapping.history import wire_version
from onefold.model.events import Event
from onefold.web.answers import Answer, encode_json
from onefold.web.endpoint import Call, Endpoint

JSON = b"application/json"


async def export_customer_data(call: Call) -> Answer:
    """The answer is put together in pieces: a long life has many events."""
    wanted = customer_id(call)
    pieces: list[bytes] = []

    def take(events: Sequence[Event]) -> None:
        pieces.extend(encode_json(wire_event(one)) for one in events)

    async def load(tx: Transaction) -> CustomerRecord:
        pieces.clear()
        return await export_customer(
            tx,
            call.actor,
            picture=call.picture,
            customer_id=wanted,
            take=take,
            at=call.at,
        )

    record = await call.write(load)
    others = encode_json(_others(record))
    customer = encode_json(wire_customer(record.customer))
    body = b'{"customer":%b,"events":[%b],%b' % (customer, b",".join(pieces), others[1:])
    return Answer(200, body, (), JSON)


async def forget_customer(call: Call) -> Answer:
    wanted = customer_id(call)
    await call.write(
        lambda tx: forget(tx, call.actor, picture=call.picture, customer_id=wanted, at=call.at)
    )
    return Answer(204)


def _others(record: CustomerRecord) -> dict[str, object]:
    """What Contacthub's own export does not have."""
    return {
        "sessions": [{"id": str(one.id), "value": one.value} for one in record.sessions],
        "consentLogs": [wire_line(one) for one in record.lines],
        "history": [wire_version(one) for one in record.history],
        "identifiers": [{"type": kind, "value": value} for kind, value in record.identifiers],
    }


ENDPOINTS: Mapping[str, Endpoint] = {
    "exportCustomerData": export_customer_data,
    "forgetCustomer": forget_customer,
}
