// The workspace's time as the page knows it: the server's word at the last fetch, run on at the server's speed.

let anchor = { now: Date.now() / 1000, at: performance.now(), speed: 1 };

export function setClock({ now, speed }) {
  anchor = { now, at: performance.now(), speed };
}

/** Workspace time in seconds since 1970, UTC. */
export function workspaceNow() {
  return anchor.now + ((performance.now() - anchor.at) / 1000) * anchor.speed;
}
