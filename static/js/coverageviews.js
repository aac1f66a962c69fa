// The views beside the bands: each asks its question when it is shown, says the answer, and marks it on the map.
import { Problem, read, send } from "./core/api.js";
import { gapParts, lossParts, moveParts, shelterParts, siteParts } from "./coverageparts.js";
import { coverageAsked } from "./coveragequestion.js";
import { Marks } from "./marks.js";
import { Newest } from "./newest.js";
import { element, t } from "./words.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export class CoverageViews {
  store;
  legend;
  marks;

  constructor({ map, legend, store }) {
    Object.assign(this, { store, legend, told: {}, chosen: -1 });
    this.marks = new Marks(map, (place) => this.choose(place));
    this.newest = new Newest();
    for (const panel of this.panels()) {
      panel.addEventListener("shown", () => this.ask());
      panel.addEventListener("click", ({ target }) => this.clicked(/** @type {Element} */ (target)));
    }
    for (const form of ["moves-form", "sites-form", "shelters-form"]) this.follow(at(form));
  }

  panels() {
    return /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-view]")]);
  }

  get shown() {
    return this.panels().find((panel) => !panel.hidden);
  }

  follow(form) {
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => this.ask());
  }

  clicked(target) {
    const row = /** @type {HTMLElement | null} */ (target.closest("tr[data-mark]"));
    if (row) this.choose(Number(row.dataset.mark));
  }

  choose(place) {
    this.chosen = place;
    this.marks.show(this.marks.marks, place);
    this.marks.goTo(place);
    for (const row of this.shown?.querySelectorAll("tr[data-mark]") ?? [])
      Number(/** @type {HTMLElement} */ (row).dataset.mark) === place ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current");
  }

  // Asks what the view that is shown shows; an answer that was overtaken is let go.
  async ask() {
    const panel = this.shown;
    const current = this.newest.ask();
    this.chosen = -1;
    this.marks.show([]);
    if (!panel) return;
    const sentence = panel.querySelector(".answer");
    sentence.textContent = t("正在计算…");
    try {
      for await (const told of this.answers(panel.dataset.view, current.signal)) {
        if (!current()) return;
        this.tell(panel, told);
      }
    } catch (trouble) {
      if (!current()) return;
      const why = trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message });
      this.tell(panel, { sentence: why, nodes: [], marks: [] }, true);
    }
  }

  tell(panel, { sentence, nodes, marks }, isTrouble = false) {
    const said = panel.querySelector(".answer");
    said.classList.toggle("trouble", isTrouble);
    said.textContent = sentence;
    panel.querySelector(".view-list").replaceChildren(...nodes);
    this.marks.show(marks);
  }

  get query() {
    const { within } = this.store.values;
    return { ...coverageAsked(this.store.values), within };
  }

  async *answers(view, signal) {
    const hazardName = (key) => this.legend.hazardName(key);
    if (view === "gaps") yield gapParts(await read("/api/coverage/gaps", { query: this.query, signal }), { hazardName });
    if (view === "moves") yield moveParts(await read("/api/coverage/move-up", { query: { ...this.query, ...this.away() }, signal }));
    if (view === "losses") yield lossParts(await read("/api/coverage/losses", { query: this.query, signal }));
    if (view === "shelters") yield shelterParts(await read("/api/shelters/allocation", { query: this.refuge(), signal }));
    if (view === "sites") {
      // The quick choice is shown at once, its proof when it comes.
      yield siteParts(await send("/api/coverage/plan", this.wanted(false), { signal }), { proving: true });
      yield siteParts(await send("/api/coverage/plan", this.wanted(true), { signal }), { proving: false });
    }
  }

  away() {
    const away = [...at("moves-form").querySelectorAll("input:checked")].map(({ value }) => value);
    return away.length ? { away: away.join(",") } : {};
  }

  refuge() {
    const { term, people } = at("shelters-form").elements;
    const { avoid_zones } = this.store.values;
    return { term: term.value, people: people.value, ...(avoid_zones && { avoid_zones }) };
  }

  /** @returns {any} */
  wanted(prove) {
    const { kinds, condition, avoid_zones, within, tried } = this.store.values;
    const add = Math.min(10, Math.max(0, Math.trunc(Number(at("sites-form").elements.add.value)) || 0));
    return { add, at: tried, minutes: within, prove, kinds: kinds ? [kinds] : [], condition: condition || null, avoid_zones: avoid_zones || null };
  }

  // Forces that may be thought away; whoever was ticked stays ticked.
  offer(standing) {
    const ticked = new Set([...at("moves-form").querySelectorAll("input:checked")].map(({ value }) => value));
    const boxes = standing.map(({ id, name }) => element("label", {}, element("input", { type: "checkbox", value: id, checked: ticked.has(id) }), name));
    at("moves-forces").replaceChildren(...boxes);
  }
}

/** Stations that are tried: put with a tool on the map, taken away again below it. */
export function bindTrials({ map, modes, store, views }) {
  const put = ({ lng, lat }) => store.change({ tried: [...store.values.tried, [Number(lng.toFixed(6)), Number(lat.toFixed(6))]].slice(-10) });
  modes.add({
    ...{ id: "try-station", title: t("在图上试放一个站点"), key: "T", cursor: "cross", button: at("try-station") },
    start: () => map.getContainer().focus({ preventScroll: true }),
    stop: () => {},
    steps: [{ keys: ["Enter"], title: t("在地图中心试放站点"), run: () => put(map.getCenter()) }],
  });
  map.on("click", ({ latlng }) => modes.active === "try-station" && put(latlng));
  at("forget-trials").addEventListener("click", () => store.change({ tried: [] }));
  store.watch(["tried"], ({ tried }) => {
    at("forget-trials").hidden = !tried.length;
    views.ask();
  });
}
