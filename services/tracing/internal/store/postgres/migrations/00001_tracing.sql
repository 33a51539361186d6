-- +goose Up
-- The end of each chain. Whoever appends moves it in the same transaction, so two replicas cannot append the same.
create table head (
    chain    smallint primary key,
    day      integer not null, -- days since 1970
    seq      bigint not null,
    hash     bytea not null,
    position bigint not null   -- the offset in the stream up to which the chain has taken its messages
) with (fillfactor = 50);

-- The days of each chain. An ended day has its anchor.
create table part (
    chain       smallint not null,
    day         integer not null,
    first_seq   bigint not null,
    first_hash  bytea not null,
    last_seq    bigint,
    last_hash   bytea,
    anchored_at timestamptz,
    primary key (chain, day)
);

create table journal (
    chain       smallint not null,
    seq         bigint not null,
    day         integer not null,
    correlation text collate "C" not null,
    id          text collate "C" not null,
    causation   text not null,
    traceparent text not null,
    type        text not null,
    origin      text not null,
    source      text not null,
    time        timestamptz,
    started     timestamptz,
    client      text not null,
    provider    text not null,
    reference   text not null,
    code        text not null,
    text        text not null,
    payload     bytea not null,
    hash        bytea not null,
    primary key (chain, seq)
);
-- Finds a story, and keeps a message from being appended twice.
create unique index journal_story on journal (correlation, id);
create index journal_day on journal using brin (day);

-- What the search finds: one row per story. It follows from the journal.
create table summary (
    correlation text collate "C" primary key,
    trace       text collate "C" not null,
    entry       text not null,
    client      text collate "C" not null,
    provider    text not null,
    reference   text collate "C" not null,
    started     timestamptz not null,
    ended       timestamptz not null,
    outcome     text not null,
    failed      boolean not null,
    services    text[] not null
) with (fillfactor = 70);
create index summary_started on summary (started desc);
create index summary_client on summary (client, started desc) where client <> '';
create index summary_reference on summary (reference) where reference <> '';
create index summary_trace on summary (trace);

-- The keys of the clients' personal data; an empty one was removed.
create table client_key (
    client     text primary key,
    secret     bytea not null,
    removed_at timestamptz
);

create table replica (
    name text primary key,
    seen timestamptz not null
);
