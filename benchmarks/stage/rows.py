"""The four bare rows of the references: a lead, its assignment, a timer and a message, in plain SQL."""

NUMBER = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}
TABLES = (
    "CREATE TABLE lead (id TEXT PRIMARY KEY, webhook_id TEXT UNIQUE, email TEXT, company TEXT, body TEXT)",
    "CREATE TABLE assignment (id {number}, lead_id TEXT REFERENCES lead (id), rep TEXT, assigned_at TEXT)",
    "CREATE TABLE timer (id {number}, lead_id TEXT REFERENCES lead (id), due_at TEXT)",
    "CREATE TABLE message (id {number}, lead_id TEXT REFERENCES lead (id), lane TEXT, body TEXT)",
    "CREATE INDEX timer_due ON timer (due_at)",
)


def tables(kind: str) -> list[str]:
    """The statements that make them on this kind of database."""
    return [statement.format(number=NUMBER[kind]) for statement in TABLES]
