import assert from "node:assert/strict";
import { test } from "node:test";
import { actionsOf, adviceOf, amountOf, becameOf, groupsOf, isIn } from "../../operations/settling";
import type { SettledLeg } from "../../operations/types";

const leg = (more: Partial<SettledLeg> = {}): SettledLeg => ({
  trade_id: "t1", client: "C1", state: "failed", version: 1, leg: 1, value_date: "2026-12-03", movement_id: "m1", code: "NOFUNDS", text: "short", at: "2026-12-03T14:00:00Z", not_after: "2026-12-03T15:00:00Z", ...more,
});

test("failed legs are grouped by reason and cut-off, those that failed first on top", () => {
  const legs = [
    leg(), leg({ trade_id: "t2", client: "C2", failed_since: "2026-12-03T09:00:00Z" }), leg({ trade_id: "t3", code: "TOOLATE", at: "2026-12-03T08:00:00Z" }), leg({ trade_id: "t4", not_after: "2026-12-04T15:00:00Z" }),
  ];
  const groups = groupsOf(legs);
  assert.deepEqual(groups.map((g) => [g.code, g.cutoff, g.legs, g.clients, g.since]), [
    ["TOOLATE", "2026-12-03T15:00:00Z", 1, 1, "2026-12-03T08:00:00Z"], ["NOFUNDS", "2026-12-03T15:00:00Z", 2, 2, "2026-12-03T09:00:00Z"], ["NOFUNDS", "2026-12-04T15:00:00Z", 1, 1, "2026-12-03T14:00:00Z"],
  ]);
  assert.deepEqual(groups.map((g) => legs.filter((l) => isIn(l, g.key)).length), [1, 2, 1], "each leg is in one group");
  assert.deepEqual(groupsOf([]), []);
});

test("amounts are written as the client sees them, exactly", () => {
  const exchange = { base: "EUR", base_amount: "1000000", quote: "USD", quote_amount: "1117500.10" };
  assert.equal(amountOf(leg({ exchange: { side: "buy", ...exchange } })), "gets EUR 1,000,000, pays USD 1,117,500.10");
  assert.equal(amountOf(leg({ exchange: { side: "sell", ...exchange } })), "gets USD 1,117,500.10, pays EUR 1,000,000");
  assert.equal(amountOf(leg()), "");
});

test("nobody settles by hand what the mainframe may have moved", () => {
  for (const code of ["CONFLICT", "UNANSWRD"]) assert.ok(!actionsOf(code).includes("settle_by_hand"), code);
  for (const code of ["NOFUNDS", "TOOLATE", "UNSENT", "UNANSWRD"]) assert.ok(!actionsOf(code).includes("found"), code);
  for (const code of ["CONFLICT", "UNANSWRD", "TOOLATE", "NOTBOOKED", "UNSENT", "NOFUNDS"]) assert.ok(actionsOf(code).includes("retry") && adviceOf(code), code);
});

test("what became of a command is seen in the legs", () => {
  const before = [leg(), leg({ leg: 2 })];
  assert.equal(becameOf(before, before), "waits");
  assert.equal(becameOf(before, [leg({ state: "settled" }), leg({ leg: 2 })]), "waits", "one leg of two");
  assert.equal(becameOf(before, [leg({ state: "settled" }), leg({ leg: 2, state: "settled" })]), "settled");
  assert.equal(becameOf(before, [leg(), leg({ leg: 2, at: "2026-12-03T16:00:00Z" })]), "failed again");
});
