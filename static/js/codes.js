// What a code is called in the reader's language, as the service says: name, shorter word, sign. An unknown code is its own name.

window.ANZHI ??= {};
window.ANZHI.codes ??= JSON.parse(document.getElementById("anzhi-codes")?.textContent || "{}");

// The codes of an enumeration in its order.
export function codesOf(key) {
  return Object.keys(window.ANZHI.codes[key] || {});
}

export function codeName(key, code) {
  return window.ANZHI.codes[key]?.[code]?.name ?? String(code ?? "");
}

export function codeShort(key, code) {
  return window.ANZHI.codes[key]?.[code]?.short ?? codeName(key, code);
}

export function codeSign(key, code) {
  return window.ANZHI.codes[key]?.[code]?.sign ?? codeShort(key, code);
}
