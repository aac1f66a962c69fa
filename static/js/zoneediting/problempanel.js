// The problems of the draft, or of the whole layer, the largest first: walked, shown on the map, mended in a way that was looked at.
import { debounce } from "../core/debounce.js";
import { keyboard } from "../core/keyboard.js";
import { areaWords, element, lengthWords, t } from "../words.js";
import { Fixes } from "./fixes.js";

const SETTLE_MS = 400;
const CLOSE = 16;

export class ProblemPanel {
  place;
  map;
  work;
  pointer;
  tab;
  isLate = false;

  constructor({ place, map, work, canvas, pointer, tab }) {
    Object.assign(this, { place, map, work, pointer, tab });
    this.items = [];
    this.scope = place.querySelector("[name=problem-scope]");
    this.fixes = new Fixes({ place: place.querySelector(".problem-fixes"), panel: place, work, canvas });
    this.scope.addEventListener("change", () => this.ask());
    place.addEventListener("shown", () => this.isLate && this.ask());
    this.at = -1;
    this.mark = null;
    this.soon = debounce(() => this.ask(), SETTLE_MS);
    work.addEventListener("answered", () => this.soon());
    keyboard.add({ keys: ["F8"], title: t("下一个问题"), run: () => this.go(this.at + 1) });
    keyboard.add({ keys: ["Shift+F8"], title: t("上一个问题"), run: () => this.go(this.at - 1) });
    place.querySelector("[data-act=next]").addEventListener("click", () => this.go(this.at + 1));
    place.querySelector("[data-act=previous]").addEventListener("click", () => this.go(this.at - 1));
  }

  // The whole layer is searched while it is looked at only.
  async ask() {
    this.isLate = this.scope.checked && this.place.hidden;
    if (this.isLate) return;
    const asked = (this.asked = {});
    try {
      const { service, values } = this.work;
      const told = await (this.scope.checked ? service.layerProblems(values.theme) : service.problems());
      if (asked !== this.asked) return;
      this.items = told.items;
      this.show(told);
    } catch (trouble) {
      this.place.querySelector(".problem-count").textContent = t("问题没有查出来：{reason}", { reason: trouble.message });
    }
  }

  show({ blocking, warnings }) {
    this.at = Math.min(this.at, this.items.length - 1);
    this.fixes.clear();
    this.mark?.remove();
    const words = this.items.length ? t("{blocking} 个须先解决，{warnings} 个提示", { blocking, warnings }) : t("没有发现问题。");
    this.place.querySelector(".problem-count").textContent = words;
    this.tab.querySelector(".count").textContent = this.items.length ? String(this.items.length) : "";
    this.place.querySelector("ol").replaceChildren(...this.items.map((item, i) => this.line(item, i)));
  }

  line(problem, i) {
    const size = problem.size == null ? "" : problem.unit === "m" ? lengthWords(problem.size) : areaWords(problem.size);
    const button = element(
      "button",
      { type: "button", className: `problem is-${problem.level}` },
      element("b", { textContent: problem.name || problem.kind }),
      element("span", { textContent: problem.zones.join(t("、")) }),
      element("small", { textContent: [problem.level === "blocking" ? t("须先解决") : t("提示"), size].filter(Boolean).join(" · ") }),
    );
    if (i === this.at) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => this.go(i));
    return element("li", {}, button);
  }

  go(i) {
    if (!this.items.length) return;
    this.at = (i + this.items.length) % this.items.length;
    const problem = this.items[this.at];
    const lines = [...this.place.querySelectorAll("li button")];
    for (const [place, line] of lines.entries()) place === this.at ? line.setAttribute("aria-current", "true") : line.removeAttribute("aria-current");
    this.work.select(problem.zones);
    this.fixes.offer(problem);
    lines[this.at]?.scrollIntoView({ block: "nearest" });
    if (!this.place.hidden) lines[this.at]?.focus({ preventScroll: true }); // the keys of its fixes work there
    this.mark?.remove();
    if (!problem.place) return void this.pointer.show(problem.zones);
    const [lng, lat] = problem.place;
    this.map.setView([lat, lng], Math.max(this.map.getZoom(), CLOSE), { animate: false });
    this.mark = L.circleMarker([lat, lng], { pane: "objects", radius: 16, weight: 3, fill: false, className: "site-trouble", interactive: false }).addTo(this.map);
  }
}
