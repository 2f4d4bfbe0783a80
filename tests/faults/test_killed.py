"""`kill -9`: at each moment at which something is half done, and at random ones."""

import random
import time

from tests.bot.stage import Stage
from tests.faults.auditor import doubled
from tests.faults.siege import Senders, Service, clicking, hurried, services, verdict

KILLS = 4


def test_ten_kills_at_random_moments_under_load_lose_nothing_and_double_only_what_was_in_doubt(stage: Stage) -> None:
    policy = {"HANDOFF_CONFIG": hurried(stage.folder, "30s")}
    with services(Service(stage, **policy)) as (service,):
        senders = Senders([service.url])
        with senders.sending(threads=2, pause=0.5), clicking(stage):
            for _ in range(KILLS):
                time.sleep(random.uniform(0.1, 1.0))  # noqa: S311  # no secret depends on it
                service.kill()
                service.start()
            time.sleep(0.5)
        service.kill()
    evidence = verdict(stage, senders.answers, service.outages, **policy)
    assert len(senders.answers) > KILLS
    assert set(senders.statuses) <= {0, 200, 202, 503}
    assert len(doubled(evidence)) <= 2 * KILLS, "of each conversation one message may be under way"
