// How values are written: times in UTC, as in the logs; ages and durations in the one unit that fits.

const pad = (n: number, width = 2) => String(n).padStart(width, "0");

/** The time of day in UTC, "02:14:05". Empty for what is no time. */
export function clock(at: string | number | undefined, parts: { ms?: boolean } = {}): string {
  const time = moment(at);
  return time === undefined ? "" : new Date(time).toISOString().slice(11, parts.ms ? 23 : 19);
}

/** Date and time in UTC, "2026-11-30 02:14:05". */
export function stamp(at: string | number | undefined): string {
  const time = moment(at);
  return time === undefined ? "" : new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

/** Milliseconds since 1970 of an RFC 3339 text; undefined for what is no time. */
export function moment(at: string | number | undefined): number | undefined {
  const time = typeof at === "string" ? Date.parse(at) : at;
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

/** How long ago, or how long, in at most two units: "8 s", "3 min", "2 h 5 min", "4 d 2 h". */
export function span(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 120) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 120) return `${min} min`;
  const h = Math.floor(min / 60);
  if (h < 48) return min % 60 ? `${h} h ${min % 60} min` : `${h} h`;
  return h % 24 ? `${Math.floor(h / 24)} d ${h % 24} h` : `${Math.floor(h / 24)} d`;
}

/** A duration of microseconds: "0.4 ms", "12.3 ms", "1.20 s". */
export function took(us: number): string {
  const ms = us / 1000;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(2)} s` : span(ms);
}

/** A number with groups of three: "12,345.6". Amounts that arrive as texts stay exact. */
export function group(value: string | number): string {
  const [whole = "", fraction] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A measured number in three significant digits with its unit: "1.2k/s", "85 MB". */
export function measured(value: number | null | undefined, unit = ""): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (unit === "bytes") return sized(value);
  if (unit === "seconds") return value < 1 ? `${Math.round(value * 1000)} ms` : value < 120 ? `${trim(value)} s` : span(value * 1000);
  const tail = unit ? (unit.startsWith("/") || unit === "%" ? unit : ` ${unit}`) : "";
  if (Math.abs(value) >= 1e6) return `${trim(value / 1e6)}M${tail}`;
  if (Math.abs(value) >= 1e4) return `${trim(value / 1e3)}k${tail}`;
  return trim(value) + tail;
}

function sized(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let i = 0;
  for (; bytes >= 1000 && i < units.length - 1; i++) bytes /= 1000;
  return `${trim(bytes)} ${units[i]}`;
}

const trim = (value: number) => (Number.isInteger(value) || Math.abs(value) >= 100 ? group(Math.round(value)) : String(Number(value.toPrecision(3))));

/** The day in UTC, "2026-11-30". */
export const day = (at: Date) => `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`;

/** Several of one thing: "1 entry", "12 entries". */
export const count = (n: number, one: string, many = `${one}s`) => `${group(n)} ${n === 1 ? one : many}`;
