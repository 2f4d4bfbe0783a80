"""What operators' machines look at."""

from tests.world import World


def test_a_living_process_says_so(world: World) -> None:
    answer = world.http.get(f"{world.bot.url}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_a_service_whose_parts_have_not_run_is_not_ready_and_names_them(world: World) -> None:
    answer = world.http.get(f"{world.bot.url}/readyz")
    assert answer.status_code == 503
    assert {"timers", "delivery", "people"} <= {reason.partition(":")[0] for reason in answer.json()["reasons"]}


def test_figures_are_served_as_prometheus_reads_them(world: World) -> None:
    answer = world.http.get(f"{world.bot.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# TYPE" in answer.text
