// <feedback-map>: up to some 300,000 points drawn as pixels. A loop around points, or a click on a disc, chooses themes by ticking
// the boxes of the table below, which is what the form sends: the map can do nothing that the table can't.

const NAME = 8;
const LONE = 0xffff;
const FULL = 65535;
const MOST_ZOOM = 12;
const LETTERS = 15;

const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

class FeedbackMap extends HTMLElement {
  async connectedCallback() {
    this.canvas = this.querySelector("canvas");
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.told = this.querySelector("[data-told]");
    this.under = this.querySelector("[data-under]");
    this.wide = Number(this.dataset.width);
    this.high = Number(this.dataset.height);
    this.boxes = [...this.closest("form").querySelectorAll("input[data-disc]")];
    this.discs = this.boxes.map((box) => {
      const [x, y, r, hue, labelX, labelY] = box.dataset.disc.split(" ").map(Number);
      return { x, y, r, hue, labelX, labelY, label: box.dataset.label, box, counted: 0 };
    });
    this.view = { x: 0, y: 0, zoom: 1 };
    this.loop = [];
    this.chosen = null;
    this.told.textContent = "Loading the points …";
    const answer = await fetch(this.dataset.points);
    if (!answer.ok) {
      this.told.textContent = "The points can’t be had now; the table holds the same themes.";
      return;
    }
    this.read(await answer.arrayBuffer());
    this.canvas.hidden = false;
    this.querySelector(".map-tools").hidden = false;
    this.listen();
    this.tell();
    this.draw();
    this.dataset.ready = String(Math.round(performance.now()));
  }

  read(bytes) {
    const count = Number(new DataView(bytes).getBigUint64(NAME, true));
    const column = (place) => new Uint16Array(bytes, 2 * NAME + 2 * count * place, count);
    [this.x, this.y, this.disc] = [column(0), column(1), column(2)];
    this.count = count;
  }

  listen() {
    const canvas = this.canvas;
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.end(event));
    canvas.addEventListener("pointercancel", () => this.leave());
    for (const button of this.querySelectorAll("[data-zoom]"))
      button.addEventListener("click", () => this.zoom(Number(button.dataset.zoom)));
    this.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    for (const { box } of this.discs) box.addEventListener("change", () => this.changed());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.loop.length && this.leave());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  // From the window to the map's own units.
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.wide / box.width / this.view.zoom;
    return [(event.clientX - box.left) * scale + this.view.x, (event.clientY - box.top) * scale + this.view.y];
  }

  discAt([x, y]) {
    return this.discs.find((disc) => (disc.x - x) ** 2 + (disc.y - y) ** 2 <= disc.r ** 2);
  }

  begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.loop = [this.at(event)];
  }

  move(event) {
    const here = this.at(event);
    const disc = this.discAt(here);
    this.under.textContent = disc ? disc.box.closest("tr").querySelector("a").textContent : "";
    if (!this.loop.length) return;
    this.loop.push(here);
    this.redrawSoon();
  }

  end(event) {
    if (!this.loop.length) return;
    const loop = this.loop;
    this.loop = [];
    if (loop.length < 6) {
      const disc = this.discAt(this.at(event));
      if (disc) disc.box.checked = !disc.box.checked;
      this.changed();
    } else this.choose(loop);
  }

  leave() {
    this.loop = [];
    this.draw();
  }

  // The loop is filled on a canvas of its own; a point is inside where that has a pixel.
  choose(loop) {
    const mask = new OffscreenCanvas(this.wide, this.high);
    const pen = mask.getContext("2d", { willReadFrequently: true });
    pen.beginPath();
    for (const [x, y] of loop) pen.lineTo(x, y);
    pen.fill();
    const inside = pen.getImageData(0, 0, this.wide, this.high).data;
    const counts = new Uint32Array(this.discs.length);
    let all = 0;
    for (let i = 0; i < this.count; i += 1) {
      const x = Math.min(this.wide - 1, (this.x[i] * this.wide) / FULL | 0);
      const y = Math.min(this.high - 1, (this.y[i] * this.high) / FULL | 0);
      if (!inside[(y * this.wide + x) * 4 + 3]) continue;
      all += 1;
      if (this.disc[i] !== LONE) counts[this.disc[i]] += 1;
    }
    this.discs.forEach((disc, place) => {
      disc.box.checked = counts[place] > 0;
    });
    this.chosen = all;
    this.tell();
    this.draw();
  }

  changed() {
    this.chosen = null;
    this.tell();
    this.draw();
  }

  clear() {
    for (const { box } of this.discs) box.checked = false;
    this.changed();
  }

  tell() {
    const themes = this.discs.filter(({ box }) => box.checked).length;
    const points = this.chosen === null ? "" : `${this.chosen.toLocaleString("en")} statements inside, of `;
    this.told.textContent = themes ? `${points}${themes} ${themes === 1 ? "theme" : "themes"} chosen` : "";
  }

  zoom(by) {
    const { view } = this;
    const zoom = by ? Math.min(MOST_ZOOM, Math.max(1, view.zoom * by)) : 1;
    const middle = [view.x + this.wide / view.zoom / 2, view.y + this.high / view.zoom / 2];
    const first = this.discs.find(({ box }) => box.checked);
    const [x, y] = first && by > 1 ? [first.x, first.y] : middle;
    view.zoom = zoom;
    view.x = Math.min(this.wide - this.wide / zoom, Math.max(0, x - this.wide / zoom / 2));
    view.y = Math.min(this.high - this.high / zoom, Math.max(0, y - this.high / zoom / 2));
    this.draw();
  }

  redrawSoon() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.draw();
    });
  }

  colours() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const any = this.discs.some(({ box }) => box.checked);
    const read = (css) => {
      pen.fillStyle = css;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
      return (255 << 24) | (b << 16) | (g << 8) | r;
    };
    const faint = read(dark ? "#3a4341" : "#d3d8d4");
    return {
      lone: faint,
      discs: this.discs.map(({ hue, box }) =>
        any && !box.checked ? faint : read(`hsl(${hue} ${dark ? "55% 60%" : "60% 42%"})`),
      ),
    };
  }

  draw() {
    const { wide, high, view, pen } = this;
    const image = pen.createImageData(wide, high);
    const pixels = new Uint32Array(image.data.buffer);
    const { lone, discs } = this.colours();
    const scaleX = (wide / FULL) * view.zoom;
    const scaleY = (high / FULL) * view.zoom;
    const left = view.x * view.zoom;
    const top = view.y * view.zoom;
    // Few points are drawn large, many as single pixels.
    const size = Math.max(1, Math.min(4, Math.round(Math.sqrt((wide * high) / this.count / 12) * Math.sqrt(view.zoom))));
    for (let i = 0; i < this.count; i += 1) {
      const x = (this.x[i] * scaleX - left) | 0;
      const y = (this.y[i] * scaleY - top) | 0;
      if (x < 0 || y < 0 || x > wide - size || y > high - size) continue;
      const colour = this.disc[i] === LONE ? lone : discs[this.disc[i]];
      const at = y * wide + x;
      for (let down = 0; down < size; down += 1)
        for (let across = 0; across < size; across += 1) pixels[at + down * wide + across] = colour;
    }
    pen.putImageData(image, 0, 0);
    this.ring();
    this.label();
    this.drawLoop();
  }

  ring() {
    const { pen, view } = this;
    for (const { x, y, r, hue, box } of this.discs) {
      pen.beginPath();
      pen.arc((x - view.x) * view.zoom, (y - view.y) * view.zoom, (r + 3) * view.zoom, 0, 2 * Math.PI);
      pen.fillStyle = `hsl(${hue} 60% 50% / ${box.checked ? 0.22 : 0.07})`;
      pen.fill();
    }
  }

  label() {
    const { pen, view } = this;
    const style = getComputedStyle(this);
    // As large for the eye on a telephone as on a desk, as far as there is room.
    const scale = Math.max(1, (11 * this.wide) / (this.canvas.clientWidth || this.wide) / LETTERS);
    const size = LETTERS * scale;
    const drawn = [];
    pen.font = `600 ${size}px ${style.fontFamily}`;
    pen.textAlign = "center";
    pen.lineWidth = 4 * scale;
    pen.lineJoin = "round";
    pen.strokeStyle = style.getPropertyValue("--raised");
    pen.fillStyle = style.getPropertyValue("--ink");
    for (const disc of this.discs) {
      if (!disc.label) continue;
      const x = (disc.labelX - view.x) * view.zoom;
      const y = (disc.labelY - view.y) * view.zoom;
      if (scale > 1) {
        const half = pen.measureText(disc.label).width / 2;
        const box = [x - half, y - size, x + half, y + size / 3];
        if (box[0] < 0 || box[2] > this.wide || drawn.some((one) => overlap(one, box))) continue;
        drawn.push(box);
      }
      pen.strokeText(disc.label, x, y);
      pen.fillText(disc.label, x, y);
    }
  }

  drawLoop() {
    const { pen, view, loop } = this;
    if (loop.length < 2) return;
    pen.beginPath();
    for (const [x, y] of loop) pen.lineTo((x - view.x) * view.zoom, (y - view.y) * view.zoom);
    pen.lineWidth = 2;
    pen.strokeStyle = getComputedStyle(this).getPropertyValue("--accent");
    pen.stroke();
  }
}

customElements.define("feedback-map", FeedbackMap);
