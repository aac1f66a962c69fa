// Drags what lies at a place of the page's map by forty moves of a hand, some pixels around it, and tells how long its frames were.
async ([lon, lat]) => {
  const map = window.map;
  const times = [];
  let [last, on] = [0, true];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const tick = (now) => {
    if (last) times.push(now - last);
    last = now;
    if (on) requestAnimationFrame(tick);
  };
  const box = map.getContainer().getBoundingClientRect();
  const { x, y } = map.latLngToContainerPoint([lat, lon]);
  const began = [box.left + x, box.top + y];
  const at = [...began];
  const fire = (target, type) =>
    target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, view: window, button: 0, buttons: 1, clientX: at[0], clientY: at[1] }));
  const hit = document.elementFromPoint(at[0], at[1]) ?? map.getContainer();
  await frame();
  const started = performance.now();
  requestAnimationFrame(tick);
  fire(hit, "mousedown");
  for (let i = 1; i <= 40; i++) {
    at[0] = began[0] + Math.round(20 * Math.sin(0.35 * i));
    at[1] = began[1] + Math.round(12 * Math.sin(0.6 * i));
    fire(document.elementFromPoint(at[0], at[1]) ?? document, "mousemove");
    await frame();
  }
  fire(document.elementFromPoint(at[0], at[1]) ?? document, "mouseup");
  await frame();
  on = false;
  const ordered = [...times].sort((a, b) => a - b);
  const share = (part) => ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * part))];
  return { seconds: (performance.now() - started) / 1000, p50: share(0.5), p95: share(0.95), longest: share(1) };
};
