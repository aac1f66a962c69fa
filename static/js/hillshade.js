// The shaded relief, and the outlines of buildings once the map is close enough to tell them apart.
import { debounce } from "./core/debounce.js";
import { inStratum } from "./map.js";
import { element, t } from "./words.js";

const BUILDINGS_FROM_ZOOM = 14.5;
const ASK_AFTER_MS = 200;
const TONES = {
  light: "saturate(0.3) contrast(1.18) brightness(1.01)",
  dark: "saturate(0) contrast(1.5) brightness(0.92)",
};
const LEVEL = 0.81; // how bright the picture is where the ground is flat
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
  const canvas = element("canvas", { role: "img", ariaLabel: t("地形晕渲") });
  paint(canvas, picture);
  // An overlay of an element that is there already: making a picture file of the canvas would hold the page up.
  L.svgOverlay(canvas, L.latLngBounds([south, west], [north, east]), { pane: "hillshade" }).addTo(map);
  new MutationObserver(() => paint(canvas, picture)).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

// Painted once for light and once for dark: a style filter would be computed again with every frame of a moving map.
// It lies over the grades as light and shadow alone, where a blend mode would have to be computed with every frame too.
// The tint of heights would turn the blue of low risk green, so little of it is left; the edges fade into the ground.
function paint(canvas, picture) {
  const dark = document.documentElement.dataset.theme === "dark";
  [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  drawing.filter = dark ? TONES.dark : TONES.light;
  drawing.drawImage(picture, 0, 0);
  drawing.filter = "none";
  const whole = drawing.getImageData(0, 0, canvas.width, canvas.height);
  (dark ? lightAndShadow : shadowAlone)(whole.data);
  drawing.putImageData(whole, 0, 0);
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
}

// As transparent as the picture is bright: over white it looks like the picture itself, over a colour like both multiplied.
function shadowAlone(pixels) {
  for (let i = 0; i < pixels.length; i += 4) {
    const light = Math.min(pixels[i], pixels[i + 1], pixels[i + 2]);
    const shadow = 255 - light;
    for (let part = i; part < i + 3; part++) pixels[part] = shadow ? ((pixels[part] - light) * 255) / shadow : 0;
    pixels[i + 3] = shadow;
  }
}

// White where slopes face the light, black where they turn from it, nothing where the ground is flat.
function lightAndShadow(pixels) {
  for (let i = 0; i < pixels.length; i += 4) {
    const over = pixels[i] / 255 - LEVEL;
    pixels.fill(over > 0 ? 255 : 0, i, i + 3);
    pixels[i + 3] = 255 * Math.min(Math.abs(over) * (over > 0 ? 0.9 : 1.35), 0.75);
  }
}

export function drawBuildings(map, sources) {
  if (!sources.buildings) return;
  const look = { ...inStratum(map, "buildings"), style: { className: "building", weight: 0.8, fillOpacity: 0.75 } };
  const layer = L.geoJSON(null, look).addTo(map);
  let asked = null;
  const refresh = async () => {
    const near = map.getZoom() >= BUILDINGS_FROM_ZOOM;
    map.getContainer().classList.toggle("near", near);
    if (!near || asked?.contains(map.getBounds())) return;
    const window = map.getBounds().pad(0.5);
    asked = window;
    const found = await sources.buildings(window.toBBoxString()).catch(() => []);
    if (asked !== window) return;
    layer.clearLayers();
    layer.addData({ type: "MultiPolygon", coordinates: found.flatMap(({ geometry }) => polygonsOf(geometry)) });
  };
  map.on("moveend", debounce(refresh, ASK_AFTER_MS));
  refresh();
}

// All of them as one path, for the same reason as the contours.
function polygonsOf({ type, coordinates }) {
  return type === "Polygon" ? [coordinates] : coordinates;
}
