"""What a person asks for in Slack is done once."""

from leads.desk import Desk
from leads.intake import Answer, Delivery
from storage.database import Database
from tests.leads.floor import run
from tests.sla_engine.samples import MONDAY, data, policy, rep, team


def test_a_source_called_slack_takes_nothing_for_a_press_and_no_press_for_a_delivery(database: Database) -> None:
    asked = policy(team("us", rep("alice")))
    desk = Desk(lambda: asked, lambda: MONDAY)
    assert [run(database, lambda tx: desk.once(tx, "", "123", lambda _: "done")) for _ in range(2)] == ["done", None]
    taken = run(database, lambda tx: desk.ingest(tx, Delivery("slack", "123"), data()))
    assert taken.answer is Answer.ACCEPTED
    run(database, lambda tx: desk.ingest(tx, Delivery("slack", "456"), data(external_id="00Q6")))
    assert run(database, lambda tx: desk.once(tx, "", "456", lambda _: "done")) == "done"
