"""`handoff demo`: the whole product in a Slack workspace of its own, with a company's people and a week behind them."""
