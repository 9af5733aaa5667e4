// Keys for every page: "/" search, "?" help, "g" and a letter for pages, "j" and "k" through lists, Esc.
// Lists say so by `data-list`, pages of the menu by `data-go`. "n" goes to what a page wants done next; Enter then does it.

const GO_MS = 1200;
let going = 0;

const NEXT = "#findings .fix button, form.choices > button.recommended, main :is(button, .button).main:not(:disabled, [data-say] *), .checks:has(.approved) .menu summary";
const BY_KEY = "voxspec-by-key";

const isTyping = (node) =>
  node instanceof HTMLElement && (node.isContentEditable || node.matches("input, textarea, select"));

const help = document.getElementById("keys");
const opener = document.querySelector("[data-help]");
const pages = () => [...document.querySelectorAll("nav [data-go]")];

function fillHelp() {
  const list = help.querySelector("[data-pages]");
  if (list.childElementCount) return;
  for (const link of pages()) {
    const row = document.createElement("div");
    const key = document.createElement("dt");
    const name = document.createElement("dd");
    const letter = document.createElement("kbd");
    letter.textContent = link.dataset.go;
    key.append(letter);
    name.textContent = link.textContent;
    row.append(key, name);
    list.append(row);
  }
}

function showHelp() {
  fillHelp();
  help.showModal();
}

function step(by) {
  const links = [...document.querySelectorAll("[data-list] > li, [data-list] > tr")]
    .map((row) => row.querySelector("a, summary, button"))
    .filter((node) => node && node.checkVisibility());
  if (!links.length) return;
  const at = links.findIndex((node) => node.closest("li, tr").contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by));
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

function next() {
  const node = [...document.querySelectorAll(NEXT)].find((one) => one.checkVisibility());
  node?.focus();
  node?.scrollIntoView({ block: "nearest" });
}

function go(letter) {
  const link = pages().find((one) => one.dataset.go === letter);
  if (link) {
    sessionStorage.setItem(BY_KEY, link.pathname);
    link.click();
  }
  return Boolean(link);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && isTyping(document.activeElement) && !help.open) {
    document.activeElement.blur();
    return;
  }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("textarea[data-send]")) {
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
    return;
  }
  if (isTyping(event.target) || help.open) return;
  if (going && event.timeStamp - going < GO_MS) {
    going = 0;
    if (go(event.key)) event.preventDefault();
    return;
  }
  going = 0;
  if (event.key === "/") {
    document.querySelector("[role=search] input[type=search]").select();
    event.preventDefault();
  } else if (event.key === "?") showHelp();
  else if (event.key === "g") going = event.timeStamp;
  else if (event.key === "n") next();
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
});

// On a narrow window the menu is one row that scrolls.
const row = document.querySelector(".bar nav");
const here = row.querySelector("[aria-current]");
if (here) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;

// Who came by keys goes on in the content, not at the menu's first link.
if (sessionStorage.getItem(BY_KEY) === location.pathname && document.activeElement === document.body) document.getElementById("main").focus();
sessionStorage.removeItem(BY_KEY);

opener.hidden = false;
opener.addEventListener("click", showHelp);
