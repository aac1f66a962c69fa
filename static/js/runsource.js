// The areas of one run, asked of the service: all, joined by grade, one by its number, one by a place.
import { ask, features } from "./core/api.js";

const POINT_DEGREES = 1e-6;
const GEOJSON = { accept: "application/geo+json" };

export function areasOfRun({ unit, run, product }) {
  const of = (more) => new URLSearchParams({ unit, run, ...more });
  return {
    all: () => features(`/api/areas?${of({})}`),
    joined: async () => (await ask(`/api/runs/${run}/picture?product=${product}`, GEOJSON)).features,
    async one(id) {
      const { geometry, ...properties } = await ask(`/api/areas/${id}`);
      return { type: "Feature", geometry, properties };
    },
    async at({ lat, lng }) {
      const bbox = [lng, lat, lng + POINT_DEGREES, lat + POINT_DEGREES].join(",");
      return (await ask(`/api/areas?${of({ bbox, limit: 1 })}`, GEOJSON)).features[0];
    },
  };
}
