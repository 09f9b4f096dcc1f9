"""Every path of Contacthub on one page, as the contract writes it.

Those that clients call most stand first: the first match answers.
"""

from onefold.dialects.contacthub.auth import authenticate
from onefold.dialects.contacthub.endpoints import (
    aggregates,
    built_in_properties,
    bulk_jobs,
    configuration,
    consents,
    customers,
    event_types,
    events,
    exports,
    limits,
    models,
    nodes,
    persons,
    plan_models,
    products,
    properties,
    retention,
    send_sources,
    sessions,
    sources,
    stats,
    updates,
    users,
    workspaces,
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

_S = "/configuration"
_SUBSCRIPTIONS = "/nodes/aggregates/{aggregateNodeId}/send-source-subscriptions"
_UNIONS = "/nodes/aggregates"
_BASE = "/customers/properties/base/{baseProperty}"
_POLICY = "/nodes/entries/{nodeId}/unique-customer-matching-policy"
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
    ("GET", f"{_S}", "getWorkspaceConfiguration"),
    ("PUT", f"{_S}", "updateWorkspaceConfiguration"),
    ("GET", f"{_S}/events", "listEventConfigurations"),
    ("GET", f"{_S}/events/{{eventType}}", "getEventConfiguration"),
    ("PUT", f"{_S}/events/{{eventType}}", "updateEventConfiguration"),
    ("GET", f"{_S}/events/{{eventType}}/properties", "getEventProperties"),
    ("PUT", f"{_S}/events/{{eventType}}/enabled", "setEventEnabled"),
    ("GET", f"{_S}/events/{{eventType}}/properties/extended", "getEventExtendedProperties"),
    ("PUT", f"{_S}/events/{{eventType}}/properties/extended", "updateEventExtendedProperties"),
    ("GET", f"{_S}/products/properties/extended", "getProductExtendedProperties"),
    ("PUT", f"{_S}/products/properties/extended", "updateProductExtendedProperties"),
    ("GET", f"{_S}/properties/extended", "getCustomerExtendedProperties"),
    ("PUT", f"{_S}/properties/extended", "updateCustomerExtendedProperties"),
    ("GET", f"{_S}/customers/properties", "getCustomerProperties"),
    ("GET", f"{_S}/plan-models/{{planModel}}", "getPlanModel"),
    ("GET", f"{_S}{_SUBSCRIPTIONS}", "listAggregateSendSubscriptions"),
    ("GET", "/nodes/{nodeId}/send-source", "getNodeSendSource"),
    ("GET", f"{_S}/products/update-policy", "getProductsUpdatePolicy"),
    ("PUT", f"{_S}/products/update-policy", "updateProductsUpdatePolicy"),
    ("PUT", f"{_S}/events-consent-policy", "updateEventsConsentPolicy"),
    ("GET", f"{_S}/events-payload-size", "getEventsPayloadSize"),
    ("PUT", f"{_S}/events-payload-size", "updateEventsPayloadSize"),
    ("GET", f"{_S}/properties/base", "listBaseProperties"),
    ("PUT", f"{_S}/properties/base/{{name}}", "updateBaseProperty"),
    ("PUT", f"{_S}{_BASE}/enabled", "setBasePropertyEnabled"),
    ("GET", f"{_S}/throttling", "getThrottling"),
    ("PUT", f"{_S}/throttling", "updateThrottling"),
    ("GET", f"{_S}/users", "listUsers"),
    ("GET", f"{_S}/users/{{id}}", "getUser"),
    ("PUT", f"{_S}/users/{{id}}", "updateUser"),
    ("GET", f"{_S}/nodes", "listNodes"),
    ("GET", f"{_S}/nodes/entries", "listEntryNodes"),
    ("POST", f"{_S}/nodes/entries", "createEntryNode"),
    ("GET", f"{_S}/nodes/entries/{{nodeId}}", "getEntryNode"),
    ("PUT", f"{_S}/nodes/entries/{{nodeId}}", "updateEntryNode"),
    ("DELETE", f"{_S}/nodes/entries/{{nodeId}}/data", "emptyEntryNode"),
    ("GET", f"{_S}{_UNIONS}", "listAggregateNodes"),
    ("POST", f"{_S}{_UNIONS}", "createAggregateNode"),
    ("GET", f"{_S}{_UNIONS}/{{aggregateNodeId}}", "getAggregateNode"),
    ("PUT", f"{_S}{_UNIONS}/{{aggregateNodeId}}", "updateAggregateNode"),
    ("PUT", f"{_S}{_UNIONS}/{{aggregateNodeId}}/state", "updateAggregateNodeState"),
    ("GET", f"{_S}/unique-customer-matching-policy", "getDefaultMatchingPolicy"),
    ("GET", f"{_S}{_POLICY}", "getNodeMatchingPolicy"),
    ("PUT", f"{_S}{_POLICY}", "updateNodeMatchingPolicy"),
    ("GET", f"{_S}/sources", "listSources"),
    ("POST", f"{_S}/sources", "createSource"),
    ("GET", f"{_S}/sources/{{sourceId}}", "getSource"),
    ("PUT", f"{_S}/sources/{{sourceId}}", "updateSource"),
    ("POST", f"{_S}/sources/{{sourceId}}/refresh-token", "refreshSourceToken"),
)
_OPERATOR_PATHS = (
    ("GET", "/me", "getMe"),
    ("GET", "/workspaces", "listWorkspaces"),
    ("POST", "/workspaces", "createWorkspace"),
    ("GET", "/send-sources", "listSendSourceConfigurations"),
    ("GET", "/send-sources/groups/{groupPk}", "listSendSourcesByGroup"),
    ("GET", "/send-sources/groups/{groupPk}/userdbs/{userdbId}", "getSendSourceByUserDb"),
    ("GET", _W, "getWorkspace"),
    ("PUT", f"{_W}/status", "updateWorkspaceStatus"),
)
_CONFIGURATION = {
    **models.ENDPOINTS,
    **configuration.ENDPOINTS,
    **event_types.ENDPOINTS,
    **properties.ENDPOINTS,
    **send_sources.ENDPOINTS,
    **plan_models.ENDPOINTS,
    **products.ENDPOINTS,
    **built_in_properties.ENDPOINTS,
    **limits.ENDPOINTS,
    **users.ENDPOINTS,
    **workspaces.ENDPOINTS,
    **nodes.ENDPOINTS,
    **aggregates.ENDPOINTS,
    **sources.ENDPOINTS,
}

_T = f"{_W}/stats"
_CONSENT_PATHS = (
    (f"{_W}/consent-logs", "listConsentLogs"),
    (f"{_W}/consent-logs/{{id}}", "getConsentLog"),
)
_RETENTION = "/nodes/entries/{nodeId}/retention-policy"
_RETENTION_PATHS = (
    ("GET", "/retention-policy/status", "getRetentionStatus"),
    ("GET", "/retention-policy", "getRetentionPolicy"),
    ("PUT", "/retention-policy", "updateRetentionPolicy"),
    ("GET", "/nodes/{nodeId}/retention-policy", "getNodeRetentionPolicy"),
    ("PUT", "/nodes/{nodeId}/retention-policy", "updateNodeRetentionPolicy"),
    ("GET", _RETENTION, "getEntryNodeRetentionPolicy"),
    ("PUT", _RETENTION, "updateEntryNodeRetentionPolicy"),
    ("GET", f"{_RETENTION}/state", "getEntryNodeRetentionState"),
    ("PUT", f"{_RETENTION}/state", "updateEntryNodeRetentionState"),
)
_STATS_PATHS = (
    (f"{_C}/stats/event-category-distribution", "getEventsCategoryDistribution"),
    (f"{_C}/stats/buying-behaviors", "getBuyingBehaviors"),
    (f"{_T}/workspace", "getWorkspaceSnapshot"),
    (f"{_T}/nodes", "getNodesSnapshot"),
    (f"{_T}/customers-snapshot", "getCustomersSnapshot"),
    (f"{_T}/added-customers", "getAddedCustomers"),
    (f"{_T}/communication-channels", "getCommunicationChannels"),
    (f"{_T}/customers-trend", "getCustomersTrend"),
    (f"{_T}/events-trend", "getEventsTrend"),
    (f"{_T}/events-distribution", "getEventsDistribution"),
    (f"{_T}/events-kpi/purchases", "getPurchasesKpi"),
    (f"{_T}/events-kpi/ecommerce", "getEcommerceKpi"),
    (f"{_T}/events-kpi/web", "getWebKpi"),
)

_J = f"{_W}/nodes/{{nodeId}}/bulk-jobs"
_BULK_JOB_PATHS = (
    ("GET", _J, "listBulkJobs"),
    ("POST", _J, "createBulkJob"),
    ("GET", f"{_J}/{{jobId}}", "getBulkJob"),
    ("GET", f"{_J}/{{jobId}}/results", "getBulkJobResults"),
)

ROUTES: tuple[Route, ...] = (
    Route("POST", f"{_W}/events", "createEvent", events.create_event),
    Route("GET", _C, "getCustomer", customers.get_customer),
    Route("POST", f"{_W}/customers", "createCustomer", customers.create_customer),
    Route("GET", f"{_W}/customers", "searchCustomers", customers.search_customers),
    Route("PATCH", _C, "patchCustomer", customers.patch_customer),
    Route("PUT", _C, "replaceCustomer", customers.replace_customer),
    Route("DELETE", _C, "deleteCustomer", customers.delete_customer),
    Route("GET", f"{_C}/data", "exportCustomerData", exports.export_customer_data),
    Route("DELETE", f"{_C}/data", "forgetCustomer", exports.forget_customer),
    Route("GET", f"{_C}/entry-customers", "listEntryCustomers", persons.list_entry_customers),
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
    *(
        Route("GET", path, operation, stats.ENDPOINTS[operation])
        for path, operation in _STATS_PATHS
    ),
    *(
        Route(method, _W + _S + path, operation, retention.ENDPOINTS[operation])
        for method, path, operation in _RETENTION_PATHS
    ),
    *(
        Route("GET", path, operation, consents.ENDPOINTS[operation])
        for path, operation in _CONSENT_PATHS
    ),
    *(
        Route(method, path, operation, bulk_jobs.ENDPOINTS[operation])
        for method, path, operation in _BULK_JOB_PATHS
    ),
    *(
        Route(method, path, operation, _CONFIGURATION[operation])
        for method, path, operation in _OPERATOR_PATHS
    ),
)

STILL_TO_COME: frozenset[str] = frozenset()
"""Operations of the contract that do not answer yet: none, and none may come back."""

NOTES = (
    "Deviation on purpose: base.credential.password is kept as a hash and answered as null."
    " A PUT that brings no password leaves the stored one as it is."
)

CROSS_ORIGIN = ((b"access-control-allow-origin", b"*"),)


def door(contract: Contract) -> Door:
    return Door(NAME, contract, authenticate, refuse, fail, headers=CROSS_ORIGIN)
