"""`handoff digest … --now`: post a report out of turn. It reads, posts, and writes nothing."""

from datetime import datetime

from bot.records import opened
from bot.roles import Role
from bot.serving import read_policy
from bot.settings import Settings, SettingsMistakes, slack_mistakes
from connectors.slack.client import SlackClient, SlackProblem
from connectors.slack.digest import rejection_digest
from leads import reports


class UnknownDigest(Exception):
    """The policy has no digest of this name."""


class NotPosted(Exception):
    """Slack did not take the digest."""


async def post(settings: Settings, name: str, now: datetime) -> str:
    """Post the digest of the week that ends now; returns a sentence that says where it is."""
    if mistakes := slack_mistakes(settings, frozenset({Role.DELIVERY})):
        raise SettingsMistakes(*mistakes)
    policy = read_policy(settings)
    digest = next((one for one in policy.digests if one.name == name), None)
    if digest is None:
        known = ", ".join(one.name for one in policy.digests) or "none"
        raise UnknownDigest(f"{settings.config} has no digest {name!r}; it has: {known}.")
    with opened(settings) as database, database.read() as tx:
        content = rejection_digest(reports.rejections(tx, policy, digest, now), digest, policy)
    slack = SlackClient(settings.bot_token, settings.slack_api_url)
    await slack.open()
    try:
        await slack.call("chat.postMessage", channel=digest.channel, text=content.text, blocks=content.blocks)
    except SlackProblem as error:
        raise NotPosted(f"The digest could not be posted to {digest.channel} ({error}); see handoff check.") from error
    finally:
        await slack.close()
    return f"The digest {name!r} of the last 7 days is in {digest.channel}."
