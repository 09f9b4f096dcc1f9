"""The fixed models: what a configuration may choose from."""

import json

import pytest

from tests.dialects.contacthub.clients import Api


async def elements_of(api: Api, path: str) -> dict[str, dict[str, object]]:
    answer = await api.get(path)
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["elements"]}


class TestMergePolicies:
    @pytest.mark.behaviour("contacthub/listMergePolicies/1")
    async def test_are_nine(self, guest: Api) -> None:
        found = await elements_of(guest, "/models/merge-policies")

        assert list(found) == [
            "OBJ_PRIORITY",
            "OBJ_CONCATENATE",
            "ARRAY_UNION",
            "ARRAY_INTERSECTION",
            "MATH_SUM",
            "MATH_AVG",
            "MATH_DIFF",
            "MATH_MIN",
            "MATH_MAX",
        ]

    @pytest.mark.behaviour("contacthub/listMergePolicies/2")
    async def test_say_what_they_can_merge(self, guest: Api) -> None:
        found = await elements_of(guest, "/models/merge-policies")

        assert found["OBJ_PRIORITY"]["supportedTypes"] == ["string", "object", "number", "array"]
        assert found["OBJ_CONCATENATE"]["supportedTypes"] == ["string", "number", "array"]
        assert found["ARRAY_UNION"]["supportedTypes"] == ["array"]
        assert found["MATH_DIFF"]["supportedTypes"] == ["number", "integer"]


class TestProviders:
    @pytest.mark.behaviour("contacthub/listProviders/1")
    async def test_name_the_role_of_their_tokens(self, guest: Api) -> None:
        found = await elements_of(guest, "/models/providers")

        assert found["API"]["role"] == "TRUSTED_APPLICATION"
        assert found["CONTACTSEND"]["role"] == "TRUSTED_APPLICATION"
        assert found["JavaScript"]["role"] == "UNTRUSTED_APPLICATION"

    @pytest.mark.behaviour("contacthub/listProviders/2")
    async def test_have_the_schema_of_their_properties(self, guest: Api) -> None:
        answer = await guest.get("/models/providers")
        schemas = {one["id"]: one["propertiesSchema"] for one in answer.json()["elements"]}

        text, listed = schemas["API"]["properties"]["allowedIPs"]["anyOf"]
        assert (text["type"], listed["type"]) == ("string", "array")
        assert schemas["JavaScript"]["properties"]["allowedURLs"]["items"] == {
            "type": "string",
            "format": "uri",
        }
        assert "$ref" not in json.dumps(schemas)


class TestContexts:
    @pytest.mark.behaviour("contacthub/listContexts/1")
    async def test_are_nine(self, guest: Api) -> None:
        found = await elements_of(guest, "/models/contexts")

        assert set(found) == {
            "WEB",
            "MOBILE",
            "ECOMMERCE",
            "RETAIL",
            "SOCIAL",
            "DIGITAL_CAMPAIGN",
            "CONTACT_CENTER",
            "IOT",
            "OTHER",
        }

    @pytest.mark.behaviour("contacthub/listContexts/2")
    async def test_keep_their_references_unless_asked(self, guest: Api) -> None:
        left = (await guest.get("/models/contexts")).json()["elements"][0]
        whole = (await guest.get("/models/contexts?resolveReferences=true")).json()["elements"][0]

        client = left["propertiesSchema"]["properties"]["client"]
        assert client == {"$ref": "#/definitions/client"}
        assert "userAgent" in left["propertiesSchema"]["definitions"]["client"]["properties"]
        assert "$ref" not in json.dumps(whole)
        assert "userAgent" in whole["propertiesSchema"]["properties"]["client"]["properties"]

    async def test_take_no_other_word_for_a_flag(self, guest: Api) -> None:
        answer = await guest.get("/models/contexts?resolveReferences=maybe")

        assert answer.status_code == 400


class TestSendLists:
    @pytest.mark.behaviour(
        "contacthub/listSendSubscriptions/1", "contacthub/listSendSubscriberFields/1"
    )
    async def test_are_empty_without_send(self, admin: Api) -> None:
        for listed in ("subscriptions", "subscriber-fields"):
            answer = await admin.get(f"/models/send-sources/12/{listed}?groupPk=3")
            wrong = await admin.get(f"/models/send-sources/12/{listed}?groupPk=three")

            assert answer.status_code == 200
            assert answer.json() == {"elements": []}
            assert wrong.status_code == 400
            assert [one["path"] for one in wrong.json()["errors"]] == ["/groupPk"]


class TestRoles:
    async def test_are_those_of_the_contract(self, client: Api, guest: Api) -> None:
        trusted = await client.get("/models/providers")
        reading = await guest.get("/models/send-sources/12/subscriptions")

        assert trusted.status_code == 403
        assert reading.status_code == 403
        assert trusted.json()["errors"] == []
