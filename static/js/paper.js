// On paper the map has another size: what it shows is brought into the frame before printing, the view given back after.

const FITS = new WeakMap();

// What a page brings into the frame, given the bounds that were shown; without it those bounds themselves.
export function keepInFrame(map, fit) {
  FITS.set(map, fit);
}

export function followPaper(map) {
  let view = null;
  const fit = (bounds) => (FITS.get(map) ?? ((shown) => map.fitBounds(shown, { animate: false })))(bounds);
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
