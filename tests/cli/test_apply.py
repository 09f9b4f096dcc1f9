"""`onefold apply`: what a file says is there afterwards, and nothing else has changed."""

from pathlib import Path
from uuid import UUID

import pytest

from tests.cli.commands import Commands
from tests.cli.databases import ask, rows

BAKERY = """
workspaces:
  - slug: bakery
    name: Bakery
    settings: {timezone: Europe/Rome, currency: CHF, region: IT}
    nodes:
      - name: counter
        description: Whoever comes in.
        unique: {properties: [contact.email], on_match: refuse}
        mandatory: [name.family]
      - name: mail order
    sources:
      - name: till
        nodes: [counter]
      - name: shop
        nodes: [counter, mail order]
        provider: API
        properties: {opened: 2026-03-01}
        networks: [192.0.2.7, "2001:db8::/32"]
        origins: ["https://bakery.example/tea"]
    properties:
      customer:
        shoe_size: {schema: {type: number}, label: Size}
"""


class TestApply:
    def test_makes_what_the_file_says(self, commands: Commands, folder: Path, url: str) -> None:
        steps = commands.apply(folder, BAKERY)

        assert [(one["action"], one["kind"], one["name"]) for one in steps] == [
            ("created", "workspace", "bakery"),
            ("created", "node", "counter"),
            ("created", "node", "mail order"),
            ("created", "source", "till"),
            ("created", "source", "shop"),
            ("changed", "properties", "customer"),
        ]
        assert rows(url, "SELECT name, settings->>'description' FROM nodes ORDER BY name") == [
            ("counter", "Whoever comes in."),
            ("mail order", None),
        ]
        places = "SELECT settings->>'networks', settings->>'origins' FROM sources WHERE name = $1"
        assert rows(url, places, "shop") == [
            ('["192.0.2.7/32", "2001:db8::/32"]', '["https://bakery.example"]')
        ]

    def test_twice_changes_nothing(self, commands: Commands, folder: Path, url: str) -> None:
        commands.apply(folder, BAKERY)
        before = rows(url, "SELECT revision, updated_at FROM workspaces WHERE slug = 'bakery'")

        steps = commands.apply(folder, BAKERY)

        assert steps == []
        after = rows(url, "SELECT revision, updated_at FROM workspaces WHERE slug = 'bakery'")
        assert after == before

    def test_leaves_alone_what_the_file_does_not_name(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        commands.apply(folder, BAKERY)
        short = (
            "{slug: bakery, nodes: [{name: counter}], sources: [{name: till, nodes: [counter]}]}"
        )

        steps = commands.apply(folder, f"workspaces: [{short}]")

        assert steps == []
        assert ask(url, "SELECT name FROM workspaces WHERE slug = 'bakery'") == "Bakery"

    def test_changes_what_differs(self, commands: Commands, folder: Path, url: str) -> None:
        commands.apply(folder, BAKERY)

        steps = commands.apply(folder, BAKERY.replace("CHF", "EUR").replace("Size", "Shoe size"))

        assert [(one["action"], one["kind"]) for one in steps] == [
            ("changed", "workspace"),
            ("changed", "properties"),
        ]
        query = "SELECT settings->>'currency' FROM workspaces WHERE slug = 'bakery'"
        assert ask(url, query) == "EUR"

    def test_says_what_it_would_do_and_does_not(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        steps = commands.apply(folder, "workspaces: [{slug: mill, nodes: [{name: a}]}]", "--diff")

        assert [(one["action"], one["name"]) for one in steps] == [
            ("created", "mill"),
            ("created", "a"),
        ]
        assert ask(url, "SELECT count(*) FROM workspaces WHERE slug = 'mill'") == 0

    def test_speaks_to_people(self, commands: Commands, folder: Path) -> None:
        file = folder / "forge.yaml"
        file.write_text("workspaces: [{slug: forge, nodes: [{name: yard}]}]", encoding="utf-8")

        would = commands.run("apply", str(file), "--diff")
        done = commands.run("apply", str(file))
        again = commands.run("apply", str(file))

        assert would == "would be created: workspace forge\nwould be created: node yard\n"
        assert done == "created: workspace forge\ncreated: node yard\n"
        assert again == "nothing to change\n"

    def test_gives_ids_that_the_file_names(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        wanted = UUID("0199d1c0-0000-7000-8000-00000000000a")

        commands.apply(folder, f"workspaces: [{{slug: farm, nodes: [{{name: a, id: {wanted}}}]}}]")

        assert ask(url, "SELECT node_id FROM nodes WHERE node_id = $1", wanted) == wanted


class TestRefusals:
    def test_name_the_file_that_is_not_there(self, commands: Commands, folder: Path) -> None:
        said = commands.refusal("apply", str(folder / "nowhere.yaml"))

        assert "No such file or directory" in said
        assert "nowhere.yaml" in said

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("a: [", "expected the node content"),
            ("", "Expected `object`, got `null`"),
            ("- a\n- b", "Expected `object`, got `array`"),
            ("workspaces: [{slug: a, nodez: []}]", "unknown field `nodez` - at `$.workspaces[0]`"),
            ("workspaces: [{slug: 7}]", "Expected `str`, got `int` - at `$.workspaces[0].slug`"),
            ("workspaces: [{}]", "missing required field `slug` - at `$.workspaces[0]`"),
            ("workspaces: [{slug: a, id: seven}]", "Invalid UUID - at `$.workspaces[0].id`"),
            ("workspaces: &all [*all]", "is not made of texts, numbers, lists and objects"),
            ("workspaces: [{slug: a}, {slug: a}]", "the workspace a stands there twice"),
            (
                "workspaces: [{slug: a, nodes: [{name: b, unique: {on_match: guess}}]}]",
                "Invalid enum value 'guess' - at `$.workspaces[0].nodes[0].unique.on_match`",
            ),
        ],
    )
    def test_say_where_a_file_is_wrong(
        self, commands: Commands, folder: Path, text: str, sentence: str
    ) -> None:
        assert sentence in commands.apply_refusal(folder, text)

    def test_name_everything_that_could_not_work(self, commands: Commands, folder: Path) -> None:
        said = commands.apply_refusal(
            folder,
            """
            workspaces:
              - slug: Wrong Slug
                settings:
                  {timezone: Mars/Olympus, currency: euro, region: de, disabled_event_types: [sang]}
                nodes:
                  - name: a
                    unique: {properties: [shoe, contact.email, contact.email]}
                    mandatory: [name.nick]
                  - name: a
                sources:
                  - {name: till, nodes: [a], networks: [here], origins: [shop.example]}
                properties: {"event:sang": {}}
            """,
        )

        assert said.splitlines() == [
            "onefold: workspace Wrong Slug cannot be made as described",
            "  slug: is made of small letters, digits and hyphens, 63 at most",
            "  settings.timezone: is not a time zone like Europe/Rome",
            "  settings.currency: is not three capitals",
            "  settings.region: is not two capitals",
            "  settings.disabled_event_types: there is no sang",
            "  nodes: a stands there twice",
            "  nodes.a.unique.properties: contact.email stands there twice",
            "  nodes.a.unique.properties: shoe is not a property of customers",
            "  nodes.a.mandatory: name.nick is not a property of customers",
            "  sources.till.networks: holds something that is neither an address nor a network",
            "  sources.till.origins: holds something that is not the address of a page",
            "  properties.event:sang: must be customer, product or event: and an event type",
        ]

    def test_name_a_node_that_is_unknown(self, commands: Commands, folder: Path) -> None:
        said = commands.apply_refusal(
            folder, "workspaces: [{slug: pub, sources: [{name: till, nodes: [cellar]}]}]"
        )

        assert "workspace pub: there is no node called cellar" in said

    def test_leave_nothing_of_the_workspace(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        commands.apply_refusal(
            folder, "workspaces: [{slug: inn, sources: [{name: till, nodes: [cellar]}]}]"
        )

        assert ask(url, "SELECT count(*) FROM workspaces WHERE slug = 'inn'") == 0
        assert ask(url, "SELECT count(*) FROM workspace_slugs WHERE slug = 'inn'") == 0

    def test_look_at_the_whole_file_first(self, commands: Commands, folder: Path, url: str) -> None:
        commands.apply_refusal(
            folder, "workspaces: [{slug: good}, {slug: bad, settings: {currency: euro}}]"
        )

        assert ask(url, "SELECT count(*) FROM workspaces WHERE slug = 'good'") == 0

    def test_do_not_give_a_workspace_another_id(self, commands: Commands, folder: Path) -> None:
        commands.apply(folder, "workspaces: [{slug: kiosk}]")

        said = commands.apply_refusal(
            folder, "workspaces: [{slug: kiosk, id: 0199d1c0-0000-7000-8000-00000000000b}]"
        )

        assert "the workspace kiosk is there already, with the id" in said

    def test_name_a_definition_that_is_no_schema(self, commands: Commands, folder: Path) -> None:
        said = commands.apply_refusal(
            folder,
            "workspaces: [{slug: shed, properties: {customer: {a: {schema: {type: shoe}}}}}]",
        )

        assert "workspace shed: " in said
        assert "type" in said
