// A theme of many zones as vector tiles: the page's own SVG patterns, rasterised once for the canvas.
import { layFlat } from "./strata.js";
import { element } from "./words.js";

const LIBRARY = "/static/vendor/protomaps-leaflet/protomaps-leaflet.js";
let library = null;

export async function drawTiles({ url, legend, scheme, shows, onSelect }) {
  const protomaps = await loadLibrary();
  const entries = legend.grades.filter((entry) => entry.scheme === scheme);
  const patterns = await Promise.all(entries.map((entry) => rasterised(`grade-${scheme}-${entry.rank}`)));
  const layer = protomaps.leafletLayer({
    url,
    pane: "tiles",
    attribution: "",
    maxDataZoom: 15,
    updateWhenIdle: true, // tiles are painted when the hand rests; while it moves there are those of a wider view
    updateWhenZooming: false,
    keepBuffer: 3,
    paintRules: entries.map((entry, i) => ({
      dataLayer: "zones",
      filter: (_zoom, { props }) => props.grade_rank === entry.rank && shows(props),
      symbolizer: new protomaps.PolygonSymbolizer({ pattern: patterns[i], stroke: entry.ink, width: 0.5 }),
    })),
    labelRules: [],
  });
  const pick = (event) => {
    const found = [...layer.queryTileFeaturesDebug(event.latlng.lng, event.latlng.lat, 1).values()].flat();
    const zone = found.map((piece) => piece.feature.props).find(shows);
    if (zone) onSelect({ type: "Feature", geometry: null, properties: zone }, event.originalEvent);
  };
  layer.createTile = (place, done) => pictureOf(layer, place, done);
  layer.on("tileloadstart", ({ tile }) => layFlat(tile));
  layer.on("add", ({ target }) => target._map.on("click", pick));
  layer.on("remove", ({ target }) => target._map?.off("click", pick));
  return layer;
}

// Each canvas would be put together with every frame of a moving map; pictures lie on one sheet, painted once.
function pictureOf(layer, place, done) {
  const canvas = document.createElement("canvas");
  const picture = element("img", { className: "leaflet-tile", alt: "" });
  const key = layer._tileCoordsToKey(place);
  layer.renderTile(place, Object.assign(canvas, { key }), key, () =>
    canvas.toBlob((drawn) => {
      if (!drawn) return done(null, picture);
      const address = URL.createObjectURL(drawn);
      picture.onload = picture.onerror = () => {
        URL.revokeObjectURL(address);
        done(null, picture);
      };
      picture.src = address;
      return null;
    }),
  );
  return picture;
}

function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.onload = () => resolve(window.protomapsL);
    script.onerror = () => reject(new Error(LIBRARY));
    document.head.append(script);
  });
  return library;
}

async function rasterised(id) {
  const side = 8 * Math.max(1, Math.round(devicePixelRatio));
  const inside = document.getElementById(id).innerHTML;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 8 8">${inside}</svg>`;
  const picture = new Image(side, side);
  picture.src = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
  await picture.decode();
  return picture;
}
