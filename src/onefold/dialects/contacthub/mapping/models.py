"""The fixed models: merge policies, kinds of source, contexts of events."""

from collections.abc import Iterator, Mapping
from typing import Any

from onefold.dialects.contacthub.shapes.providers import PROVIDERS
from onefold.dialects.contacthub.shapes.roles import ROLE_WORDS
from onefold.model.merge_policies import TYPES_OF_POLICY, MergePolicy
from onefold.model.references import resolved

Wire = dict[str, Any]

POLICY_WORDS: Mapping[MergePolicy, str] = {
    MergePolicy.PRIORITY: "OBJ_PRIORITY",
    MergePolicy.CONCATENATE: "OBJ_CONCATENATE",
    MergePolicy.UNION: "ARRAY_UNION",
    MergePolicy.INTERSECTION: "ARRAY_INTERSECTION",
    MergePolicy.SUM: "MATH_SUM",
    MergePolicy.AVERAGE: "MATH_AVG",
    MergePolicy.DIFFERENCE: "MATH_DIFF",
    MergePolicy.MINIMUM: "MATH_MIN",
    MergePolicy.MAXIMUM: "MATH_MAX",
}
POLICY_OF_WORD: Mapping[str, MergePolicy] = {word: one for one, word in POLICY_WORDS.items()}

_MEANINGS: Mapping[MergePolicy, tuple[str, str]] = {
    MergePolicy.PRIORITY: ("Priority", "The value of the source with the highest priority."),
    MergePolicy.CONCATENATE: ("Concatenate", "The values joined."),
    MergePolicy.UNION: ("Union", "All items, without duplicates."),
    MergePolicy.INTERSECTION: ("Intersection", "The items that are in every value."),
    MergePolicy.SUM: ("Sum", "The sum of the values."),
    MergePolicy.AVERAGE: ("Average", "The mean of the values."),
    MergePolicy.DIFFERENCE: ("Difference", "The first value minus the others."),
    MergePolicy.MINIMUM: ("Minimum", "The smallest value."),
    MergePolicy.MAXIMUM: ("Maximum", "The largest value."),
}
_CONTEXT_LABELS: Mapping[str, str] = {
    "WEB": "Web",
    "MOBILE": "Mobile",
    "ECOMMERCE": "E-commerce",
    "RETAIL": "Retail",
    "SOCIAL": "Social",
    "DIGITAL_CAMPAIGN": "Digital campaign",
    "CONTACT_CENTER": "Contact centre",
    "IOT": "Internet of things",
    "OTHER": "Other",
}


def wire_merge_policies() -> Iterator[Wire]:
    for policy, word in POLICY_WORDS.items():
        label, meaning = _MEANINGS[policy]
        types = list(TYPES_OF_POLICY[policy])
        yield {"id": word, "label": label, "description": meaning, "supportedTypes": types}


def wire_providers(document: Mapping[str, Any]) -> Iterator[Wire]:
    """`document` is the contract, which has the schemas of the properties."""
    schemas = document["components"]["schemas"]
    for word, provider in PROVIDERS.items():
        yield {
            "id": word,
            "label": provider.label,
            "description": provider.description,
            "categories": list(provider.categories),
            "propertiesSchema": resolved(schemas[provider.properties], document),
            "role": ROLE_WORDS[provider.role],
        }


def wire_context(name: str, about: str, schema: Wire) -> Wire:
    return {
        "id": name,
        "label": _CONTEXT_LABELS[name],
        "description": about,
        "propertiesSchema": schema,
    }
