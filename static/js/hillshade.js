// The shaded relief under everything, and the outlines of buildings once the map is close enough to tell them apart.
import { t } from "./words.js";

const BUILDINGS_FROM_ZOOM = 14.5;
const ASK_AFTER_MS = 200;
const TONES = {
  light: "saturate(0.3) contrast(1.18) brightness(1.01)",
  dark: "saturate(0.15) contrast(1.5) brightness(0.4)",
};
const FADE = [
  [0, "transparent"],
  [0.07, "black"],
  [0.93, "black"],
  [1, "transparent"],
];

export async function drawHillshade(map, sources) {
  const relief = await sources.hillshade?.().catch(() => null);
  if (!relief) return;
  const [west, south, east, north] = relief.bounds;
  const picture = new Image();
  picture.src = relief.url;
  await picture.decode();
  const overlay = L.imageOverlay(toned(picture), L.latLngBounds([south, west], [north, east]), {
    pane: "hillshade",
    alt: t("地形晕渲"),
  });
  overlay.addTo(map);
  new MutationObserver(() => overlay.setUrl(toned(picture))).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });
}

// Painted once for light and once for dark: a style filter would be computed again with every frame of a moving map.
// The tint of heights would turn the blue of low risk green, so little of it is left; the edges fade into the ground.
function toned(picture) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
  const drawing = canvas.getContext("2d");
  drawing.filter = TONES[document.documentElement.dataset.theme] || TONES.light;
  drawing.drawImage(picture, 0, 0);
  drawing.filter = "none";
  drawing.globalCompositeOperation = "destination-in";
  for (const end of [
    [canvas.width, 0],
    [0, canvas.height],
  ]) {
    const fade = drawing.createLinearGradient(0, 0, ...end);
    for (const [place, colour] of FADE) fade.addColorStop(place, colour);
    drawing.fillStyle = fade;
    drawing.fillRect(0, 0, canvas.width, canvas.height);
  }
  return canvas.toDataURL("image/webp", 0.86);
}

export function drawBuildings(map, sources) {
  if (!sources.buildings) return;
  const style = { color: "#5d5548", weight: 0.8, fillColor: "#8a8072", fillOpacity: 0.75 };
  const layer = L.geoJSON(null, { pane: "buildings", renderer: L.canvas({ pane: "buildings" }), interactive: false, style });
  layer.addTo(map);
  let asked = null;
  let waiting = null;
  const refresh = async () => {
    const near = map.getZoom() >= BUILDINGS_FROM_ZOOM;
    map.getPane("buildings").hidden = !near;
    if (!near || asked?.contains(map.getBounds())) return;
    const window = map.getBounds().pad(0.5);
    asked = window;
    const found = await sources.buildings(window.toBBoxString()).catch(() => []);
    if (asked !== window) return;
    layer.clearLayers();
    layer.addData(found);
  };
  map.on("moveend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, ASK_AFTER_MS);
  });
  refresh();
}
