// Closed roads on the dispatcher's page: in force ones listed and drawn, put in force with a tool, looked at again, lifted.
import { areaTool, circleAround, radiusField } from "./areasketch.js";
import { codeName } from "./codes.js";
import { change, features, Problem, send } from "./core/api.js";
import { openDialog } from "./core/dialog.js";
import { keyboard } from "./core/keyboard.js";
import { replaceRows } from "./core/list.js";
import { toast } from "./core/toast.js";
import { inStratum } from "./map.js";
import { element, lengthWords, t } from "./words.js";

const HOUR_MS = 3_600_000;
const LATER_H = 6; // what a closure that is still there is asked about again after
const HALF = 0.5;
const BROKEN_M = 50;
const RADIUS_M = 200;

/** @param {{version: number}} closure the state of it that stands on the page */
const seen = ({ version }) => `"${version}"`;

export class Closures {
  map;
  modes;
  list;
  onChange;

  /** @param {any} page @param {{button: HTMLButtonElement, list: HTMLElement, onChange: () => unknown}} options */
  constructor({ map, modes }, { button, list, onChange }) {
    Object.assign(this, { map, modes, list, onChange, rows: [] });
    this.drawn = L.featureGroup().addTo(map);
    const switches = [choice("stretch", t("路段"), "F"), choice("area", t("一片范围"), "F")];
    for (const one of switches) one.addEventListener("click", () => this.take(one.dataset.extent === "area"));
    this.switches = switches;
    this.tool = areaTool({ map, modes, keyboard }, {
      ...{ id: "closure", title: button.title, key: "C", button, acts: switches, isArea: () => this.isArea },
      onStart: () => this.start(),
      onArea: (area) => this.ask({ area }),
      onCircle: (place) => this.ask({ circle: place }),
    });
    const within = map.getContainer();
    keyboard.add({ keys: ["F"], title: t("封路：换路段或范围"), run: () => this.take(!this.isArea), isOn: () => this.isActive, within });
    keyboard.add({ keys: ["Enter"], title: t("封闭地图中心处的道路"), run: () => this.ask({ point: map.getCenter() }), isOn: () => this.isActive && !this.isArea, within });
    map.on("click", ({ latlng }) => this.isActive && !this.isArea && this.ask({ point: latlng }));
    document.addEventListener("anzhi:place", (event) => {
      const { lat, lon: lng } = /** @type {CustomEvent} */ (event).detail;
      if (!this.isActive) return;
      this.map.getContainer().focus({ preventScroll: true }); // out of the search, where a letter would be typed
      this.isArea ? this.map.setView([lat, lng], this.map.getZoom(), { animate: false }) : this.ask({ point: { lat, lng } });
    });
    this.take(false);
  }

  get isActive() {
    return this.modes.active === "closure";
  }

  // What the tool closes: a stretch of road, or all roads of an area.
  take(isArea) {
    this.isArea = isArea;
    this.tool.sketch.clear();
    for (const one of this.switches) one.ariaPressed = String((one.dataset.extent === "area") === isArea);
    if (this.isActive && isArea) toast(t("逐点单击画出范围，双击或按 Enter 闭合；只用键盘时按方向键移图，按空格取中心为角点，或按 O 画圆。"));
    if (this.isActive) this.map.getContainer().focus({ preventScroll: true });
  }

  start() {
    toast(t("点一下被阻断的路段，或按 / 查找桩号、地名；按 Enter 取地图中心；按 F 改画范围。"));
    this.map.getContainer().focus({ preventScroll: true });
  }

  async refresh() {
    const found = await features("/api/closures", { query: { state: "active" } });
    this.rows = found.map(({ properties, geometry }) => ({ ...properties, geometry }));
    this.draw();
    this.tell();
  }

  draw() {
    this.drawn.clearLayers();
    for (const row of this.rows) {
      const isArea = row.geometry.type.endsWith("Polygon");
      // Barred like a barrier, so that nobody takes it for a way on foot; grounds are named by their border.
      const looks = isArea ? [["closed-area", 2]] : [["closed-case", 11], [`closed-road ${row.kind}`, 8], ["closed-bars", 4]];
      for (const [className, weight] of looks)
        L.geoJSON(row.geometry, { ...inStratum(this.map, "sites"), style: { className, weight, opacity: 1, fill: isArea, fillOpacity: 1 } }).addTo(this.drawn);
    }
  }

  tell() {
    replaceRows(this.list, this.rows.map((row) => this.item(row)));
    const around = /** @type {HTMLDetailsElement} */ (this.list.closest("details"));
    around.open ||= this.rows.some(({ overdue }) => overdue);
    const count = document.getElementById("closures-count");
    if (count) count.textContent = this.rows.length ? t("{n} 处", { n: this.rows.length }) : t("没有");
  }

  item(row) {
    const told = [codeName("closure_kind", row.kind), row.share_left && t("剩余车速 {n}%", { n: Math.round(100 * row.share_left) }), row.on_foot && row.kind === "closed" && t("可步行通过"), row.reason, row.reporter];
    const until = row.overdue ? t("已过复核时间 {time}，仍按封闭计算", { time: momentWords(row.review_at) }) : t("{time} 前复核", { time: momentWords(row.review_at) });
    const length = row.road_m > 0 ? lengthWords(row.road_m) : t("不在任何道路上，不影响到达时间");
    const isArea = row.geometry.type.endsWith("Polygon");
    const name = row.road ?? t("未命名道路");
    const line = element(
      "li",
      { className: row.overdue ? "overdue" : "" },
      element("b", { textContent: isArea ? t("画出的范围：{name}", { name: row.road_m > 0 ? name : t("没有道路") }) : name }),
      element("span", { className: "also", textContent: [...told.filter(Boolean), length].join(" · ") }),
      element("span", { className: row.overdue ? "also lacking" : "also", textContent: until }),
      element(
        "span",
        { className: "acts" },
        button(t("查看"), t("在地图上查看：{name}", { name }), () => this.map.fitBounds(L.geoJSON(row.geometry).getBounds().pad(0.6), { maxZoom: 15, animate: false })),
        button(t("仍封闭"), t("仍封闭，{n} 小时后再复核：{name}", { n: LATER_H, name }), () => this.postpone(row)),
        button(t("解除"), t("解除封闭：{name}", { name }), () => this.lift(row)),
      ),
    );
    line.dataset.row = String(row.id);
    return line;
  }

  lift(row) {
    const path = { number: row.id };
    return this.write(() => send("/api/closures/{number}/lift", {}, { path, etag: seen(row) }), t("已解除。到达时间已重新计算。"));
  }

  postpone(row) {
    const review_at = new Date(Date.now() + LATER_H * HOUR_MS).toISOString();
    return this.write(() => change("/api/closures/{number}", { path: { number: row.id }, etag: seen(row) }, { review_at }), t("已记下，{n} 小时后再复核。", { n: LATER_H }));
  }

  // What somebody else did in between is shown, and nothing is written over it.
  async write(act, done) {
    try {
      await act();
      toast(done);
    } catch (trouble) {
      toast(trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message }));
    }
    await this.refresh();
    this.list.closest("details")?.querySelector("summary")?.focus();
    await this.onChange();
  }

  /** @param {{point?: any, area?: any, circle?: any}} where a stretch at a point, an area that was drawn, or a circle whose radius is asked */
  ask(where) {
    this.modes.stop();
    const trouble = element("p", { className: "trouble", role: "alert", hidden: true });
    const taken = element("p", { className: "closure-taken", role: "status" });
    const form = closureForm(where);
    const cancel = element("button", { type: "button", className: "button", textContent: t("取消") });
    form.append(taken, trouble, element("div", { className: "row" }, cancel, element("button", { type: "submit", className: "button primary", textContent: t("登记封路") })));
    const look = () => preview(taken, groundOf(form, where));
    const sketched = L.featureGroup().addTo(this.map);
    const dialog = openDialog({ title: t("登记封路"), className: "closure-dialog", parts: [form], onClose: () => sketched.remove() });
    const { geometry } = groundOf(form, where);
    if (geometry.type === "Polygon") L.geoJSON(geometry, { ...inStratum(this.map, "sites"), style: { className: "closed-area", weight: 2, opacity: 1, fillOpacity: 1 } }).addTo(sketched);
    for (const name of ["radius", "extent"]) form.elements[name]?.addEventListener("change", look);
    look();
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await send("/api/closures", bodyOf(form, where));
      } catch (why) {
        trouble.textContent = why instanceof Problem ? why.message : t("没有连上服务：{reason}", { reason: why.message });
        trouble.hidden = false;
        return;
      }
      dialog.close();
      /** @type {HTMLDetailsElement} */ (this.list.closest("details")).open = true;
      toast(t("已登记。到达时间已重新计算。"));
      await this.refresh();
      await this.onChange();
    });
    (form.elements.radius ?? form.elements.reason).focus();
  }
}

// Says how much road it would take, before anything is written.
async function preview(taken, ground) {
  taken.textContent = t("正在计算…");
  try {
    const { stretches, road_m, roads } = await send("/api/closures/preview", ground);
    const where = roads.length ? t("（{roads}）", { roads: roads.join(t("、")) }) : "";
    taken.textContent = stretches ? t("将占用 {n} 段道路，共 {length}{where}。", { n: stretches, length: lengthWords(road_m), where }) : t("范围内没有道路，不影响到达时间。");
  } catch (why) {
    taken.textContent = why instanceof Problem ? why.message : t("没有连上服务：{reason}", { reason: why.message });
  }
}

/** @param {{point?: any, area?: any, circle?: any}} where */
function closureForm({ point, circle }) {
  const option = (value, words) => element("option", { value, textContent: words });
  const field = (words, control) => element("label", {}, words, control);
  return element(
    "form",
    { className: "closure-form" },
    field(t("情况"), element("select", { name: "kind" }, option("closed", codeName("closure_kind", "closed")), option("slowed", t("减速通行，车速减半")))),
    point && field(t("范围"), element("select", { name: "extent" }, option("stretch", t("两个路口之间的整段")), option("broken", t("断点前后共 {n} 米", { n: BROKEN_M })))),
    circle && radiusField(RADIUS_M),
    field(t("原因"), element("input", { name: "reason", type: "text", required: true, maxLength: 500 })),
    field(t("报告人"), element("input", { name: "reporter", type: "text", required: true, maxLength: 100 })),
    element("label", { className: "check" }, element("input", { name: "on_foot", type: "checkbox" }), t("人能步行通过（洪水、断桥不勾）")),
    field(t("几小时后复核"), element("input", { name: "hours", type: "number", min: "1", max: "168", step: "1", value: String(LATER_H), required: true })),
  );
}

/** @param {any} form @param {{point?: any, area?: any, circle?: any}} where @returns {any} */
function groundOf(form, { point, area, circle }) {
  const { extent, radius } = form.elements;
  if (area) return { geometry: area };
  if (circle) return { geometry: circleAround(circle, Number(radius.value) || RADIUS_M) };
  const around = extent.value === "broken" ? { around_m: BROKEN_M } : {};
  return { ...around, geometry: { type: "Point", coordinates: [point.lng, point.lat] } };
}

/** @param {any} form @param {{point?: any, area?: any, circle?: any}} where @returns {any} */
function bodyOf(form, where) {
  const { kind, reason, reporter, hours, on_foot } = form.elements;
  const review_at = new Date(Date.now() + Number(hours.value) * HOUR_MS).toISOString();
  const what = kind.value === "slowed" ? { kind: "slowed", share_left: HALF } : { kind: "closed" };
  return { ...what, on_foot: on_foot.checked, reason: reason.value, reporter: reporter.value, review_at, ...groundOf(form, where) };
}

function choice(extent, words, key) {
  const made = element("button", { type: "button", className: "button small" }, words, " ", element("kbd", { textContent: key }));
  made.dataset.extent = extent;
  return made;
}

function button(textContent, ariaLabel, run) {
  const made = element("button", { type: "button", className: "button", textContent, ariaLabel });
  made.addEventListener("click", run);
  return made;
}

function momentWords(moment) {
  return new Date(moment).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(5, 16);
}
