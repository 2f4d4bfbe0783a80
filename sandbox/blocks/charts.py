"""The `data_visualization` block's chart: pie segments, or series over categories.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block; where its limits grew over 2026, the
smaller number is kept.
"""

from typing import Any

from sandbox.blocks.checks import Problems, by_type, items, number, problem, shape, string

POINT = shape({"label": string(20), "value": number(-1e15, 1e15)}, tag=False)
SERIES = shape({"name": string(20), "data": items(POINT, 20)}, tag=False)
AXES = shape({"categories": items(string(20), 20)}, {"x_label": string(50), "y_label": string(50)}, tag=False)
SEGMENT = shape({"label": string(20), "value": number(1e-9, 1e15)}, tag=False)


def point_per_category(place: str, value: Any) -> Problems:
    categories = value["axis_config"]["categories"]
    for index, series in enumerate(value["series"]):
        if [p["label"] for p in series["data"]] != categories:
            yield problem(f"{place}/series/{index}/data", "must have one point for each category")


OVER_AXES = shape({"series": items(SERIES, 6), "axis_config": AXES}, {}, point_per_category)
CHART = by_type(
    {
        "pie": shape({"segments": items(SEGMENT, 6)}),
        "bar": OVER_AXES,
        "line": OVER_AXES,
        "area": OVER_AXES,
    }
)
