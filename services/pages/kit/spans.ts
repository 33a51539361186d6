// How the spans of a trace lie in time and under each other.

export interface Span {
  id: string;
  parent?: string;
  service: string;
  name: string;
  start: number; // microseconds since 1970
  duration: number; // microseconds
  failed?: boolean;
}

export interface Bar<S extends Span> {
  span: S;
  depth: number;
  left: number; // share of the whole, 0 to 1
  width: number; // share of the whole
  waited: number; // share between the end of its cause and its start: in a queue, or under way
}

export interface Picture<S extends Span> { bars: Bar<S>[]; begin: number; length: number }

/** Orders spans as a tree, children by their start. A span whose parent is missing, or is its own descendant, is a root. */
export function arrange<S extends Span>(spans: S[]): Picture<S> {
  const begin = spans.reduce((least, s) => Math.min(least, s.start), Infinity);
  const end = spans.reduce((most, s) => Math.max(most, s.start + s.duration), -Infinity);
  const length = Math.max(1, end - begin);
  const byId = new Map(spans.map((s) => [s.id, s])), children = new Map<string, S[]>();
  const roots: S[] = [];
  for (const s of [...spans].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))) {
    const parent = s.parent && byId.get(s.parent);
    if (!parent || circular(s, byId)) roots.push(s);
    else children.set(parent.id, [...(children.get(parent.id) ?? []), s]);
  }
  const bars: Bar<S>[] = [], open = roots.reverse().map((span) => ({ span, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { span, depth } = next, cause = depth > 0 ? byId.get(span.parent!) : undefined;
    const waited = cause ? Math.max(0, span.start - (cause.start + cause.duration)) : 0;
    bars.push({ span, depth, left: (span.start - begin) / length, width: span.duration / length, waited: waited / length });
    for (const child of (children.get(span.id) ?? []).reverse()) open.push({ span: child, depth: depth + 1 });
  }
  return { bars, begin, length };
}

function circular<S extends Span>(span: S, byId: Map<string, S>): boolean {
  const seen = new Set([span.id]);
  for (let at = span.parent ? byId.get(span.parent) : undefined; at; at = at.parent ? byId.get(at.parent) : undefined) {
    if (at.id === span.id) return true;
    if (seen.has(at.id)) return false; // the circle is further up: its own members are roots
    seen.add(at.id);
  }
  return false;
}

/** Ticks of a time axis, at most `most`, at round microseconds. */
export function ticks(length: number, most: number): number[] {
  const rough = length / most, power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const all: number[] = [];
  for (let at = 0; at <= length; at += step) all.push(at);
  return all;
}
