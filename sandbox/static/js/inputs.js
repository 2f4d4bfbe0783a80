// Elements one types into.

import { common } from "./choices.js";
import { instantOf, wallOf } from "./dates.js";
import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";

/**
 * One typed input: `key` is the value's name in the payload, `read` and `show` translate between the payload's
 * form and the control's.
 */
function typed({ control, key = "value", initial, read = (text) => text || null, show = (value) => value ?? "" }) {
  return (item, block, surface) => {
    const first = { type: item.type, [key]: item[initial] ?? null };
    const kept = surface.form.register(block.block_id, item.action_id, first);
    const payload = () => ({ [key]: read(node.value, surface) });
    const store = () => surface.form.set(block.block_id, item.action_id, { type: item.type, ...payload() });
    const tell = () => surface.act(block, item, payload(), node);
    const when = item.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const node = control(item, {
      class: "text-input", placeholder: plain(item.placeholder) || null, maxlength: item.max_length,
      "aria-label": block.type === "input" ? null : plain(item.placeholder) || item.type.replaceAll("_", " "),
      ...common(item, block),
      oninput: () => {
        store();
        if (block.dispatch_action && when.includes("on_character_entered")) tell();
      },
      onchange: () => {
        store();
        // Pickers have no Enter: outside an input block their change is the action.
        if (key !== "value" && (block.type !== "input" || block.dispatch_action)) tell();
      },
      onkeydown: (event) => {
        if (event.key !== "Enter" || !block.dispatch_action || !when.includes("on_enter_pressed")) return;
        event.preventDefault();
        store();
        tell();
      },
    });
    node.value = show(kept[key], surface);
    return node;
  };
}

const input = (type, extra = () => ({})) => (item, props) => h("input", { type, ...props, ...extra(item) });

const text = (item, props) => (item.multiline
  ? h("textarea", { rows: 4, ...props, onkeydown: undefined })
  : h("input", { type: "text", autocomplete: "off", ...props }));

const numeric = (item) => ({
  min: item.min_value, max: item.max_value, step: item.is_decimal_allowed ? "any" : 1, inputmode: "decimal",
});

/** Typed text in the shape of rich text, without the formatting a real client would offer. */
function asRichText(typedText) {
  if (!typedText) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: typedText }] }] };
}

function fromRichText(value) {
  const sections = value?.elements ?? [];
  return sections.map((s) => (s.elements ?? []).map((leaf) => leaf.text ?? "").join("")).join("\n");
}

export const inputs = {
  plain_text_input: typed({ control: text, initial: "initial_value" }),
  number_input: typed({ control: input("number", numeric), initial: "initial_value" }),
  email_text_input: typed({ control: input("email"), initial: "initial_value" }),
  url_text_input: typed({ control: input("url"), initial: "initial_value" }),
  datepicker: typed({ control: input("date"), key: "selected_date", initial: "initial_date" }),
  timepicker: typed({ control: input("time"), key: "selected_time", initial: "initial_time" }),
  datetimepicker: typed({
    control: input("datetime-local"), key: "selected_date_time", initial: "initial_date_time",
    read: (wall, surface) => (wall ? instantOf(wall, surface.reader.timeZone) : null),
    show: (unix, surface) => (unix ? wallOf(unix, surface.reader.timeZone) : ""),
  }),
  rich_text_input: typed({
    control: (item, props) => text({ ...item, multiline: true }, props), key: "rich_text_value",
    initial: "initial_value", read: asRichText, show: fromRichText,
  }),
};
