// What the types of the API refuse: each line below is a fault, and tsc fails where it does not find it.
import { change, features, read, remove, send, upload } from "../js/core/api.js";
import { remoteSources } from "../js/sources.js";

export async function faults() {
  const area = await read("/api/areas/{area}", { path: { area: 1 } });
  // @ts-expect-error a field that no answer has
  area.unheard_of;
  const [zone] = await features("/api/zones", { query: { hazard: "flood" } });
  // @ts-expect-error a property that no feature has
  zone.properties.unheard_of;
  const [station] = await remoteSources().stations();
  // @ts-expect-error the same, through the layers of a map
  station.properties.unheard_of;
  const ordered = await send("/api/runs", { unit: "village" });
  // @ts-expect-error a field that no job has
  ordered.unheard_of;
  const written = await change("/api/enterprises/{number}", { path: { number: 1 }, etag: null }, {});
  // @ts-expect-error a field that no enterprise has
  written.value.unheard_of;
  // @ts-expect-error an address that there is not
  await read("/api/nowhere");
  // @ts-expect-error a name that the address does not have
  await read("/api/areas/{area}", { path: { zone: 1 } });
  // @ts-expect-error a question that nobody answers
  await features("/api/zones", { query: { unheard_of: 1 } });
  // @ts-expect-error a document that is refused
  await send("/api/runs", { unit: "unheard of" });
  // @ts-expect-error an address that takes no form
  await upload("/api/runs", new FormData());
  // @ts-expect-error what cannot be taken away
  await remove("/api/zones");
}
