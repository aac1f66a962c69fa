// The siting page: reads the site, asks for the opinion, shows it beside the map.
import { ask, Problem, remoteSources } from "../api.js";
import { drawBasemap } from "../basemap.js";
import { Drawing } from "../drawing.js";
import { Labels } from "../labels.js";
import { Legend } from "../legend.js";
import { prepareMap } from "../map.js";
import { askOpinion, bindOpinion } from "../opinion.js";
import { Outline } from "../outline.js";
import { OutlineFile } from "../outlinefile.js";
import { keepInFrame } from "../paper.js";
import { SiteMap } from "../sitemap.js";
import { showTroubles } from "../form-errors.js";
import { showUnderstood } from "../understood.js";
import { Validity } from "../validity.js";
import { areaWords, element, t } from "../words.js";

const at = (id) => document.getElementById(id);

export async function attach(map, { legend: entries }) {
  L.PM.setOptIn(true);
  const legend = new Legend(entries);
  const sources = remoteSources();
  const labels = new Labels(prepareMap(map));
  const form = at("siting-form");
  const site = new SiteMap({ map, legend, sources, key: at("map-key") });
  const outline = new Outline(form);
  const validity = new Validity({ place: at("opinion"), request: () => standing(form, outline) });
  const page = { map, form, site, outline, legend, validity, filled: new Set() };
  bindOutline(page);
  form.addEventListener("change", () => offerBuildingTypes(form));
  for (const kind of ["input", "change"])
    form.addEventListener(kind, ({ target }) => {
      page.filled.delete(target.name);
      validity.check();
    });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check(page);
  });
  keepInFrame(map, () => site.fit());
  try {
    (await drawBasemap(map, sources, labels)).showVillages(true);
    at("map-note").hidden = true;
    await openAsAsked(page);
  } catch (trouble) {
    at("map-note").hidden = false;
    at("map-note").textContent = t("地图没有画完：{reason}。请刷新重试。", { reason: trouble.message });
  } finally {
    window.READY = 1;
  }
}

function bindOutline(page) {
  const { map, form, site, outline, validity } = page;
  outline.addEventListener("change", ({ detail: { source } }) => {
    validity.check();
    showUnderstood(at("understood"), outline);
    showTroubles(form, []);
    at("repair").replaceChildren();
    if (source === "edited") site.clearOpinion();
    else site.showSite(outline.geometry, { fly: source !== "drawn" });
  });
  new Drawing({ map, toolbar: at("draw-tools"), outline, site });
  new OutlineFile({
    form,
    place: at("file-report"),
    outline,
    onTake: () => clearFilled(page),
    onPick: (feature) => {
      clearFilled(page);
      fillIn(page, feature);
    },
  });
}

// What another site brought with it goes with that site; what a person typed stays.
function clearFilled({ form, filled }) {
  for (const name of filled)
    if (name === "project_class") form.querySelector("[name=project_class]:checked").checked = false;
    else form[name].value = "";
  filled.clear();
  offerBuildingTypes(form);
}

// Which buildings a class may be depends on the class: others are neither offered nor sent.
function offerBuildingTypes(form) {
  const kinds = [...form.building_type.options].filter((option) => option.value);
  for (const kind of kinds) kind.hidden = kind.disabled = kind.dataset.class !== form.project_class.value;
  at("building-type-field").hidden = kinds.every((kind) => kind.disabled);
  if (form.building_type.selectedOptions[0]?.disabled) form.building_type.value = "";
}

function fillIn({ form, filled }, { name, project_class, seismic_class, building_type }) {
  for (const [field, value] of Object.entries({ name, project_class, seismic_class, building_type })) {
    if (field === "building_type") offerBuildingTypes(form);
    if (!value) continue;
    form[field].value = value;
    filled.add(field);
  }
}

// ?project=ID opens a stored project and judges it; ?lon=&lat= starts at a point.
async function openAsAsked(page) {
  const asked = new URLSearchParams(location.search);
  const [lon, lat] = ["lon", "lat"].map((name) => Number.parseFloat(asked.get(name)));
  if (asked.has("project")) {
    const project = await ask(`/api/projects/${encodeURIComponent(asked.get("project"))}`).catch((trouble) => {
      showTroubles(page.form, [{ message: trouble.message }]);
    });
    if (!project) return;
    fillIn(page, project);
    await page.outline.write(project.geometry, "project");
    await check(page);
  } else if (Number.isFinite(lon) && Number.isFinite(lat))
    await page.outline.write({ type: "Point", coordinates: [lon, lat] }, "link");
}

// What the form asks for as it stands now.
function asked(form, { geometry }) {
  const properties = { name: form.name.value.trim(), project_class: form.project_class.value };
  if (form.seismic_class.value) properties.seismic_class = form.seismic_class.value;
  if (form.building_type.value) properties.building_type = form.building_type.value;
  return { type: "Feature", geometry, properties };
}

function standing(form, outline) {
  const { geometry, properties } = asked(form, outline);
  return { where: [form.coordinates.value, geometry], what: properties };
}

async function readRequest({ form, outline, validity }) {
  await outline.reading;
  const troubles = [];
  if (!outline.geometry) troubles.push({ field: "geometry", message: missing(outline) });
  if (!form.project_class.value) troubles.push({ field: "project_class", message: t("请选择项目类别。") });
  return { feature: asked(form, outline), seen: validity.seen(), troubles };
}

function missing(outline) {
  if (outline.isEmpty) return t("请绘制拟选址范围、粘贴坐标或选择文件。");
  return outline.alternatives.length ? t("请先选定坐标的读法。") : t("坐标还没有读懂，请按提示改正。");
}

async function check(page, more = {}) {
  const { form } = page;
  at("submit").disabled = true;
  at("form-progress").textContent = t("正在逐专题核对…");
  const { feature, seen, troubles } = await readRequest(page);
  Object.assign(feature.properties, more);
  showTroubles(form, troubles);
  try {
    if (!troubles.length) showOpinion(page, await askOpinion(feature), { feature, seen });
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

function showOpinion({ form, site, outline, validity }, { parts, opinion }, { feature, seen }) {
  const { name, project_class } = feature.properties;
  at("repair").replaceChildren();
  at("opinion").replaceChildren(...parts);
  bindOpinion(at("opinion"), {
    feature,
    record: opinion.record,
    onZone: (id, how) => site.highlight(id, how),
    onTrouble: ({ message }) => showTroubles(form, [{ message }]),
  });
  at("request").open = false;
  at("request-line").textContent = [name, project_class].filter(Boolean).join(" · ");
  at("opinion").closest(".panel").scrollTo({ top: 0 });
  site.showOpinion(opinion.site.geometry || outline.geometry, opinion);
  validity.given(seen);
}
