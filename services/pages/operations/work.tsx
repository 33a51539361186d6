// What waits and what runs: queues, jobs, and lines near their limit.
import { useEffect } from "preact/hooks";
import type { Column } from "../kit/columns";
import { group, measured, span, stamp } from "../kit/format";
import { Table } from "../kit/table";
import { useResource } from "./core";
import { Fault, Panel, Rows, State, stateText, stateTone } from "./parts";
import { jobs, queues, tightLines } from "./resources";
import { go, path } from "./route";
import type { CreditLine, Queue, Run } from "./types";

const rank = { over: 0, warn: 1, ok: 2 };
const queueColumns: Column<Queue>[] = [
  { name: "state", title: "State", width: 84, text: (q) => stateText(q.state), tone: (q) => stateTone(q.state), key: (q) => `${rank[q.state]}${q.name}` },
  { name: "name", title: "Queue", width: 140, grow: true, text: (q) => q.name },
  { name: "ready", title: "Waiting", width: 84, right: true, text: (q) => group(q.ready), key: (q) => q.ready },
  { name: "consumers", title: "Consumers", width: 96, right: true, wide: true, text: (q) => String(q.consumers), key: (q) => q.consumers, tone: (q) => (q.ready && !q.consumers ? "bad" : "") },
  { name: "handled", title: "Handled/s", width: 92, right: true, wide: true, text: (q) => measured(q.handled_per_second), key: (q) => q.handled_per_second ?? 0 },
  { name: "failed", title: "Failed/s", width: 84, right: true, wide: true, text: (q) => measured(q.failed_per_second), key: (q) => q.failed_per_second ?? 0, tone: (q) => (q.failed_per_second ? "bad" : "") },
  { name: "backlog", title: "Backlog for", width: 104, right: true, wide: true, text: (q) => (q.backlog_seconds ? span(q.backlog_seconds * 1000) : ""), key: (q) => q.backlog_seconds },
];
const jobColumns: Column<Run>[] = [
  { name: "state", title: "State", width: 104, text: (r) => stateText(r.state), tone: (r) => stateTone(r.state) },
  { name: "job", title: "Job", width: 120, grow: true, text: (r) => r.job },
  { name: "done", title: "Done", width: 110, right: true, text: (r) => (r.total ? `${group(r.done)} of ${group(r.total)}` : group(r.done)), key: (r) => (r.total ? r.done / r.total : 0) },
  { name: "left", title: "Left", width: 80, right: true, wide: true, text: (r) => (r.remaining_seconds ? span(r.remaining_seconds * 1000) : ""), key: (r) => r.remaining_seconds },
  { name: "pace", title: "Rate", width: 84, right: true, wide: true, text: (r) => (r.per_second ? measured(r.per_second, "/s") : ""), key: (r) => r.per_second },
  { name: "due", title: "Due", width: 150, wide: true, text: (r) => stamp(r.due) },
  { name: "by", title: "By", width: 70, wide: true, text: (r) => r.by ?? "" },
  { name: "error", title: "Why", width: 160, wide: true, text: (r) => r.error ?? r.reason ?? "" },
];
const share = (l: CreditLine) => Number(l.used) / Number(l.limit ?? Infinity);
const lineColumns: Column<CreditLine>[] = [
  { name: "share", title: "Used", width: 84, right: true, text: (l) => `${Math.round(share(l) * 100)} %`, key: share, tone: (l) => (share(l) >= 1 ? "bad" : "warn") },
  { name: "node", title: "Line", width: 130, grow: true, text: (l) => l.node },
  { name: "limit", title: "Limit", width: 140, right: true, wide: true, text: (l) => group(l.limit ?? "none"), key: (l) => Number(l.limit ?? 0) },
  { name: "used", title: "Carried", width: 120, right: true, text: (l) => group(l.used), key: (l) => Number(l.used) },
  { name: "headroom", title: "Room", width: 140, right: true, wide: true, text: (l) => group(l.headroom ?? ""), key: (l) => Number(l.headroom ?? 0) },
];

/** part is the panel that is looked at: jobs, or else the queues; chosen is a run. */
export function Work({ part, chosen }: { part: string | undefined; chosen: string | undefined }) {
  const q = useResource(queues), j = useResource(jobs, 10_000), l = useResource(tightLines, 20_000);
  const one = j?.runs.find((r) => r.id === chosen), first = part === "jobs", read = !!q && !!j;
  useEffect(() => { if (first && read) document.getElementById("jobs")?.scrollIntoView(); }, [first, read, !!one]);
  return (
    <div class="view">
      <Panel title="Queues">
        <Fault fault={queues.fault.value} what="Queues" />
        <Rows n={q?.items.length ?? 0} most={first ? 6 : 16}><Table label="Queues" columns={queueColumns} rows={q?.items ?? []} id={(x) => x.name} sorted={{ column: "state", descending: false }} empty="No queue is known yet." autofocus={!first} /></Rows>
      </Panel>
      <Panel title="Jobs" id="jobs">
        <Fault fault={jobs.fault.value} what="Jobs" />
        {one && <One run={one} />}
        <Rows n={j?.runs.length ?? 0} most={8}><Table label="Jobs" columns={jobColumns} rows={j?.runs ?? []} id={(r) => r.id} sorted={{ column: "due", descending: true }} open={(r) => go("work", "jobs", r.id)} empty="No job has run yet." autofocus={first} /></Rows>
      </Panel>
      <Panel title="Lines near their limit" aside={l && <span class="dim">80 % or more, in {l.currency}, as of {stamp(l.as_of).slice(11)}</span>}>
        <Fault fault={tightLines.fault.value} what="Lines" />
        <Rows n={l?.lines.length ?? 0} most={8}><Table label="Lines near their limit" columns={lineColumns} rows={l?.lines ?? []} id={(x) => x.node} sorted={{ column: "share", descending: true }} empty="No line is near its limit." /></Rows>
      </Panel>
    </div>
  );
}

/** A run in full: a reason is longer than a column, and a phone has no room for the columns. */
function One({ run: r }: { run: Run }) {
  return (
    <div class="facts">
      <p><State of={r.state} /> <b>{r.job}</b> {r.error}</p>
      <p class="dim">Due {stamp(r.due)}{r.started_at && `, started ${stamp(r.started_at)}`}{r.finished_at && `, ended ${stamp(r.finished_at)}`}. {r.total ? `${group(r.done)} of ${group(r.total)}` : group(r.done)} done{!!r.per_second && `, ${measured(r.per_second, "/s")}`}{!!r.remaining_seconds && `, ${span(r.remaining_seconds * 1000)} left`}. {r.by && <>By <b>{r.by}</b>: {r.reason}</>}</p>
      <p>{r.service && <><a href={path("logs", "", r.service)}>The log of {r.service}</a> · </>}<a href={path("work", "jobs")}>Close</a></p>
    </div>
  );
}
