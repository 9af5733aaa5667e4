// Parts of pages that are replaced by what a form or a link answers: the answer is a page of ours, of which one part is taken.
// The focus stays where it was, and so does the place that the reader looks at.

const announce = (words) => {
  const told = document.getElementById("told");
  if (told) told.textContent = words;
};

export async function fetchPage(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { ok: answer.ok, address: answer.url, page };
}

export function problemOf(page) {
  const told = [...(page.querySelector("main")?.querySelectorAll("h1, p") ?? [])].filter((one) => !one.querySelector("a"));
  return told.map((one) => one.textContent.trim()).join(" ") || "That went wrong. Try it again.";
}

function marker(node) {
  if (!node || node === document.body) return "";
  if (node.id) return `#${CSS.escape(node.id)}`;
  const claim = node.closest("[data-claim]");
  if (claim) return `[data-claim="${CSS.escape(claim.dataset.claim)}"]`;
  if (node.dataset.step) return `[data-step="${node.dataset.step}"]`;
  return node.closest("[id]") ? `#${CSS.escape(node.closest("[id]").id)}` : "";
}

export function swap(id, page) {
  const old = document.getElementById(id);
  const fresh = page.getElementById(id);
  if (!old || !fresh) return false;
  const place = old.contains(document.activeElement) ? marker(document.activeElement) : "";
  const open = [...old.querySelectorAll("details[open]")].map(marker).filter(Boolean);
  const top = window.scrollY;
  old.replaceWith(document.adoptNode(fresh));
  for (const one of open) if (one.startsWith("#")) document.querySelector(`${one}:is(details)`)?.setAttribute("open", "");
  if (place) {
    const again = document.querySelector(place);
    if (again) {
      if (again.tabIndex < 0 && !again.hasAttribute("tabindex")) again.tabIndex = -1;
      again.focus({ preventScroll: true });
    }
  }
  window.scrollTo({ top, behavior: "instant" });
  document.dispatchEvent(new CustomEvent("voxspec:swapped", { detail: id }));
  return true;
}

export { announce };
