// Graded areas in one file: the same drawing as on the server, everything read from the file itself.
import { Areas } from "../areas.js";
import { drawBasemap } from "../basemap.js";
import { Labels } from "../labels.js";
import { Legend } from "../legend.js";
import { prepareMap } from "../map.js";

export async function attach(map, { legend: entries, product, joined }) {
  const legend = new Legend(entries);
  const layers = JSON.parse(document.getElementById("anzhi-layers").textContent);
  const whole = (name) => async () => layers[name]?.features || [];
  const labels = new Labels(prepareMap(map));
  const ground = await drawBasemap(
    map,
    {
      boundary: whole("boundary"),
      villages: whole("villages"),
      water: whole("water"),
      roads: whole("roads"),
      relief: whole("relief"),
      hillshade: async () => layers.hillshade,
    },
    labels,
  );
  ground.showVillages(true);
  const source = {
    all: async () => layers.areas,
    joined: whole(product === "risk" ? "joined_risk" : "joined"),
    one: async (id) => layers.areas.find(({ properties }) => properties.id === id),
    at: async () => null,
  };
  await new Areas({ map, legend, labels, joined, product, source }).draw();
  window.READY = 1;
}
