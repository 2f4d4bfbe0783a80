// The page's own JSON interface to the workspace, under /ui/.

/** A sentence for the person at the screen; shown as it is. */
export class Refused extends Error {}

async function exchange(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Refused("The workspace does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (answer === null || !response.ok || answer.ok === false) {
    throw new Refused(answer?.message ?? `The workspace answered with status ${response.status}.`);
  }
  return answer;
}

export const fetchState = (as) => exchange(`/ui/state?as=${encodeURIComponent(as ?? "")}`);

export const fetchMessages = (as, conversation) =>
  exchange(`/ui/messages?as=${encodeURIComponent(as)}&conversation=${encodeURIComponent(conversation)}`);

export function post(path, body) {
  return exchange(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/**
 * Follow the workspace's revisions. EventSource reconnects by itself; a reconnect may have missed events, so
 * opening counts as a change.
 */
export function followEvents({ onChange, onConnection }) {
  const source = new EventSource("/ui/events");
  source.onopen = () => {
    onConnection(true);
    onChange();
  };
  source.onmessage = () => onChange();
  source.onerror = () => {
    onConnection(false);
    // A browser gives up for good on an answer that isn't an event stream (a proxy's 502 during a restart).
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => followEvents({ onChange, onConnection }), 2000);
    }
  };
}
