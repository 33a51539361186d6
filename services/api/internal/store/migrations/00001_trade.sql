-- +goose Up
-- One row per trade: what messages have told of it, and the columns by which it is found.
create table trade (
    id         uuid primary key,
    state      text not null default '', -- '' until the first message is handled, within one transaction
    client     text collate "C" not null default '',
    desk       text collate "C" not null default '',
    pair       text not null default '',
    product    text not null default '',
    provider   text not null default '',
    trade_date date,
    facts      json not null default '{}', -- not jsonb: that refuses a NUL character in a text of a provider
    changed    xid8 not null default pg_current_xact_id() -- the transaction that wrote the row last: see ADR 23
) with (fillfactor = 70);
create index trade_changed on trade (changed, id);
create index trade_client on trade (client, changed);

-- One row per leg of a trade's version that was settled or failed. A settled leg stays settled.
create table settlement (
    trade_id    uuid not null,
    version     integer not null,
    leg         smallint not null,
    state       text not null, -- settled, failed
    value_date  date not null,
    movement_id text not null,
    reference   text not null,
    by_hand     boolean not null,
    code        text not null,
    text        text not null,
    at          timestamptz not null,
    primary key (trade_id, version, leg)
);
create index settlement_value_date on settlement (value_date, trade_id, version, leg);

-- One row per line check: what it asked for, and its outcome.
create table linecheck (
    id    uuid primary key,
    state text not null, -- pending, done, rejected
    facts json not null
);

-- The name of this read model. A position in the stream is good in one read model only.
create table epoch (name text primary key default substr(md5(gen_random_uuid()::text), 1, 8));
insert into epoch default values;

-- What callers asked for, by their idempotency key: the event is published again when the same request comes again.
create table request (
    owner    text not null, -- the user or the system
    key      text not null,
    digest   text not null, -- of the content
    subject  uuid not null, -- the trade or the line check
    event    json not null,
    asked_at timestamptz not null default now(),
    published boolean not null default false,
    primary key (owner, key)
);
create index request_unpublished on request (asked_at) where not published;

-- What auth told of a token, by its hash. The token itself is nowhere. A revocation or a refusal may come first.
create table token (
    hash       text primary key, -- SHA-256, hex
    username   text not null default '',
    roles      text[] not null default '{}',
    desk       text not null default '',
    client     text not null default '',
    audience   text not null default '',
    scope      text[] not null default '{}',
    issued_at  timestamptz, -- null until it is issued
    expires_at timestamptz,
    revoked    boolean not null default false,
    code       text not null default '', -- why there is no token
    text       text not null default '',
    retry_at   timestamptz,
    noted_at   timestamptz not null default now()
);
create index token_noted on token (noted_at);

-- Tokens of the user that were issued until then are revoked.
create table revocation (
    username text primary key,
    until    timestamptz not null
);
