// A dialog that asks for a reason before something is done. The reason is kept with the name of the person.
import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { Dialog } from "../kit/dialog";
import { explain } from "../kit/toasts";

interface Properties { title: string; go: string; risk?: boolean; hint?: string; children?: ComponentChildren; close(): void; act(reason: string): Promise<void> }

export function Ask({ title, go, risk, hint, children, close, act }: Properties) {
  const [reason, setReason] = useState(""), [busy, setBusy] = useState(false), [problem, setProblem] = useState("");
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await act(reason.trim());
      close();
    } catch (fault) {
      setProblem(explain(fault));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={submit}>
        {children}
        <label>Reason<input name="reason" value={reason} onInput={(e) => setReason(e.currentTarget.value)} maxLength={200} required autofocus autocomplete="off" placeholder={hint ?? "It is kept, with your name"} /></label>
        {problem && <p class="problem" role="alert">{problem}</p>}
        <div class="buttons"><button class={risk ? "risk" : "go"} disabled={busy || !reason.trim()}>{busy ? "Wait…" : go}</button><button type="button" onClick={close}>Cancel</button></div>
      </form>
    </Dialog>
  );
}
