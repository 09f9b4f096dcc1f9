"""Every path of Contacthub on one page, as the contract writes it.

Those that clients call most stand first: the first match answers.
"""

from onefold.dialects.contacthub.auth import authenticate
from onefold.dialects.contacthub.endpoints import (
    customers,
    events,
    models,
    sessions,
    updates,
)
from onefold.dialects.contacthub.endpoints.items import ITEM_ENDPOINTS
from onefold.dialects.contacthub.errors import fail, refuse
from onefold.web.contract import Contract
from onefold.web.endpoint import Door, Route

NAME = "contacthub"
BASE_PATH = "/hub/v1"

_W = "/workspaces/{workspaceId}"
_C = f"{_W}/customers/{{customerId}}"
_E = f"{_W}/events/{{id}}"
_ITEM_PATHS = (
    ("POST", "/subscriptions", "createSubscription"),
    ("GET", "/subscriptions/{propertyId}", "getSubscription"),
    ("PUT", "/subscriptions/{propertyId}", "updateSubscription"),
    ("DELETE", "/subscriptions/{propertyId}", "deleteSubscription"),
    ("POST", "/educations", "createEducation"),
    ("GET", "/educations/{educationId}", "getEducation"),
    ("PUT", "/educations/{educationId}", "updateEducation"),
    ("DELETE", "/educations/{educationId}", "deleteEducation"),
    ("POST", "/likes", "createLike"),
    ("GET", "/likes/{likeId}", "getLike"),
    ("PUT", "/likes/{likeId}", "updateLike"),
    ("DELETE", "/likes/{likeId}", "deleteLike"),
    ("POST", "/jobs", "createJob"),
    ("GET", "/jobs/{jobId}", "getJob"),
    ("PUT", "/jobs/{jobId}", "updateJob"),
    ("DELETE", "/jobs/{jobId}", "deleteJob"),
)

_CONFIGURATION_PATHS = (
    ("GET", "/models/merge-policies", "listMergePolicies"),
    ("GET", "/models/providers", "listProviders"),
    ("GET", "/models/contexts", "listContexts"),
    ("GET", "/models/send-sources/{subscriberSourceId}/subscriptions", "listSendSubscriptions"),
    (
        "GET",
        "/models/send-sources/{subscriberSourceId}/subscriber-fields",
        "listSendSubscriberFields",
    ),
)
_CONFIGURATION = {**models.ENDPOINTS}

ROUTES: tuple[Route, ...] = (
    Route("POST", f"{_W}/events", "createEvent", events.create_event),
    Route("GET", _C, "getCustomer", customers.get_customer),
    Route("POST", f"{_W}/customers", "createCustomer", customers.create_customer),
    Route("GET", f"{_W}/customers", "searchCustomers", customers.search_customers),
    Route("PATCH", _C, "patchCustomer", customers.patch_customer),
    Route("PUT", _C, "replaceCustomer", customers.replace_customer),
    Route("DELETE", _C, "deleteCustomer", customers.delete_customer),
    Route("DELETE", f"{_C}/data", "forgetCustomer", customers.forget_customer),
    Route("GET", f"{_W}/events", "searchEvents", events.search_events),
    Route("GET", _E, "getEvent", events.get_event),
    Route("PUT", _E, "replaceEvent", events.replace_event),
    Route("PATCH", _E, "patchEvent", events.patch_event),
    Route("DELETE", _E, "deleteEvent", events.delete_event),
    Route("GET", f"{_W}/updates", "getUpdates", updates.get_updates),
    Route("GET", f"{_W}/updates/last-offset", "getLastOffset", updates.get_last_offset),
    Route("GET", f"{_C}/sessions", "listSessions", sessions.list_sessions),
    Route("POST", f"{_C}/sessions", "createSession", sessions.create_session),
    Route("GET", f"{_C}/sessions/{{sessionId}}", "getSession", sessions.get_session),
    Route("DELETE", f"{_C}/sessions/{{sessionId}}", "deleteSession", sessions.delete_session),
    *(
        Route(method, _C + path, operation, ITEM_ENDPOINTS[operation])
        for method, path, operation in _ITEM_PATHS
    ),
    *(
        Route(method, _W + path, operation, _CONFIGURATION[operation])
        for method, path, operation in _CONFIGURATION_PATHS
    ),
)

STILL_TO_COME: frozenset[str] = frozenset(
    {
        "createAggregateNode",
        "createBulkJob",
        "createEntryNode",
        "createSource",
        "createWorkspace",
        "emptyEntryNode",
        "exportCustomerData",
        "getAddedCustomers",
        "getAggregateNode",
        "getBulkJob",
        "getBulkJobResults",
        "getBuyingBehaviors",
        "getCommunicationChannels",
        "getConsentLog",
        "getCustomerExtendedProperties",
        "getCustomerProperties",
        "getCustomersSnapshot",
        "getCustomersTrend",
        "getDefaultMatchingPolicy",
        "getEcommerceKpi",
        "getEntryNode",
        "getEntryNodeRetentionPolicy",
        "getEntryNodeRetentionState",
        "getEventConfiguration",
        "getEventExtendedProperties",
        "getEventProperties",
        "getEventsCategoryDistribution",
        "getEventsDistribution",
        "getEventsPayloadSize",
        "getEventsTrend",
        "getMe",
        "getNodeMatchingPolicy",
        "getNodeRetentionPolicy",
        "getNodeSendSource",
        "getNodesSnapshot",
        "getPlanModel",
        "getProductExtendedProperties",
        "getProductsUpdatePolicy",
        "getPurchasesKpi",
        "getRetentionPolicy",
        "getRetentionStatus",
        "getSendSourceByUserDb",
        "getSource",
        "getThrottling",
        "getUser",
        "getWebKpi",
        "getWorkspace",
        "getWorkspaceConfiguration",
        "getWorkspaceSnapshot",
        "listAggregateNodes",
        "listAggregateSendSubscriptions",
        "listBaseProperties",
        "listBulkJobs",
        "listConsentLogs",
        "listEntryCustomers",
        "listEntryNodes",
        "listEventConfigurations",
        "listNodes",
        "listSendSourceConfigurations",
        "listSendSourcesByGroup",
        "listSources",
        "listUsers",
        "listWorkspaces",
        "refreshSourceToken",
        "setBasePropertyEnabled",
        "setEventEnabled",
        "updateAggregateNode",
        "updateAggregateNodeState",
        "updateBaseProperty",
        "updateCustomerExtendedProperties",
        "updateEntryNode",
        "updateEntryNodeRetentionPolicy",
        "updateEntryNodeRetentionState",
        "updateEventConfiguration",
        "updateEventExtendedProperties",
        "updateEventsConsentPolicy",
        "updateEventsPayloadSize",
        "updateNodeMatchingPolicy",
        "updateNodeRetentionPolicy",
        "updateProductExtendedProperties",
        "updateProductsUpdatePolicy",
        "updateRetentionPolicy",
        "updateSource",
        "updateThrottling",
        "updateUser",
        "updateWorkspaceConfiguration",
        "updateWorkspaceStatus",
    }
)
"""Operations of the contract that do not answer yet; shrinks to nothing."""

NOTES = (
    "Deviation on purpose: base.credential.password is kept as a hash and answered as null."
    " A PUT that brings no password leaves the stored one as it is."
)

CROSS_ORIGIN = ((b"access-control-allow-origin", b"*"),)


def door(contract: Contract) -> Door:
    return Door(NAME, contract, authenticate, refuse, fail, headers=CROSS_ORIGIN)
