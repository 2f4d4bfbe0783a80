"""What is sent in tests and benchmarks: the contract's example, and the secret of the door it comes through."""

from typing import Any

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
