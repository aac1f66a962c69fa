// Moves the map of the page as a hand would, and tells how long its frames were.
async () => {
  const map = window.map;
  const times = { drag: [], zoom: [] };
  let [kind, last, on] = ["drag", 0, true];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const tick = (now) => {
    if (last) times[kind].push(now - last);
    last = now;
    if (on) requestAnimationFrame(tick);
  };
  const { left, top, width, height } = map.getContainer().getBoundingClientRect();
  const fire = (target, type, [clientX, clientY]) =>
    target.dispatchEvent(
      new MouseEvent(type, { bubbles: true, cancelable: true, view: window, button: 0, buttons: 1, clientX, clientY }),
    );
  const drag = async (right, down) => {
    const at = [left + width / 2, top + height / 2];
    fire(map.getPane("mapPane"), "mousedown", at);
    for (let i = 0; i < 24; i++) {
      at[0] += right;
      at[1] += down;
      fire(document, "mousemove", at);
      await frame();
    }
    fire(document, "mouseup", at);
    await wait(350);
  };
  await frame();
  requestAnimationFrame(tick);
  for (const [right, down] of [[9, 5], [-9, -5], [-7, 8], [7, -8]]) await drag(right, down);
  kind = "zoom";
  for (const step of [1, 1, -1, -1]) {
    map.setZoom(map.getZoom() + step, { animate: true });
    await wait(700);
  }
  on = false;
  const told = (found) => {
    const ordered = [...found].sort((a, b) => a - b);
    const at = (share) => ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))];
    return { p50: at(0.5), p95: at(0.95), longest: at(1) };
  };
  return { drag: told(times.drag), zoom: told(times.zoom) };
};
