"""Signed bodies made to break a reader: each is taken, or refused with a sentence and kept; none is a 500."""

import json
from typing import Any

from tests.faults.auditor import judge
from tests.faults.evidence import Answer
from tests.sample import PAT, lead_of
from tests.world import World


def body(**changes: Any) -> bytes:
    """Pat's lead, changed."""
    return json.dumps({"type": "lead.qualified", "data": {**PAT, **changes}}).encode()


def deep(pairs: str, depth: int) -> bytes:
    """A lead with an answer so deep."""
    nested = pairs[0] * depth + pairs[1] * depth
    return body(message="@@").replace(b'"@@"', nested.encode())


POISONS: dict[str, bytes] = {
    "deep arrays": deep("[]", 10_000),
    "deep arrays alone": b"[" * 50_000 + b"]" * 50_000,
    "deep objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "NULs": body(company="North\0wind", message="\0" * 1_000),
    "a NUL in the key": body(external_id="a\0b"),
    "huge whole number": body(employees=10**300),
    "number of ten thousand digits": body().replace(b"420", b"9" * 10_000),
    "infinite score": body().replace(b"92", b"1e999"),
    "no number": body().replace(b"92", b"NaN"),
    "largest number of the database and one": body(employees=2**63),
    "negative number": body(employees=-(2**63) - 1),
    "ten thousand interests": body(interests=["x"] * 10_000),
    "interests of everything": body(interests=[None, 1, {}, [], "x", True] * 500),
    "half a surrogate": body(company="\ud800", first_name="\udfff"),
    "half a surrogate in the key": body(external_id="\udc80"),
    "invalid UTF-8": body().replace(b"Northwind", b"\xc3\x28\xff\xfe"),
    "UTF-16": json.dumps({"type": "lead.qualified", "data": PAT}).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + body(),
    "text of 200 kB": body(message="x" * 200_000, company="y" * 20_000),
    "a key of 200 kB": body(external_id="x" * 200_000),
    "an address of 200 kB": body(email="x" * 200_000 + "@example.com"),
    "right-to-left marks and combining signs": body(company="\u202e" + "a\u0301" * 5_000),
    "keys twice": body()[:-2] + b', "email": {}, "email": []}}',
    "an unknown zone of time": body().replace(b'{"type"', b'{"timestamp": "9999-12-31T23:59:59-23:59", "type"'),
    "a thousand unknown fields": body(**{f"field{number}": {"a": [number]} for number in range(1_000)}),
    "nothing": b"",
    "only white space": b" \n\t ",
    "only null": b"null",
}


def test_a_poisoned_body_is_taken_or_refused_with_a_sentence_and_the_next_lead_is_well(world: World) -> None:
    answers = []
    for number, (name, content) in enumerate(POISONS.items()):
        first, again = world.post(content, f"msg_poison_{number}"), world.post(content, f"msg_poison_{number}")
        assert first.status_code in (200, 202, 422), f"{name}: {first.text}"
        if first.status_code == 422:
            assert first.headers["content-type"] == "application/problem+json", name
            assert "kept for replay" in first.json()["detail"], name
        assert again.status_code == (422 if first.status_code == 422 else 200), name
        well = world.post({"type": "lead.qualified", "data": lead_of(f"well{number}")}, f"msg_{number}")
        assert well.status_code == 202, name
        answers += [(f"msg_{number}", well), *((f"msg_poison_{number}", one) for one in (first, again))]
    judge(world, *(Answer(name, one.status_code, one.json().get("lead_id")) for name, one in answers))
