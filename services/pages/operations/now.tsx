// What is wrong first, since when, and what to do.
import { useState } from "preact/hooks";
import { Chart } from "../kit/chart";
import { count, group, measured } from "../kit/format";
import { may } from "../kit/session";
import { Ask } from "./ask";
import { client } from "./core";
import { deepest, greatest, latencies, part, rates, recent, summed } from "./figures";
import { useResource } from "./core";
import { Ago, Fault } from "./parts";
import { alerts, groups, handled, health, jobs, lastTrades, queues, sessions, waiting } from "./resources";
import { path } from "./route";
import type { Alert } from "./types";

export function Now() {
  const told = useResource(alerts), found = told?.items;
  return (
    <div class="view now">
      <Fault fault={alerts.fault.value} what="Alerts" />
      {told?.from_memory && <p class="note" role="status">Postgres cannot be asked: these alerts are what one replica of monitoring remembers.</p>}
      {found && <Verdict found={found} />}
      <Tiles />
      {found?.map((a) => <Card key={a.key} alert={a} />)}
      <Pictures />
    </div>
  );
}

function Verdict({ found }: { found: Alert[] }) {
  const pages = found.filter((a) => a.severity === "page"), first = found[0];
  const failed = useResource(groups)?.total ?? 0;
  if (!first && failed) return <p class="verdict warn-panel" role="status"><b class="warn">▲ No alert fires.</b> <span>{count(failed, "message")} in the <a href={path("errors")}>error queue</a> {failed === 1 ? "waits" : "wait"} for somebody.</span></p>;
  if (!first) return <p class="verdict ok-panel" role="status"><b class="ok">● Nothing is wrong.</b> <span>No alert fires.</span></p>;
  const oldest = found.reduce((old, a) => (a.since < old ? a.since : old), first.since);
  return (
    <p class={`verdict ${pages.length ? "bad-panel" : "warn-panel"}`} role="status">
      <b class={pages.length ? "bad" : "warn"}>{pages.length ? "■" : "▲"} {count(found.length, "alert")}{pages.length > 0 && pages.length < found.length && `, ${count(pages.length, "page")}`}</b>
      <span> since <Ago at={oldest} />. First: {first.text}.</span>
    </p>
  );
}

/** Where the cause of an alert can be looked at: the nearest view, with what it is about already open. */
function placeOf(a: Alert): [string, string] {
  const m = a.measure, part = a.subject.split("/").pop() ?? "";
  if (m.startsWith("fx_errors")) return [path("errors"), "the error queue"];
  if (m.startsWith("fx_queue") || m.startsWith("fx_unroutable")) return [path("work"), "the queues"];
  if (m.startsWith("fx_job")) return [path("work", "jobs"), "the jobs"];
  if (/^fx_(session|lease)/.test(m)) return [path("sessions", part), `session ${part}`];
  if (m.startsWith("fx_movements_failed")) return [path("settlement"), "what has failed to settle"];
  if (/^fx_(bookings|movements)/.test(m)) return [path("logs", "", "mainframe"), "the log of the mainframe's gateway"];
  if (m.startsWith("fx_rates")) return [path("logs", "", "datasync"), "the log of datasync"];
  if (m.startsWith("fx_disk")) return [path("services"), "the disk and its folders"];
  if (/^fx_(instance|process|logs_dropped)/.test(m) && part) return [path("services", part), part];
  return [path("services"), "services and servers"];
}

function Card({ alert: a }: { alert: Alert }) {
  const [asking, setAsking] = useState(false), [place, name] = placeOf(a);
  const bad = a.severity === "page";
  return (
    <article class={`alert ${bad ? "bad-edge" : "warn-edge"}`} aria-label={a.text}>
      <header>
        <b class={bad ? "bad" : "warn"}>{bad ? "■" : "▲"} {a.severity}</b>
        <h2>{a.text}</h2>
        <span class="dim">since <Ago at={a.since} /></span>
      </header>
      <ol>{a.steps.map((s) => <li key={s}>{s}</li>)}</ol>
      <footer>
        <a href={place}>Look at {name}</a>
        <a href={path("logs", "warn")}>Warnings in the logs</a>
        <span class="dim">runbook: <span class="mono">{a.runbook}</span> · <span class="mono">{a.measure}</span> is {measured(a.value)}, limit {measured(a.threshold)} · {a.owner}</span>
        {a.acknowledged ? <span class="dim">✓ {a.acknowledged.by}: {a.acknowledged.note}</span>
          : may("operations.command") && <button onClick={() => setAsking(true)}>I am on it</button>}
      </footer>
      {asking && (
        <Ask title={`Take on: ${a.text}`} go="Note it" hint="What you do" close={() => setAsking(false)} act={async (note) => {
          await client.post(`/v1/alerts/${encodeURIComponent(a.key)}/acknowledgements`, { note });
          await alerts.load();
        }} />
      )}
    </article>
  );
}

function Tile({ name, value, bad, to, hint }: { name: string; value: string; bad?: boolean | undefined; to: string; hint?: string | undefined }) {
  return <a class={`tile${bad ? " bad-edge" : ""}`} href={to}><span class="dim">{name}</span><b class={bad ? "bad" : ""}>{bad && "■ "}{value}</b><small class="dim">{hint ?? ""}</small></a>;
}

function Tiles() {
  const h = useResource(health), s = useResource(sessions, 5000), q = useResource(queues), g = useResource(groups), j = useResource(jobs, 30_000);
  const trades = useResource(lastTrades, 10_000)?.traces ?? [], flow = useResource(handled, 10_000);
  const ready = h?.instances.filter((i) => i.state === "ready").length ?? 0, down = h?.servers.filter((x) => x.state !== "up") ?? [];
  const served = s?.items.filter((x) => x.state === "serving").length ?? 0, nowhere = s?.items.filter((x) => x.state === "down").length ?? 0;
  const late = q?.items.filter((x) => x.state !== "ok") ?? [], wait = q?.items.reduce((sum, x) => sum + x.ready, 0) ?? 0;
  const wrong = j?.runs.filter((r) => r.state === "failed").length ?? 0, under = j?.runs.filter((r) => r.state === "running").length ?? 0;
  const durations = recent(trades).map((t) => t.duration_us / 1e6).sort((a, b) => a - b), pace = rates(flow, ["trading"])[0]?.points.at(-1)?.[1];
  const dash = "–";
  return (
    <nav class="tiles" aria-label="Figures">
      <Tile name="Services" value={h ? `${ready}/${h.instances.length}` : dash} bad={!!h && ready < h.instances.length} to={path("services")} hint="ready" />
      <Tile name="Servers" value={h ? `${h.servers.length - down.length}/${h.servers.length}` : dash} bad={down.length > 0} to={path("services")} hint={down.map((x) => x.name).join(", ") || "up"} />
      <Tile name="Sessions" value={s ? `${served}/${s.items.length}` : dash} bad={nowhere > 0} to={path("sessions")} hint={nowhere ? `${nowhere} served nowhere` : "logged on"} />
      <Tile name="Queues" value={q ? group(wait) : dash} bad={late.some((x) => x.state === "over")} to={path("work")} hint={late.length > 2 ? `${late.length} are late` : late.map((x) => x.name).join(", ") || "waiting"} />
      <Tile name="Error queue" value={g ? group(g.total) : dash} bad={!!g?.total} to={path("errors")} hint="open" />
      <Tile name="Jobs" value={j ? (wrong ? `${wrong} failed` : String(under)) : dash} bad={wrong > 0} to={path("work")} hint="running" />
      <Tile name="Messages/s" value={measured(pace)} to={path("work")} hint="by trading" />
      <Tile name="Trade takes" value={durations.length ? measured(part(durations, 0.5), "seconds") : dash} to={path("traces")} hint={durations.length ? `p99 ${measured(part(durations, 0.99), "seconds")}` : "no trades"} />
    </nav>
  );
}

/** Charts take the room that the screen has. */
const tall = () => Math.max(140, Math.min(260, Math.round(innerHeight * 0.19)));

function Pictures() {
  const [height] = useState(tall);
  const flow = useResource(handled, 10_000), depth = useResource(waiting, 10_000), trades = useResource(lastTrades, 10_000);
  return (
    <div class="pictures">
      <Chart height={height} title="Throughput" hint="messages a second, by queue" unit="/s" lines={rates(flow, ["trading", "linecheck", "auth", "settlement"])} />
      <Chart height={height} title="Latency" hint="request to the last step" unit="seconds" clock="by the bank's clock, UTC" lines={latencies(trades?.traces ?? [])} />
      <Chart height={height} title="Waiting" hint="messages in the deepest queues" unit="" lines={deepest(depth, 5)} empty="No message has waited in the last quarter of an hour." />
      <Chart height={height} title="Lag" hint="age of rates in seconds; trades not booked yet" unit="" lines={[greatest(depth, "fx_rates_age_seconds", "rates, s"), summed(depth, "fx_bookings_waiting", "bookings")]} />
    </div>
  );
}

