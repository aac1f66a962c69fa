// Cells of a preview in the reader's words: codes by their names, lists one by one, yes and no.
import { codeName } from "./codes.js";
import { said, t } from "./words.js";

const CODES = {
  kind: { stations: "station_kind", forces: "force_kind", facilities: "facility_kind", constraints: "constraint_kind", "geohazard-sites": "geohazard_kind" },
  kinds: "assessment_kind",
  seismic_class: "seismic_class",
  sector: "sector",
  size: "enterprise_size",
  base_grade: "colour",
  state: { forces: "force_state", "hidden-dangers": "danger_state", "geohazard-sites": "geohazard_state" },
  channel: "danger_channel",
  supervision: "supervision",
  duty: "duty",
  road_class: "road_class",
  oneway: "oneway",
  capabilities: "capability",
  product: "product",
  corridor_kind: "corridor_kind",
  fault_age: "fault_age",
  shelter_term: "shelter_term",
};

export class CellWords {
  layer;
  known;

  // known: what the rulebook calls its own words, by column: the name in both languages of each key.
  constructor(layer, known) {
    Object.assign(this, { layer, known });
  }

  of(key, value) {
    if (value == null) return "";
    if (typeof value === "boolean") return codeName("yes_or_no", value ? "yes" : "no");
    const several = listed(value);
    return several ? several.map((one) => this.word(key, one)).join(t("、")) : this.word(key, value);
  }

  word(key, value) {
    if (typeof value === "object") return amount(value);
    if (key === "grade") return t(value);
    const name = this.known[key]?.[value];
    const codes = CODES[key];
    const enumeration = typeof codes === "object" ? codes[this.layer] : codes;
    return name ? said(...name) : codeName(enumeration, value);
  }
}

// A list comes as the text it is kept as.
function listed(value) {
  if (typeof value !== "string" || !value.startsWith("[")) return null;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

// A tool, a substance, a point of risk: its name, and how much there is of it.
function amount({ name, substance, tonnes, count }) {
  const much = tonnes == null ? count != null && `×${count}` : `${tonnes} t`;
  return [name ?? substance, much].filter(Boolean).join(" ");
}
