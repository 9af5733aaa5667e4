// <evidence-popover>: the quote behind a citation, or the query behind a number, while it is pointed at or has the focus; the evidence of
// a claim by `e`; `j` and `k` go from claim to claim. Without script they are links to the record or the number's page, which they stay.

const HIDE_MS = 250;
const claims = () => [...document.querySelectorAll("#document [data-claim]")].filter((one) => one.checkVisibility());

class EvidencePopover extends HTMLElement {
  connectedCallback() {
    this.setAttribute("popover", "manual");
    this.lang = "en";
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "Evidence");
    for (const name of ["pointerover", "focusin"]) document.addEventListener(name, (event) => this.near(event));
    for (const name of ["pointerout", "focusout"]) document.addEventListener(name, (event) => this.away(event));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("voxspec:swapped", () => this.hide());
    document.addEventListener("click", (event) => {
      const chip = event.target.closest?.("[data-proof]");
      if (chip) this.openAll(chip.closest("[data-claim]"));
    });
  }

  near(event) {
    if (this.contains(event.target)) {
      clearTimeout(this.soon);
      return;
    }
    const cite = event.target.closest?.("#document a.cite[data-quote], #document a.fact[data-fact]");
    if (!cite || this.pinned) return;
    clearTimeout(this.soon);
    this.show(cite, [cite.dataset.quote ?? cite.dataset.fact]);
  }

  away(event) {
    if (this.pinned || this.contains(event.relatedTarget)) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.hide(), HIDE_MS);
  }

  show(anchor, names, head = "") {
    const parts = names.map((name) => this.card(name) ?? this.count(name)).filter(Boolean);
    if (!parts.length && !head) return;
    this.replaceChildren();
    if (head) this.append(Object.assign(document.createElement("p"), { className: "head", textContent: head }));
    this.append(...parts);
    if (!this.matches(":popover-open")) this.showPopover();
    const box = anchor.getBoundingClientRect();
    const width = this.offsetWidth;
    const under = box.bottom + this.offsetHeight + 10 < innerHeight;
    this.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    this.style.top = `${under ? box.bottom + 6 : Math.max(8, box.top - this.offsetHeight - 6)}px`;
  }

  card(name) {
    const held = document.querySelector(`#quotes [data-quote="${CSS.escape(name)}"]`);
    const link = document.querySelector(`#document a.cite[data-quote="${CSS.escape(name)}"]`);
    if (!held || !link) return null;
    const card = document.createElement("div");
    card.className = "card";
    card.append(...[...held.childNodes].map((one) => one.cloneNode(true)));
    const open = Object.assign(document.createElement("a"), { href: link.href, textContent: `${name}: open the record` });
    card.append(open);
    return card;
  }

  count(name) {
    const row = document.querySelector(`#${CSS.escape(name.toLowerCase())}`);
    const link = row?.querySelector("a");
    if (!link) return null;
    const card = document.createElement("div");
    card.className = "card";
    const how = `${row.cells[1].textContent}: ${row.cells[2].textContent}`;
    card.append(Object.assign(document.createElement("p"), { textContent: how }));
    card.append(Object.assign(document.createElement("a"), { href: link.href, textContent: `${name}: open its records` }));
    return card;
  }

  openAll(claim) {
    if (!claim) return;
    const names = [...new Set([...claim.querySelectorAll("a.cite[data-quote]")].map((one) => one.dataset.quote))];
    const proof = claim.querySelector(".proof");
    const chip = proof?.textContent ?? claim.querySelector("em")?.textContent ?? "";
    const numbers = [...new Set([...claim.querySelectorAll("a.fact[data-fact]")].map((one) => one.dataset.fact))];
    this.show(claim, [...names, ...numbers], [chip, proof?.dataset.trend].filter(Boolean).join("\n"));
    this.pinned = claim;
    this.querySelector("a")?.focus();
    if (!this.querySelector("a")) {
      this.tabIndex = -1;
      this.focus();
    }
  }

  hide() {
    if (this.matches(":popover-open")) this.hidePopover();
    this.pinned = null;
  }

  step(by) {
    const all = claims();
    if (!all.length) return;
    const held = document.activeElement?.closest?.("[data-claim]") ?? this.pinned;
    const at = all.indexOf(held);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))];
    this.hide();
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && this.matches(":popover-open")) {
      const back = this.pinned;
      this.hide();
      back?.focus({ preventScroll: true });
      event.preventDefault();
      return;
    }
    if (event.target.matches?.("input, textarea, select")) return;
    if (event.key === "e") {
      const claim = document.activeElement?.closest?.("[data-claim]") ?? claims()[0];
      if (claim) {
        if (claim.tabIndex < 0) claim.tabIndex = -1;
        this.openAll(claim);
        event.preventDefault();
      }
    } else if ((event.key === "j" || event.key === "k") && !document.activeElement?.closest?.("[data-list]")) {
      this.step(event.key === "j" ? 1 : -1);
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }
}

customElements.define("evidence-popover", EvidencePopover);
