// Figures and lines of charts from what the core measures.
import type { Line } from "../kit/chart";
import type { Measures, Series, Trace } from "./types";

/** The rate of a counter that several instances count, by queue: a value of a second. A counter that begins anew counts from 0. */
export function rates(m: Measures | undefined, queues: string[]): Line[] {
  return queues.map((queue) => {
    const sums = new Map<number, number>();
    for (const s of m?.series ?? []) if (s.labels["queue"] === queue) add(sums, s);
    return { name: queue, points: [...sums].sort(([a], [b]) => a - b) };
  });
}

function add(sums: Map<number, number>, s: Series): void {
  for (let i = 1; i < s.points.length; i++) {
    const [t0, v0] = s.points[i - 1]!, [t1, v1] = s.points[i]!;
    if (v0 === null || v1 === null || t1 - t0 > 30) continue;
    sums.set(t1, (sums.get(t1) ?? 0) + Math.max(0, v1 >= v0 ? v1 - v0 : v1) / (t1 - t0));
  }
}

/** The sum of a measure over its instances. */
export function summed(m: Measures | undefined, measure: string, name: string): Line {
  const sums = new Map<number, number>();
  for (const s of m?.series ?? []) if (s.name === measure) for (const [t, v] of s.points) sums.set(t, (sums.get(t) ?? 0) + (v ?? 0));
  return { name, points: [...sums].sort(([a], [b]) => a - b) };
}

/** The greatest value of a measure over its instances. */
export function greatest(m: Measures | undefined, measure: string, name: string): Line {
  const most = new Map<number, number>();
  for (const s of m?.series ?? []) if (s.name === measure) for (const [t, v] of s.points) most.set(t, Math.max(most.get(t) ?? 0, v ?? 0));
  return { name, points: [...most].sort(([a], [b]) => a - b) };
}

/** The deepest queues. */
export function deepest(m: Measures | undefined, most: number): Line[] {
  const of = (m?.series ?? []).filter((s) => s.name === "fx_queue_messages");
  const peak = (s: Series) => s.points.reduce((high, [, v]) => Math.max(high, v ?? 0), 0);
  return of.filter((s) => peak(s) > 0).sort((a, b) => peak(b) - peak(a)).slice(0, most).map((s) => ({ name: s.labels["queue"] ?? "", points: s.points }));
}

const shown = 15 * 60_000; // milliseconds, as the other charts

/**
 * The traces of the last quarter of an hour before the newest one. Traces have the bank's time, which jumps where days are run ahead: those from before
 * the jump would be on the same axis by another clock.
 */
export function recent(traces: Trace[]): Trace[] {
  const newest = traces.reduce((last, t) => Math.max(last, Date.parse(t.started_at)), 0);
  return traces.filter((t) => newest - Date.parse(t.started_at) <= shown);
}

/** Median and 99th percentile of how long recent trades took, in seconds, for each ten seconds of the bank's clock. */
export function latencies(traces: Trace[]): Line[] {
  const by = new Map<number, number[]>();
  for (const t of recent(traces)) {
    const at = Math.floor(Date.parse(t.started_at) / 10_000) * 10;
    by.set(at, [...(by.get(at) ?? []), t.duration_us / 1e6]);
  }
  const slots = [...by].sort(([a], [b]) => a - b).map(([t, all]) => [t, all.sort((a, b) => a - b)] as const);
  return [{ name: "p50", points: slots.map(([t, all]) => [t, part(all, 0.5)]) }, { name: "p99", points: slots.map(([t, all]) => [t, part(all, 0.99)]) }];
}

export const part = (sorted: number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** How many messages a second each provider has sent lately. An instance counts from 0 when it takes a session over: that step is left out. */
export function paces(m: Measures | undefined): Map<string, number> {
  const all = new Map<string, number>();
  for (const s of m?.series ?? []) {
    const provider = s.labels["provider"] ?? "", [before, now] = s.points.slice(-2);
    if (!before?.[1] || !now?.[1] || now[1] < before[1]) continue;
    all.set(provider, Math.max(all.get(provider) ?? 0, (now[1] - before[1]) / (now[0] - before[0])));
  }
  return all;
}
