// Two grading runs under one divider, and the list of what moved: each leads to the other.
import { collection, features, read } from "../core/api.js";
import { areaStyle, keepLegible, METRES_PER_DEGREE } from "../areas.js";
import { mountMap } from "../core/page.js";
import { inStratum } from "../map.js";
import { Newest } from "../newest.js";
import { remoteSources } from "../sources.js";
import { swipe } from "../swipe.js";

const SIDES = ["earlier", "later"];
const OVER_THE_GROUND = 300;

export function attach(map, { legend, runs, joined, moved }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    for (const side of SIDES) map.createPane(side).style.zIndex = OVER_THE_GROUND;
    await page.ground();
    const shown = new Moves(map, moved);
    await Promise.all(
      runs.map((run, side) => drawSide({ map, legend: page.legend, run, joined, shown, pane: SIDES[side] })),
    );
    swipe(map, { divider: document.getElementById("divider"), left: SIDES[0], right: SIDES[1] });
  });
}

async function drawSide({ map, legend, run, joined, shown, pane }) {
  const { unit, cell_m } = await read("/api/runs/{run}", { path: { run } });
  const found = joined
    ? await collection("/api/runs/{run}/picture", { path: { run } })
    : await features("/api/areas", { query: { unit, run, decimals: 5 } });
  if (cell_m) keepLegible(map, cell_m / METRES_PER_DEGREE);
  L.geoJSON(found, {
    pane,
    renderer: L.svg({ pane, padding: 0.4 }),
    style: ({ properties }) => areaStyle(legend, properties),
    onEachFeature: ({ properties }, layer) => layer.on("click", () => shown.pick(properties.area)),
  }).addTo(map);
}

class Moves {
  moved;
  newest;
  map;

  constructor(map, moved) {
    Object.assign(this, { map, moved, newest: new Newest() });
    this.buttons = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-move]"))];
    for (const button of this.buttons)
      button.addEventListener("click", () => this.choose(Number(button.dataset.move), { look: true }));
  }

  pick(area) {
    const number = this.moved.findIndex((move) => move.area === area);
    if (number >= 0) this.choose(number);
  }

  async choose(number, { look = false } = {}) {
    const current = this.newest.ask();
    const { geometry } = await read("/api/areas/{area}", { path: { area: this.moved[number].to } });
    if (!current()) return;
    this.selection?.remove();
    const style = { className: "selected-area", weight: 3, fill: false };
    this.selection = L.geoJSON(geometry, { ...inStratum(this.map, "selection"), style }).addTo(this.map);
    if (look) this.map.panInsideBounds(this.selection.getBounds(), { animate: false });
    for (const button of this.buttons) button.ariaPressed = String(Number(button.dataset.move) === number);
    document.getElementById(`moved-${number}`).scrollIntoView({ block: "nearest" });
  }
}
