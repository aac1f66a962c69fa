// @ts-check
// The address of an operation of the API, from its template in the description of the API.

/**
 * @param {string} template "/api/zones/{zone}"
 * @param {{path?: Record<string, string | number>, query?: Record<string, unknown>}} where null and undefined ask for nothing
 */
export function addressOf(template, { path = {}, query = {} } = {}) {
  const filled = template.replace(/\{(\w+)\}/g, (_, name) => {
    if (path[name] == null) throw new Error(`${template} is asked for without its ${name}`);
    return encodeURIComponent(path[name]);
  });
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) if (one != null) asked.append(name, String(one));
  return asked.size ? `${filled}?${asked}` : filled;
}
