// What on-call reads of legs that have failed to settle: groups, amounts, and what a reason allows.
import { group } from "../kit/format";
import type { SettledLeg } from "./types";

/** Legs that failed for one reason, with one cut-off. */
export interface FailedGroup { key: string; code: string; text: string; cutoff: string; legs: number; waiting: number; clients: number; since: string }

/** Until when the mainframe was asked to move the money. */
export const cutoffOf = (l: SettledLeg): string => l.not_after ?? "";
export const sinceOf = (l: SettledLeg): string => l.failed_since ?? l.at;
const groupKey = (l: SettledLeg) => `${l.code ?? ""} ${cutoffOf(l)}`;
export const isIn = (l: SettledLeg, key: string): boolean => groupKey(l) === key;

/** The groups of failed legs, those that have failed for longest first. */
export function groupsOf(legs: SettledLeg[]): FailedGroup[] {
  const by = new Map<string, SettledLeg[]>();
  for (const l of legs) by.set(groupKey(l), [...(by.get(groupKey(l)) ?? []), l]);
  return [...by].map(([key, all]) => ({
    key, code: all[0]!.code ?? "", text: all[0]!.text ?? "", cutoff: cutoffOf(all[0]!), legs: all.length, waiting: all.filter((l) => l.asked).length, clients: new Set(all.map((l) => l.client)).size,
    since: all.reduce((first, l) => (sinceOf(l) < first ? sinceOf(l) : first), sinceOf(all[0]!)),
  })).sort((a, b) => (a.since < b.since ? -1 : 1));
}

/** What a leg exchanges, as the client sees it: "gets EUR 1,000,000, pays USD 1,117,500". */
export function amountOf(l: SettledLeg): string {
  const x = l.exchange;
  if (!x) return "";
  const base = `${x.base} ${group(x.base_amount)}`, quote = `${x.quote} ${group(x.quote_amount)}`;
  return x.side === "buy" ? `gets ${base}, pays ${quote}` : `gets ${quote}, pays ${base}`;
}

export type Action = "retry" | "settle_by_hand" | "found";

/** What may be done about a movement that has failed with a code: settlement declines all else. The first is what is usual. */
export function actionsOf(code: string): Action[] {
  switch (code) {
    case "CONFLICT": return ["found", "retry"]; // the mainframe may have moved the money
    case "UNANSWRD": return ["retry"]; // it may still move the money
    default: return ["retry", "settle_by_hand"];
  }
}

/** What to do next, by the code. */
export function adviceOf(code: string): string {
  switch (code) {
    case "CONFLICT": return "The mainframe has this movement with other content, so it may have moved the money. Read its statement: if the movement is there, record it as found. If not, try again.";
    case "UNANSWRD": return "The mainframe has not answered until the cut-off, and may still move the money. Ask its operators. Try again: what it has made, it makes no second time.";
    case "TOOLATE": return "The cut-off had passed before the leg could be executed; nothing was moved. Ask the settlement desk: try again, or have it paid in another way and say so.";
    case "NOTBOOKED": return "The mainframe has refused to book the trade. Have it booked first, then try again.";
    case "UNSENT": return "The movement does not fit the mainframe's record, so it was never sent and nothing was moved. Have it paid in another way and say so, and tell the developers.";
    default: return "The mainframe has refused, and has moved nothing. Have the cause corrected, such as missing funds or a closed account, and try again. If the money was paid in another way, say so.";
  }
}

/** What became of a command about a movement, seen in the legs before it and now. */
export function becameOf(before: SettledLeg[], now: SettledLeg[]): "waits" | "settled" | "failed again" {
  if (now.every((l) => l.state === "settled")) return "settled";
  const was = new Map(before.map((l) => [`${l.trade_id}/${l.version}/${l.leg}`, l.at]));
  return now.some((l) => l.state === "failed" && was.get(`${l.trade_id}/${l.version}/${l.leg}`) !== l.at) ? "failed again" : "waits";
}
