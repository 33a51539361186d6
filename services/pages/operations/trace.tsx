// The way of one trade: its messages in time, and beside them its logs, the message's content, and the provider's own bytes.
import { useEffect, useState } from "preact/hooks";
import { clock, stamp, took } from "../kit/format";
import { query } from "../kit/request";
import { may } from "../kit/session";
import type { Span } from "../kit/spans";
import { explain } from "../kit/toasts";
import { Waterfall } from "../kit/waterfall";
import { client } from "./core";
import { Panel, State, wire } from "./parts";
import { path } from "./route";
import type { LogLine, Original, TraceSpan, Waterfall as Whole } from "./types";

type Drawn = Span & { of: TraceSpan };

const drawn = (w: Whole): Drawn[] => w.spans.map((s) => ({
  id: s.span_id, parent: s.parent_id, service: s.service, name: s.name, start: Date.parse(w.spans[0]!.start) * 1000 + s.at_us, duration: s.duration_us, failed: s.failed, of: s,
}));

/** How often, and how many times, what is about a trade is read again: it may still be under way, and its logs take a moment. */
const again = { every: 3000, times: 5 };

/** What a request answers, or the problem in words. It is asked again when its path changes, and a few times by itself. */
function useAnswer<T>(at: string): { value?: T; problem?: string } {
  const [answer, setAnswer] = useState<{ value?: T; problem?: string }>({});
  useEffect(() => {
    let live = true, left = again.times, timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      try {
        const value = await client.get<T>(at);
        if (live) setAnswer({ value });
      } catch (fault) {
        if (live) setAnswer((before) => (before.value ? before : { problem: explain(fault) }));
      }
      if (live && left-- > 0) timer = setTimeout(ask, again.every);
    };
    setAnswer({});
    void ask();
    return () => { live = false; clearTimeout(timer); };
  }, [at]);
  return answer;
}

export function TraceView({ story }: { story: string }) {
  const { value: w, problem } = useAnswer<Whole>(`/v1/traces/${encodeURIComponent(story)}`), [chosen, choose] = useState("");
  if (problem) return <div class="view"><p class="problem" role="alert">{problem}</p><p><a href={path("traces")}>Search</a></p></div>;
  if (!w) return <div class="view"><p class="dim">Reading…</p></div>;
  const spans = drawn(w), one = spans.find((s) => s.id === chosen) ?? spans[0];
  return (
    <div class="view">
      <Panel title={w.reference ?? w.story} aside={<a href={path("traces")}>Search</a>}>
        <p class="facts">
          <State of={w.failed ? "failed" : (w.outcome ?? "ok")} /> <b>{took(w.duration_us)}</b> from <span class="mono">{stamp(w.started_at)}</span>
          {w.spans.some((s) => s.name === "settlement.failed") && may("settlement.view") && <> · <a href={path("settlement", "trade", w.story)}>Its failed legs</a></>}
          {w.provider && <> · {w.provider}</>}{w.client && <> · {w.client}</>} · {w.spans.length} messages · <span class="mono">{w.story}</span>
        </p>
        <Waterfall spans={spans} chosen={one?.id ?? ""} choose={(s) => choose(s.id)} label="Messages of the trade, in time" />
      </Panel>
      <div class="beside">
        {one && <Message span={one.of} />}
        <Logs story={w.story} span={one?.of} />
        <Originals story={w.story} />
      </div>
    </div>
  );
}

function Message({ span: s }: { span: TraceSpan }) {
  return (
    <Panel title={`${s.name} by ${s.instance}`}>
      {s.failed && <p class="problem">{s.code}: {s.text}</p>}
      <p class="dim">at {took(s.at_us)} for {took(s.duration_us)} · <span class="mono">{s.message_id}</span></p>
      {s.data === undefined ? <p class="dim">Its content needs the right original.view.</p> : <pre class="code" tabIndex={0}>{JSON.stringify(s.data, null, 2)}</pre>}
    </Panel>
  );
}

function Logs({ story, span }: { story: string; span: TraceSpan | undefined }) {
  const { value, problem } = useAnswer<{ items: LogLine[] }>(query("/v1/logs", { correlation: story, limit: 200 }));
  const mine = (l: LogLine) => l.fields["event.id"] === span?.message_id || l.instance === span?.instance;
  return (
    <Panel title="Its logs" aside={<a href={path("logs", "", "", story)}>All fields</a>}>
      {problem && <p class="problem" role="alert">{problem}</p>}
      {value && !value.items.length && <p class="dim">No program has written a line about it.</p>}
      <ul class="plain">{value?.items.toReversed().map((l) => (
        <li key={l.id} class={mine(l) ? "mine" : ""}><span class="mono">{clock(l.at, { ms: true })}</span> <span class={l.level === "error" ? "bad" : l.level === "warn" ? "warn" : "dim"}>{l.level}</span> <b>{l.instance}</b> {l.message} <span class="dim">{String(l.fields["labels.text"] ?? l.fields["error.message"] ?? "")}</span></li>
      ))}</ul>
    </Panel>
  );
}

function Originals({ story }: { story: string }) {
  const { value, problem } = useAnswer<{ originals: Original[] }>(`/v1/trades/${encodeURIComponent(story)}/original`);
  return (
    <Panel title="As the provider sent it">
      {problem && <p class="dim">{problem}</p>}
      {value && !value.originals.length && <p class="dim">It came by the API, or is older than what is kept.</p>}
      {value?.originals.map((o, i) => (
        <div key={i}><p class="dim">{o.protocol} · {o.session} · number {o.sequence} · received {stamp(o.received_at)}</p><pre class="code wrap" tabIndex={0}>{wire(o.bytes)}</pre></div>
      ))}
    </Panel>
  );
}
