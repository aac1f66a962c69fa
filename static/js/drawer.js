// The list beside the map: the server writes its rows, here it opens and closes, is walked by arrows, and its rows choose.
import { keyboard } from "./core/keyboard.js";
import { stepTo } from "./core/list.js";
import { watchRequests } from "./requests.js";
import { element } from "./words.js";

export class Drawer {
  // choose(row) gets what a row says of itself: kind, key, name, lon, lat, bbox, village.
  constructor(box, choose) {
    this.box = box;
    this.form = box.querySelector("form");
    this.filter = this.form.querySelector("input");
    this.rows = box.querySelector("#drawer-rows");
    box.querySelector(".close").addEventListener("click", () => this.close());
    box.addEventListener("keydown", (event) => this.walk(event));
    keyboard.lets({ layer: "drawer", within: box, isOpen: () => !box.hidden, close: () => this.close() });
    this.rows.addEventListener("click", ({ target }) => {
      const row = target.closest("[data-kind]");
      if (row) choose({ ...row.dataset });
    });
    watchRequests((words) => words && this.rows.replaceChildren(element("p", { className: "trouble", role: "alert", textContent: words })));
  }

  bind(button) {
    this.button = button;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (this.box.hidden ? this.open() : this.close()));
  }

  open(list) {
    if (list) this.form.elements.list.value = list;
    this.box.hidden = false;
    this.button?.setAttribute("aria-expanded", "true");
    this.filter.focus();
    this.form.dispatchEvent(new CustomEvent("open"));
  }

  close() {
    this.box.hidden = true;
    this.button?.setAttribute("aria-expanded", "false");
    this.button?.focus();
  }

  walk(event) {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target.tagName === "SELECT") return;
    event.preventDefault();
    const buttons = [...this.rows.querySelectorAll("button")];
    const next = stepTo(event.key, { at: buttons.indexOf(document.activeElement), count: buttons.length }) ?? -1;
    next < 0 ? this.filter.focus() : buttons[next].focus();
  }
}
