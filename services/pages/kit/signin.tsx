// Sign-in by user, password and the one-time code of this minute. It lies over the page: what was seen last stays behind it.
import { useState } from "preact/hooks";
import { Dialog } from "./dialog";
import type { Client } from "./request";
import { ended, signedIn, signIn } from "./session";
import { explain } from "./toasts";

export function SignIn({ client, name, done }: { client: Client; name: string; done(): void }) {
  const [problem, setProblem] = useState(""), [busy, setBusy] = useState(false);
  if (signedIn.value) return null;
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = e.currentTarget as HTMLFormElement, text = (field: string) => String(new FormData(form).get(field) ?? "");
    setBusy(true);
    setProblem("");
    try {
      await signIn(client, { user: text("user").trim(), password: text("password"), code: text("code").replace(/\s/g, "") });
      done();
    } catch (fault) {
      setProblem(explain(fault));
      form.querySelector<HTMLInputElement>("[name=code]")!.select();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Sign in: ${name}`} close={() => {}} fixed>
      <form onSubmit={submit}>
        {ended.value && <p class="note">{ended.value} Sign in again; you go on where you were.</p>}
        <label>User<input name="user" autocomplete="username" required autofocus spellcheck={false} autocapitalize="none" /></label>
        <label>Password<input name="password" type="password" autocomplete="current-password" required /></label>
        <label>One-time code<input name="code" inputMode="numeric" pattern="[0-9 ]{6,7}" autocomplete="one-time-code" title="The six digits that your device shows now" required /></label>
        {problem && <p class="problem" role="alert">{problem}</p>}
        <div class="buttons"><button class="go" disabled={busy}>{busy ? "Signing in…" : "Sign in"}</button></div>
      </form>
    </Dialog>
  );
}
