"""Public holidays by country and subdivision, from the `holidays` library."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import holidays

from bot.policy.node import Node, guess, one_of
from bot.policy.values import text

AHEAD = 5
"""Years after the current one for which holidays are known."""


def public_holidays(node: Node, today: date) -> Mapping[date, str]:
    """The holidays of `{country: US, subdivision: NY}`, from the last year to `AHEAD` years on."""
    with node.section() as section:
        country = section.require("country", country_code)
        place = section.take("subdivision", text("a subdivision"), None)
    if not country or place == "":
        return {}
    known = subdivisions(country)
    if place is not None and place not in known:
        expected = one_of(sorted(known), place) if known else "no subdivision: this country has none"
        return node.child("subdivision").refuse(expected, {})
    return dates(country, place, today.year)


def country_code(node: Node) -> str:
    """A country by its code in ISO 3166-1; its three-letter code and `UK` do as well."""
    if node.text in countries():
        return node.text
    return node.refuse(f"a country code such as US or GB{guess(countries(), node.text)}", "")


@cache
def countries() -> Mapping[str, list[str]]:
    """Every country code the library knows."""
    return holidays.list_supported_countries()


@cache
def subdivisions(country: str) -> frozenset[str]:
    """The codes and the names of a country's subdivisions."""
    place = holidays.country_holidays(country)
    return frozenset({*place.subdivisions, *place.subdivisions_aliases})


@cache
def dates(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """The dates from the year before `year` to `AHEAD` years on, with English names where the library has them.

    The library puts a holiday that is observed in the neighbouring year there (New Year 2022 on 2021-12-31) as long as
    the years are given at once. Without a language its names would follow the machine's locale.
    """
    place = holidays.country_holidays(country)
    language = "en_US" if "en_US" in place.supported_languages else place.default_language
    years = range(year - 1, year + AHEAD + 1)
    return dict(sorted(holidays.country_holidays(country, subdiv=subdivision, years=years, language=language).items()))
