// The single-file map: the same drawing as on the server, its layers read from the file itself.
import { drawBasemap } from "../basemap.js";
import { showCard, zoneParts } from "../card.js";
import { bindGaps, gapCard } from "../gaps.js";
import { Labels } from "../labels.js";
import { bindLayers, themesOf } from "../layers.js";
import { Legend } from "../legend.js";
import { prepareMap } from "../map.js";
import { Zones } from "../zones.js";

export async function attach(map, { legend: entries, overview }) {
  const legend = new Legend(entries);
  const sources = inlineSources(JSON.parse(document.getElementById("anzhi-layers").textContent));
  const card = document.getElementById("selection");
  const labels = new Labels(prepareMap(map));
  const zones = new Zones({
    map,
    legend,
    sources,
    labels,
    onSelect: (zone) => {
      zones.leaveGap();
      showCard(card, zoneParts(legend, zone), () => zones.highlight(null));
    },
  });
  zones.onGap = gapCard({ card, legend, zones });
  const ground = await drawBasemap(map, sources, labels);
  ground.showVillages(true);
  const panel = document.getElementById("layers");
  const themes = themesOf(overview);
  await bindLayers(panel, zones, themes);
  bindGaps(zones, themes, panel);
  window.READY = 1;
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
