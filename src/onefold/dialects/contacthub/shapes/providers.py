"""The kinds of source: what each is for, and the role that its tokens carry."""

from collections.abc import Mapping
from dataclasses import dataclass

from onefold.model.access import Role


@dataclass(frozen=True, slots=True)
class Provider:
    """`properties` names the schema of its properties in the contract.

    `retired` ones may still be changed and used, but no new source is of such a kind.
    """

    label: str
    description: str
    categories: tuple[str, ...]
    properties: str = "ApiSourceProperties"
    role: Role = Role.APPLICATION
    retired: bool = False


PROVIDERS: Mapping[str, Provider] = {
    "API": Provider("API", "Any server that calls the API.", ("API",)),
    "CONTACTSEND": Provider(
        "Contactsend",
        "A user database of Contactsend.",
        ("Contactlab",),
        properties="ContactsendSourceProperties",
    ),
    "CONTACTPLAN": Provider(
        "Contactplan",
        "A user database of Contactplan.",
        ("Contactlab",),
        properties="ContactplanSourceProperties",
    ),
    "JavaScript": Provider(
        "JavaScript",
        "Pages of a web site; their token is there for anybody to read.",
        ("SDK",),
        properties="JavaScriptSourceProperties",
        role=Role.BROWSER,
        retired=True,
    ),
    "MAGENTO": Provider("Magento", "A Magento shop.", ("E-commerce",), retired=True),
    "ANDROID_SDK": Provider(
        "Android SDK",
        "An app; its token is there for anybody who unpacks it.",
        ("SDK",),
        role=Role.BROWSER,
        retired=True,
    ),
    "OBJECTIVEC_SDK": Provider(
        "Objective-C SDK",
        "An app; its token is there for anybody who unpacks it.",
        ("SDK",),
        role=Role.BROWSER,
        retired=True,
    ),
    "NODEJS_SDK": Provider("Node.js SDK", "A server in JavaScript.", ("SDK",), retired=True),
    "JAVA_SDK": Provider("Java SDK", "A server in Java.", ("SDK",), retired=True),
    "SCALA_SDK": Provider("Scala SDK", "A server in Scala.", ("SDK",), retired=True),
    "DOTNET_SDK": Provider(".NET SDK", "A server in .NET.", ("SDK",), retired=True),
}
"""Word of the provider -> what it is; the vendor's list of 2019."""


def provider_of(word: str) -> Provider:
    """What a source is; one of a kind that Contacthub has no word for is a server's."""
    return PROVIDERS.get(word, PROVIDERS["API"])
