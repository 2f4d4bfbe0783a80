"""Territories and named accounts: what their tables say, and every mistake in them with its line."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.policy import PolicyFile, PolicyMistakes, load_policy, policy_warnings
from sla_engine.conditions import Bound
from sla_engine.policy import Method, Policy, ToTerritory
from sla_engine.territories import Territory
from tests.bot.policy.conftest import TODAY, edited, write

Load = Callable[..., Policy]
Told = Callable[..., list[str]]
KEYS = ("version: 1", "version: 1\nterritories: {file: territories.csv}\nnamed_accounts: {file: accounts.csv}")
RULE = ("assign: account_owner ", "assign: account_owner\n  - name: By place\n    assign: territory ")
ROWS = "country,team\nUS,us-inbound\n"
ACCOUNTS = "domain,rep\nacme.com,bob@acme.example\n"


def test_a_table_of_territories_is_read_whatever_the_order_of_its_columns(load: Load) -> None:
    table = (
        "\ufeffrep,Employees,territory,country,state,postal_code,industry,team\r\n"
        "BOB@acme.example,50-249,Bay Area,US,CA,94,\"banking, retail\",us-inbound\r\n"
        "\r\n"
        ",1000+,,,,,,emea-inbound\r\n"
    )  # fmt: skip
    policy = load(KEYS, RULE, territories=table, accounts=ACCOUNTS)
    assert policy.territories is not None
    between = (Bound(">=", 50), Bound("<=", 249))
    bay = Territory(2, "US", "CA", "94", "banking, retail", between, "us-inbound", "bob@acme.example", "Bay Area")
    assert policy.territories.rows == (bay, Territory(4, employees=(Bound(">=", 1000),), team="emea-inbound"))
    assert policy.rules[1].assign == ToTerritory(Method.ROUND_ROBIN)


@pytest.mark.parametrize(
    ("written", "bounds"),
    [
        ("250", (Bound(">=", 250), Bound("<=", 250))),
        ("50 - 249", (Bound(">=", 50), Bound("<=", 249))),
        ("1000 +", (Bound(">=", 1000),)),
        (">=1000 <5000", (Bound(">=", 1000), Bound("<", 5000))),
        ("<50", (Bound("<", 50),)),
        ("", ()),
    ],
)
def test_head_counts_are_read_as_people_write_them(load: Load, written: str, bounds: tuple[Bound, ...]) -> None:
    policy = load(KEYS, RULE, territories=f"employees,team\n{written},us-inbound\n", accounts=ACCOUNTS)
    assert policy.territories is not None
    assert policy.territories.rows[0].employees == bounds


def test_a_spreadsheet_may_save_with_semicolons(load: Load) -> None:
    policy = load(KEYS, RULE, territories=ROWS.replace(",", ";"), accounts=ACCOUNTS)
    assert policy.territories is not None
    assert policy.territories.rows == (Territory(2, "US", team="us-inbound"),)


def test_a_rule_may_say_how_a_territorys_team_finds_its_rep(load: Load) -> None:
    rule = (RULE[0], RULE[1].replace("assign: territory", "assign: {by: territory, method: least_loaded}"))
    assert load(KEYS, rule, territories=ROWS, accounts=ACCOUNTS).rules[1].assign == ToTerritory(Method.LEAST_LOADED)


def test_named_accounts_are_known_by_their_domains(load: Load) -> None:
    table = "company,domain,rep\nAcme,https://www.ACME.com/en,Bob@acme.example\n,b.co.uk,femi@acme.example\n"
    policy = load(KEYS, RULE, territories=ROWS, accounts=table)
    assert policy.accounts == {"acme.com": "bob@acme.example", "b.co.uk": "femi@acme.example"}


TEAMS = "a team of the policy: us-inbound or emea-inbound"
COUNTS = 'head counts such as 250, 50-249, 1000+, <50 or ">=1000 <5000"'
COLUMNS = "one of territory, country, state, postal_code, industry, employees, team, rep"


@pytest.mark.parametrize(
    ("table", "answers"),
    [
        ("", ["1: found an empty table, expected a header with columns such as " + COLUMNS.removeprefix("one of ")]),
        ("country,team\n", ["1: found an empty table, expected a row at least below the header"]),
        (
            "contry,team\nUS,us-inbound\n",
            [f'1: found the unknown column "contry", expected {COLUMNS} (did you mean "country"?)'],
        ),
        ("team,Team\nx,x\n", ["1: found the column team twice, expected each column once"]),
        ("country\nUS\n", ["1: found a header without it, expected the column team or rep"]),
        (
            "country,team\nUS,us\n",
            [f'2: team: found "us", expected {TEAMS}'],
        ),
        ("country,rep\nUS,me\n", ['2: rep: found "me", expected the e-mail address of a rep of the policy']),
        (
            "country,team,rep\nUS,emea-inbound,bob@acme.example\n",
            ['2: rep: found "bob@acme.example", expected a rep of the team emea-inbound'],
        ),
        ("country,team\n\nUS,\n", ["3: found neither team nor rep, expected a team or a rep to give the leads to"]),
        ("employees,team\nmany,us-inbound\n", [f'2: employees: found "many", expected {COUNTS}']),
        ("employees,team\n249-50,us-inbound\n", [f'2: employees: found "249-50", expected {COUNTS}']),
        (
            "country,employees,team\nUS,50-249,us-inbound\nFR,,us-inbound\nus ,>=50 <250,emea-inbound\n",
            ["4: found the same conditions as line 2, expected conditions of its own"],
        ),
        (
            "country,team\nUS,us-inbound,x\n",
            ["2: found 3 values, expected 2 as in the header; quote a value with a comma in it"],
        ),
        ('country,team\n"US\nA",us-inbound\n', ["2: country: found a control character, expected text on one line"]),
        (
            'country,team\nFR,us-inbound\n"US"A,us-inbound\n',
            [
                "3: found what CSV does not allow (',' expected after '\"'), "
                "expected values with commas or quotes in quotes, quotes doubled"
            ],
        ),
        (
            b"country,team\nUS,us-inbound\n\xe9,us-inbound\n",
            ["3: found bytes that are not UTF-8, expected UTF-8 text: save the file as UTF-8"],
        ),
        ("country,team\nUS,x\nFR,y\n", [f'{n}: team: found "{t}", expected {TEAMS}' for n, t in ((2, "x"), (3, "y"))]),
    ],
)
def test_a_mistake_in_the_territories_is_answered_with_file_and_line(
    mistakes: Told, table: str | bytes, answers: list[str]
) -> None:
    found = mistakes(KEYS, RULE, territories=table, accounts=ACCOUNTS)
    assert found[1:] == [f"territories.csv:{answer}" for answer in answers]


@pytest.mark.parametrize(
    ("table", "answer"),
    [
        ("domain,rep\nacme.com,\n", "2: rep: found nothing, expected the e-mail address of a rep of the policy"),
        ("domain,rep\nacme.com,x@y.z\n", '2: rep: found "x@y.z", expected the e-mail address of a rep of the policy'),
        (
            "domain,rep\nAcme,bob@acme.example\n",
            '2: domain: found "Acme", expected a company\'s domain such as acme.com',
        ),
        ("domain,rep\n,bob@acme.example\n", "2: domain: found nothing, expected a company's domain such as acme.com"),
        (
            "domain,rep\n10.0.0.1,bob@acme.example\n",
            '2: domain: found "10.0.0.1", expected a company\'s domain such as',
        ),
        ("domain,rep\ngmail.com,bob@acme.example\n", "acme.com: this is free mail, for anyone"),
        ("domain,rep\nco.uk,bob@acme.example\n", "acme.com: under this one anybody can have a domain"),
        ("domain,rep\n3.4,bob@acme.example\n", "acme.com: this is an address in numbers"),
        ("domain,rep\neu.acme.com,bob@acme.example\n", "acme.com: leads from here are known as acme.com"),
        (
            "domain,rep\nacme.com,bob@acme.example\nwww.acme.com,femi@acme.example\n",
            "3: found a domain that line 2 has already, expected each domain once",
        ),
        ("rep\nbob@acme.example\n", "1: found a header without it, expected the column domain"),
        ("domain,team\nacme.com,x\n", '1: found the unknown column "team", expected one of domain, rep, company'),
    ],
)
def test_a_mistake_in_the_named_accounts_is_answered_with_file_and_line(
    mistakes: Told, table: str, answer: str
) -> None:
    found = mistakes(KEYS, RULE, territories=ROWS, accounts=table)
    assert len(found) == 2
    assert found[1].startswith("accounts.csv:")
    assert answer in found[1]


def test_a_table_that_is_not_there_is_a_mistake_of_the_policy(mistakes: Told, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").mkdir()
    assert mistakes(KEYS, RULE)[1:] == [
        "handoff.yaml:4: territories.file: found 'territories.csv', which does not exist, "
        "expected a CSV file that can be read",
        "handoff.yaml:5: named_accounts.file: found 'accounts.csv', which is no file, "
        "expected a CSV file that can be read",
    ]


def test_mistakes_of_the_policy_and_of_its_tables_are_told_at_once(mistakes: Told) -> None:
    found = mistakes(KEYS, RULE, ("weight: 2", "weight: two"), territories="x\n", accounts="domain,rep\nacme.com,x\n")
    assert found[0] == "handoff.yaml has 3 mistakes:"
    assert [line.split(":")[0] for line in found[1:]] == ["handoff.yaml", "accounts.csv", "territories.csv"]


def test_of_a_table_that_is_wrong_everywhere_the_first_mistakes_are_told(mistakes: Told) -> None:
    table = "country,team\n" + "".join(f"C{n},nobody\n" for n in range(1_060))
    found = mistakes(KEYS, RULE, territories=table, accounts=ACCOUNTS)
    assert len(found) == 52
    assert found[-1] == "territories.csv: and 1,010 more"


def test_a_rule_by_territory_without_a_table_is_a_mistake(mistakes: Told) -> None:
    expected = "expected a table for it: name its file under `territories:`"
    assert mistakes(RULE)[1:] == [f"handoff.yaml:48: routing[1].assign: found territory, {expected}"]


def test_overlaps_that_only_the_order_decides_are_told(told: Told) -> None:
    table = (
        "country,state,industry,employees,team\n"
        "US,,,1-100,us-inbound\n"
        ",CA,,51-150,emea-inbound\n"
        "US,CA,,,us-inbound\n"
        "US,,banking,,emea-inbound\n"
    )
    assert told(KEYS, RULE, territories=table, accounts=ACCOUNTS) == [
        "territories.csv:3: overlaps line 2 for leads with country US and state CA and 51 to 100 employees; "
        "line 2 wins, being first.",
        "territories.csv:5: overlaps line 4 for leads with country US and state CA and industry banking; "
        "line 4 wins, being first.",
    ]


def test_of_many_overlaps_some_are_told_and_the_rest_counted(told: Told) -> None:
    rows = [f"C{n},,us-inbound\n,I{n},emea-inbound\n" for n in range(12)]
    found = told(KEYS, RULE, territories="country,industry,team\n" + "".join(rows), accounts=ACCOUNTS)
    assert len(found) == 21
    assert found[-1].endswith("and 124 more rows overlap in the same way.")


def test_the_edition_is_that_of_the_policy_and_its_tables_one_after_the_other(load: Load) -> None:
    policy = load(KEYS, RULE, territories=ROWS, accounts=ACCOUNTS)
    assert policy.hash == sha256((edited(KEYS, RULE) + ROWS + ACCOUNTS).encode()).hexdigest()[:12]
    moved = load(KEYS, RULE, territories=ROWS.replace("US,", "FR,"), accounts=ACCOUNTS)
    assert moved.hash != policy.hash
    assert load(KEYS, RULE, territories=ROWS.replace("\n", "\r\n"), accounts=ACCOUNTS) == policy


def test_a_later_day_needs_no_files(tmp_path: Path) -> None:
    write(tmp_path, edited(KEYS, RULE), {"territories": ROWS, "accounts": ACCOUNTS})
    file = PolicyFile.read(tmp_path / "handoff.yaml")
    for path in tmp_path.iterdir():
        path.unlink()
    now, later = file.policy(TODAY), file.policy(date(2034, 1, 1))
    assert now.territories is not None
    assert "index" in vars(now.territories), "no lead waits for it to be built"
    assert (now.hash, now.territories, now.accounts) == (later.hash, later.territories, later.accounts)


CELLS = st.sampled_from(
    ["US", "us-inbound", "bob@acme.example", "50-249", ">", "1+", "gmail.com", '"', '""', "\x00", "é", "x" * 90, " "]
)
CSV = st.lists(
    st.lists(CELLS | st.sampled_from(["country", "team", "rep", "domain", "employees"]), max_size=5).map(",".join),
    max_size=6,
).map(lambda lines: "\n".join(lines).encode())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60) | CSV | CSV.map(lambda rows: b"domain,rep,team,country,employees\n" + rows))
def test_whatever_is_in_a_table_it_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, edited(KEYS, RULE), {"territories": content, "accounts": content})
    path = tmp_path / "handoff.yaml"
    with pytest.raises(PolicyMistakes) as refusal:  # no one table has the columns of both
        load_policy(path, TODAY)
    assert all(line.startswith(str(tmp_path)) for line in str(refusal.value).splitlines())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS).map(",".join), max_size=6).map("\n".join))
def test_whatever_is_below_a_good_header_it_is_read_or_refused(tmp_path: Path, rows: str) -> None:
    tables = {"territories": f"country,team,employees\n{rows}", "accounts": ACCOUNTS}
    write(tmp_path, edited(KEYS, RULE), tables)
    refusal = ""
    try:
        file = PolicyFile.read(tmp_path / "handoff.yaml")
        policy_warnings(file, file.policy(TODAY))
    except PolicyMistakes as mistakes:
        refusal = str(mistakes)
    assert all(line.startswith(str(tmp_path)) for line in refusal.splitlines())
