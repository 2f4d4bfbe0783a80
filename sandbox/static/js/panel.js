// The right column: a fragment given by whoever composed the workspace. It is theirs, not a lead's, so this is
// the one place where a string becomes markup; createContextualFragment, unlike innerHTML, lets its scripts run.

export async function loadPanel(container) {
  const answer = await fetch("/ui/panel", { cache: "no-store" });
  if (!answer.ok) return;
  container.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
}
