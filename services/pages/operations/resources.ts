// All resources of the page, by the topic that tells of their changes.
import { query } from "../kit/request";
import { resource } from "./core";
import type { Alert, CreditLines, ErrorGroup, Health, Measures, Queue, Run, Sessions, SettledLegs, Trace } from "./types";

export const health = resource<Health>("health", () => "/v1/health");
export const alerts = resource<{ items: Alert[]; from_memory: boolean }>("alerts", () => "/v1/alerts");
export const cleared = resource<{ items: Alert[] }>("alerts", () => "/v1/alerts?state=cleared");
export const queues = resource<{ items: Queue[] }>("queues", () => "/v1/queues");
export const sessions = resource<Sessions>("sessions", () => "/v1/sessions");
export const jobs = resource<{ runs: Run[] }>("jobs", () => "/v1/jobs?limit=100");
export const tightLines = resource<CreditLines>("lines", () => "/v1/lines?min_used=0.8");
export const groups = resource<{ items: ErrorGroup[]; total: number }>("errors", () => "/v1/errors/groups");
export const failedLegs = resource<SettledLegs>("settlements", () => "/v1/settlements?state=failed&limit=500");
export const lastTrades = resource<{ traces: Trace[] }>("traces", () => "/v1/traces?outcome=registered&limit=200");
const quarter = 15 * 60_000; // milliseconds
export const handled = resource<Measures>("measures", () => query("/v1/measures", {
  name: "fx_queue_handled_total", from: new Date(Date.now() - quarter).toISOString(), to: new Date().toISOString(),
}));
export const waiting = resource<Measures>("measures", () => query("/v1/measures", {
  name: "fx_queue_messages,fx_bookings_waiting,fx_rates_age_seconds", from: new Date(Date.now() - quarter).toISOString(), to: new Date().toISOString(),
}));
const minute = 60_000; // milliseconds
export const received = resource<Measures>("measures", () => query("/v1/measures", {
  name: "fx_session_messages_in_total", from: new Date(Date.now() - minute).toISOString(), to: new Date().toISOString(),
}));
