-- +goose Up

-- What each node carries. A few hundred rows, of which some change in every transaction: narrow, half empty pages and no
-- index on what changes, so that every update stays within its page.
create table node_usage (
    node     text collate "C" primary key, -- group/G0001, desk/FXS1, client/C000001
    currency char(3) not null default 'USD',
    reserved numeric(24, 2) not null default 0 check (reserved >= 0),
    consumed numeric(24, 2) not null default 0 check (consumed >= 0)
) with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- What each node's counterparties have to deliver on one day, for open and consumed reservations alike.
create table settlement_usage (
    node       text collate "C" not null,
    value_date date not null,
    currency   char(3) not null default 'USD',
    used       numeric(24, 2) not null check (used >= 0),
    primary key (node, value_date)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- One row per exposure, promised or taken. Everything but the state is written once.
create table reservation (
    id              uuid primary key,  -- the trade's or the check's id
    kind            text not null check (kind in ('trade', 'check')),
    provider        text not null,
    group_node      text collate "C",
    desk_node       text collate "C",
    client_node     text collate "C" not null,
    currency        char(3) not null default 'USD',
    exposure        numeric(24, 2) not null check (exposure >= 0),
    near_date       date,
    near_receivable numeric(24, 2) check (near_receivable >= 0),
    far_date        date,              -- of a swap
    far_receivable  numeric(24, 2) check (far_receivable >= 0),
    state           text not null check (state in ('RESERVED', 'CONSUMED', 'RELEASED', 'EXPIRED', 'CANCELLED')),
    expires_at      timestamptz not null,
    created_at      timestamptz not null default now(),
    resolved_at     timestamptz,
    basis           json not null,     -- what the exposure was computed from: see messages.Basis; json, not jsonb: written always, read hardly ever
    nodes           json not null      -- how each node stood then
) with (fillfactor = 80);

-- Open reservations by the time at which they lapse: what the expiry reads, and nothing else.
create index reservation_open on reservation (expires_at) where state = 'RESERVED';

-- A job's due times. Every replica tries to insert one; whoever succeeds publishes job.due.
create table due_job (
    job text not null,
    due timestamptz not null,
    primary key (job, due)
);

-- +goose StatementBegin
-- What the reservations say that each node carries. It must equal node_usage, always.
create view recomputed_usage as
select n.node,
       coalesce(sum(r.exposure) filter (where r.state = 'RESERVED'), 0) as reserved,
       coalesce(sum(r.exposure) filter (where r.state = 'CONSUMED'), 0) as consumed
from reservation r
cross join lateral (values (r.group_node), (r.desk_node), (r.client_node)) n (node)
where n.node is not null
group by n.node;
-- +goose StatementEnd

-- +goose StatementBegin
-- The same for settlement_usage.
create view recomputed_settlement as
select n.node, s.value_date, sum(s.receivable) as used
from reservation r
cross join lateral (values (r.group_node), (r.desk_node), (r.client_node)) n (node)
cross join lateral (values (r.near_date, r.near_receivable), (r.far_date, r.far_receivable)) s (value_date, receivable)
where n.node is not null and s.value_date is not null and r.state in ('RESERVED', 'CONSUMED')
group by n.node, s.value_date;
-- +goose StatementEnd
