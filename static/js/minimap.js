// The town in small with a frame around what the map shows; a click moves the map there.
import { t } from "./words.js";

export function drawMinimap(map, boundary) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => L.DomUtil.create("div", "minimap");
  control.addTo(map);
  const holder = control.getContainer();
  holder.setAttribute("aria-hidden", "true");
  holder.title = t("鹰眼图");
  L.DomEvent.disableClickPropagation(holder).disableScrollPropagation(holder);
  const still = ["dragging", "touchZoom", "scrollWheelZoom", "doubleClickZoom", "boxZoom", "keyboard"];
  const small = L.map(holder, {
    ...Object.fromEntries(still.map((name) => [name, false])),
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0,
  });
  const town = L.geoJSON(boundary, { style: { className: "minimap-town", weight: 1 }, interactive: false });
  small.fitBounds(town.getBounds().pad(0.08), { animate: false });
  town.addTo(small);
  const frame = L.rectangle(map.getBounds(), { className: "minimap-frame", weight: 1.5, interactive: false });
  frame.addTo(small);
  const follow = () => {
    frame.setBounds(map.getBounds());
    holder.hidden = map.getBounds().contains(town.getBounds());
  };
  map.on("move zoomend resize", follow);
  small.on("click", ({ latlng }) => map.panTo(latlng));
  follow();
}
