"""What tests and benchmarks send, the secret of the door it comes through, and the policy it meets."""

import json
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.standard_webhooks import Verifier

ACCEPTANCE = Path(__file__).parent / "acceptance.yaml"
SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSB3ZWJzaXRlIGZvciB0ZXN0cyE="
PAT: dict[str, Any] = {
    "external_id": "00Q5e00000AbCdE",
    "email": "pat@northwind.example",
    "first_name": "Pat",
    "last_name": "Lee",
    "company": "Northwind",
    "title": "VP Operations",
    "phone": "+14155550123",
    "website": "northwind.example",
    "country": "US",
    "state": "CA",
    "industry": "logistics",
    "employees": 420,
    "lead_type": "demo_request",
    "source": "google_ads",
    "campaign": "q4-freight",
    "score": 92,
    "interests": ["pricing", "api"],
    "message": "Need 40 seats by January",
    "owner_email": None,
}
"""The contract's example of a lead."""


def lead_of(name: str, **changes: Any) -> dict[str, Any]:
    """Pat's lead, changed, at a company of its own."""
    return {**PAT, "external_id": name, "email": f"pat@{name}.example", "website": f"{name}.example", **changes}


def signed(webhook_id: str, body: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    """A delivery to the website's door, signed now: its content and its headers."""
    content = json.dumps(body).encode()
    headers = Verifier.of(SECRET).sign(webhook_id, int(time.time()), content)
    return content, {"content-type": "application/json", **headers}


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """A copy of the acceptance policy in which each of these texts, which must be there, is another."""
    text = ACCEPTANCE.read_text("utf-8")
    for old, new in changes:
        assert old in text, f"the acceptance policy does not say {old!r}"
        text = text.replace(old, new)
    file = folder / f"policy-{zlib.crc32(text.encode()):08x}.yaml"
    file.write_text(text, "utf-8")
    return file


def always_open(folder: Path, *changes: tuple[str, str]) -> Path:
    """The same with everybody at work at any hour, whenever it is run."""
    always = [(f"calendar: {name}", "calendar: always") for name in ("new-york", "london")]
    return changed(folder, *always, *changes)
