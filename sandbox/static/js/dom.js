// Every node on the page is built here, from text nodes and attributes. Message data is written by strangers,
// so there is no way in this code base to turn a string into markup.

/** h("button", {class: "x", onclick: f, dataset: {ts}}, "text", node, [nodes], null) */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child);
  }
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** A line icon on a 20 by 20 grid; decorative, the text beside it names the thing. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * Rebuild a container only when what it shows has changed. Native selects close and focus is lost when their
 * node is replaced, and the page refetches on every event of the workspace, so needless rebuilding is felt.
 */
export function renderOnChange(container, signature, build) {
  if (container.renderedSignature === signature) return false;
  container.renderedSignature = signature;
  keepFocus(container, () => container.replaceChildren(...[build()].flat(Infinity).filter(Boolean)));
  return true;
}

/** Run a change of the container's content and give focus (and the caret) back to the control that had it. */
export function keepFocus(container, change) {
  const active = document.activeElement;
  const key = container.contains(active) ? active.dataset.focus : undefined;
  const caret = key && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  change();
  if (!key) return;
  const again = container.querySelector(`[data-focus="${CSS.escape(key)}"]`);
  if (!again || again === document.activeElement) return;
  again.focus({ preventScroll: true });
  // Number, date and e-mail inputs have no caret to set and throw.
  if (caret && caret[0] !== null && again.setSelectionRange) again.setSelectionRange(...caret);
}

const live = new WeakMap();

/** A text that depends on the clock ("3 minutes ago", "today"): refreshed by tickLiveTexts. */
export function liveText(node, text) {
  node.dataset.live = "";
  node.textContent = text();
  live.set(node, text);
  return node;
}

export function tickLiveTexts() {
  for (const node of document.querySelectorAll("[data-live]")) {
    const text = live.get(node)?.();
    if (text !== undefined && text !== node.textContent) node.textContent = text;
  }
}

/** Exchange the first child for `head` unless both say the same: its buttons keep focus and half-made clicks. */
export function renewHead(container, head) {
  if (!container.firstElementChild.isEqualNode(head)) keepFocus(container, () => container.firstElementChild.replaceWith(head));
}
