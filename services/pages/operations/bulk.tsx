// Many messages at once: first what would be done, then, with a reason, the deed.
import { useEffect, useState } from "preact/hooks";
import { count } from "../kit/format";
import { explain, say } from "../kit/toasts";
import { Ask } from "./ask";
import { client, welcome } from "./core";
import type { Resolved } from "./types";

export interface Choice { word: "replay" | "discard"; target: { ids: string[] } | { group: string }; what: string }

export function Bulk({ choice, close }: { choice: Choice; close(): void }) {
  const [would, setWould] = useState<Resolved>(), [problem, setProblem] = useState("");
  const path = `/v1/errors/${choice.word}s`, title = choice.word === "replay" ? "Replay" : "Discard";
  useEffect(() => {
    client.post<Resolved>(path, { ...choice.target, dry_run: true, reason: "looking" }, { bound: 60_000 }).then(setWould, (fault) => setProblem(explain(fault)));
  }, []);
  const n = would ? (choice.word === "replay" ? would.would_replay : would.would_discard) : 0;
  return (
    <Ask title={`${title} ${choice.what}`} go={would ? `${title} ${count(n, "message")}` : "Wait…"} risk={choice.word === "discard"} close={close} act={async (reason) => {
      if (!would || !n) throw new Error("There is nothing to do.");
      const done = await client.post<Resolved>(path, { ...choice.target, reason }, { bound: 60_000 });
      say(choice.word === "replay" ? `${count(done.replayed, "message")} put back` : `${count(done.discarded, "message")} discarded`);
      welcome();
    }}>
      {problem && <p class="problem" role="alert">{problem}</p>}
      {!would && !problem && <p class="dim">Looking what would be done…</p>}
      {would && (
        <div class="note" role="status">
          <b>{count(n, "message")} of {would.matched}</b> would be {choice.word === "replay" ? "put back into the queue in which they failed" : "given up"}.
          {would.skipped_in_all > 0 && <> {would.skipped_in_all} would be left out:<ul class="plain">{would.skipped.slice(0, 5).map((s) => <li key={s.id}><span class="mono">{s.id}</span> {s.why}</li>)}</ul></>}
        </div>
      )}
    </Ask>
  );
}
