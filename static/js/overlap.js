// The part of zones that lies inside an outline, cut by the picture itself: a clip path that follows the outline.
import { inStratum } from "./map.js";

const SVG = "http://www.w3.org/2000/svg";
const NAME = "inside-the-outline";
let drawn = 0;

export function drawOverlap(map, { zones, site }) {
  const renderer = map.strata.sites;
  const look = { className: "site-overlap", weight: 0, fillColor: "#c8372d", fillOpacity: 0.58 };
  const cut = L.geoJSON(zones, { ...inStratum(map, "sites"), style: look }).addTo(map);
  const name = `${NAME}-${drawn++}`;
  const clip = document.createElementNS(SVG, "clipPath");
  clip.setAttribute("id", name);
  renderer._container.append(clip);
  const follow = () => {
    const outlines = site.getLayers().map((layer) => layer.getElement()?.getAttribute("d"));
    clip.replaceChildren(...outlines.filter(Boolean).map(pathOf));
  };
  cut.eachLayer((layer) => layer.getElement()?.setAttribute("clip-path", `url(#${name})`));
  cut.eachLayer((layer) => layer.bringToBack());
  renderer.on("update", follow);
  map.on("zoomend moveend", follow);
  follow();
  return {
    remove() {
      renderer.off("update", follow);
      map.off("zoomend moveend", follow);
      clip.remove();
      cut.remove();
    },
  };
}

function pathOf(d) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  path.setAttribute("clip-rule", "evenodd");
  return path;
}
