// Land set aside (farmland, ecological redline) that an outline lies on: its areas, drawn and named like the zones.
import { features } from "./core/api.js";
import { inStratum } from "./map.js";

export const SET_ASIDE = {
  farmland: { line: "#7a6a10", dashes: "7 3" },
  ecological_redline: { line: "#b3261e", dashes: "9 3 2 3" },
};

// The areas some finding of the opinion speaks of, each with that finding.
export async function areasOf({ themes }, bbox) {
  const findings = themes.flatMap((theme) =>
    theme.findings.filter(({ object }) => SET_ASIDE[object?.kind]).map((finding) => ({ ...finding, theme: theme.theme })),
  );
  if (!findings.length) return [];
  const found = await features("/api/constraints", { query: { bbox } });
  const byId = new Map(found.map((area) => [String(area.properties.id ?? area.id), area]));
  return findings.map((finding) => ({ zone: byId.get(String(finding.object.id)), finding })).filter(({ zone }) => zone);
}

export function drawAreas(map, areas) {
  const layers = areas.map(({ zone, finding }) => {
    const { line, dashes } = SET_ASIDE[finding.object.kind];
    const style = { color: line, weight: 2, dashArray: dashes, fillColor: line, fillOpacity: 0.1 };
    return L.geoJSON(zone, { ...inStratum(map, "hazards"), style });
  });
  return L.featureGroup(layers);
}

export function keyOf({ object }) {
  const { line, dashes } = SET_ASIDE[object.kind];
  return { fill: line, opacity: 0.1, line, dashes };
}
