-- +goose Up
-- What fires, what may soon fire, and what has been cleared. One row per rule and subject.
create table alert (
    key             text primary key,
    rule            text not null,
    subject         text not null,
    state           text not null check (state in ('pending', 'firing', 'cleared')),
    since           timestamptz not null,
    good_since      timestamptz,
    cleared_at      timestamptz,
    value           float8 not null,
    text            text not null,
    told            text not null default '', -- the state that was published last; another one has still to be published
    acknowledged_by text,
    acknowledged_at timestamptz,
    note            text
);

-- What every instance said last.
create table instance (
    instance  text primary key,
    report    jsonb not null,
    last_seen timestamptz not null
);

-- The measures of the last hours, one row for every ten seconds.
create table measures (
    at      timestamptz primary key,
    samples jsonb not null -- full name -> number
);

-- Its one row is locked by the replica that judges.
create table judgement (
    one boolean primary key default true check (one),
    at  timestamptz not null,
    by  text not null
);
insert into judgement (at, by) values ('epoch', '');
