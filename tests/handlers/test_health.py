"""What operators' machines look at."""

from sqlalchemy import text as sql

from bot.scheduler import Beat, Metronome
from tests.hosting import HandClock
from tests.world import MONDAY, World


def test_a_living_process_says_so(world: World) -> None:
    answer = world.http.get(f"{world.bot.url}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_a_service_whose_parts_have_not_run_is_not_ready_and_names_them(world: World) -> None:
    answer = world.http.get(f"{world.bot.url}/readyz")
    assert answer.status_code == 503
    assert {"timers", "delivery"} == {reason.partition(":")[0] for reason in answer.json()["reasons"]}


def test_figures_are_served_as_prometheus_reads_them(world: World) -> None:
    answer = world.http.get(f"{world.bot.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# TYPE" in answer.text


def test_what_waits_is_told_with_its_number_and_its_age(world: World) -> None:
    world.workspace.down = True
    world.lead(settle=False)
    world.forward(minutes=3)
    world.clock.instant = world.clock.now().replace(hour=16)
    told = world.http.get(f"{world.bot.url}/readyz").json()
    assert told["messages"]["due"] >= 2
    assert told["messages"]["oldest_due_seconds"] > 3_000
    assert told["timers"]["due"] >= 1
    assert told["timers"]["late_by_seconds"] > 3_000
    assert told["slack"]["outcome"] in {"lost", "unreachable"}
    assert told["database"]["seconds"] < 3
    assert not any("slack" in reason.lower() for reason in told["reasons"])


def test_a_schema_that_another_version_wrote_is_a_reason(world: World) -> None:
    with world.service.database.writing.begin() as connection:
        connection.execute(sql("UPDATE alembic_version SET version_num = '9999'"))
    told = world.http.get(f"{world.bot.url}/readyz").json()
    assert any("schema 9999 is newer" in reason for reason in told["reasons"])


def test_a_part_that_has_been_silent_too_long_is_named_and_others_do_not_matter() -> None:
    async def nothing() -> None:
        return None

    timers, people = Beat("timers", nothing), Beat("people", nothing)
    metronome = Metronome(HandClock(MONDAY), [timers, people])
    assert metronome.troubles(15, ["timers"]) == ["timers: has not run yet"]
    timers.trouble = ""
    metronome.alive("timers")
    assert metronome.troubles(15, ["timers"]) == []
    timers.ticked -= 20
    assert metronome.troubles(15, ["timers"]) == ["timers: last ran 20 s ago"]
    metronome.alive("timers")
    assert metronome.troubles(15, ["timers"]) == [], "a long pass that goes on is no silence"
