// What a person has chosen and typed in one view or message, kept by block_id and action_id.
//
// Slack keeps typed input across views.update where both ids stay the same; keeping it apart from the DOM gives
// exactly that, whatever is rendered again.

export class Form {
  #values = new Map();
  #live = new Map();
  #watchers = new Map();

  /** Call before rendering: only what the next rendering registers is part of the snapshot. */
  begin() {
    this.#live.clear();
    this.#watchers.clear();
  }

  /** Register an input and get its value: what the person left there, else `initial`. */
  register(blockId, actionId, initial) {
    const key = `${blockId}\n${actionId}`;
    this.#live.set(key, [blockId, actionId]);
    const kept = this.#values.get(key);
    if (kept?.type !== initial.type) this.#values.set(key, initial);
    return this.#values.get(key);
  }

  set(blockId, actionId, value) {
    this.#values.set(`${blockId}\n${actionId}`, value);
    this.#watchers.get(blockId)?.();
  }

  get(blockId, actionId) {
    return this.#values.get(`${blockId}\n${actionId}`);
  }

  /** Told when a value of that block changes, to take its error away. */
  watch(blockId, changed) {
    this.#watchers.set(blockId, changed);
  }

  /** `state.values` as Slack sends it. */
  snapshot() {
    const state = {};
    for (const [key, [blockId, actionId]] of this.#live) {
      (state[blockId] ??= {})[actionId] = this.#values.get(key);
    }
    return state;
  }
}

/** Whether an input's value counts as given. */
export function isFilled(value) {
  const content = value?.value ?? value?.selected_option ?? value?.selected_options ?? value?.selected_date ??
    value?.selected_time ?? value?.selected_date_time ?? value?.selected_user ?? value?.selected_users ??
    value?.selected_conversation ?? value?.selected_conversations ?? value?.selected_channel ??
    value?.selected_channels ?? value?.rich_text_value;
  return Array.isArray(content) ? content.length > 0 : content !== undefined && content !== null && content !== "";
}
