// Numerals of a theme of many zones: asked of the service for what the screen shows, and laid out with all other labels.
// They are no part of the tiles, so that none is cut at an edge or drawn twice, and a moving map has no more to paint.

const BESIDE = 0.25; // ground around the screen for which they are known too, so that a small move asks nothing

export class Numerals {
  map;
  ask;
  show;

  // ask(hazard, product, bbox, least) answers points; show(points) draws them.
  constructor({ map, ask, show }) {
    Object.assign(this, { map, ask, show });
    this.look = () => this.renew();
  }

  // room: pixels of ground below which no numeral has its place.
  follow({ hazard, product, room }) {
    this.stop();
    Object.assign(this, { theme: { hazard, product, room }, known: null });
    this.map.on("moveend", this.look);
    return this.renew();
  }

  stop() {
    this.theme = null;
    this.map.off("moveend", this.look);
  }

  async renew() {
    const { theme, map } = this;
    const zoom = map.getZoom();
    if (this.known?.zoom === zoom && this.known.bounds.contains(map.getBounds())) return;
    const bounds = map.getBounds().pad(BESIDE);
    this.known = { zoom, bounds };
    const asked = this.known;
    const points = await this.ask(theme.hazard, theme.product, within(bounds), degreesOf(map, theme.room)).catch(() => null);
    if (this.theme !== theme || this.known !== asked) return;
    if (points) this.show(points);
    else this.known = null;
  }
}

function within(bounds) {
  const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const most = [180, 90, 180, 90];
  return sides.map((side, i) => Math.max(-most[i], Math.min(most[i], side)).toFixed(6)).join(",");
}

function degreesOf(map, pixels) {
  const middle = map.project(map.getCenter());
  return Math.abs(map.unproject(middle.subtract([0, pixels])).lat - map.getCenter().lat);
}
