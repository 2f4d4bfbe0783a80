"""Signatures by the Standard Webhooks scheme 1.0.0.

Written here because the reference library answers malformed headers with tracebacks; the tests hold the two against
each other. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"
SHORTEST_KEY = 24
"""Bytes that the scheme asks of a secret, at least."""
LONGEST_ID = 255
LONGEST_STAMP = 12
"""In digits: until the year 33658. Python refuses to read, or to compare with a float, what is much longer."""


class Unsigned(Exception):
    """The delivery is not signed as it should be; the text says what is wrong, never what would be right."""


class BadSecret(ValueError):
    """The secret is not of the form whsec_<base64>."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """The keys of one source: more than one while a secret is being changed."""

    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, secrets: str) -> "Verifier":
        """From `whsec_…`, or several with spaces between them. Raises `BadSecret`."""
        return cls(tuple(_key(secret) for secret in secrets.split()) or (_key(""),))

    def verify(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        """The `webhook-id` of a delivery that is signed and fresh; `now` is Unix time. Raises `Unsigned`."""
        webhook_id = headers.get("webhook-id", "")
        stamp = headers.get("webhook-timestamp", "")
        if not webhook_id or len(webhook_id) > LONGEST_ID:
            raise Unsigned("the webhook-id header is missing or too long")
        if not is_stamp(stamp):
            raise Unsigned("the webhook-timestamp header is not a Unix time in seconds")
        if abs(now - int(stamp)) > TOLERANCE_SECONDS:
            raise Unsigned("the webhook-timestamp is more than 5 minutes away from now")
        signed = f"{webhook_id}.{stamp}.".encode() + body
        wanted = [hmac.digest(key, signed, hashlib.sha256) for key in self.keys]
        given = [_decoded(one) for one in headers.get("webhook-signature", "").split(" ")]
        # Every pair is compared, so that the time taken tells nothing.
        matches = [hmac.compare_digest(one, other) for one in wanted for other in given]
        if not any(matches):
            raise Unsigned("the webhook-signature does not match the body")
        return webhook_id

    def sign(self, webhook_id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """The headers of a delivery, for those who send to us: the demo and the tests."""
        signed = f"{webhook_id}.{timestamp}.".encode() + body
        signature = base64.b64encode(hmac.digest(self.keys[0], signed, hashlib.sha256)).decode()
        return {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": f"v1,{signature}",
        }


def is_stamp(header: str) -> bool:
    """Whether a header may be read as a Unix time in whole seconds, whoever sent it."""
    return len(header) <= LONGEST_STAMP and header.isascii() and header.isdigit()


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        raise BadSecret(BadSecret.__doc__)
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError as error:  # Of which base64's own is a kind; characters beyond ASCII are not told by that.
        raise BadSecret(BadSecret.__doc__) from error
    if not key:
        raise BadSecret(BadSecret.__doc__)
    return key


def _decoded(signature: str) -> bytes:
    version, _, encoded = signature.partition(",")
    if version != "v1":
        return b""
    try:
        return base64.b64decode(encoded.encode("ascii", "replace"), validate=True)
    except binascii.Error:
        return b""
