// What the services of on-call answer. Only the members that the page shows are named.

export interface Reason { part: string; text: string }
export interface Instance {
  instance: string; program: string; version: string; host: string; started_at: string; last_seen: string; since: string; state: "ready" | "not_ready" | "silent";
  reasons: Reason[] | null; warnings: Reason[] | null; measures: Record<string, number>; holds: string[] | null;
}
export interface Server { name: string; state: string }
export interface Disk { used_ratio: number; folders: { name: string; bytes: number }[] }
export interface Health { at: string; instances: Instance[]; servers: Server[]; disk: Disk }

export interface Alert {
  key: string; rule: string; severity: "page" | "ticket" | "info"; symptom: boolean; owner: string; state: string; since: string; subject: string; text: string; runbook: string;
  steps: string[]; measure: string; threshold: number; value: number; acknowledged: { by: string; at: string; note: string } | null;
}
export interface Series { name: string; labels: Record<string, string>; points: [number, number | null][] }
export interface Measures { from: string; to: string; step_seconds: number; series: Series[] }

export interface Queue { name: string; ready: number; consumers: number; handled_per_second: number | null; failed_per_second: number | null; backlog_seconds: number; state: "ok" | "warn" | "over" }

export interface Move { from: string; to: string; state: string; why?: string; reason: string; requested_at: string; away_ms: number }
export interface Session {
  provider: string; gateway: string; instance: string; home: string; state: "serving" | "logged_out" | "moving" | "down"; since?: string; epoch: number; standby: string[];
  note?: string; move?: Move;
}
export interface Seat { name: string; gateway: string; alive: boolean; ready: boolean; reason?: string; draining: boolean; sessions: number; logged_on: number; homes: number }
export interface Sessions { at: string; automatic: boolean; items: Session[]; instances: Seat[] }
export interface SessionEvent { at: string; what: string; instance?: string; epoch?: number; text?: string; by?: string }

export interface Run {
  id: string; service?: string; job: string; due?: string; state: "running" | "finished" | "failed" | "refused"; done: number; total: number; per_second: number;
  remaining_seconds: number; by?: string; reason?: string; error?: string; started_at?: string; finished_at?: string;
}
export interface CreditLine { node: string; limit?: string; used: string; headroom?: string; reserved: string; collateral: string }
export interface CreditLines { as_of: string; currency: string; lines: CreditLine[] }

export interface ErrorGroup { key: string; queue: string; type: string; reason: string; count: number; first_at: string; last_at: string }
export interface Failed {
  id: string; message_id: string; type: string; queue: string; reason: string; text: string; attempts: number; failures: number; failed_at: string; first_failed_at: string;
  correlation?: string; trace_id?: string; client?: string; state: "open" | "replaying" | "replayed" | "discarded"; version: number; routing_key: string;
}
export interface FailedWhole extends Failed {
  source: string; content_type: string; headers: Record<string, unknown>; body?: string; body_base64?: string; history: { at: string; by: string; what: string; note: string }[];
}
export interface Resolved { matched: number; would_replay: number; would_discard: number; replayed: number; discarded: number; skipped: { id: string; why: string }[]; skipped_in_all: number }

export interface Trace {
  story: string; trace_id: string; entry: string; client?: string; provider?: string; reference?: string; started_at: string; ended_at: string; duration_us: number; outcome?: string;
  failed: boolean; services: string[];
}
export interface TraceSpan {
  span_id: string; parent_id?: string; service: string; instance: string; name: string; start: string; at_us: number; duration_us: number; failed: boolean; code?: string; text?: string;
  message_id: string; data?: unknown;
}
export interface Waterfall extends Trace { spans: TraceSpan[] }
export interface Original { protocol: string; session: string; sequence: number; received_at: string; bytes: string }
export interface Settling {
  version: number; leg: number; value_date: string; movement_id: string; reference?: string; by_hand?: boolean; code?: string; text?: string; at: string; attempt?: number; not_after?: string;
}
export interface SettledLeg extends Settling {
  trade_id: string; client: string; state: "settled" | "failed"; failed_since?: string; asked?: { command_id: string; action: string; by: string; at: string }; exchange?: { side: "buy" | "sell"; base: string; base_amount: string; quote: string; quote_amount: string };
}
export interface SettledLegs { settlements: SettledLeg[]; more: boolean; next?: string }
export interface Declined { command_id: string; action: string; by: string; reason: string; text: string; at: string }
export interface Movement { id: string; legs: SettledLeg[]; declined_commands?: Declined[] }
export interface TradeLeg { leg: number; state: "open" | "settled" | "failed"; side: "buy" | "sell"; base?: string; base_amount?: string; quote?: string; quote_amount?: string; settlement?: Settling }
export interface Trade { id: string; client?: string; legs: TradeLeg[] }
export interface LogLine { id: string; at: string; level: string; program: string; instance: string; message: string; trace_id?: string; correlation?: string; fields: Record<string, unknown> }
export interface Period { instance: string; from: string; to: string; state: string; ready: boolean; reasons: Reason[] | null }

export interface Audited { seq: number; at: string; what: string; outcome: "done" | "refused"; who?: string; address?: string; about?: string; why?: string; count: number; since?: string; source: string; message_id: string }
export interface AuditChain { verified_at?: string; sound: boolean; fault?: string; records: number; last_seq: number; last_hash: string }
