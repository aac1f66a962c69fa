// On paper the map has another size: the outline is brought into the frame before printing and the view given back after.

export function keepInFrame(map, site) {
  let view = null;
  const onto = () => {
    view ??= { centre: map.getCenter(), zoom: map.getZoom() };
    map.invalidateSize({ animate: false, pan: false });
    site.fit();
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
