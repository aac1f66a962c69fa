// The overview: themes, hazards, objects, projects and gaps of the whole town on one map.
import { Causes } from "../causes.js";
import { Chains } from "../chains.js";
import { mountMap } from "../core/page.js";
import { showCoordinates } from "../coordinates.js";
import { Drawer } from "../drawer.js";
import { bindGaps } from "../gaps.js";
import { bindLayers, returnLayers, restoreLayers, themesOf } from "../layers.js";
import { drawMinimap } from "../minimap.js";
import { KINDS, Objects } from "../objects.js";
import { keepInFrame } from "../paper.js";
import { Projects } from "../projects.js";
import { Selection } from "../selection.js";
import { remoteSources } from "../sources.js";
import { addTools } from "../tools.js";
import { View } from "../view.js";
import { t } from "../words.js";
import { MOST_SHAPES, Zones } from "../zones.js";

export function attach(map, { legend, overview }) {
  return mountMap(map, { legend, sources: remoteSources() }, (page) => draw(page, overview));
}

async function draw({ map, legend, labels, modes, sources, readable, tell: tellTrouble, ground: drawGround }, overview) {
  // Judged anew for every reader, the projects take longest; they are asked for while the ground is drawn.
  if (document.getElementById("projects")) sources.projects().catch(() => null);
  const panel = document.getElementById("layers");
  const view = new View(map);
  const themes = themesOf(overview);
  restoreLayers(panel, view);
  askAhead(panel, sources, themes);
  const selection = new Selection({ map, legend, view, card: document.getElementById("selection") });
  const zones = new Zones({
    ...{ map, legend, sources, labels, modes },
    onSelect: (zone) => selection.showZone(zone),
    onGap: (found, hazard) => selection.showGap(found, hazard),
    onTrouble: tellTrouble,
  });
  selection.zones = zones;
  selection.chains = new Chains({ map, labels });
  selection.causes = new Causes({ map, legend, panel });
  const ground = await drawGround({ villages: false });
  view.restore();
  await bindLayers(panel, zones, themes, showState);
  readable();
  const objects = new Objects({ map, sources, onSelect: (object) => selection.show(object) });
  const projects = await drawProjects({ map, legend, sources, selection, labels });
  await bindObjects(panel, ground, { projects, objects });
  bindGaps(zones, themes, panel);
  const drawer = new Drawer(document.getElementById("drawer"), (row) =>
    row.kind === "zone" ? zones.pick({ type: "Feature", properties: { zone: row.key } }, { fly: true }) : selection.chooseRow(row),
  );
  addTools(map, { modes, home: ground.whole, list: drawer });
  showCoordinates(map);
  keepInFrame(map, (bounds) => (bounds.contains(ground.bounds()) ? ground.whole() : map.fitBounds(bounds, { animate: false })));
  if (ground.boundary.length) drawMinimap(map, ground.boundary);
  panel.addEventListener("change", () => keepLayers(panel, view));
  const drawn = { sources, projects, objects };
  view.returns(() => {
    returnLayers(panel, view);
    selection.restore(drawn).catch(tellTrouble);
  });
  await selection.restore(drawn);
  selection.listen();
  view.follow();
}

// What the panel shows is asked for while the ground is drawn; a theme of tiles has no shapes to ask for.
function askAhead(panel, sources, themes) {
  const theme = themes.find(({ key }) => key === panel.querySelector("[name=theme]:checked")?.value);
  if (theme) sources.unsurveyed(theme.hazard).catch(() => null);
  const overlays = [...panel.querySelectorAll("[name=overlay]:checked")].map(({ value }) => value);
  const drawn = theme && theme.count <= MOST_SHAPES ? [theme.key, ...overlays] : overlays;
  for (const key of drawn) sources.zones(...key.split("/")).catch(() => null);
}

async function drawProjects({ map, legend, sources, selection, labels }) {
  const list = document.getElementById("projects");
  if (!list) return null;
  const projects = new Projects({ map, legend, list, labels, onSelect: (project, how) => selection.showProject(project, projects, how) });
  const counts = projects.draw(await sources.projects());
  for (const [name, count] of Object.entries(counts)) tell(`[data-count=${name}]`, count);
  tell("[data-project-total]", t("{n} 项，共登记 {all} 项", { n: counts.flagged, all: counts.flagged + counts.others }));
  return projects;
}

async function bindObjects(panel, ground, { projects, objects }) {
  tell("[data-count=villages]", ground.villages.length);
  const show = (name, shown) => {
    if (name === "villages") return ground.showVillages(shown);
    return KINDS.includes(name) ? objects.show(name, shown) : projects?.show(name, shown);
  };
  const boxes = [...panel.querySelectorAll("[name=objects]")];
  if (!boxes.length) ground.showVillages(true);
  for (const box of boxes) {
    await show(box.value, box.checked);
    box.addEventListener("change", () => show(box.value, box.checked));
  }
}

function keepLayers(panel, view) {
  const checked = (name) => [...panel.querySelectorAll(`[name=${name}]:checked:not([data-lent])`)].map((box) => box.value);
  view.keep("theme", checked("theme")[0]);
  view.keep("overlays", checked("overlay"));
  if (panel.querySelector("[name=objects]")) view.keep("objects", checked("objects"));
}

function showState(theme) {
  for (const section of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-theme-state]")))
    section.hidden = section.dataset.themeState !== theme?.key;
  tell("[data-theme-name]", theme ? t(theme.name) : "");
}

function tell(place, words) {
  const found = document.querySelector(place);
  if (found) found.textContent = words;
}
