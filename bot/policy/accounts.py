"""The section `named_accounts`: a table that names the rep of each company by its domain."""

from bot.policy.node import Node, Reader
from bot.policy.tables import Row, Table, once, quoted, table_rows
from leads.domains import DOMAIN, FREE, is_company_domain, registrable_domain
from sla_engine.matching import host

COLUMNS = ("domain", "rep", "company")
EXPECTED = "a company's domain such as acme.com"


def named_accounts(reps: frozenset[str], table: Table | None) -> Reader[dict[str, str]]:
    """The rep of each registrable domain; the column `company` is for people only."""

    def read_accounts(node: Node) -> dict[str, str]:
        rows = table_rows(node, table, COLUMNS, ("domain",))
        found = [(row, domain(row), rep(row, reps)) for row in rows]
        once(
            [(row, name) for row, name, _ in found if name],
            lambda line: (f"a domain that line {line} has already", "each domain once"),
        )
        return {name: email for _, name, email in found}

    return read_accounts


def rep(row: Row, reps: frozenset[str]) -> str:
    """The rep of a row."""
    found = row.text("rep").lower()
    if found not in reps:
        row.refuse(quoted(found) if found else "nothing", "the e-mail address of a rep of the policy", "rep")
    return found


def domain(row: Row) -> str:
    """The domain of a row as it is worked out from leads; a website's address is taken for its domain."""
    written = row.text("domain")
    name = host(written)
    if not is_company_domain(name):
        row.refuse(quoted(written) if written else "nothing", EXPECTED + hint(name), "domain")
    return name


def hint(name: str) -> str:
    """Why a domain is not an account's."""
    if name in FREE:
        return ": this is free mail, for anyone"
    if "." not in name or not DOMAIN.fullmatch(name):
        return ""
    if name.rpartition(".")[2].isdigit():
        return ": this is an address in numbers"
    known = registrable_domain(name)
    return f": leads from here are known as {known}" if known else ": under this one anybody can have a domain"
