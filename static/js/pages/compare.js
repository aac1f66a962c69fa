// Two grading runs under one divider, and the list of what moved: each leads to the other.
import { ask, features, remoteSources } from "../api.js";
import { areaStyle } from "../areas.js";
import { drawBasemap } from "../basemap.js";
import { Labels } from "../labels.js";
import { Legend } from "../legend.js";
import { inStratum, prepareMap } from "../map.js";
import { Newest } from "../newest.js";
import { swipe } from "../swipe.js";
import { t } from "../words.js";

const SIDES = ["earlier", "later"];
const OVER_THE_GROUND = 300;

export async function attach(map, { legend: entries, runs, joined, moved }) {
  const note = document.getElementById("map-note");
  try {
    const legend = new Legend(entries);
    const labels = new Labels(prepareMap(map));
    for (const side of SIDES) map.createPane(side).style.zIndex = OVER_THE_GROUND;
    (await drawBasemap(map, remoteSources(), labels)).showVillages(true);
    const shown = new Moves(map, moved);
    await Promise.all(runs.map((run, side) => drawSide({ map, legend, run, joined, shown, pane: SIDES[side] })));
    swipe(map, { divider: document.getElementById("divider"), left: SIDES[0], right: SIDES[1] });
    note.hidden = true;
  } catch (trouble) {
    note.classList.add("trouble");
    note.textContent = t("地图没有画完：{reason}。请刷新重试。", { reason: trouble.message });
    throw trouble;
  } finally {
    window.READY = 1;
  }
}

async function drawSide({ map, legend, run, joined, shown, pane }) {
  const { unit } = await ask(`/api/runs/${run}`);
  const found = joined
    ? (await ask(`/api/runs/${run}/picture`, { accept: "application/geo+json" })).features
    : await features(`/api/areas?${new URLSearchParams({ unit, run })}`);
  L.geoJSON(found, {
    pane,
    renderer: L.svg({ pane, padding: 0.4 }),
    style: ({ properties }) => areaStyle(legend, properties),
    onEachFeature: ({ properties }, layer) => layer.on("click", () => shown.pick(properties.area)),
  }).addTo(map);
}

class Moves {
  constructor(map, moved) {
    Object.assign(this, { map, moved, newest: new Newest() });
    this.buttons = [...document.querySelectorAll("[data-move]")];
    for (const button of this.buttons)
      button.addEventListener("click", () => this.choose(Number(button.dataset.move), { look: true }));
  }

  pick(area) {
    const number = this.moved.findIndex((move) => move.area === area);
    if (number >= 0) this.choose(number);
  }

  async choose(number, { look = false } = {}) {
    const current = this.newest.ask();
    const { geometry } = await ask(`/api/areas/${this.moved[number].to}`);
    if (!current()) return;
    this.selection?.remove();
    const style = { className: "selected-area", weight: 3, fill: false };
    this.selection = L.geoJSON(geometry, { ...inStratum(this.map, "selection"), style }).addTo(this.map);
    if (look) this.map.panInsideBounds(this.selection.getBounds(), { animate: false });
    for (const button of this.buttons) button.ariaPressed = String(Number(button.dataset.move) === number);
    document.getElementById(`moved-${number}`).scrollIntoView({ block: "nearest" });
  }
}
