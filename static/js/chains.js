// Hazard chains of one zone: what it sets off, drawn with its lag, and everything that stands there in a list.
import { codeName } from "./codes.js";
import { read } from "./core/api.js";
import { keyboard } from "./core/keyboard.js";
import { UNSURVEYED_FILL } from "./legend.js";
import { inStratum, insidePoint } from "./map.js";
import { placeMark } from "./strata.js";
import { areaWords, element, lengthWords, t } from "./words.js";

const A_DAY_MIN = 1440;

export class Chains {
  labels;
  map;

  constructor({ map, labels }) {
    Object.assign(this, { map, labels });
    this.drawn = L.featureGroup().addTo(map);
    this.list = element("ol", { className: "chain-list" });
    this.note = element("p", { className: "quiet", role: "status" });
    this.foot = element("p", { className: "quiet" });
    this.title = element("h2", { tabIndex: -1 });
    const close = element("button", { type: "button", className: "close", ariaLabel: t("关闭"), textContent: "×" });
    close.addEventListener("click", () => this.close());
    const head = element("header", {}, this.title, close);
    const told = element("div", { className: "chain-told" }, this.note, this.list, this.foot);
    this.box = element("section", { className: "over drawer chains", hidden: true, ariaLabel: t("灾害链") }, head, told);
    keyboard.lets({ layer: "drawer", within: this.box, isOpen: () => !this.box.hidden, close: () => this.close() });
    map.getContainer().parentElement.append(this.box);
  }

  // The button a zone's card offers.
  button({ properties }) {
    const button = element("button", { type: "button", className: "button", textContent: t("灾害链") });
    button.addEventListener("click", () => this.open(properties, button));
    return button;
  }

  async open({ zone, name }, opener) {
    this.opener = opener;
    this.asked = zone;
    this.clear();
    this.title.textContent = t("灾害链：{name}", { name: name || zone });
    this.note.textContent = t("正在推演…");
    this.box.hidden = false;
    this.title.focus();
    try {
      const answer = await read("/api/chains", { query: { zone } });
      if (this.asked === zone) this.show(answer);
    } catch (trouble) {
      if (this.asked === zone) this.note.textContent = t("灾害链没有推演出来：{reason}", { reason: trouble.message });
    }
  }

  show({ events, steps, not_reached, streams, depth, rulebook, edition, counts_in_grades }) {
    this.note.textContent = events.length
      ? t("{n} 处次生影响，最多 {depth} 级；起点：{events}", {
          n: steps.length,
          depth,
          events: events.map(nameOf).join(t("、")),
        })
      : t("规则库中没有从这类区划或这个等级开始的灾害链。");
    this.list.replaceChildren(...steps.map((step, number) => this.row(step, number + 1)));
    this.draw(steps);
    const parts = [
      not_reached.length && t("已调查且未波及：{paths}", { paths: not_reached.map(pathOf).join(t("；")) }),
      streams && t("水流方向：{elevation} 条按等高线，{drawing} 条按绘制方向。", directions(streams.directed_by)),
      counts_in_grades ? t("规则库规定灾害链计入等级。") : t("灾害链只作提示，不计入等级。"),
      t("第 {n} 版区划 · 规则库 {version}；时距与范围为默认值，不是预报，不替代法定评估。", {
        n: edition?.number ?? "—",
        version: rulebook.version,
      }),
    ];
    this.foot.textContent = parts.filter(Boolean).join(" ");
  }

  row(step, number) {
    const head = element(
      "button",
      { type: "button", className: "chain-step", ariaPressed: "false" },
      element("span", { className: "numeral", textContent: String(number) }),
      element("span", { className: "words", textContent: pathOf(step.path) }),
      element("small", { textContent: `${lagWords(step)} · ${codeName("probability", step.probability)}` }),
    );
    head.addEventListener("click", () => this.look(step, head));
    const rest = [
      step.area_m2 ? t("波及 {area}", { area: areaWords(step.area_m2) }) : null,
      step.unknown_m2 ? t("未调查、不能排除 {area}", { area: areaWords(step.unknown_m2) }) : null,
    ];
    return element(
      "li",
      {},
      head,
      element("p", { className: "quiet", textContent: rest.filter(Boolean).join(" · ") }),
      ...this.affected(step.affected, t("受影响")),
      ...this.affected(step.perhaps_affected, t("未调查地段上，不能排除")),
    );
  }

  affected(things, title) {
    if (!things.length) return [];
    const items = things.map((thing) => {
      const button = element("button", { type: "button", textContent: thingWords(thing) });
      button.addEventListener("click", () => this.point(thing));
      return element("li", {}, button);
    });
    const summary = element("summary", { textContent: `${title} · ${t("{n} 项", { n: things.length })}` });
    return [element("details", { open: things.length <= 6 }, summary, element("ul", {}, items))];
  }

  draw(steps) {
    this.layers = new Map();
    for (const step of steps) {
      const shapes = [
        step.unknown && this.shape(step.unknown, "chain-unknown", { fillColor: UNSURVEYED_FILL, fillOpacity: 0.7 }),
        step.ground && this.shape(step.ground, "chain-ground", { fill: false }),
      ];
      const layer = L.featureGroup(shapes.filter(Boolean)).addTo(this.drawn);
      this.layers.set(step.id, layer);
    }
    this.labels.set(
      "chains",
      steps.map((step, number) => ({
        at: insidePoint(step.ground || step.unknown),
        text: `${number + 1} ${nameOf(step.event)} ${lagWords(step)}`,
        kind: "chain-label",
        priority: 200 - number,
      })),
    );
    this.frame(this.drawn.getBounds());
  }

  // Into the part of the map the drawer leaves free, where it leaves any.
  frame(bounds) {
    if (!bounds.isValid()) return;
    const covered = this.map.getSize().x - this.box.offsetLeft;
    const free = covered < this.map.getSize().x * 0.7 ? covered : 0;
    this.map.fitBounds(bounds, { paddingTopLeft: [30, 30], paddingBottomRight: [free + 20, 30], maxZoom: 15 });
  }

  shape(geometry, className, style) {
    const drawn = { type: "Feature", geometry, properties: {} };
    return L.geoJSON(drawn, { ...inStratum(this.map, "selection"), style: { className, weight: 1.6, ...style } });
  }

  look(step, head) {
    for (const other of this.list.querySelectorAll(".chain-step")) other.ariaPressed = String(other === head);
    for (const [id, layer] of this.layers)
      layer.eachLayer((part) =>
        part.eachLayer((path) => path.getElement()?.classList.toggle("chosen", id === step.id)),
      );
    this.frame(this.layers.get(step.id).getBounds());
  }

  point({ geometry, name }) {
    this.mark?.remove();
    const at = L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
    this.mark = placeMark(at, { title: name }).addTo(this.map);
    this.map.setView(at, Math.max(this.map.getZoom(), 14));
  }

  clear() {
    this.mark?.remove();
    this.drawn.clearLayers();
    this.list.replaceChildren();
    this.foot.textContent = "";
    this.labels.set("chains", []);
  }

  close() {
    this.asked = null;
    this.clear();
    this.box.hidden = true;
    const back = this.opener?.checkVisibility() ? this.opener : this.map.getContainer();
    back.focus({ preventScroll: true });
  }
}

function nameOf({ name, name_en }) {
  return document.documentElement.lang === "en" ? name_en : name;
}

function pathOf(path) {
  return path.map(nameOf).join(" → ");
}

function directions({ drawing = 0, elevation = 0 }) {
  return { drawing, elevation };
}

function lagWords({ lag_min, lag_max }) {
  if (lag_max === 0) return t("同时");
  return `${timeWords(lag_min)}–${timeWords(lag_max)}`;
}

function timeWords(minutes) {
  const tenths = (number) => Number(number.toFixed(1));
  if (minutes < 60) return t("{n} 分钟", { n: minutes });
  if (minutes < A_DAY_MIN) return t("{n} 小时", { n: tenths(minutes / 60) });
  return t("{n} 天", { n: tenths(minutes / A_DAY_MIN) });
}

function thingWords({ kind, name, shared, people, people_by }) {
  const more = {
    villages: () => peopleWords(people, people_by),
    roads: () => lengthWords(shared),
    canals: () => lengthWords(shared),
  }[kind]?.();
  return [`${codeName("chain_target", kind)} ${name || t("未命名")}`, more].filter(Boolean).join(" · ");
}

function peopleWords(people, by) {
  if (people == null) return t("人口不明");
  if (people === 0 && by === "dwellings") return t("无登记住宅");
  return by === "area" ? t("约 {n} 人（按面积）", { n: people }) : t("约 {n} 人（按房屋）", { n: people });
}
