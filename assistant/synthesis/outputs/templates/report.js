"use strict";
// Counts the themes again for the records that a reader narrows down to, by the rules that the report was counted with:
// twins of one person are one record, people count once. Texts are never touched, only shown or hidden.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  if (!form) return;
  const FIRST = 30;
  const SVG = "http://www.w3.org/2000/svg";
  const unpack = (text, Type) => new Type(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer);
  const number = new Intl.NumberFormat("en").format;
  const percent = (share) => (100 * share).toFixed(1) + " %";
  const entries = [...document.querySelectorAll(".theme")].map((node) => ({
    node,
    at: Number(node.dataset.t),
    words: (node.querySelector(":scope > summary > .name").textContent + " " + (node.querySelector(":scope > .inside > .keywords")?.textContent ?? "")).toLowerCase(),
    people: node.querySelector(":scope > summary > .people"),
    records: node.querySelector(":scope > summary > .records"),
    share: node.querySelector(":scope > summary > .share > b"),
    beside: node.querySelector(":scope > summary > .share > i"),
    fill: node.querySelector(":scope > summary > .bar > .fill"),
    spark: node.querySelector(":scope > summary > .spark > path"),
    shown: node.querySelector(":scope > .inside > .shown"),
    quotes: [...node.querySelectorAll(":scope > .inside > .quotes > li")],
    first: null,
    now: null,
    month: -1,
  }));
  const byNumber = new Map(entries.map((one) => [one.at, one]));
  const byId = new Map(entries.map((one) => [one.node.id, one]));
  const voices = [...document.querySelectorAll(".voices li")];
  const counts = "rows" in data;
  const inPeople = data.measure === "people";
  const selects = [...form.querySelectorAll("select[data-f]")];
  const periodSelect = document.getElementById("period");
  const find = document.getElementById("find");
  const told = document.getElementById("told");
  const allShown = { areas: false };

  let table = null;
  if (counts) {
    const rows = unpack(data.rows, Uint32Array);
    const leaves = [];
    let at = 0;
    for (const size of data.sizes) leaves.push(rows.subarray(at, (at += size)));
    const voice = unpack(data.voice, Uint32Array);
    const person = unpack(data.person, Int32Array);
    table = {
      size: voice.length, leaves, voice, person,
      period: unpack(data.period, Int16Array),
      filters: data.filters.map((one) => unpack(one, Uint8Array)),
      voiceSeen: new Uint32Array(voice.length + 1),
      personSeen: new Uint32Array(voice.length + 1),
      inPeriod: new Uint32Array((voice.length + 1) * Math.max(data.periods.length, 1)),
      stamp: 0,
    };
  }

  function passing() {
    const pass = new Uint8Array(table.size).fill(1);
    const only = (codes, wanted) => { for (let row = 0; row < pass.length; row++) if (codes[row] !== wanted) pass[row] = 0; };
    for (const one of selects) if (one.value !== "") only(table.filters[Number(one.dataset.f)], Number(one.value));
    if (periodSelect && periodSelect.value !== "") only(table.period, Number(periodSelect.value));
    return pass;
  }

  function tally(rows, pass) {
    const { voice, person, period, voiceSeen, personSeen, inPeriod } = table;
    const stamp = ++table.stamp;
    const trend = new Array(data.periods.length).fill(0);
    let records = 0, people = 0;
    for (const row of rows) {
      if (!pass[row] || voiceSeen[voice[row]] === stamp) continue;
      voiceSeen[voice[row]] = stamp;
      records++;
      const who = person[row], when = period[row];
      if (who >= 0 && personSeen[who] !== stamp) { personSeen[who] = stamp; people++; }
      if (when < 0 || (inPeople && who < 0)) continue;
      const cell = who * data.periods.length + when;
      if (inPeople) { if (inPeriod[cell] === stamp) continue; inPeriod[cell] = stamp; }
      trend[when]++;
    }
    return { records, people, trend };
  }

  function members(at) {
    const parts = data.themes[at].map((leaf) => table.leaves[leaf]);
    if (parts.length === 1) return parts[0];
    const whole = new Uint32Array(parts.reduce((sum, one) => sum + one.length, 0));
    let to = 0;
    for (const one of parts) { whole.set(one, to); to += one.length; }
    return whole.sort();
  }

  function spark(all) {
    const trend = data.open ? all.slice(0, -1) : all;
    const [width, height] = data.spark, largest = Math.max(0, ...trend);
    if (trend.length < 2 || !largest) return "";
    const short = (value) => String(Number(value.toFixed(1)));
    const step = width / (trend.length - 1);
    const line = trend.map((count, at) => short(at * step) + " " + short(height - 1 - (count / largest) * (height - 3)));
    return `M0 ${short(height)}L${line.join("L")}L${short(width)} ${short(height)}Z`;
  }

  function chart(entry) {
    const figure = entry.node.querySelector(":scope > .inside > .chart");
    const trend = entry.now ? entry.now.trend : data.trends[entry.at];
    figure.hidden = data.periods.length < 2 || !trend.some(Boolean);
    if (figure.hidden) return;
    const largest = Math.max(...trend), wide = 720, high = 120, step = wide / trend.length;
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", "Trend");
    const add = (kind, values) => {
      const node = document.createElementNS(SVG, kind);
      for (const [name, value] of Object.entries(values)) node.setAttribute(name, value);
      picture.append(node);
      return node;
    };
    const partial = (at) => data.open && at === trend.length - 1;
    add("line", { x1: 0, x2: wide, y1: high - 0.5, y2: high - 0.5 });
    trend.forEach((count, at) => {
      const hit = add("rect", { class: "hit", x: at * step, y: 0, width: step, height: high, tabindex: "0", role: "button",
        "aria-pressed": String(entry.month === at), "aria-label": `${data.periods[at]}: ${number(count)} ${data.measure}` });
      const title = document.createElementNS(SVG, "title");
      title.textContent = `${data.periods[at]}: ${number(count)} ${data.measure}`;
      hit.append(title);
      const tall = (count / largest) * (high - 8);
      add("rect", { class: "col" + (entry.month >= 0 && entry.month !== at ? " off" : "") + (partial(at) ? " open" : ""), x: at * step + step * 0.12, y: high - tall, width: step * 0.76, height: tall });
      const choose = () => { entry.month = entry.month === at ? -1 : at; chart(entry); quotes(entry, lastPass); entry.node.querySelectorAll(":scope > .inside > .chart rect.hit")[at].focus(); };
      hit.addEventListener("click", choose);
      hit.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } });
    });
    const caption = entry.month >= 0 ? `${data.periods[entry.month]}: ${number(trend[entry.month])} ${data.measure}; the records below are of then. Choose it again for all.`
      : `${inPeople ? "People" : "Records"} per ${data.unit}, at most ${number(largest)}${data.open ? `; ${data.periods[data.periods.length - 1]} isn't over` : ""}. Choose a column for its records.`;
    figure.querySelector("figcaption").textContent = caption;
    const scale = document.createElement("div");
    scale.className = "scale";
    for (const name of [data.periods[0], data.periods[data.periods.length - 1]]) scale.append(Object.assign(document.createElement("span"), { textContent: name }));
    figure.querySelector("div").replaceChildren(picture, scale);
  }

  function quotes(entry, pass) {
    if (!table) return;
    let seen = 0;
    for (const one of entry.quotes) {
      const row = Number(one.dataset.r);
      one.hidden = (pass && !pass[row]) || (entry.month >= 0 && table.period[row] !== entry.month);
      seen += !one.hidden;
    }
    if (entry.first === null) entry.first = [...entry.shown.childNodes];
    if (!pass && entry.month < 0) { entry.shown.replaceChildren(...entry.first); return; }
    let records = entry.now ? entry.now.records : 0;
    if (entry.month >= 0) {
      const here = pass ? pass.slice() : new Uint8Array(table.size).fill(1);
      for (let row = 0; row < here.length; row++) if (table.period[row] !== entry.month) here[row] = 0;
      records = tally(members(entry.at), here).records;
    }
    entry.shown.textContent = seen === records ? `These are all ${number(records)} records that pass.` : `${number(seen)} of ${number(records)} records that pass are quoted here, and ${number(records - seen)} more are in the exported tables.`;
  }

  let lastPass = null;
  const labelOf = (one) => `${one.parentElement.querySelector("span").textContent} = ${one.options[one.selectedIndex].textContent.replace(/ \([\d,]+\)$/, "")}`;

  function apply() {
    const chosen = [...selects, periodSelect].filter((one) => one && one.value !== "");
    for (const one of selects) one.classList.toggle("on", one.value !== "");
    const narrowed = chosen.length > 0;
    const pass = narrowed ? passing() : null;
    lastPass = pass;
    let whole = null;
    if (table) {
      const everyone = new Uint32Array(table.size).map((_, row) => row);
      whole = tally(everyone, pass ?? new Uint8Array(table.size).fill(1));
      const every = pass ?? new Uint8Array(table.size).fill(1);
      for (const one of entries) one.now = tally(members(one.at), every);
      const of = inPeople ? whole.people : whole.records;
      const share = (one) => (of ? one.now[data.measure] / of : 0);
      const widest = Math.max(1e-9, ...entries.map(share));
      for (const one of entries) {
        if (one.base === undefined) one.base = one.share.textContent;
        if (one.people) one.people.firstChild.nodeValue = number(one.now.people);
        one.records.firstChild.nodeValue = number(one.now.records);
        one.share.textContent = percent(share(one));
        one.beside.textContent = narrowed ? `all ${one.base}` : "";
        one.fill.setAttribute("width", ((100 * share(one)) / widest).toFixed(1));
        one.spark.setAttribute("d", spark(one.now.trend));
        quotes(one, pass);
        if (one.node.open) chart(one);
      }
      for (const one of voices) one.hidden = pass !== null && !pass[Number(one.dataset.r)];
      for (const spot of document.querySelectorAll(".spot")) {
        const one = byId.get(spot.dataset.id), circle = spot.querySelector("circle");
        const before = inPeople ? one.people0 : one.records0;
        const part = before ? one.now[data.measure] / before : 0;
        circle.setAttribute("r", (Number(circle.dataset.r) * Math.sqrt(part)).toFixed(1));
      }
      for (const list of document.querySelectorAll(".list")) {
        const inside = [...list.children].map((node) => byNumber.get(Number(node.dataset.t)));
        inside.sort((a, b) => b.now[data.measure] - a.now[data.measure] || a.at - b.at);
        if (inside.some((one, at) => list.children[at] !== one.node)) list.append(...inside.map((one) => one.node));
      }
      for (const [id, value] of [["all-people", whole.people], ["all-records", whole.records]]) {
        const node = document.getElementById(id);
        if (node) node.textContent = number(value);
      }
    }
    const words = find.value.trim().toLowerCase();
    let left = 0;
    const fits = (one) => !words || one.words.includes(words) || [...one.node.querySelectorAll(".theme")].some((node) => byNumber.get(Number(node.dataset.t)).words.includes(words));
    for (const one of entries) {
      const empty = narrowed && one.now && one.now.records === 0;
      const above = one.node.parentElement.closest(".theme");
      const hidden = empty || !(fits(one) || (above && byNumber.get(Number(above.dataset.t)).words.includes(words)));
      one.node.hidden = hidden;
      one.node.classList.remove("later");
    }
    for (const node of document.getElementById("areas").children) {
      if (node.hidden) continue;
      left++;
      const later = left > FIRST && !allShown.areas && !words;
      node.hidden = later;
      node.classList.toggle("later", later);
    }
    const rest = document.getElementById("rest");
    rest.hidden = allShown.areas || words !== "" || left <= FIRST;
    rest.textContent = `Show the ${number(left - FIRST)} smaller areas`;
    document.getElementById("none").hidden = left > 0;
    document.getElementById("clear").disabled = !narrowed && !words;
    told.textContent = narrowed ? `${number(inPeople ? whole.people : whole.records)} ${data.measure} with ${chosen.map(labelOf).join(", ")}. Shares are of them; beside them, of all. Ratings, moods and changes stay those of all records.` : "";
  }

  for (const one of entries) {
    const value = (node) => (node ? Number(node.firstChild.nodeValue.replaceAll(",", "")) : 0);
    one.people0 = value(one.people);
    one.records0 = value(one.records);
    one.node.addEventListener("toggle", () => { if (one.node.open) chart(one); });
  }
  function reveal() {
    const node = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!node || !node.classList.contains("theme")) return;
    allShown.areas = allShown.areas || node.classList.contains("later") || node.closest(".later") !== null;
    apply();
    for (let at = node; at; at = at.parentElement.closest("details")) at.open = true;
    node.scrollIntoView();
    node.querySelector("summary").focus({ preventScroll: true });
  }
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", apply);
  document.getElementById("clear").addEventListener("click", () => { form.reset(); apply(); });
  document.getElementById("rest").addEventListener("click", () => { allShown.areas = true; apply(); });
  addEventListener("hashchange", reveal);
  for (const one of document.querySelectorAll("a[href^='#thm']")) one.addEventListener("click", () => { if (one.getAttribute("href") === location.hash) reveal(); });
  form.hidden = false;
  form.reset();
  apply();
  if (location.hash) reveal();
})();
