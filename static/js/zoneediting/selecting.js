// Choosing zones on the map: a click takes one, with Shift or Ctrl one more; the ground beside them lets all go.
import { keyboard } from "../core/keyboard.js";

const SLACK_PX = 4; // a hand trembles

export class Selecting {
  work;
  pointer;

  constructor({ map, modes, work, pointer, chooses }) {
    Object.assign(this, { work, pointer });
    let pressed = null;
    map.on("mousedown", ({ containerPoint }) => {
      pressed = containerPoint;
    });
    map.on("click", ({ latlng, containerPoint, originalEvent }) => {
      const isDrag = pressed && pressed.distanceTo(containerPoint) > SLACK_PX;
      if (!isDrag && chooses(modes.active)) this.take(latlng, originalEvent.shiftKey || originalEvent.ctrlKey || originalEvent.metaKey);
    });
    keyboard.lets({ layer: "selection", isOpen: () => work.values.selected.length > 0, close: () => work.select([]) });
  }

  take(latlng, adds) {
    const id = this.pointer.zoneAt(latlng);
    const { selected } = this.work.values;
    if (!id) return adds || this.pointer.handleAt(latlng, selected) ? null : this.work.select([]);
    if (!adds) return selected.length === 1 && selected[0] === id ? null : this.work.select([id]);
    return this.work.select(selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id]);
  }
}
