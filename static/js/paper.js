// On paper the map has another size: what it shows is brought into the frame before printing, the view given back after.

export function keepInFrame(map, fit) {
  let view = null;
  const onto = () => {
    view ??= { centre: map.getCenter(), zoom: map.getZoom(), bounds: map.getBounds() };
    map.invalidateSize({ animate: false, pan: false });
    fit(view.bounds);
  };
  const back = () => {
    if (!view) return;
    map.invalidateSize({ animate: false, pan: false });
    map.setView(view.centre, view.zoom, { animate: false });
    view = null;
  };
  const paper = window.matchMedia("print");
  paper.addEventListener("change", ({ matches }) => (matches ? onto() : back()));
  window.addEventListener("afterprint", back);
}
