"""Strict turns by weight: smooth weighted round robin over whoever can take a lead now.

Each turn, every rep who can take it earns their weight in credit; the one with the most credit takes it and
pays what all of them earned together. Who is passed over neither earns nor pays, so keeps their place, and
weights 5, 1, 1 give A A B A C A A rather than a burst of five. The rule is nginx's for weighted upstreams:
https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1
"""

from collections.abc import Mapping, Sequence

from sla_engine.policy import Rep

Credits = Mapping[str, int]
"""Credit by rep's e-mail; one who is new has none, which is level with the others."""


def take(available: Sequence[Rep], credits: Credits) -> tuple[Rep, dict[str, int], int]:
    """Whose turn it is, the credits that change, and what the turn cost. Ties go to the earlier in the list."""
    earned = {rep.email: credits.get(rep.email, 0) + rep.weight for rep in available}
    cost = sum(rep.weight for rep in available)
    chosen = max(available, key=lambda rep: earned[rep.email])
    earned[chosen.email] -= cost
    return chosen, earned, cost
