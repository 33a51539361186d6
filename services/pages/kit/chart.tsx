// A picture of measures over time, by uPlot. Its text says the last, the least and the greatest value for whoever does not see it.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { clock, measured } from "./format";
import { scheme } from "./theme";

export interface Line { name: string; points: [number, number | null][] } // seconds since 1970, value

/** clock names the clock of the axis of time. Charts of one clock share the cursor. */
interface Properties { title: string; unit: string; lines: Line[]; height?: number; limit?: number; hint?: string; empty?: string; clock?: string }

export function Chart({ title, unit, lines, height = 150, limit, hint, empty, clock = "UTC" }: Properties) {
  const place = useRef<HTMLDivElement>(null), plot = useRef<uPlot>(undefined), names = lines.map((l) => l.name).join("\n");
  const dark = scheme.value;
  useEffect(() => {
    const root = place.current!;
    const made = new uPlot(options(root.clientWidth, height, unit, lines, clock, limit), align(lines), root);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: root.clientWidth, height }));
    watch.observe(root);
    return () => { watch.disconnect(); made.destroy(); };
  }, [names, dark, unit, height, limit, clock]);
  useEffect(() => plot.current?.setData(align(lines)), [lines]);
  return (
    <figure class="chart">
      <figcaption><b>{title}</b><span class="dim"> {hint && `${hint}, `}{clock}</span></figcaption>
      {!lines.length && <p class="dim">{empty ?? "No data."}</p>}
      <div ref={place} hidden={!lines.length} role="img" aria-label={`${title}: ${lines.length ? lines.map((l) => words(l, unit)).join("; ") : "no data"}`} />
      <ul class="legend">{lines.map((l, i) => <li key={l.name}><i style={{ "--shade": `var(--series-${(i % 6) + 1})` }} />{l.name} <b class="num">{measured(last(l), unit)}</b></li>)}</ul>
    </figure>
  );
}

const last = (line: Line) => line.points.findLast(([, v]) => v !== null)?.[1];

/** A line in words. */
export function words(line: Line, unit: string): string {
  const values = line.points.map(([, v]) => v).filter((v) => v !== null);
  if (!values.length) return `${line.name}: no data`;
  return `${line.name}: now ${measured(last(line), unit)}, from ${measured(Math.min(...values), unit)} to ${measured(Math.max(...values), unit)}`;
}

/** Brings lines onto one axis of time. */
export function align(lines: Line[]): uPlot.AlignedData {
  const times = [...new Set(lines.flatMap((l) => l.points.map(([t]) => t)))].sort((a, b) => a - b);
  const rows = lines.map((l) => {
    const at = new Map(l.points);
    return times.map((t) => at.get(t) ?? null);
  });
  return [times, ...rows] as uPlot.AlignedData;
}

function options(width: number, height: number, unit: string, lines: Line[], axisClock: string, limit?: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement), token = (name: string) => resolve(style.getPropertyValue(name));
  const axis = { stroke: token("--dim"), grid: { stroke: token("--line"), width: 1 }, ticks: { stroke: token("--line"), width: 1 }, font: "12px Liberation Sans, Arial, sans-serif" };
  return {
    width, height, legend: { show: false }, cursor: { y: false, sync: { key: axisClock } }, tzDate: (t) => uPlot.tzDate(new Date(t * 1000), "Etc/UTC"),
    scales: { y: { range: (_u, _low, high) => [0, Math.max(high, limit ?? 0, 1e-9) * 1.1] } },
    axes: [{ ...axis, space: 70, size: 28, values: (_u, ts) => ts.map((t) => clock(t * 1000).slice(0, 5)) }, { ...axis, size: 64, space: 32, values: (_u, vs) => vs.map((v) => measured(v, unit)) }],
    series: [{}, ...lines.map((l, i) => ({ label: l.name, stroke: token(`--series-${(i % 6) + 1}`), width: 1.75, dash: i > 5 ? [4, 3] : [], points: { show: false } }))],
    hooks: limit === undefined ? {} : { draw: [(u) => threshold(u, limit, token("--bad"))] },
  };
}

function threshold(u: uPlot, limit: number, colour: string): void {
  const y = u.valToPos(limit, "y", true), { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

// A canvas does not know light-dark(): the browser says which colour it is now.
function resolve(colour: string): string {
  const probe = document.createElement("i");
  probe.style.color = colour;
  document.body.append(probe);
  const seen = getComputedStyle(probe).color;
  probe.remove();
  return seen;
}
