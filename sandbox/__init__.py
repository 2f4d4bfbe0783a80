"""A local Slack workspace: the real Web API and real interactions, in memory, for a demo and for tests."""
