// The overview: themes, hazards, projects and gaps of the whole town on one map.
import { remoteSources } from "../api.js";
import { drawBasemap } from "../basemap.js";
import { showCard, zoneParts } from "../card.js";
import { Labels } from "../labels.js";
import { bindLayers, themesOf } from "../layers.js";
import { Legend } from "../legend.js";
import { prepareMap } from "../map.js";
import { Projects } from "../projects.js";
import { element, t } from "../words.js";
import { Zones } from "../zones.js";

export async function attach(map, { legend: entries, overview }) {
  const note = document.getElementById("map-note");
  try {
    await draw(map, new Legend(entries), overview);
    note.hidden = true;
  } catch (trouble) {
    note.classList.add("trouble");
    note.textContent = t("地图没有画完：{reason}。请刷新重试。", { reason: trouble.message });
    throw trouble;
  } finally {
    window.READY = 1;
  }
}

async function draw(map, legend, overview) {
  const card = document.getElementById("selection");
  const sources = remoteSources();
  const labels = new Labels(prepareMap(map));
  const zones = new Zones({ map, legend, sources, labels, onSelect: (zone) => showZone(card, legend, zone, zones) });
  const ground = await drawBasemap(map, sources, labels);
  const themes = themesOf(overview);
  const panel = document.getElementById("layers");
  await bindLayers(panel, zones, themes, showState);
  const projects = document.getElementById("projects") && (await drawProjects(map, sources, card, zones));
  bindObjects(panel, ground, projects);
  bindGaps(zones, themes, panel);
}

function showZone(card, legend, zone, zones) {
  const site = element("a", { className: "button", href: "/siting", textContent: t("在此选址") });
  showCard(card, [...zoneParts(legend, zone), element("div", { className: "actions" }, site)], () =>
    zones.highlight(null),
  );
}

async function drawProjects(map, sources, card, zones) {
  const list = document.getElementById("projects");
  const projects = new Projects({ map, card, list, onSelect: () => zones.highlight(null) });
  const counts = projects.draw(await sources.projects());
  for (const [name, count] of Object.entries(counts)) tell(`[data-count=${name}]`, count);
  tell("[data-project-total]", t("共 {n} 项", { n: counts.flagged + counts.others }));
  return projects;
}

function bindObjects(panel, ground, projects) {
  tell("[data-count=villages]", ground.villageCount);
  const show = (name, shown) => (name === "villages" ? ground.showVillages(shown) : projects?.show(name, shown));
  const boxes = panel.querySelectorAll("[name=objects]");
  if (!boxes.length) ground.showVillages(true);
  for (const box of boxes) {
    show(box.value, box.checked);
    box.addEventListener("change", () => show(box.value, box.checked));
  }
}

function bindGaps(zones, themes, panel) {
  const buttons = [...document.querySelectorAll("[data-unsurveyed]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const theme = themes.find(({ hazard }) => hazard === button.dataset.unsurveyed);
      const radio = theme && panel.querySelector(`[name=theme][value="${CSS.escape(theme.key)}"]`);
      if (radio && !radio.checked) {
        radio.checked = true;
        radio.dispatchEvent(new Event("change", { bubbles: true }));
      } else zones.showUnsurveyed(button.dataset.unsurveyed);
      for (const other of buttons) other.ariaPressed = String(other === button);
    });
  }
}

function showState(theme) {
  for (const section of document.querySelectorAll("[data-theme-state]"))
    section.hidden = section.dataset.themeState !== theme?.key;
  tell("[data-theme-name]", theme ? t(theme.name) : "");
}

function tell(place, words) {
  const found = document.querySelector(place);
  if (found) found.textContent = words;
}
