"""A newcomer's first minute, in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, expect

PATIENCE = 30_000
"""Milliseconds: the machine may be busy."""


def visit(browser: Browser, address: str) -> Page:
    """The page, and a complaint about anything it complains of."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.on("pageerror", lambda error: (_ for _ in ()).throw(AssertionError(str(error))))
    page.goto(address)
    return page


def act_as(page: Page, name: str) -> None:
    """Become somebody, and wait until the page shows their side."""
    switch = page.get_by_test_id("user-switch")
    person = switch.locator("option").filter(has_text=name).get_attribute("value")
    assert person is not None
    switch.select_option(person)
    expect(switch).to_have_value(person)


def send_lead(page: Page, **fields: str) -> None:
    """Fill in the form beside the conversation and send it through the real webhook."""
    for name, value in fields.items():
        page.locator(f"#lead-form [name={name}]").fill(value)
    page.get_by_test_id("send-lead").click()
    expect(page.get_by_test_id("lead-answer")).to_contain_text("202 accepted")


def card_of(page: Page, words: str) -> Locator:
    """The newest message with these words that has a button to accept."""
    found = page.get_by_test_id("message").filter(has_text=words)
    return found.filter(has=page.get_by_role("button", name="Accept")).last


def rep_of(page: Page, lead: str) -> str:
    """Who the channel says a lead is offered to."""
    page.get_by_test_id("conversation-leads-us").click()
    card = page.get_by_test_id("message").filter(has_text=lead).first
    line = card.get_by_text("Offered to").inner_text()
    return next(name for name in ("Alice Ames", "Bob Burke", "Carol Chen") if name in line)


def test_a_lead_is_accepted_another_rejected_and_the_digest_read(browser: Browser, demo: Callable[..., str]) -> None:
    page = visit(browser, demo("--speed", "1"))

    send_lead(page, first_name="Robin", last_name="Vale", company="Valley Freight")
    act_as(page, rep_of(page, "Robin Vale"))
    page.get_by_test_id("conversation-Handoff").click()
    card_of(page, "Robin Vale").get_by_role("button", name="Accept").click()
    expect(page.get_by_role("button", name="Log touch").last).to_be_visible()

    send_lead(page, first_name="Sky", last_name="Moss", company="Moss Gardens", email="sky@moss.example")
    act_as(page, rep_of(page, "Sky Moss"))
    page.get_by_test_id("conversation-Handoff").click()
    card_of(page, "Sky Moss").get_by_role("button", name="Reject").click()
    form = page.get_by_test_id("modal")
    expect(form).to_contain_text("Reject lead")
    form.get_by_label("Reason").select_option(label="Bad timing")
    page.get_by_test_id("modal-submit").click()
    expect(form).to_contain_text("needs a note")
    form.get_by_label("Note").fill("Back in March, after the move")
    page.get_by_test_id("modal-submit").click()
    expect(form).to_be_hidden()
    expect(page.get_by_test_id("message").filter(has_text="Bad timing").last).to_be_visible()

    page.get_by_test_id("skip-3600").click()
    page.get_by_test_id("conversation-marketing").click()
    digest = page.get_by_test_id("message").filter(has_text="Rejected leads").last
    expect(digest).to_contain_text("In the reps' words")
    expect(digest).to_contain_text("Back in March, after the move")


def test_a_lead_that_nobody_answers_goes_to_the_next_rep(browser: Browser, demo: Callable[..., str]) -> None:
    page = visit(browser, demo("--speed", "60", "--no-sample-leads"))
    send_lead(page, first_name="Robin", last_name="Vale")
    page.get_by_test_id("conversation-leads-us").click()
    thread = page.get_by_test_id("message").filter(has_text="Robin Vale")
    expect(thread.filter(has_text=re.compile("Time is up|Overdue")).first).to_be_visible()

    act_as(page, "Dana Diaz")
    page.get_by_test_id("conversation-Handoff").click()
    expect(page.get_by_test_id("message").filter(has_text="Robin Vale").last).to_be_visible()


def test_commands_and_the_home_tab_answer(browser: Browser, demo: Callable[..., str]) -> None:
    page = visit(browser, demo("--speed", "1"))
    page.get_by_test_id("conversation-leads-us").click()
    page.get_by_test_id("composer").fill("/sla")
    page.keyboard.press("Escape")
    page.get_by_test_id("send").click()
    expect(page.get_by_text("Your last 30 days").last).to_be_visible()
    page.get_by_test_id("home-tab").click()
    expect(page.get_by_text("open lead").first).to_be_visible()
