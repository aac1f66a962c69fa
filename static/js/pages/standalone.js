// The single-file map: the same drawing as on the server, its layers read from the file itself.
import { showCard, zoneParts } from "../card.js";
import { mountMap } from "../core/page.js";
import { bindGaps, gapCard } from "../gaps.js";
import { bindLayers, themesOf } from "../layers.js";
import { Zones } from "../zones.js";

export function attach(map, { legend, overview }) {
  const sources = inlineSources(JSON.parse(document.getElementById("anzhi-layers").textContent));
  return mountMap(map, { legend, sources }, (page) => drawWhole(page, overview));
}

async function drawWhole(page, overview) {
  const card = document.getElementById("selection");
  const zones = new Zones({
    ...page,
    onSelect: (zone) => {
      zones.leaveGap();
      showCard(card, zoneParts(page.legend, zone), () => zones.highlight(null));
    },
  });
  zones.onGap = gapCard({ card, legend: page.legend, zones });
  await page.ground();
  const panel = document.getElementById("layers");
  const themes = themesOf(overview);
  await bindLayers(panel, zones, themes);
  bindGaps(zones, themes, panel);
}

function inlineSources(layers) {
  const whole = (name) => async () => layers[name]?.features || [];
  const of =
    (name, wanted) =>
    async (...keys) =>
      (await whole(name)()).filter(({ properties }) => wanted(properties, ...keys));
  return {
    boundary: whole("boundary"),
    villages: whole("villages"),
    water: whole("water"),
    roads: whole("roads"),
    relief: whole("relief"),
    hillshade: async () => layers.hillshade,
    zones: of("zones", (zone, hazard, product) => zone.hazard === hazard && zone.product === product),
    unsurveyed: of("unsurveyed", (ground, hazard) => ground.hazard === hazard),
    tiles: null,
  };
}
