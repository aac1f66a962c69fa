// What pages have besides the browser's own: the map library, and the words in the reader's language.
declare const L: any;

interface Code {
  name: string;
  short?: string;
  sign?: string;
}

interface Window {
  ANZHI: {
    messages?: Record<string, string>;
    counts?: { singulars: Record<string, string>; counted: string[] };
    codes?: Record<string, Record<string, Code>>;
    lapses?: Record<string, { columns: string[]; days: number | null }>;
  };
  READY: number;
  map: any;
  htmx: any;
  echarts: any;
  protomapsL: any;
}

// What the parts of a page say to each other, and what htmx says to them.
interface DocumentEventMap {
  "anzhi:alias": CustomEvent;
  "anzhi:place": CustomEvent;
}

interface HTMLElementEventMap {
  "htmx:afterSwap": CustomEvent;
  "htmx:configRequest": CustomEvent;
  "htmx:responseError": CustomEvent;
}
