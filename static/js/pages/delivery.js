// A new delivery beside what is in force: what it changes, both outlines on the map, what was edited here decided one by one.
import { codeName } from "../codes.js";
import { read, readMarked, sendMarked } from "../core/api.js";
import { keyboard } from "../core/keyboard.js";
import { mountMap } from "../core/page.js";
import { toast } from "../core/toast.js";
import { DesktopFile } from "../desktopfile.js";
import { fitTo, inStratum } from "../map.js";
import { Newest } from "../newest.js";
import { remoteSources } from "../sources.js";
import { areaWords, element, t } from "../words.js";

const MOST_LINES = 500;
const MOST_DOTS = 2000;
const AROUND = 1e-7;

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export function attach(map, { legend }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    await page.ground();
    page.readable();
    await new Comparison({ map, legend: page.legend, place: at("delivery") }).open();
  });
}

const ORDERS = {
  size: (a, b) => Math.abs(b.delta_m2) - Math.abs(a.delta_m2),
  small: (a, b) => Math.abs(a.delta_m2) - Math.abs(b.delta_m2),
  number: (a, b) => Number(a.zone ?? a.delivered) - Number(b.zone ?? b.delivered),
};

const signed = (square_m) => (square_m ? `${square_m > 0 ? "+" : "−"}${areaWords(Math.abs(square_m))}` : areaWords(0));
const nameOf = (row) => row.after?.name || row.before?.name || t("{zone} 号区", { zone: row.zone ?? row.delivered });

class Comparison {
  map;
  legend;
  place;
  told = null;
  etag = null;

  constructor({ map, legend, place }) {
    Object.assign(this, { map, legend, place });
    this.number = Number(place.dataset.draft);
    this.rows = [];
    this.at = -1;
    this.newest = new Newest();
    this.desktop = new DesktopFile({ place: at("desktop"), number: this.number, taken: () => this.open() });
    this.theme = Object.fromEntries(["hazard", "product"].map((name) => [name, new URLSearchParams(location.search).get(name)]).filter(([, value]) => value));
    for (const id of ["delivery-shown", "delivery-order"]) at(id).addEventListener("change", () => this.list());
    place.querySelector("[data-act=next]").addEventListener("click", () => this.go(this.at + 1));
    place.querySelector("[data-act=previous]").addEventListener("click", () => this.go(this.at - 1));
    at("renumber").addEventListener("click", () => this.decide({ renumber: true }));
    keyboard.add({ keys: ["F8"], title: t("下一个"), run: () => this.go(this.at + 1) });
    keyboard.add({ keys: ["Shift+F8"], title: t("上一个"), run: () => this.go(this.at - 1) });
    keyboard.add({ keys: ["1"], title: codeName("delivery_side", "ours"), run: () => this.choose("ours") });
    keyboard.add({ keys: ["2"], title: codeName("delivery_side", "theirs"), run: () => this.choose("theirs") });
  }

  get may() {
    return this.place.dataset.may === "yes" && Boolean(this.told);
  }

  async open() {
    try {
      this.show(await readMarked("/api/zones/drafts/{number}/delivery", { path: { number: this.number }, query: this.theme }));
    } catch (trouble) {
      this.place.querySelector(".delivery-counts").textContent = t("没有比较出来：{reason}", { reason: trouble.message });
      throw trouble;
    }
  }

  show({ value, etag }) {
    Object.assign(this, { told: value, etag, theme: { hazard: value.hazard, product: value.product } });
    const { counts, undecided, hazard, product, replaces } = value;
    this.desktop.follow({ hazard, product, etag });
    const way = replaces ? t("整层换版：启用后取代现行的整个图层") : t("与现行图层并存");
    this.place.querySelector(".delivery-theme").textContent = [this.legend.hazardName(hazard), codeName("product", product), way].join(" · ");
    this.place.querySelector(".delivery-counts").textContent = t("未变 {unchanged} 个，变化 {changed} 个，新增 {new} 个，消失 {gone} 个", counts);
    const warning = this.place.querySelector(".delivery-undecided");
    warning.hidden = !undecided.length;
    warning.textContent = t("本地修改过的 {n} 个区还没有决定取舍，决定后才能提交。", { n: undecided.length });
    at("renumber").hidden = !this.may || !value.items.some((row) => row.zone && row.delivered && row.zone !== row.delivered);
    for (const link of this.place.querySelectorAll("[data-take]")) link.search = new URLSearchParams(this.theme).toString();
    this.list();
    this.dots();
  }

  list() {
    const shown = at("delivery-shown").value;
    const kept = { differing: (row) => row.state !== "unchanged" || row.local, local: (row) => row.local }[shown] ?? ((row) => row.state === shown);
    const held = this.rows[this.at];
    this.rows = this.told.items.filter(kept).sort(ORDERS[at("delivery-order").value]);
    this.at = held ? this.rows.findIndex((row) => row.zone === held.zone && (row.zone || row.delivered === held.delivered)) : -1;
    const lines = this.rows.slice(0, MOST_LINES).map((row, i) => this.line(row, i));
    this.place.querySelector(".delivery-list").replaceChildren(...lines);
    const more = this.rows.length > MOST_LINES ? t("共 {n} 个，列出前 {most} 个", { n: this.rows.length, most: MOST_LINES }) : "";
    at("delivery-note").textContent = this.rows.length ? more : t("没有这样的区。");
    this.detail();
  }

  line(row, i) {
    const words = [codeName("zone_difference", row.state), ...row.changed.map((part) => codeName("changed_part", part))];
    const button = element(
      "button",
      { type: "button", className: row.local ? "problem is-local" : "problem" },
      element("b", { textContent: nameOf(row) }),
      element("span", { textContent: words.join(" · ") }),
      element("small", { textContent: [row.delta_m2 && signed(row.delta_m2), row.local && codeName("local_edit", row.local.state)].filter(Boolean).join(" · ") }),
    );
    if (i === this.at) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => this.go(i));
    return element("li", {}, button);
  }

  go(i) {
    if (!this.rows.length) return;
    this.at = (i + this.rows.length) % this.rows.length;
    for (const [place, line] of [...this.place.querySelectorAll(".delivery-list button")].entries())
      place === this.at ? line.setAttribute("aria-current", "true") : line.removeAttribute("aria-current");
    this.place.querySelector(".delivery-list [aria-current]")?.scrollIntoView({ block: "nearest" });
    this.detail();
    this.draw(this.rows[this.at]).catch((trouble) => toast(trouble.message));
  }

  detail() {
    const row = this.rows[this.at];
    const place = at("delivery-row");
    place.hidden = !row;
    if (!row) return;
    const side = (one) => (one ? [one.grade ? t(one.grade) : "—", one.area_m2 ? areaWords(one.area_m2) : "—"] : ["—", "—"]);
    const [before, after] = [side(row.before), side(row.after)];
    const grades = this.legend.hazard(this.theme.hazard).graded || row.before?.grade || row.after?.grade ? [[t("等级"), before[0], after[0]]] : [];
    const lines = [...grades, [t("面积"), before[1], after[1]]];
    const heads = [element("td"), ...[t("现行"), t("新交付")].map((words) => element("th", { scope: "col", textContent: words }))];
    const body = lines.map(([head, one, other]) => element("tr", {}, element("th", { scope: "row", textContent: head }), element("td", { textContent: one }), element("td", { textContent: other })));
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...body));
    const matched = row.matched_by && { id: t("按编号对上"), source_id: t("按原编号对上"), shape: t("按形状对上") }[row.matched_by];
    place.replaceChildren(element("h2", { textContent: nameOf(row) }), table, element("p", { className: "quiet", textContent: [matched, row.delta_m2 && t("面积差 {delta}", { delta: signed(row.delta_m2) })].filter(Boolean).join(" · ") }), ...this.choices(row));
  }

  choices(row) {
    if (!row.local) return [];
    const { state, decision } = row.local;
    const said = [codeName("local_edit", state), decision && codeName("delivery_side", decision)].filter(Boolean).join(" · ");
    const told = element("p", { textContent: t("本地修改：{said}", { said }) });
    if (!this.may) return [told];
    const button = (side) => {
      const made = element("button", { type: "button", className: "button", textContent: codeName("delivery_side", side) });
      made.ariaPressed = String(decision === side);
      made.addEventListener("click", () => this.choose(side));
      return made;
    };
    return [told, element("div", { className: "row" }, button("ours"), button("theirs"))];
  }

  choose(keep) {
    const row = this.rows[this.at];
    if (row?.local && this.may) this.decide({ choices: [{ zone: Number(row.zone), keep }] });
  }

  async decide(body) {
    try {
      this.show(await sendMarked("/api/zones/drafts/{number}/delivery/decisions", { ...this.theme, ...body }, { path: { number: this.number }, etag: this.etag }));
      if (this.rows[this.at]) await this.draw(this.rows[this.at]);
    } catch (trouble) {
      toast(trouble.message);
      if (trouble.status === 412) await this.open();
    }
  }

  dots() {
    this.marks?.remove();
    this.marks = L.layerGroup().addTo(this.map);
    for (const row of this.told.items.filter((one) => one.state !== "unchanged" || one.local).slice(0, MOST_DOTS)) {
      const [lng, lat] = row.place;
      const className = `delivery-dot is-${row.local ? "local" : row.state}`;
      L.circleMarker([lat, lng], { pane: "objects", radius: 5, className }).on("click", () => this.find(row)).addTo(this.marks);
    }
  }

  find(row) {
    if (!this.rows.includes(row)) {
      at("delivery-shown").value = "differing";
      this.list();
    }
    this.go(this.rows.indexOf(row));
  }

  async draw(row) {
    const current = this.newest.ask();
    const [before, after] = await Promise.all([row.zone && this.inForce(row.zone), row.delivered && this.delivered(row)]);
    if (!current()) return;
    this.drawn?.remove();
    this.drawn = L.featureGroup().addTo(this.map);
    for (const [shape, className] of [[after, "side-after"], [before, "side-before"]])
      if (shape) L.geoJSON(shape, { ...inStratum(this.map, "selection"), style: ({ geometry }) => ({ className: geometry.type.endsWith("LineString") ? `${className} is-line` : className }) }).addTo(this.drawn);
    if (this.drawn.getLayers().length) fitTo(this.map, this.drawn);
  }

  async inForce(zone) {
    return (await read("/api/zones/{zone}", { path: { zone: Number(zone) } })).geometry;
  }

  async delivered({ delivered, place: [lon, lat] }) {
    const bbox = [lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND].join(",");
    const { items } = await read("/api/zones/drafts/{number}/zones", { path: { number: this.number }, query: { ...this.theme, bbox } });
    return items.find((one) => one.id === delivered)?.geometry;
  }
}
