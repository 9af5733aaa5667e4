// <trend-chart>: reads the chart that the server drew: by pointer, or by arrow keys once it has the focus. Without script the
// chart and its table are there all the same.

class TrendChart extends HTMLElement {
  connectedCallback() {
    this.plot = this.querySelector("svg.plot");
    this.periods = [...this.plot.querySelectorAll("g")];
    this.reading = this.querySelector(".reading");
    this.at = -1;
    this.plot.setAttribute("tabindex", "0");
    this.plot.addEventListener("keydown", (event) => this.key(event));
    this.plot.addEventListener("pointermove", (event) => {
      const period = event.target.closest("g");
      if (period) this.show(this.periods.indexOf(period));
    });
    this.plot.addEventListener("blur", () => this.show(-1));
  }

  key(event) {
    const last = this.periods.length - 1;
    const places = { ArrowLeft: this.at < 0 ? last : this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.show(Math.min(last, Math.max(0, places[event.key])));
  }

  show(place) {
    if (place === this.at) return;
    this.periods[this.at]?.classList.remove("read");
    this.at = place;
    this.periods[place]?.classList.add("read");
    this.reading.textContent = this.periods[place]?.querySelector("title").textContent ?? "";
  }
}

customElements.define("trend-chart", TrendChart);
