"""The sections `sources` and `digests`: where leads come in, and where reports go out."""

from bot.policy.node import Node
from bot.policy.shapes import named
from bot.policy.values import channel, environment_name, timezone, weekly, whole
from sla_engine.policy import DELIVERIES_A_SECOND, Digest, Source

KINDS = ("generic",)


def sources(node: Node) -> dict[str, Source]:
    """The doors for leads, by the name that ends their address."""
    return named(source, "sources")(node)


def source(node: Node) -> Source:
    """One door. Signed JSON is the only kind there is so far; a CRM's own kind comes with its connector."""
    if not is_address_part(node.name):
        node.key().refuse("a name of letters, digits, - and _, which ends the address /webhooks/…", None)
    with node.section() as section:
        return Source(
            name=node.name,
            kind=section.require("kind", kind),
            secret_env=section.require("secret_env", environment_name),
            rate=section.take("rate", whole(at_least=1), DELIVERIES_A_SECOND),
        )


def kind(node: Node) -> str:
    """A kind of source."""
    return node.text if node.text in KINDS else node.refuse(f"{' or '.join(KINDS)}, the only kind so far", "")


def is_address_part(name: str) -> bool:
    """Whether a name can stand in an address as it is."""
    return name.isascii() and name.replace("-", "").replace("_", "").isalnum()


def digests(node: Node) -> tuple[Digest, ...]:
    """The reports there are, as far as the policy asks for them."""
    with node.section() as section:
        rejections = section.take("rejections", digest, None)
    return (rejections,) if rejections else ()


def digest(node: Node) -> Digest:
    """One report."""
    with node.section() as section:
        weekday, at = section.require("every", weekly)
        return Digest(
            name=node.name,
            channel=section.require("channel", channel),
            weekday=weekday,
            at=at,
            timezone=section.require("timezone", timezone),
        )
