// The same zones on the same page as shapes of Leaflet-Geoman; those around the place can be edited.
async ({ items, place: [lon, lat], program }) => {
  const began = performance.now();
  await new Promise((done, fail) => {
    const script = document.createElement("script");
    Object.assign(script, { src: program, onload: done, onerror: fail });
    document.head.append(script);
  });
  const map = window.map;
  L.PM.reInitLayer?.(map);
  const features = items.map(({ id, geometry }) => ({ type: "Feature", geometry, properties: { id } }));
  const layer = L.geoJSON(features, { renderer: L.canvas(), style: { weight: 1 } }).addTo(map);
  const touches = ({ feature }) => JSON.stringify(feature.geometry.coordinates).includes(`[${lon},${lat}]`);
  const near = layer.getLayers().filter(touches);
  for (const one of near) {
    L.PM.reInitLayer(one);
    one.pm.enable({ snappable: true, snapDistance: 12, allowSelfIntersection: true });
  }
  window.GEOMAN = near;
  return { count: near.length, seconds: (performance.now() - began) / 1000 };
};
