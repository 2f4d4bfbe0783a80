// The table and data_visualization blocks: numbers as a table, with bars drawn in the cells of a chart.

import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { richText } from "./richtext.js";

export function table(block, { reader }) {
  const rows = block.rows ?? [];
  const cell = (content) => {
    if (content?.type === "rich_text") return richText(content, reader);
    return String(content?.text ?? content?.value ?? plain(content) ?? "");
  };
  const align = (index) => `text-align:${block.column_settings?.[index]?.align ?? "left"}`;
  const line = (tag, row) => h("tr", {}, row.map((content, index) => h(tag, { style: align(index) }, cell(content))));
  return h("div", { class: "block table-box" }, h("table", {},
    block.caption ? h("caption", {}, plain(block.caption)) : null,
    h("thead", {}, rows.slice(0, 1).map((row) => line("th", row))),
    h("tbody", {}, rows.slice(1).map((row) => line("td", row)))));
}

const COLOURS = ["#1264a3", "#2bac76", "#e8912d", "#7c3085", "#cd2553", "#5b8fb0"];

export function chart(block) {
  const { type, segments = [], series = [] } = block.chart ?? {};
  const bars = type === "pie"
    ? segments.map((s, index) => ({ label: s.label, value: s.value, colour: COLOURS[index % 6] }))
    : series.flatMap((s, index) => (s.data ?? []).map((point) => ({
      label: series.length > 1 ? `${point.label} · ${s.name}` : point.label, value: point.value, colour: COLOURS[index % 6],
    })));
  const top = Math.max(...bars.map((bar) => Math.abs(bar.value)), 1);
  return h("figure", { class: "block chart" }, h("figcaption", {}, plain(block.title)),
    bars.map((bar) => h("div", { class: "bar" }, h("span", { class: "bar-label" }, bar.label),
      h("span", { class: "bar-track" }, h("span", {
        class: "bar-fill", style: `width:${(Math.abs(bar.value) / top) * 100}%;background:${bar.colour}`,
      })), h("span", { class: "bar-value" }, String(bar.value)))));
}
