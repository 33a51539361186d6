-- +goose Up
-- The one row that replicas lock, so that they plan one after the other.
create table plan (
    one       boolean primary key default true check (one),
    automatic boolean not null -- fall-back goes by itself
);
insert into plan (automatic) values (true);

-- Each instance of a gateway by its last report, and whether it drains.
create table instance (
    name        text primary key, -- service/replica
    gateway     text not null,
    started     timestamptz not null,
    sequence    bigint not null,
    reported_at timestamptz not null,
    ready       boolean not null,
    reason      text not null,
    ready_since timestamptz not null,
    draining    boolean not null,
    sessions    jsonb not null -- that it serves, held or not
) with (fillfactor = 50);

-- A session's way from one instance to another.
create table move (
    id            uuid primary key,
    gateway       text not null,
    provider      text not null,
    origin        text not null, -- the instance that it leaves
    target        text not null,
    target_since  timestamptz not null, -- which life of it
    epoch         bigint not null,
    reason        text not null,
    commanded_by  text not null,
    state         text not null check (state in ('requested', 'failed', 'done')),
    why           text not null,
    attempt       integer not null,
    requested_at  timestamptz not null,
    ended_at      timestamptz,
    left_at       timestamptz, -- the old session was stopped
    taken_at      timestamptz, -- the new one is served
    logged_on_at  timestamptz  -- the provider is back
);
create index move_requested_at on move (requested_at);

-- Where each provider belongs, and its last move.
create table provider (
    gateway      text not null,
    provider     text not null,
    home         text not null, -- empty until one is chosen
    epoch        bigint not null, -- the highest that was heard of
    stay         text not null, -- where a command moved it
    comes_back   boolean not null, -- a command asks for its fall-back
    commanded_at timestamptz,
    last_move    uuid,
    primary key (gateway, provider)
);

-- What happened, for people.
create table history (
    id       bigint generated always as identity primary key,
    at       timestamptz not null,
    gateway  text not null,
    provider text not null,
    instance text not null,
    what     text not null,
    epoch    bigint not null,
    text     text not null,
    by       text not null, -- who commanded it
    command  text not null  -- the message that it answers
);
create index history_at on history (at);
create index history_command on history (command) where command <> '';
