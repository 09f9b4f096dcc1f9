"""Contacthub's words for roles, as its scopes name them."""

from collections.abc import Mapping

from onefold.model.access import Role

ROLE_WORDS: Mapping[Role, str] = {
    Role.OPERATOR: "CLAB_OPERATOR",
    Role.ADMIN: "ADMIN",
    Role.USER: "USER",
    Role.GUEST: "GUEST",
    Role.APPLICATION: "TRUSTED_APPLICATION",
    Role.BROWSER: "UNTRUSTED_APPLICATION",
    Role.STREAM_READER: "PLATFORM_UPDATES",
    Role.PRIVACY_OFFICER: "DPO",
}

ROLE_OF_WORD: Mapping[str, Role] = {word: role for role, word in ROLE_WORDS.items()}
