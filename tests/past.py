"""Leads of the past, written by SQL: closed ones with all that is kept of each, and one in a hundred still in work."""

from sqlalchemy import text as sql

from storage.database import open_database

STEP = 50_000
"""Rows in one transaction."""
SERIES = {
    "sqlite": "WITH RECURSIVE number(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM number WHERE n < :last)",
    "postgresql": "WITH number(n) AS (SELECT generate_series(CAST(:first AS bigint), CAST(:last AS bigint)))",
}
THEN = "'2026-10-01 12:00:00.000000'"
WORKED = "n % 100 = 0"
PAST = {
    "lead": f"""
        INSERT INTO lead (id, door, external_id, email, company, domain, score, interests, status, plan, team, rep,
            rule, promise, received_at, mql_at, assigned_at, sal_at, closed_at, reassignments, refused_by)
        {{series}} SELECT 'P' || n, 'website', 'p' || n, 'p' || n || '@p' || n || '.example', 'Past', 'p' || n
            || '.example', 80, '[]', CASE WHEN {WORKED} THEN 'SAL' ELSE 'Recycled' END, 'assigned', 'us-inbound',
            'rep' || (n % 200) || '@acme.example', 'Everyone else', 'Standard', {{then}}, {{then}}, {{then}}, {{then}},
            CASE WHEN {WORKED} THEN NULL ELSE {{then}} END, 0, '[]' FROM number""",
    "receipt": """
        INSERT INTO receipt (door, webhook_id, received_at, state, lead_id)
        {series} SELECT 'website', 'past_' || n, {then}, 'done', 'P' || n FROM number""",
    "assignment": """
        INSERT INTO assignment (lead_id, team, rep, rule, assigned_at, ended_at, outcome)
        {series} SELECT 'P' || n, 'us-inbound', 'rep' || (n % 200) || '@acme.example', 'Everyone else', {then}, {then},
            'recycled' FROM number""",
    "clock": """
        INSERT INTO clock (lead_id, kind, team, rep, count, target, spent, started_at, stopped_at, answered)
        {series} SELECT 'P' || n, 'acceptance', 'us-inbound', 'rep' || (n % 200) || '@acme.example', 'working',
            300000000, 60000000, {then}, {then}, {true} FROM number""",
    "timer": """
        INSERT INTO timer (key, kind, lead_id, clock_id, share, detail, due_at, fired_at, attempts)
        {series} SELECT 'past:' || n, 'level', 'P' || n, n, 50, '{{}}', {then}, {then}, 0 FROM number""",
    "message": """
        INSERT INTO message (key, kind, lane, lead_id, detail, rank, state, created_at, due_at, attempts, done_at)
        {series} SELECT 'past:' || n, 'card', 'channel:#past', 'P' || n, '{{}}', 1, 'sent', {then}, {then}, 1, {then}
        FROM number""",
    "history": """
        INSERT INTO history (lead_id, at, event, actor, "before", "after", detail)
        {series} SELECT 'P' || n, {then}, 'recycled', 'somebody@acme.example', 'SAL', 'Recycled', '{{}}' FROM number""",
}


def fill(url: str, count: int) -> None:
    """So many leads of the past, in a migrated database."""
    database = open_database(url)
    kind = database.url.get_backend_name()
    then = THEN if kind == "sqlite" else f"timestamptz {THEN}"
    words = {"series": SERIES[kind], "then": then, "true": "1" if kind == "sqlite" else "true"}
    for first in range(1, count + 1, STEP):
        span = {"first": first, "last": min(first + STEP - 1, count)}
        for statement in PAST.values():
            written = statement.format(**words).replace(":", "\\:").replace("\\:first", ":first")
            with database.writing.begin() as connection:
                connection.execute(sql(written.replace("\\:last", ":last")), span)
    if kind == "postgresql":
        with database.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sql("ANALYZE"))
    database.close()
