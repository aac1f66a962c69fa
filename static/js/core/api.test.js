import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";

// A page as far as the client looks at one: a token of the sign-in, a language, no words of its own.
globalThis.window = globalThis;
globalThis.document = {
  documentElement: { lang: "en" },
  getElementById: () => null,
  querySelector: (what) => (what.includes("csrf") ? { content: "token" } : null),
};
let api;
const asked = [];
let answers = [];

before(async () => {
  api = await import("./api.js");
  globalThis.fetch = async (address, options) => {
    asked.push({ address, ...options });
    if (options.signal?.aborted) throw options.signal.reason;
    const [status, body, headers = {}] = answers.shift();
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
  };
});

afterEach(() => {
  asked.length = 0;
  answers = [];
});

test("what is read comes with the mark of its state", async () => {
  answers = [[200, { id: 7 }, { ETag: '"3"' }]];
  assert.deepEqual(await api.readMarked("/api/enterprises/{number}", { path: { number: 7 } }), { value: { id: 7 }, etag: '"3"' });
  assert.equal(asked[0].address, "/api/enterprises/7");
  assert.equal(asked[0].headers["X-CSRF-Token"], undefined);
});

test("a write carries the mark it was read with, and the token", async () => {
  answers = [[200, { id: 7, name: "b" }, { ETag: '"4"' }]];
  const written = await api.change("/api/enterprises/{number}", { path: { number: 7 }, etag: '"3"' }, { name: "b" });
  assert.equal(written.etag, '"4"');
  const [{ method, headers, body }] = asked;
  assert.deepEqual([method, headers["If-Match"], headers["X-CSRF-Token"], body], ["PATCH", '"3"', "token", '{"name":"b"}']);
});

test("where somebody wrote in between, both values are told with the mark to write over theirs", async () => {
  answers = [
    [412, { detail: "changed meanwhile", code: "stale" }],
    [200, { id: 7, name: "theirs" }, { ETag: '"9"' }],
  ];
  const trouble = await api.change("/api/enterprises/{number}", { path: { number: 7 }, etag: '"3"' }, { name: "mine" }).catch((one) => one);
  assert.ok(trouble instanceof api.Conflict && trouble instanceof api.Problem);
  assert.deepEqual([trouble.message, trouble.code, trouble.status], ["changed meanwhile", "stale", 412]);
  assert.deepEqual([trouble.mine, trouble.theirs.name, trouble.etag], [{ name: "mine" }, "theirs", '"9"']);
});

test("another refusal is a problem with its fields, and nothing is asked again", async () => {
  answers = [[422, { detail: "wrong", errors: [{ field: "name" }] }]];
  const trouble = await api.change("/api/enterprises/{number}", { path: { number: 7 }, etag: "*" }, {}).catch((one) => one);
  assert.ok(!(trouble instanceof api.Conflict));
  assert.deepEqual([trouble.errors, asked.length], [[{ field: "name" }], 1]);
});

test("features are asked for page by page until a page is not full", async () => {
  const page = (count) => [200, { features: Array.from({ length: count }, (_, id) => ({ id })) }];
  answers = [page(1000), page(3)];
  assert.equal((await api.features("/api/zones", { query: { hazard: "flood" } })).length, 1003);
  assert.deepEqual(
    asked.map(({ address }) => address),
    ["/api/zones?hazard=flood&limit=1000&offset=0", "/api/zones?hazard=flood&limit=1000&offset=1000"],
  );
});

test("a form is handed in as it is, and what is taken away is asked for by its method", async () => {
  answers = [
    [201, { id: 3 }],
    [200, {}],
  ];
  const form = new FormData();
  assert.deepEqual(await api.upload("/api/unit-sets", form), { id: 3 });
  await api.remove("/api/jobs/{number}", { path: { number: 3 } });
  const [handed, taken] = asked;
  assert.deepEqual([handed.method, handed.body, handed.headers["Content-Type"]], ["POST", form, undefined]);
  assert.deepEqual([taken.method, taken.address, taken.headers["X-CSRF-Token"]], ["DELETE", "/api/jobs/3", "token"]);
});

test("a question given up is given up on the way", async () => {
  const giving = new AbortController();
  giving.abort();
  await assert.rejects(api.read("/api/zones", { signal: giving.signal }), { name: "AbortError" });
});
