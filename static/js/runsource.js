// The areas of one run, asked of the service: all, joined by grade, one by its number, one by a place.
import { collection, features, read } from "./core/api.js";

const POINT_DEGREES = 1e-6;

export function areasOfRun({ unit, run, product }) {
  return {
    all: () => features("/api/areas", { query: { unit, run, decimals: 5 } }),
    joined: () => collection("/api/runs/{run}/picture", { path: { run }, query: { product } }),
    async one(id) {
      const { geometry, ...properties } = await read("/api/areas/{area}", { path: { area: id } });
      return { type: "Feature", geometry, properties };
    },
    async at({ lat, lng }) {
      const bbox = [lng, lat, lng + POINT_DEGREES, lat + POINT_DEGREES].join(",");
      return (await collection("/api/areas", { query: { unit, run, bbox, limit: 1 } }))[0];
    },
  };
}
