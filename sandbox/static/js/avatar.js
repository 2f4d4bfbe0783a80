// A face for everybody without pictures: initials on a colour that stays the same from run to run.

import { h } from "./dom.js";

const COLOURS = ["#8a3c62", "#2b6f4b", "#1d5b8f", "#9a5b12", "#6b3fa0", "#0f6c74", "#a33b2e", "#4d5b1e", "#3949a0", "#7a4a2b"];

function colourOf(text) {
  let sum = 7;
  for (const char of text) sum = (sum * 31 + char.codePointAt(0)) >>> 0;
  return COLOURS[sum % COLOURS.length];
}

export function avatar({ name, seed, bot = false, size = "" }) {
  const initials = name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => word[0].toUpperCase()).join("");
  return h("span", {
    class: `avatar ${size} ${bot ? "avatar-bot" : ""}`, "aria-hidden": "true",
    style: bot ? null : `background:${colourOf(seed ?? name)}`,
  }, initials || "?");
}
