// A divider over a map: what lies in one pane shows left of it, what lies in another right of it. Mouse, finger or keys.

const STEPS_OF_KEYS = { ArrowLeft: -2, ArrowRight: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };

export function swipe(map, { divider, left, right }) {
  let share = 50;
  const cut = () => {
    const corner = map.containerPointToLayerPoint([0, 0]);
    const size = map.getSize();
    const at = corner.x + (size.x * share) / 100;
    for (const [pane, from, to] of [
      [left, corner.x, at],
      [right, at, corner.x + size.x],
    ])
      map.getPane(pane).style.clip = `rect(${corner.y}px, ${to}px, ${corner.y + size.y}px, ${from}px)`;
    divider.style.insetInlineStart = `${share}%`;
    divider.setAttribute("aria-valuenow", String(Math.round(share)));
  };
  const moveTo = (wanted) => {
    share = Math.min(100, Math.max(0, wanted));
    cut();
  };
  divider.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS_OF_KEYS)) return;
    event.preventDefault();
    moveTo(share + STEPS_OF_KEYS[event.key]);
  });
  divider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    divider.focus();
    divider.setPointerCapture(event.pointerId);
    const drag = ({ clientX }) => {
      const box = map.getContainer().getBoundingClientRect();
      moveTo(((clientX - box.left) / box.width) * 100);
    };
    divider.addEventListener("pointermove", drag);
    divider.addEventListener("pointerup", () => divider.removeEventListener("pointermove", drag), { once: true });
  });
  map.on("move zoomend resize viewreset", cut);
  cut();
}
