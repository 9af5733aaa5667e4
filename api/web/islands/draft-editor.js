// <draft-editor>: a menu over selected words, or over the claim that has the focus. Each choice shows what would change before it does.
// Forms marked `data-swap` replace a part of the page by the same part of their answer, `data-sheet` shows their answer in a sheet.

import { announce, fetchPage, problemOf, swap } from "./swap.js";

const ACTIONS = [
  ["shorter", "Shorter"],
  ["for_sales", "For sales"],
  ["less_jargon", "Less jargon"],
  ["split_story", "Split story"],
  ["add_failure_path", "Add failure path"],
];
const sheet = () => document.getElementById("sheet");
const paper = () => document.getElementById("paper");

const isTyping = (node) => node instanceof HTMLElement && node.matches("input, textarea, select, [contenteditable]");

function show(page) {
  const dialog = sheet();
  const main = page.querySelector("main");
  dialog.replaceChildren(...(main ? [...main.childNodes].map((one) => document.adoptNode(one)) : []));
  if (!dialog.open) {
    dialog.opener = document.activeElement;
    dialog.showModal();
  }
  dialog.querySelector("textarea, button.main, button, a")?.focus();
}

function close() {
  sheet().close();
}

function refused(page) {
  const dialog = sheet();
  if (!dialog.open) dialog.showModal();
  let line = dialog.querySelector(".refused");
  if (!line) {
    line = document.createElement("p");
    line.className = "problem refused";
    line.setAttribute("role", "alert");
    dialog.prepend(line);
  }
  line.textContent = problemOf(page);
  if (!dialog.querySelector("[data-close]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
    button.dataset.close = "";
    dialog.append(button);
    button.focus();
  }
}

async function submit(event) {
  const form = event.target;
  const part = form.dataset.swap;
  if (part === undefined && form.dataset.sheet === undefined) return;
  event.preventDefault();
  const data = new FormData(form);
  if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
  let answer;
  try {
    answer = await fetchPage(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(data) });
  } catch {
    announce("The server can't be reached. Try again.");
    return;
  }
  if (!answer.ok) refused(answer.page);
  else if (answer.page.getElementById("paper")) {
    if (sheet().open) close();
    swap("paper", answer.page);
    history.replaceState(null, "", answer.address.replace(/#.*/, ""));
    announce(`Version ${paper().dataset.version}. ${paper().querySelector(".verdict")?.textContent ?? ""}`);
  } else show(answer.page);
}

async function openSheet(address) {
  const answer = await fetchPage(address);
  if (answer.ok) show(answer.page);
  else refused(answer.page);
}

function step(name) {
  const button = document.querySelector(`button[data-step="${name}"]`);
  if (button && !button.disabled) button.form.requestSubmit(button);
}

class DraftEditor extends HTMLElement {
  connectedCallback() {
    this.menu = document.createElement("div");
    this.menu.className = "edit-menu";
    this.menu.hidden = true;
    this.menu.lang = "en";
    this.menu.setAttribute("role", "toolbar");
    this.menu.setAttribute("aria-label", "Change this passage");
    this.append(this.menu);
    this.onselect = () => this.selected();
    document.addEventListener("selectionchange", this.onselect);
    this.menu.addEventListener("click", (event) => this.chosen(event));
    this.menu.addEventListener("keydown", (event) => this.along(event));
  }

  disconnectedCallback() {
    document.removeEventListener("selectionchange", this.onselect);
  }

  selected() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => {
      const held = document.getSelection();
      if (!held || held.isCollapsed || !this.contains(held.anchorNode)) {
        if (!this.menu.contains(document.activeElement)) this.hide();
        return;
      }
      const from = held.anchorNode.parentElement?.closest("[data-target]");
      const to = held.focusNode?.parentElement?.closest("[data-target]");
      const passage = from ?? to;
      if (passage) this.offer(passage, held.getRangeAt(0).getBoundingClientRect(), held.toString());
    }, 120);
  }

  offer(passage, box, words) {
    this.passage = passage;
    this.words = words;
    const target = passage.dataset.target;
    const story = /^US-/.test(target) || passage.closest(".basis");
    const locked = passage.hasAttribute("data-locked");
    const held = ACTIONS.filter(([name]) => story || !["split_story", "add_failure_path"].includes(name));
    const all = [["", "Type over …"], ...held, [locked ? "unlock" : "lock", locked ? "Unlock" : "Lock"], ["comment", "Comment"], ["chat", "Ask about it"]];
    this.menu.replaceChildren(
      ...all.map(([name, label], place) => {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
        button.className = "plain";
        button.dataset.action = name;
        button.tabIndex = place ? -1 : 0;
        return button;
      }),
    );
    this.menu.hidden = false;
    const own = this.getBoundingClientRect();
    const left = Math.max(0, Math.min(box.left - own.left, own.width - this.menu.offsetWidth));
    this.menu.style.left = `${left}px`;
    this.menu.style.top = `${box.bottom - own.top + 6}px`;
  }

  hide() {
    this.menu.hidden = true;
  }

  along(event) {
    const buttons = [...this.menu.children];
    const at = buttons.indexOf(document.activeElement);
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) {
      buttons[(at + by + buttons.length) % buttons.length].focus();
      event.preventDefault();
    } else if (event.key === "Escape") {
      this.hide();
      this.passage.closest("[data-claim]")?.focus();
      event.preventDefault();
      event.stopPropagation();
    }
  }

  async chosen(event) {
    const action = event.target.closest("button")?.dataset.action;
    if (action === undefined) return;
    const target = this.passage.dataset.target;
    this.hide();
    if (action === "chat") {
      const form = document.getElementById("say");
      form.elements.target.value = target;
      form.elements.selected.value = this.words.slice(0, 20000);
      location.hash = "talk";
      document.getElementById("say-text").focus();
      return;
    }
    const at = new URL(this.dataset.edit, location.href);
    if (!action || action === "comment") {
      at.searchParams.set("target", target);
      at.searchParams.set("version", this.dataset.version);
      await openSheet(at);
      if (action) document.getElementById("comment-text")?.focus();
      return;
    }
    const form = Object.assign(document.createElement("form"), { action: at, method: "post" });
    form.dataset[action === "lock" || action === "unlock" ? "swap" : "sheet"] = "paper";
    for (const [name, value] of Object.entries({ version: this.dataset.version, target, action }))
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    this.append(form);
    form.requestSubmit();
    form.remove();
  }
}

document.addEventListener("submit", submit);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-sheet]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openSheet(link.href);
    return;
  }
  if (event.target.closest?.("#sheet [data-close]")) {
    event.preventDefault();
    close();
  }
});
document.addEventListener("keydown", (event) => {
  if (sheet().open || isTyping(event.target)) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z") {
    step(event.shiftKey ? "redo" : "undo");
    event.preventDefault();
  } else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === "m") {
    const claim = document.activeElement?.closest?.("[data-claim]");
    const passage = claim?.querySelector("[data-target]");
    if (passage) {
      const editor = document.querySelector("draft-editor");
      editor.offer(passage, claim.getBoundingClientRect(), passage.textContent);
      editor.menu.querySelector("button").focus();
      event.preventDefault();
    }
  } else if (event.key === "c") {
    location.hash = "talk";
    document.getElementById("say-text").focus();
    event.preventDefault();
  }
});

customElements.define("draft-editor", DraftEditor);
