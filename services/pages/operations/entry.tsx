// One message that failed: why, its content, what happened to it, and what can be done.
import { useEffect, useState } from "preact/hooks";
import { count, stamp } from "../kit/format";
import { may } from "../kit/session";
import { explain, say } from "../kit/toasts";
import { Ask } from "./ask";
import { client, resource, useResource } from "./core";
import { Panel, State } from "./parts";
import { groups } from "./resources";
import { path } from "./route";
import type { FailedWhole } from "./types";

const pretty = (text: string) => { try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; } };

export function Entry({ id }: { id: string }) {
  const [read] = useState(() => resource<FailedWhole>("errors", () => `/v1/errors/${encodeURIComponent(id)}`));
  const e = useResource(read), [edited, setEdited] = useState<string>(), [asking, setAsking] = useState<"replay" | "discard">();
  useEffect(() => setEdited(undefined), [e?.version]);
  if (read.fault.value && !e) return <div class="view"><p class="problem" role="alert">{explain(read.fault.value)}</p><p><a href={path("errors")}>Back</a></p></div>;
  if (!e) return <div class="view"><p class="dim">Reading…</p></div>;
  const changed = edited !== undefined && edited !== pretty(e.body ?? "");
  const resolve = (word: "replay" | "discard") => async (reason: string) => {
    const body = word === "replay" && changed ? { reason, body: edited } : { reason };
    await client.post(`/v1/errors/${e.id}/${word}s`, body, { ifMatch: `"${e.version}"` });
    say(word === "replay" ? "Put back into its queue" : "Discarded");
    await Promise.all([read.load(), groups.load()]);
  };
  const open = e.state === "open";
  return (
    <div class="view">
      <Panel title={`${e.type || "Not readable"} in ${e.queue || "an unknown queue"}`} aside={<a href={path("errors")}>Back to the list</a>}>
        <p><State of={e.state} /> failed <b>{stamp(e.failed_at)}</b>, {count(e.failures, "time")}, after {count(e.attempts, "attempt")}, last by {e.source || "the broker"}.</p>
        <p class="problem">{e.text}</p>
        <p class="buttons">
          {may("error.replay") && <button class="go" disabled={!open || !e.queue} onClick={() => setAsking("replay")}>{changed ? "Replay as edited" : "Replay"}</button>}
          {may("error.discard") && <button class="risk" disabled={!open} onClick={() => setAsking("discard")}>Discard</button>}
          {e.correlation && <a href={path("trace", e.correlation)}>The way of its trade</a>}
          {e.correlation && <a href={path("logs", "", "", e.correlation)}>Its logs</a>}
        </p>
        {open && <p class="dim">A replay has the message's own id: what was handled before is not handled again.</p>}
      </Panel>
      <Panel title="Content" aside={changed && <button class="plain" onClick={() => setEdited(undefined)}>Undo my changes</button>}>
        {e.body_base64 ? <pre class="code">{e.body_base64}</pre> : (
          <textarea aria-label="Content, may be edited before a replay" rows={16} spellcheck={false} value={edited ?? pretty(e.body ?? "")} readOnly={!open || !may("error.replay")} onInput={(x) => setEdited(x.currentTarget.value)} />
        )}
      </Panel>
      <Panel title="What happened">
        <ol class="plain">{e.history.map((h, i) => <li key={i}><span class="mono">{stamp(h.at)}</span> <b>{h.what.replaceAll("_", " ")}</b> by {h.by} <span class="dim">{h.note}</span></li>)}</ol>
        <details><summary>Headers and ids</summary><dl class="pairs">
          <dt>Entry</dt><dd class="mono">{e.id}</dd><dt>Message</dt><dd class="mono">{e.message_id}</dd><dt>Routing key</dt><dd class="mono">{e.routing_key}</dd>
          {Object.entries(e.headers).map(([name, v]) => <><dt>{name}</dt><dd class="mono">{typeof v === "string" ? v : JSON.stringify(v)}</dd></>)}
        </dl></details>
      </Panel>
      {asking && <Ask title={asking === "replay" ? (changed ? "Replay as edited" : "Replay") : "Discard"} go={asking === "replay" ? "Replay" : "Discard"} risk={asking === "discard"} close={() => setAsking(undefined)} act={resolve(asking)} />}
    </div>
  );
}
