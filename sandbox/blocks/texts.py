"""Composition objects: texts, options, confirmation dialogs."""

from typing import Any

from sandbox.blocks.checks import Check, Problems, boolean, by_type, items, link, one_of, problem, shape, string


def plain(most: int) -> Check:
    return by_type({"plain_text": shape({"text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """Plain or mrkdwn. An `emoji` on mrkdwn or a `verbatim` on plain text is refused, as Slack does."""
    return by_type(
        {
            "plain_text": shape({"text": string(most)}, {"emoji": boolean}),
            "mrkdwn": shape({"text": string(most)}, {"verbatim": boolean}),
        }
    )


confirm = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
    tag=False,
)


def option(label: Check, extra: dict[str, Check] | None = None) -> Check:
    return shape({"text": label, "value": string(150)}, {"description": label, **(extra or {})}, tag=False)


plain_option = option(plain(75))
text_option = option(text(75))
overflow_option = option(plain(75), {"url": link()})
option_group = shape({"label": plain(75), "options": items(plain_option, 100)}, tag=False)
dispatch_config = shape({"trigger_actions_on": items(string(40), 2)}, tag=False)
conversation_filter = shape(
    {},
    {
        "include": items(string(20), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    tag=False,
)


def one_source(place: str, value: Any) -> Problems:
    """A static select takes `options` or `option_groups`, not both and not neither."""
    if ("options" in value) == ("option_groups" in value):
        yield problem(place, "must provide either `options` or `option_groups`")


def initial_among_options(place: str, value: Any) -> Problems:
    """What is preselected has to be exactly one of the choices."""
    choices = list(value.get("options", []))
    for group in value.get("option_groups", []):
        choices += group["options"]
    chosen = value.get("initial_options") or ([value["initial_option"]] if "initial_option" in value else [])
    name = "initial_options" if "initial_options" in value else "initial_option"
    for each in chosen:
        if each not in choices:
            yield problem(f"{place}/{name}", "must be one of the provided options")
