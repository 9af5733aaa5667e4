// <upload-drop>: files dropped anywhere on it go into its file field; what was chosen is told, and that it is being read.

const MB = 1024 * 1024;

class UploadDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.told = this.querySelector("[role=status]");
    this.input.addEventListener("change", () => this.tell());
    this.input.form.addEventListener("submit", () => this.wait());
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, (event) => this.over(event));
    for (const name of ["dragleave", "drop"]) this.addEventListener(name, () => this.classList.remove("over"));
    this.addEventListener("drop", (event) => this.take(event));
  }

  over(event) {
    event.preventDefault();
    this.classList.add("over");
  }

  take(event) {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    this.input.files = event.dataTransfer.files;
    this.tell();
  }

  tell() {
    const files = [...this.input.files];
    const size = files.reduce((sum, file) => sum + file.size, 0) / MB;
    const most = Number(this.dataset.most);
    const names = files.slice(0, 5).map((file) => file.name).join(", ");
    const more = files.length > 5 ? ` and ${files.length - 5} more` : "";
    this.input.setCustomValidity(size > most ? `That is ${size.toFixed(0)} MB; ${most} are taken at a time.` : "");
    this.told.textContent = files.length ? `${names}${more} (${size < 1 ? `${Math.ceil(size * 1024)} KB` : `${size.toFixed(1)} MB`})` : "";
    this.input.reportValidity();
  }

  wait() {
    this.told.textContent = "Reading the files …";
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", "Reading the files");
    this.append(bar);
  }
}

customElements.define("upload-drop", UploadDrop);
