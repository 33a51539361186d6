import assert from "node:assert/strict";
import { test } from "node:test";
import { fit, type Column } from "../../kit/columns";
import { clock, count, group, measured, span, stamp, took } from "../../kit/format";
import { named, Recogniser, type Shortcut } from "../../kit/keys";
import { Selection } from "../../kit/selection";
import { arrange, ticks, type Span } from "../../kit/spans";
import { latencies, paces } from "../../operations/figures";

test("times and values are written as people read them", () => {
  assert.equal(clock("2026-11-30T02:14:05.678Z"), "02:14:05");
  assert.equal(clock("2026-11-30T02:14:05.678Z", { ms: true }), "02:14:05.678");
  assert.equal(stamp("2026-11-30T02:14:05Z"), "2026-11-30 02:14:05");
  assert.equal(clock("nonsense"), "");
  assert.deepEqual([8e3, 119e3, 180e3, 7500e3, 7200e3, 2 * 86400e3, 98 * 3600e3, -5].map(span), ["8 s", "119 s", "3 min", "2 h 5 min", "2 h", "2 d", "4 d 2 h", "0 s"]);
  assert.deepEqual([400, 12_345, 250_000, 1_200_000, 300_000_000].map(took), ["0.4 ms", "12.3 ms", "250 ms", "1.20 s", "5 min"]);
  assert.deepEqual(["1234567.8910", "-1000", "999", 12345].map(group), ["1,234,567.8910", "-1,000", "999", "12,345"]);
  assert.equal(measured(0.0123, "seconds"), "12 ms");
  assert.equal(measured(12345, "/s"), "12.3k/s");
  assert.equal(measured(85_000_000, "bytes"), "85 MB");
  assert.equal(measured(null), "–");
  assert.equal(count(1, "entry", "entries"), "1 entry");
});

const s = (id: string, parent: string | undefined, start: number, duration: number): Span => ({ id, parent, start, duration, service: "x", name: id });

test("spans become a tree in time", () => {
  const { bars, length } = arrange([s("c", "b", 60, 40), s("a", undefined, 0, 20), s("d", "a", 30, 10), s("b", "a", 25, 10)]);
  assert.equal(length, 100);
  assert.deepEqual(bars.map((b) => [b.span.id, b.depth, b.left, b.width, b.waited]), [["a", 0, 0, 0.2, 0], ["b", 1, 0.25, 0.1, 0.05], ["c", 2, 0.6, 0.4, 0.25], ["d", 1, 0.3, 0.1, 0.1]]);
});

test("every span is shown once, whatever its parents are", () => {
  const odd = [s("a", "b", 0, 1), s("b", "a", 1, 1), s("c", "b", 2, 1), s("d", "missing", 3, 1), s("e", "e", 4, 1)];
  assert.deepEqual(arrange(odd).bars.map((b) => b.span.id).sort(), ["a", "b", "c", "d", "e"]);
  assert.deepEqual(arrange([]).bars, []);
  assert.ok(ticks(1234, 5).length <= 6);
});

const shortcut = (keys: string, when?: () => boolean): Shortcut => ({ keys, text: keys, group: "", run: () => {}, when });

test("two keys in a row are one shortcut, for a second", () => {
  const r = new Recogniser(), all = [shortcut("g e"), shortcut("e"), shortcut("/", () => false)];
  assert.equal(r.take("g", 0, all), undefined);
  assert.equal(r.take("e", 900, all)?.keys, "g e");
  assert.equal(r.take("e", 950, all)?.keys, "e", "the pair is used up");
  r.take("g", 1000, all);
  assert.equal(r.take("e", 2100, all)?.keys, "e");
  assert.equal(r.take("/", 2200, all), undefined, "it does not apply now");
});

test("keys have one name each", () => {
  const press = (key: string, more = {}) => named({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
  assert.deepEqual([press("Enter", { metaKey: true }), press("F2"), press(" "), press("?"), press("1", { ctrlKey: true, altKey: true })], ["ctrl+enter", "f2", "space", "?", "ctrl+alt+1"]);
});

test("columns that do not fit are left out, and one takes the room that is left", () => {
  const column = (name: string, width: number, more: Partial<Column<string>> = {}): Column<string> => ({ name, title: name, width, text: (r) => r, ...more });
  const columns = [column("a", 100), column("b", 200, { wide: true }), column("c", 100, { grow: true })];
  assert.deepEqual(fit(columns, 1000), { widths: [100, 200, 700], total: 1000 });
  assert.deepEqual(fit(columns, 360), { widths: [100, 0, 260], total: 360 });
  assert.deepEqual(fit(columns, 150), { widths: [100, 0, 100], total: 200 });
});

test("marks belong to rows", () => {
  const marks = new Selection(), id = (i: number) => "abcdef"[i]!;
  marks.toggle("b", 1);
  marks.extend(3, id);
  assert.deepEqual(marks.ids, ["b", "c", "d"]);
  marks.extend(0, id);
  assert.deepEqual(marks.ids.sort(), ["a", "b", "c", "d"]);
  marks.keep((i) => i !== "c");
  assert.equal(marks.has("c"), false);
  marks.toggle("a", 0);
  assert.equal(marks.size, 2);
});

test("the pace of a provider is that of its last two counts, and a takeover is no flood", () => {
  const of = (provider: string, ...points: [number, number][]) => ({ name: "fx_session_messages_in_total", labels: { provider }, points });
  const all = paces({ from: "", to: "", step_seconds: 10, series: [of("ALPHA", [0, 10], [10, 30], [20, 130]), of("ALPHA", [10, 0], [20, 0]), of("BETA", [10, 0], [20, 5000]), of("GAMMA", [10, 900], [20, 4])] });
  assert.deepEqual([...all], [["ALPHA", 10]]);
});

test("the latency of trades is shown by one clock: those from before a jump of the bank's clock are left out", () => {
  const trade = (started_at: string, seconds: number) => ({ story: started_at, trace_id: "", entry: "", started_at, ended_at: "", duration_us: seconds * 1e6, failed: false, services: [] });
  const jumped = [trade("2026-12-01T08:00:07Z", 3), trade("2026-12-01T08:00:02Z", 1), trade("2026-11-30T16:20:00Z", 9)];
  assert.deepEqual(latencies(jumped).map((l) => l.points), [[[Date.parse("2026-12-01T08:00:00Z") / 1000, 3]], [[Date.parse("2026-12-01T08:00:00Z") / 1000, 3]]]);
  assert.deepEqual(latencies([]).map((l) => l.points), [[], []]);
});
