// The inks of the zones on canvas: of each grade its colour, strength, pattern and line, as the key of the map says.

const TILE = 8;
const UNGRADED = { colour: "#5b5f66", ink: "#33373c", fill_opacity: 0.25, pattern: "" };

export class Inks {
  legend;

  constructor(legend) {
    this.legend = legend;
    this.known = new Map();
  }

  of({ grade_scheme, grade_rank, hazard }) {
    return this.legend.grade(grade_scheme, grade_rank) ?? this.ofHazard(hazard) ?? UNGRADED;
  }

  // Ground that has no grades by its kind is drawn in the colour of its hazard; ground whose grade is not known is grey.
  ofHazard(key) {
    const { colour, symbol, graded } = this.legend.hazard(key);
    return graded ? null : { scheme: "", rank: key, colour, ink: colour, fill_opacity: 0.16, pattern: symbol };
  }

  // The picture of a grade's pattern on its colour, to be laid over ground again and again.
  fill(context, grade, dense) {
    const key = `${grade.scheme} ${grade.rank} ${dense}`;
    if (!this.known.has(key)) this.known.set(key, context.createPattern(tileOf(grade, dense), "repeat"));
    const pattern = this.known.get(key);
    pattern.setTransform(new DOMMatrix().scale(1 / dense));
    return pattern;
  }
}

function tileOf({ colour, ink, pattern, fill_opacity }, dense) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE * dense;
  const context = tile.getContext("2d");
  context.scale(dense, dense);
  context.globalAlpha = fill_opacity;
  context.fillStyle = colour;
  context.fillRect(0, 0, TILE, TILE);
  context.globalAlpha = 0.7;
  context.strokeStyle = context.fillStyle = ink;
  context.lineWidth = 0.9;
  DRAWN[pattern]?.(context);
  return tile;
}

const DRAWN = {
  diagonal: (context) => context.stroke(new Path2D("M-1 1 1-1M0 8 8 0M7 9 9 7")),
  "cross-hatch": (context) => context.stroke(new Path2D("M-1 1 1-1M0 8 8 0M7 9 9 7M-1 7 1 9M0 0 8 8M7-1 9 1")),
  "dense-cross": (context) => context.stroke(new Path2D("M-1 1 1-1M0 8 8 0M7 9 9 7M-1 7 1 9M0 0 8 8M7-1 9 1")),
  "bank-lines": (context) => context.stroke(new Path2D("M0 4h8M4 4v3")),
  dots: (context) => {
    for (const at of [2, 6]) context.fill(new Path2D(`M${at - 0.85} ${at}a.85 .85 0 1 0 1.7 0a.85 .85 0 1 0-1.7 0`));
  },
  "light-lines": (context) => {
    context.globalAlpha = 0.3;
    context.stroke(new Path2D("M0 2h8M0 6h8"));
  },
};
