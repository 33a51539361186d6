// The help dialog: every shortcut that works now, by group.
import { signal } from "@preact/signals";
import { Dialog } from "./dialog";
import { letters, shortcuts, switchLetters } from "./keys";

export const helping = signal(false);

const always = [["↑ ↓ PgUp PgDn", "choose a row"], ["Ctrl+Home Ctrl+End", "first, last row"], ["← →", "choose a column"], ["Enter", "open the row"], ["s", "sort by the column"], ["x or Space", "mark the row; with Shift all from the last mark"], ["Ctrl+A", "mark all rows that the filter shows"]];

export function Help() {
  if (!helping.value) return null;
  const groups = [...new Set(shortcuts.value.map((s) => s.group))];
  return (
    <Dialog title="Keyboard" close={() => (helping.value = false)}>
      {groups.map((group) => <Group key={group} name={group} lines={shortcuts.value.filter((s) => s.group === group).map((s) => [s.keys, s.text])} />)}
      <Group name="In a table" lines={always} />
      <form method="dialog" onSubmit={() => (helping.value = false)}>
        <label class="check"><span><input type="checkbox" checked={letters.value} onChange={(e) => switchLetters(e.currentTarget.checked)} /> Single letters are shortcuts</span></label>
        <div class="buttons"><button class="go" autofocus>Close</button></div>
      </form>
    </Dialog>
  );
}

const Group = ({ name, lines }: { name: string; lines: string[][] }) => (
  <section>
    <h3>{name}</h3>
    <dl class="keys">{lines.map(([keys, text]) => <><dt><kbd>{keys}</kbd></dt><dd>{text}</dd></>)}</dl>
  </section>
);
