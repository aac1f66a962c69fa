// The corners of a map by their coordinates: on paper nobody can ask where it is; the screen has its read-out.
import { element } from "./words.js";

export function showCorners(map) {
  const [southWest, northEast] = ["south-west", "north-east"].map((name) => element("p", { className: `corner on-paper is-${name}` }));
  map.getContainer().append(southWest, northEast);
  const tell = () => {
    const bounds = map.getBounds();
    southWest.textContent = cornerWords(bounds.getSouthWest());
    northEast.textContent = cornerWords(bounds.getNorthEast());
  };
  map.on("moveend resize", tell);
  tell();
}

function cornerWords({ lng, lat }) {
  return `${lng.toFixed(5)}°E ${lat.toFixed(5)}°N · CGCS2000`;
}
