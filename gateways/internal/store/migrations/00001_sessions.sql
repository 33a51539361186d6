-- +goose Up
-- One row per FIX session: what must outlive the process that serves it. Every write of a session goes through an update
-- of this row with "and epoch = ": whoever holds an older epoch writes nothing.
create table session (
    id         int generated always as identity primary key,
    name       text not null unique,      -- FIX.4.4:FXCORE->ALPHA
    epoch      bigint not null,           -- grows with every change of holder
    generation int not null,              -- grows whenever the session begins again at 1
    created_at timestamptz not null,      -- when this generation began: part of the ids of the events that it causes
    next_in    int not null,              -- MsgSeqNum from which on the provider must send again what it sent
    next_out   int not null,              -- MsgSeqNum of the next message to the provider
    updated_at timestamptz not null default now()
) with (fillfactor = 10);                 -- updated many times a second: room for its versions on its own page

-- What was sent, or will be: kept for resend requests.
create table message (
    session    int not null references session,
    generation int not null,
    seq        int not null,
    at         timestamptz not null default now(),
    body       bytea not null,            -- the whole message, as on the wire
    primary key (session, generation, seq)
);
alter table message alter column body set compression lz4;
create index message_at on message using brin (at) with (pages_per_range = 16, autosummarize = on);

-- Events that have been answered: in the same commit as the answer.
create table inbox (
    id uuid primary key,
    at timestamptz not null default now()
);
create index inbox_at on inbox using brin (at) with (pages_per_range = 16, autosummarize = on);

-- The final answer to each trade request and line check, for those that ask again.
create table answer (
    session     int not null references session,
    correlation uuid not null,            -- the trade or the line check
    msg_type    text not null,
    body        bytea not null,           -- between header and trailer, as it was sent
    at          timestamptz not null default now(),
    primary key (session, correlation)
);
alter table answer alter column body set compression lz4;
create index answer_at on answer using brin (at) with (pages_per_range = 16, autosummarize = on);
