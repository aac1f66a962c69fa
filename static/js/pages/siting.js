// The siting page: reads the site, asks for the opinion, shows it beside the map.
import { Problem, read } from "../core/api.js";
import { shelfOfBrowser } from "../core/history.js";
import { mountMap } from "../core/page.js";
import { toast } from "../core/toast.js";
import { aboutOf, Draft } from "../draft.js";
import { Drawing } from "../drawing.js";
import { Homestead, HOMESTEAD_CLASS } from "../homestead.js";
import { BatchMap } from "../batchmap.js";
import { askOpinion, bindOpinion } from "../opinion.js";
import { asOutline, Outline } from "../outline.js";
import { OutlineFile } from "../outlinefile.js";
import { keepInFrame } from "../paper.js";
import { PlaceFinder } from "../placefinder.js";
import { bindPlaces } from "../places.js";
import { PointReading } from "../pointreading.js";
import { SiteLayers } from "../sitelayers.js";
import { SiteMap } from "../sitemap.js";
import { movedParts, SiteParts } from "../siteparts.js";
import { showTroubles } from "../form-errors.js";
import { remoteSources } from "../sources.js";
import { showUnderstood } from "../understood.js";
import { bindTabs } from "../tabs.js";
import { Validity } from "../validity.js";
import { areaWords, element, t } from "../words.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export function attach(map, { legend }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    const form = at("siting-form");
    const draft = new Draft(form, draftPlace());
    const outline = new Outline(draft);
    const site = new SiteMap({ ...page, key: at("map-key") });
    const validity = new Validity({ place: at("opinion"), request: () => standing(form, outline, draft) });
    const layers = new SiteLayers({ ...page, box: at("layers"), key: at("map-key") });
    const siting = { ...page, form, draft, outline, site, validity, layers };
    bind(siting);
    await page.ground();
    page.readable();
    await layers.draw().catch(page.tell);
    await openAsAsked(siting);
  });
}

// Where the work is kept: of this reader, on this address, in whichever language.
function draftPlace() {
  const asked = new URLSearchParams(location.search);
  asked.delete("lang");
  const reader = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=reader]"))?.content ?? "";
  return { shelf: shelfOfBrowser(), key: `anzhi-siting ${reader} ${asked}` };
}

function bind(page) {
  const { map, form, draft, outline, site, validity } = page;
  const drawing = new Drawing({ ...page, toolbar: at("draw-tools") });
  draft.store.watch(["project_class", "building_type"], () => offerBuildingTypes(form));
  draft.store.watch(null, (_, changed) => {
    validity.check();
    if (changed.includes("reading")) showReading(page, drawing);
  });
  page.parts = new SiteParts({ place: at("site-parts"), draft, site, tools: drawing });
  new OutlineFile({ form, place: at("file-report"), outline, draft });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check(page);
  });
  keepInFrame(map, () => site.fit());
  new Homestead(page);
  bindTabs(at("siting-tabs"));
  at("request").addEventListener("shown", () => validity.check()); // a rural house is of another class than one site
  new PointReading(page);
  new PlaceFinder(page);
  bindBatch(page);
}

// The sites of a bulk check are on the map while its tab is open; one of them may become the site of the other.
function bindBatch({ map, form, draft }) {
  const many = new BatchMap({ map, key: at("map-key") });
  const panel = at("batch");
  panel.addEventListener("sites", ({ detail }) => many.show(detail));
  panel.addEventListener("meant", ({ detail }) => many.lookAt(detail));
  panel.addEventListener("shown", () => many.comeBack());
  at("request").addEventListener("shown", () => many.hide());
  panel.addEventListener("open-site", ({ detail: site }) => {
    at("tab-single").click();
    at("request").open = true;
    draft.take("改用批量中的地块", asOutline(site.geometry, "batch"), site.properties);
    form.querySelector("[type=submit]").focus();
  });
}

// A step back or forth leaves the map where it is, unless the outline would be out of sight.
function showReading({ map, form, outline, site, layers }, drawing) {
  const { geometry, source, isRead } = outline.told;
  if (isRead) {
    showUnderstood(at("understood"), outline);
    showTroubles(form, []);
    at("repair").replaceChildren();
  }
  if (geometry && geometry === site.standing) {
    if (source === "edited") {
      site.clearOpinion();
      layers.comeBack();
    }
    return;
  }
  layers.comeBack();
  site.showSite(geometry, { fly: !["drawn", "step"].includes(source) });
  if (geometry && source === "step" && !map.getBounds().intersects(site.shape.getBounds())) site.fit();
  drawing.redrawn();
}

// Which buildings a class may be depends on the class: others are neither offered nor sent.
function offerBuildingTypes(form) {
  const kinds = [...form.building_type.options].filter((option) => option.value);
  for (const kind of kinds) kind.hidden = kind.disabled = kind.dataset.class !== form.project_class.value;
  at("building-type-field").hidden = kinds.every((kind) => kind.disabled);
}

// What was written here before comes back; ?project=ID opens a stored project and judges it; ?lon=&lat= starts at a point.
async function openAsAsked(page) {
  const { draft, outline } = page;
  if (broughtBack(draft)) return;
  draft.takeEarly();
  const asked = new URLSearchParams(location.search);
  const [lon, lat] = ["lon", "lat"].map((name) => Number.parseFloat(asked.get(name)));
  if (asked.has("project")) {
    const project = await read("/api/projects/{number}", { path: { number: Number(asked.get("project")) } }).catch((trouble) => {
      showTroubles(page.form, [{ message: trouble.message }]);
    });
    if (!project) return;
    draft.history.begin({ ...asOutline(project.geometry, "project"), ...aboutOf(project) });
    await outline.reading;
    await check(page);
  } else if (Number.isFinite(lon) && Number.isFinite(lat)) {
    draft.history.begin(asOutline({ type: "Point", coordinates: [lon, lat] }, "link"));
    await outline.reading;
  }
}

// Work that was judged is brought back by a reload alone: whoever comes anew begins anew.
function broughtBack(draft) {
  if (!draft.history.restore()) return false;
  const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (!draft.history.isDirty && way?.type === "navigate") {
    draft.discard();
    return false;
  }
  if (!draft.isEmpty)
    toast(t("已恢复上次填写的内容。"), { act: { words: t("重新开始"), run: () => draft.startAnew() } });
  return true;
}

// What the form asks for as it stands now.
function asked(form, { geometry }) {
  const name = form.name.value.trim();
  if (!at("homestead").hidden) return { type: "Feature", geometry, properties: { name, project_class: HOMESTEAD_CLASS, response: true } };
  const properties = { name, project_class: form.project_class.value, response: true };
  if (form.seismic_class.value) properties.seismic_class = form.seismic_class.value;
  if (form.building_type.value) properties.building_type = form.building_type.value;
  return { type: "Feature", geometry, properties };
}

function standing(form, outline, draft) {
  const { geometry, properties } = asked(form, outline);
  const parts = at("homestead").hidden ? draft.values.parts : [];
  return { where: [form.coordinates.value, geometry], what: { ...properties, parts } };
}

async function readRequest({ form, outline, validity, parts }) {
  await outline.reading;
  const declared = at("homestead").hidden ? await parts.asked() : { parts: [], troubles: [] };
  const troubles = [...declared.troubles];
  if (!outline.geometry) troubles.push({ field: "geometry", message: missing(outline) });
  const feature = asked(form, outline);
  if (declared.parts.length) feature.properties.parts = declared.parts;
  if (!feature.properties.project_class) troubles.push({ field: "project_class", message: t("请选择项目类别。") });
  return { feature, seen: validity.seen(), troubles };
}

function missing(outline) {
  if (outline.isEmpty) return t("请绘制拟选址范围、粘贴坐标或选择文件。");
  return outline.told.alternatives.length ? t("请先选定坐标的读法。") : t("坐标还没有读懂，请按提示改正。");
}

async function check(page, more = {}, within_m = null) {
  const { form } = page;
  at("submit").disabled = true;
  at("form-progress").textContent = t("正在逐专题核对…");
  const { feature, seen, troubles } = await readRequest(page);
  Object.assign(feature.properties, more);
  showTroubles(form, troubles);
  try {
    if (!troubles.length) showOpinion(page, await askOpinion(feature, within_m), { feature, seen });
  } catch (trouble) {
    if (trouble instanceof Problem) showProblem(page, trouble);
    else showTroubles(form, [{ message: t("没有连上服务：{reason}", { reason: trouble.message }) }]);
  } finally {
    at("submit").disabled = false;
    at("form-progress").textContent = "";
  }
}

function showProblem(page, problem) {
  const { form, site, outline, validity } = page;
  at("opinion").replaceChildren();
  validity.withdraw();
  const about = problem.location || problem.repair ? "geometry" : "";
  showTroubles(form, problem.errors.length ? problem.errors : [{ field: about, message: problem.message }]);
  site.showRepair(outline.geometry, problem.repair?.geometry, problem.location);
  if (problem.repair) at("repair").replaceChildren(repairOffer(page, problem.repair));
}

function repairOffer(page, { area_before_m2, area_after_m2 }) {
  const button = element("button", { type: "button", className: "button primary", textContent: t("接受修复并筛查") });
  button.addEventListener("click", () => check(page, { accept_repair: true }));
  const areas = t("按顶点顺序计得 {before}，修复后 {after}", {
    before: areaWords(area_before_m2),
    after: areaWords(area_after_m2),
  });
  return element(
    "div",
    { className: "repair" },
    element("b", { textContent: t("建议的修复（图上绿色）") }),
    element("p", { textContent: areas }),
    element("p", { className: "quiet", textContent: t("顶点不动，只在交叉处加点；圆圈标出错误位置。也可在图上编辑顶点后重新筛查。") }),
    button,
  );
}

// On a desk the panel begins anew beside the map; on a phone the opinion lies below the map, out of sight.
function leadToOpinion() {
  at("opinion").closest(".panel").scrollTo({ top: 0 });
  if (matchMedia("(max-width: 900px)").matches) at("opinion").scrollIntoView({ block: "start" });
}

function showOpinion(page, { parts, opinion }, { feature, seen }) {
  const { form, site, outline, validity, draft, layers } = page;
  const { name, project_class } = feature.properties;
  at("repair").replaceChildren();
  at("opinion").replaceChildren(...parts);
  bindOpinion(at("opinion"), {
    feature,
    record: opinion.record,
    hasVisits: !at("homestead").hidden,
    onZone: (id, how) => site.highlight(id, how),
    onTrouble: ({ message }) => showTroubles(form, [{ message }]),
  });
  bindPlaces(at("opinion"), {
    feature,
    onShow: (facts, meant) => site.showPlaces(facts, meant),
    onTake: (place) => {
      const { parts, isLeft } = movedParts(draft.values.parts, place.parts);
      outline.write(place.geometry, "compared", { parts });
      if (isLeft) toast(t("已改用可比选范围；有的分区还在原处，请改正它的坐标。"));
      at("request").open = true;
    },
    onKeep: (within_m) => check(page, {}, within_m),
    onTrouble: ({ message }) => showTroubles(form, [{ message }]),
  });
  at("request").open = false;
  at("request-line").textContent = [name, project_class].filter(Boolean).join(" · ");
  leadToOpinion();
  layers.giveWay();
  site.showOpinion(opinion.site.geometry || outline.geometry, opinion);
  validity.given(seen);
  draft.history.saved();
}
