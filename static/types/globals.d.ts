// What pages have besides the browser's own: the map library, and the words in the reader's language.
declare const L: any;

interface Window {
  ANZHI: { messages: Record<string, string> };
  READY: number;
  map: any;
  htmx: any;
}
