// The ways to mend the problem in hand: each looked at on the map with the areas before and after, one of them taken.
import { codeName } from "../codes.js";
import { keyboard } from "../core/keyboard.js";
import { shapeOf } from "../topology/coverage.js";
import { areaWords, element, t } from "../words.js";

const MOST = 4;

export class Fixes {
  place;
  work;
  canvas;
  items = [];
  chosen = -1;
  problem = null;
  accept = null;

  constructor({ place, panel, work, canvas }) {
    Object.assign(this, { place, work, canvas });
    for (let n = 1; n <= MOST; n++) keyboard.add({ keys: [String(n)], title: t("选第 {n} 种改法", { n }), run: () => this.choose(n - 1), within: panel, isOn: () => n <= this.items.length });
    work.store.watch(["selected"], () => this.problem && !this.problem.zones.some((zone) => work.values.selected.includes(zone)) && this.clear());
  }

  async offer(problem) {
    this.clear();
    this.problem = problem;
    if (!this.work.mayEdit) return;
    try {
      const items = await this.work.service.fixes(problem.id);
      if (this.problem === problem) this.show(items);
    } catch (trouble) {
      if (this.problem === problem) this.place.replaceChildren(element("p", { className: "quiet", textContent: trouble.message }));
    }
  }

  clear() {
    if (this.chosen >= 0) this.canvas.show({ preview: null });
    Object.assign(this, { problem: null, items: [], chosen: -1 });
    this.place.replaceChildren();
  }

  show(items) {
    this.items = items;
    if (!items.length) return void this.place.replaceChildren(element("p", { className: "quiet", textContent: t("这类问题没有现成的改法，请手工修改。") }));
    const lines = items.map((item, i) => this.line(item, i));
    this.accept = element("button", { type: "button", className: "button primary", disabled: true, textContent: t("照此改正") });
    this.accept.addEventListener("click", () => this.take());
    this.place.replaceChildren(element("p", { className: "quiet", textContent: t("先选一种改法在图上看，再改正；按数字键选择。") }), element("ul", {}, ...lines), this.accept);
  }

  line(item, i) {
    const name = item.to ? t("{n} 归区 {zone}", { n: i + 1, zone: item.to }) : `${i + 1} ${codeName("zone_fix", item.fix)}`;
    const areas = item.zones.map(({ zone, area_before_m2, area_after_m2 }) => t("区 {zone}：{before} → {after}", { zone, before: areaWords(area_before_m2), after: areaWords(area_after_m2) }));
    const button = element("button", { type: "button", className: "fix", disabled: Boolean(item.refused), ariaPressed: "false" }, element("b", { textContent: name }), ...(item.refused ? [item.refused] : areas).map((words) => element("small", { textContent: words })));
    button.addEventListener("click", () => this.choose(i));
    return element("li", {}, button);
  }

  // Shown on the map until another is chosen, it is taken, or something else is looked at.
  choose(i) {
    const item = this.items[i];
    if (!item || item.refused) return;
    this.chosen = i;
    for (const [place, button] of [...this.place.querySelectorAll(".fix")].entries()) button.ariaPressed = String(place === i);
    this.canvas.show({ preview: new Map(item.zones.map(({ zone, geometry }) => [zone, geometry ? shapeOf(geometry) : null])) });
    this.accept.disabled = false;
    this.accept.focus({ preventScroll: true });
  }

  take() {
    const { problem, items, chosen } = this;
    if (chosen < 0) return;
    const fix = items[chosen].fix;
    this.clear();
    this.work.do(t("改正问题"), { op: "fix", problem: problem.id, fix });
  }
}
