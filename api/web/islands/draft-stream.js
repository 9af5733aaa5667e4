// <draft-stream>: a chat that is followed while it is answered. Forms are sent without leaving the page; the answer's events come from
// the stored log, so a reload, a second tab and a lost network go on where they were. Esc stops.

import { announce, fetchPage, problemOf, swap } from "./swap.js";

const JOIN_MS = 50;
const AGAIN_MS = 5000;
const SILENT_MS = 20000; // The server says something each 15 s, of which a page hears nothing; a stream that is dead says nothing either.
const LOST = "Connection lost. Trying again …";
const STEPS = {
  survey: "Looking at the evidence …",
  outline: "Making the outline …",
  write: "Writing …",
  word: "Finding the words …",
  revise: "Mending what the check found …",
  judge: "Asking the judge …",
};

class DraftStream extends HTMLElement {
  connectedCallback() {
    this.queue = [];
    this.addEventListener("submit", (event) => this.submit(event));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.id === "say-text") {
        event.preventDefault();
        if (event.target.value.trim()) event.target.form.requestSubmit();
      }
    });
    this.onkey = (event) => this.stopOn(event);
    document.addEventListener("keydown", this.onkey);
    // A network that went may leave a stream that looks open and is dead.
    this.onback = () => {
      if (this.source && this.running && (this.isLost || performance.now() - this.heardAt > SILENT_MS)) this.connect();
    };
    this.ongone = () => this.lost();
    window.addEventListener("online", this.onback);
    window.addEventListener("offline", this.ongone);
    document.addEventListener("visibilitychange", this.onback);
    this.follow();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onkey);
    window.removeEventListener("online", this.onback);
    window.removeEventListener("offline", this.ongone);
    document.removeEventListener("visibilitychange", this.onback);
    this.source?.close();
  }

  get said() {
    return this.querySelector("#said");
  }

  get running() {
    return this.said?.dataset.open ?? "";
  }

  stopOn(event) {
    if (event.key !== "Escape" || !this.running || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.querySelector("[data-stop]")?.requestSubmit();
  }

  async submit(event) {
    const form = event.target;
    if (!form.matches("[data-say], [data-stop]")) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    let answer;
    const field = form.querySelector("textarea");
    const typed = field?.value ?? "";
    const kept = () => {
      if (field && !field.value) field.value = typed;
    };
    try {
      const data = new FormData(form);
      if (button?.name) data.set(button.name, button.value);
      const body = new URLSearchParams(data);
      if (form.matches("[data-say]")) form.reset();
      answer = await fetchPage(form.getAttribute("action"), { method: "POST", body });
    } catch {
      kept();
      this.tell("The server can't be reached, so this wasn't sent. Try again in a moment.");
      return;
    } finally {
      if (button) button.disabled = false;
    }
    if (!answer.ok) {
      kept();
      this.tell(problemOf(answer.page));
      return;
    }
    this.querySelector(".refused")?.remove();
    this.take(answer);
    document.getElementById("say-text")?.focus({ preventScroll: true });
  }

  // The page that answered: its chat takes the place of this one, with the thread's address where it is new.
  take(answer) {
    const fresh = answer.page.querySelector("draft-stream");
    if (!fresh) {
      location.assign(answer.address);
      return;
    }
    this.dataset.thread = fresh.dataset.thread;
    swap("said", answer.page);
    this.querySelector("#say").action = fresh.querySelector("#say").action;
    const lines = this.querySelector(".lines");
    lines.scrollTop = lines.scrollHeight;
    document.getElementById("live")?.setAttribute("aria-busy", String(Boolean(this.running)));
    this.follow();
  }

  follow() {
    this.source?.close();
    this.source = null;
    if (!this.running) return;
    this.last = this.said.dataset.since;
    this.live = document.querySelector("[data-live]");
    this.open = null;
    this.draft = null;
    this.isLost = false;
    this.isWording = false;
    this.fresh = new Set();
    this.connect();
  }

  // From the last event that was heard: none is missed, none comes twice.
  connect() {
    this.source?.close();
    const turn = this.running;
    const query = new URLSearchParams({ turn, last_event_id: this.last });
    if (this.dataset.workspace) query.set("workspace", this.dataset.workspace);
    const source = new EventSource(`/v1/threads/${this.dataset.thread}/events?${query}`);
    this.source = source;
    this.heardAt = performance.now();
    source.onopen = () => this.found();
    for (const name of ["step.started", "step.completed", "draft.text.delta", "draft.check.completed", "draft.completed",
      "turn.text.delta", "turn.completed", "turn.failed"])
      source.addEventListener(name, (event) => {
        const data = JSON.parse(event.data);
        this.last = event.lastEventId || this.last;
        this.heardAt = performance.now();
        if (data.turn === turn) this.hear(name, data);
      });
    source.onerror = () => {
      if (this.source !== source) return;
      this.lost();
      if (source.readyState !== EventSource.CLOSED) return;
      // Refused for now, or it was over already: the page knows.
      setTimeout(() => this.look(), AGAIN_MS / 5);
    };
  }

  lost() {
    if (!this.running || this.isLost) return;
    this.isLost = true;
    this.stepped = this.querySelector(".step")?.textContent ?? "";
    this.step(LOST);
  }

  found() {
    if (!this.isLost) return;
    this.isLost = false;
    if (this.querySelector(".step")?.textContent === LOST) this.step(this.stepped);
  }

  hear(name, data) {
    if (!name.endsWith(".delta")) this.flush();
    if (name === "step.started") {
      this.step(STEPS[data.step] ?? "Working …");
      // A step that was cut off begins again: what it says of a passage replaces what it said before.
      this.fresh = new Set();
      this.isWording = data.step === "word";
      if (!this.isWording) this.mark(null);
    } else if (name === "step.completed" && data.step === "outline") this.outline(data);
    else if (name === "draft.text.delta") this.later(data);
    else if (name === "draft.check.completed") this.step(`Checked: ${data.verdict}.`);
    else if (name === "draft.completed") this.draft = data;
    else if (name === "turn.text.delta") this.later(data);
    else if (name === "turn.completed" || name === "turn.failed") this.over();
  }

  step(words) {
    const line = this.querySelector(".step");
    if (line && line.textContent !== words) line.textContent = words;
  }

  tell(words) {
    announce(words);
    let line = this.querySelector(".refused");
    if (!line) {
      line = document.createElement("p");
      line.className = "problem refused";
      this.querySelector("#say").before(line);
    }
    line.textContent = words;
  }

  outline(data) {
    if (!this.live) return;
    this.live.replaceChildren();
    this.live.append(Object.assign(document.createElement("h1"), { textContent: data.title, dir: "auto" }));
    for (const one of data.sections) {
      const section = document.createElement("section");
      section.dataset.section = one.id;
      section.className = "to-come";
      section.append(Object.assign(document.createElement("h2"), { textContent: one.title, dir: "auto" }));
      this.live.append(section);
    }
    announce(`Outline: ${data.sections.map((one) => one.title).join(", ")}`);
  }

  later(data) {
    if (!this.queue.length) setTimeout(() => this.flush(), JOIN_MS);
    this.queue.push(data);
  }

  // Only the open passage grows; what was written before is not touched again.
  flush() {
    for (const data of this.queue.splice(0)) {
      if (data.section !== undefined && data.target === undefined) this.openSection(data);
      else if (data.target !== undefined) this.grow(data);
      else this.say(data);
    }
  }

  openSection(data) {
    const section = this.live?.querySelector(`[data-section="${CSS.escape(data.section)}"]`);
    if (!section) return;
    section.classList.remove("to-come");
    this.open = section;
    this.step(`Writing: ${data.text}`);
  }

  // What a model says is the raw reply, which nothing has checked: the proven words stay until the checked ones come with the draft.
  word(target) {
    if (this.fresh.has(target)) return;
    this.fresh.add(target);
    const at = this.fresh.size;
    this.mark(this.live?.querySelector(`[data-target="${CSS.escape(target)}"]`));
    const line = this.querySelector(".so-far");
    if (line) line.textContent = `Passage ${at}. What stands here stays until the new wording is checked.`;
  }

  mark(passage) {
    this.live?.querySelector("[data-wording]")?.removeAttribute("data-wording");
    passage?.setAttribute("data-wording", "");
  }

  grow(data) {
    if (this.isWording) {
      this.word(data.target);
      return;
    }
    if (!this.live) return;
    let passage = this.live.querySelector(`[data-target="${CSS.escape(data.target)}"]`);
    if (!passage) {
      passage = document.createElement("p");
      passage.dataset.target = data.target;
      passage.dir = "auto";
      (this.open ?? this.live).append(passage);
    } else if (!this.fresh.has(data.target)) passage.textContent = "";
    this.fresh.add(data.target);
    passage.append(data.text);
  }

  say(data) {
    const line = this.querySelector(".so-far");
    if (line) line.append(data.claim ? ` ${data.text}` : data.text);
  }

  over() {
    this.source.close();
    this.flush();
    const made = this.draft;
    if (made && made.draft_id !== this.dataset.draft) {
      const query = new URLSearchParams({ thread: this.dataset.thread });
      if (this.dataset.workspace) query.set("workspace", this.dataset.workspace);
      location.assign(`/drafts/${made.draft_id}?${query}`);
      return;
    }
    this.look();
  }

  async look() {
    const address = new URL(location.href);
    address.hash = "";
    if (this.draft) address.searchParams.delete("version");
    if (this.dataset.draft && this.dataset.thread) address.searchParams.set("thread", this.dataset.thread);
    try {
      const answer = await fetchPage(address);
      if (!answer.ok) throw new Error(answer.address);
      if (this.draft) swap("paper", answer.page);
      this.draft = null;
      this.take(answer);
      if (!this.running) announce("Answered.");
    } catch {
      this.lost();
      setTimeout(() => this.look(), AGAIN_MS);
    }
  }
}

customElements.define("draft-stream", DraftStream);
