// Graded areas in one file: the same drawing as on the server, everything read from the file itself.
import { Areas } from "../areas.js";
import { mountMap } from "../core/page.js";

export function attach(map, { legend, product, joined, cell_m }) {
  const layers = JSON.parse(document.getElementById("anzhi-layers").textContent);
  const whole = (name) => async () => layers[name]?.features || [];
  const sources = {
    boundary: whole("boundary"),
    villages: whole("villages"),
    water: whole("water"),
    roads: whole("roads"),
    relief: whole("relief"),
    hillshade: async () => layers.hillshade,
  };
  const source = {
    all: async () => layers.areas,
    joined: whole(product === "risk" ? "joined_risk" : "joined"),
    one: async (id) => layers.areas.find(({ properties }) => properties.id === id),
    at: async () => null,
  };
  return mountMap(map, { legend, sources }, async (page) => {
    await page.ground();
    await new Areas({ ...page, joined, product, cell_m, source }).draw();
  });
}
