// What the draft would bring: ground by grade, who and what stands on it, what is judged otherwise; listed, and drawn on the map.
import { codeName } from "../codes.js";
import { inStratum } from "../map.js";
import { areaWords, countWords, element, lengthWords, sentences, t } from "../words.js";
import { moment } from "./handin.js";

const TURNS = { entering: () => t("转入更高风险"), leaving: () => t("转入较低风险"), both: () => t("分级方案不同，无法比较") };
const FILES = { "impact.xlsx": "Excel", "impact.csv": "CSV", "impact.geojson": "GeoJSON" };
const COUNTED = ["buildings", "enterprises", "facilities", "stations"];
const MOST = 100;

export class ImpactPanel {
  place;
  map;
  work;
  isLate = true;

  constructor({ place, map, work }) {
    Object.assign(this, { place, map, work });
    this.drawn = L.layerGroup().addTo(map);
    this.told = place.querySelector(".impact-told");
    this.note = place.querySelector(".impact-note");
    place.addEventListener("shown", () => this.isLate && this.ask());
    place.querySelector("[data-act=reckon]").addEventListener("click", () => this.ask());
    place.querySelector(".impact-files").append(...Object.entries(FILES).map(([file, name]) => element("a", { className: "button", href: work.service.fileAddress(file), download: "", textContent: name })));
    work.addEventListener("answered", () => this.age());
    // Drawn while it is looked at only.
    new MutationObserver(() => (place.hidden ? this.drawn.remove() : this.drawn.addTo(map))).observe(place, { attributeFilter: ["hidden"] });
  }

  // An edit makes what stands here old; it is worked out anew when it is looked at or asked for.
  age() {
    this.isLate = true;
    this.drawn.clearLayers();
    if (this.told.childElementCount) this.note.textContent = t("草稿在计算之后又有改动，请重新计算。");
  }

  async ask() {
    this.isLate = false;
    this.note.textContent = t("正在计算影响…");
    this.place.ariaBusy = "true";
    try {
      const impact = await this.work.service.impact();
      this.show(impact);
      this.note.textContent = keptWords(impact);
    } catch (trouble) {
      this.isLate = true;
      this.note.textContent = t("影响没有算出来：{reason}", { reason: trouble.message });
    } finally {
      this.place.ariaBusy = "false";
    }
  }

  show(impact) {
    this.draw(impact);
    const { themes, things, things_in_all, projects, projects_near, projects_judged, areas, areas_judged } = impact;
    const parts = [
      element("p", { className: "impact-key" }, ...["entering", "leaving"].map((side) => element("span", { className: `is-${side}`, textContent: TURNS[side]() }))),
      ...themes.map((theme) => groundTable(theme)),
      peopleTable(impact),
      this.part(t("企业、设施、站点、道路"), { items: things, line: thingWords, none: t("变化的地面上没有登记的对象。") }),
      things_in_all > things.length && element("p", { className: "quiet", textContent: t("共 {all} 项，列出 {told} 项", { all: things_in_all, told: things.length }) }),
      this.part(t("判定改变的项目"), { items: projects, line: projectWords, none: t("重新判定 {n} 个附近的项目，判定都不变。", { n: projects_judged }) }),
      projects_near > projects_judged && element("p", { className: "quiet", textContent: t("附近有 {near} 个项目，只重新判定了 {judged} 个", { near: projects_near, judged: projects_judged }) }),
      this.part(t("等级改变的单元"), { items: areas, line: areaLine, none: areas_judged == null ? t("涉及的分级单元太多，没有重新分级。") : t("重新分级 {n} 个单元，等级都不变。", { n: areas_judged }) }),
    ];
    this.told.replaceChildren(...parts.filter(Boolean), ...this.coverage(impact.coverage));
  }

  // Who is reached in time before and after, and the forces and roads that ground of the worst grades takes or gives back.
  coverage({ why_not, bands, forces, roads }) {
    const title = element("h2", { textContent: t("救援覆盖") });
    if (why_not) return [element("section", {}, title, element("p", { className: "quiet", textContent: t("没有计算：{why}", { why: why_not }) }))];
    const rows = bands.map(({ minutes, before, after }) => [t("{minutes} 分钟内到达的人口", { minutes }), countWords(before), countWords(after)]);
    return [
      element("section", {}, title, table([t("对象"), t("原来"), t("以后")], rows)),
      this.part(t("变化地面上的力量"), { items: forces, line: ({ name, turns }) => [element("b", { textContent: name }), ` ${TURNS[turns]()}`], none: t("变化的地面上没有力量驻守。") }),
      this.part(t("避让的道路"), { items: roads, line: roadWords, none: t("避让的路段不变。") }),
    ];
  }

  // A part of the list; each line leads to its place.
  part(title, { items, line, none }) {
    const lines = items.slice(0, MOST).map((item) => {
      const button = element("button", { type: "button" }, ...line(item));
      button.addEventListener("click", () => this.work.dispatchEvent(new CustomEvent("lead", { detail: { place: item.place, zones: [] } })));
      return element("li", {}, button);
    });
    const more = items.length > MOST && element("p", { className: "quiet", textContent: t("列出前 {n} 项，全部见下载的文件", { n: MOST }) });
    return element("section", {}, element("h2", { textContent: title }), lines.length ? element("ul", { className: "impact-list" }, ...lines) : element("p", { className: "quiet", textContent: none }), more);
  }

  draw({ themes, things, projects, areas, coverage: { forces, roads } }) {
    this.drawn.clearLayers();
    for (const { changes } of themes)
      for (const { turns, geometry } of changes)
        if (geometry) L.geoJSON(geometry, { ...inStratum(this.map, "sites"), style: { className: `impact-ground is-${turns}`, weight: 2, fillOpacity: 0.35, dashArray: turns === "leaving" ? "5 4" : "" } }).addTo(this.drawn);
    for (const [kind, items] of Object.entries({ thing: [...things, ...forces, ...roads], project: projects, area: areas }))
      for (const { place, name } of items) this.drawn.addLayer(pinAt(place, { kind, name }));
  }
}

// From its submission on a draft tells what was reckoned then.
function keptWords({ kept_at, against, in_force }) {
  if (!kept_at) return "";
  const kept = t("提交时（{moment}）对照第 {edition} 版计算并留存。", { moment: moment(kept_at), edition: against ?? "—" });
  return against === in_force ? kept : sentences([kept, t("现在启用的是第 {edition} 版。", { edition: in_force })]);
}

function roadWords({ name, before_m, after_m }) {
  return [element("b", { textContent: name || t("（没有名称）") }), ` ${lengthWords(before_m)} → ${lengthWords(after_m)}`];
}

function pinAt([lon, lat], { kind, name }) {
  return L.circleMarker([lat, lon], { pane: "objects", radius: kind === "thing" ? 5 : 8, className: `impact-pin is-${kind}` }).bindTooltip(element("span", { textContent: name }));
}

function groundTable({ hazard, product, grades, changes }) {
  const named = [...document.querySelectorAll("#theme option")].find((option) => option.getAttribute("value") === `${hazard}/${product}`)?.textContent.trim() ?? hazard;
  if (!changes.length) return element("section", {}, element("h2", { textContent: named }), element("p", { className: "quiet", textContent: t("没有地面改变等级。") }));
  const rows = grades.map(({ grade, gained_m2, lost_m2 }) => [gradeWords({ grade }), `+${areaWords(gained_m2)}`, `−${areaWords(lost_m2)}`]);
  return element("section", {}, element("h2", { textContent: named }), table([t("等级"), t("增加"), t("减少")], rows));
}

function peopleTable({ entering, leaving }) {
  const of = (name) => [entering, leaving].map((side) => (side[name] == null ? "—" : countWords(side[name])));
  const people = [entering, leaving].map(({ people: all, people_at_least }) => (all != null ? countWords(all) : people_at_least == null ? "—" : t("至少 {n}", { n: countWords(people_at_least) })));
  const roads = [entering, leaving].map(({ roads_m }) => (roads_m == null ? "—" : lengthWords(roads_m)));
  const rows = [[t("人口"), ...people], ...COUNTED.map((name) => [codeName("register", name), ...of(name)]), [codeName("register", "roads"), ...roads]];
  return element("section", {}, element("h2", { textContent: t("地面上的人和物") }), table([t("对象"), TURNS.entering(), TURNS.leaving()], rows));
}

function table(heads, rows) {
  const head = element("tr", {}, ...heads.map((words) => element("th", { scope: "col", textContent: words })));
  const body = rows.map(([first, ...rest]) => element("tr", {}, element("th", { scope: "row", textContent: first }), ...rest.map((words) => element("td", { textContent: words }))));
  return element("table", { className: "impact-table" }, element("thead", {}, head), element("tbody", {}, ...body));
}

function thingWords({ register, name, turns, shared, unit }) {
  const size = shared == null ? "" : unit === "m" ? lengthWords(shared) : areaWords(shared);
  return [element("b", { textContent: name || t("（没有名称）") }), element("small", { textContent: [codeName("register", register), TURNS[turns](), size].filter(Boolean).join(" · ") })];
}

function projectWords({ name, before, after }) {
  return [element("b", { textContent: name }), element("small", { textContent: `${codeName("verdict", before)} → ${codeName("verdict", after)}` })];
}

function areaLine({ unit, name, product, before, after }) {
  const words = [codeName("grading_unit", unit), codeName("grading_product", product), `${gradeWords(before)} → ${gradeWords(after)}`].join(" · ");
  return [element("b", { textContent: name }), element("small", { textContent: words })];
}

function gradeWords(grade) {
  return grade?.grade ? t(grade.grade) : t("未分级");
}
