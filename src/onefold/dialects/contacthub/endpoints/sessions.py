"""Sessions of a customer."""

from msgspec import UNSET

from onefold.actions.sessions import drop_session, read_session, tie_session
from onefold.actions.sessions import list_sessions as list_all
from onefold.dialects.contacthub.endpoints.parameters import customer_id, path_id
from onefold.dialects.contacthub.shapes.customers import SessionCreate
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid
from onefold.model.sessions import Session
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call


async def list_sessions(call: Call) -> Answer:
    wanted = customer_id(call)
    found = await call.read(lambda tx: list_all(tx, call.actor, customer_id=wanted))
    return json_answer(200, {"elements": [_wire(one) for one in found]})


async def create_session(call: Call) -> Answer:
    call.actor.require(Permission.CUSTOMER_WRITE)
    wanted = customer_id(call)
    body = await call.body(SessionCreate)
    if body.value is UNSET:
        found = FieldError("/value", "is required")
        raise Invalid("session is not valid", fields=(found,))
    value = body.value
    tied = await call.write(
        lambda tx: tie_session(
            tx,
            call.actor,
            picture=call.picture,
            customer_id=wanted,
            value=value,
            at=call.at,
        )
    )
    return json_answer(201, _wire(tied))


async def get_session(call: Call) -> Answer:
    wanted, session_id = customer_id(call), path_id(call, "sessionId", "session")
    found = await call.read(
        lambda tx: read_session(tx, call.actor, customer_id=wanted, session_id=session_id)
    )
    return json_answer(200, _wire(found))


async def delete_session(call: Call) -> Answer:
    wanted, session_id = customer_id(call), path_id(call, "sessionId", "session")
    await call.write(
        lambda tx: drop_session(
            tx, call.actor, picture=call.picture, customer_id=wanted, session_id=session_id
        )
    )
    return Answer(200)


def _wire(session: Session) -> dict[str, str]:
    return {"id": str(session.id), "value": session.value}
