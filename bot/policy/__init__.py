"""The policy file: from YAML to the frozen `sla_engine.policy.Policy`, or every mistake in it at once."""

from bot.policy.cautions import Caution, policy_warnings
from bot.policy.mistakes import PolicyMistakes, PolicyUnreadable
from bot.policy.reader import PolicyFile, load_policy

__all__ = ["Caution", "PolicyFile", "PolicyMistakes", "PolicyUnreadable", "load_policy", "policy_warnings"]
