// The siting page: reads the site, asks for the opinion, shows it beside the map.
import { Problem, remoteSources, send } from "../api.js";
import { drawBasemap } from "../basemap.js";
import { Drawing } from "../drawing.js";
import { UnreadableFootprint, readFootprint, writeFootprint } from "../footprint.js";
import { Labels } from "../labels.js";
import { Legend } from "../legend.js";
import { prepareMap } from "../map.js";
import { opinionParts } from "../opinion.js";
import { SiteMap } from "../sitemap.js";
import { showTroubles } from "../troubles.js";
import { areaWords, t } from "../words.js";

const at = (id) => document.getElementById(id);

export async function attach(map, { legend: entries }) {
  const legend = new Legend(entries);
  const sources = remoteSources();
  const labels = new Labels(prepareMap(map));
  const form = at("siting-form");
  const site = new SiteMap({ map, legend, sources, key: at("map-key") });
  bindInput(form, map, site);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check(form, site, legend);
  });
  at("repair").addEventListener("click", () => check(form, site, legend, { accept_repair: true }));
  try {
    (await drawBasemap(map, sources, labels)).showVillages(true);
    at("map-note").hidden = true;
  } catch (trouble) {
    at("map-note").textContent = t("地图没有画完：{reason}。请刷新重试。", { reason: trouble.message });
  } finally {
    window.READY = 1;
  }
}

function bindInput(form, map, site) {
  const preview = () => {
    try {
      const geometry = footprint(form);
      if (!form.crs.value) site.showSite(geometry);
    } catch (trouble) {
      if (!(trouble instanceof UnreadableFootprint)) throw trouble;
      site.clear();
    }
  };
  const fill = (text) => {
    form.coordinates.value = text;
    showTroubles(form, []);
    preview();
  };
  new Drawing({
    map,
    buttons: { draw: at("draw"), done: at("draw-done"), undo: at("draw-undo") },
    shape: () => form.shape.value,
    onDone: (points) => {
      form.crs.selectedIndex = 0;
      fill(points.map((point) => point.join(",")).join("\n"));
    },
  });
  form.coordinates.addEventListener("change", preview);
  form.addEventListener("change", ({ target }) => {
    if (target.name === "project_class" && !form.coordinates.value)
      form.shape.value = target.value === "K7" ? "LineString" : "Polygon";
  });
  bindFiles(form, fill);
}

function bindFiles(form, fill) {
  const read = async (file) => {
    if (!file) return;
    const text = await file.text();
    try {
      fill(writeFootprint(readFootprint(text, { shape: form.shape.value, geographic: !form.crs.value })));
    } catch (trouble) {
      showTroubles(form, [{ field: "geometry", message: trouble.message }]);
    }
  };
  at("file").addEventListener("change", ({ target }) => read(target.files[0]));
  const drop = at("drop");
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over-drop");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over-drop"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over-drop");
    read(event.dataTransfer.files[0]);
  });
}

function footprint(form) {
  return readFootprint(form.coordinates.value, { shape: form.shape.value, geographic: !form.crs.value });
}

function readRequest(form) {
  const troubles = [];
  let geometry = null;
  try {
    geometry = footprint(form);
  } catch (trouble) {
    if (!(trouble instanceof UnreadableFootprint)) throw trouble;
    troubles.push({ field: "geometry", message: trouble.message });
  }
  if (!form.project_class.value) troubles.push({ field: "project_class", message: t("请选择项目类别。") });
  const properties = { name: form.name.value.trim(), project_class: form.project_class.value };
  if (form.seismic_class.value) properties.seismic_class = form.seismic_class.value;
  const feature = { type: "Feature", geometry, properties };
  if (form.crs.value) feature.crs = form.crs.value;
  return { feature, troubles };
}

async function check(form, site, legend, more = {}) {
  const { feature, troubles } = readRequest(form);
  Object.assign(feature.properties, more);
  at("repair").hidden = true;
  showTroubles(form, troubles);
  if (troubles.length) return;
  at("submit").disabled = true;
  at("form-progress").textContent = t("正在逐专题核对…");
  try {
    showOpinion({ opinion: await send("/api/siting/check", feature), feature, form, site, legend });
  } catch (trouble) {
    if (!(trouble instanceof Problem))
      showTroubles(form, [{ message: t("没有连上服务：{reason}", { reason: trouble.message }) }]);
    else showProblem(trouble, form, site);
  } finally {
    at("submit").disabled = false;
    at("form-progress").textContent = "";
  }
}

function showProblem(problem, form, site) {
  const about = problem.location || problem.repair ? "geometry" : "";
  showTroubles(form, problem.errors.length ? problem.errors : [{ field: about, message: problem.message }]);
  if (problem.repair) {
    const { geometry, area_before_m2, area_after_m2 } = problem.repair;
    site.showSite(geometry);
    at("repair").textContent = t("按建议修复后筛查（{before} → {after}）", {
      before: areaWords(area_before_m2),
      after: areaWords(area_after_m2),
    });
    at("repair").hidden = false;
  }
  site.showTrouble(problem.location);
}

function showOpinion({ opinion, feature, form, site, legend }) {
  const class_title = form.querySelector("[name=project_class]:checked").closest("label").querySelector("span")
    .firstChild.textContent;
  const subject = { ...feature.properties, class_title };
  at("opinion").replaceChildren(
    ...opinionParts({ opinion, site: subject, legend, onZone: (id) => site.highlight(id) }).filter(Boolean),
  );
  at("request").open = false;
  at("request-line").textContent = [subject.name, subject.project_class].filter(Boolean).join(" · ");
  at("opinion").closest(".panel").scrollTo({ top: 0 });
  site.showOpinion(opinion.site.geometry || (feature.crs ? null : feature.geometry), opinion);
  window.OPINION = opinion;
}
