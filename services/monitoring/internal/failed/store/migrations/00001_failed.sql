-- +goose Up
-- One row per message that failed in a queue: the same content that fails again is the same row.
create table failed_message (
    id              uuid primary key,
    state           text not null, -- open, replaying, replayed, discarded
    version         integer not null,
    queue           text not null, -- '' if nobody says in which it failed
    message_id      text not null,
    type            text not null,
    routing_key     text not null,
    source          text not null,
    reason          text not null, -- what is common to all that failed for the same cause
    text            text not null, -- the whole reason, with secrets masked
    group_key       text not null,
    attempts        integer not null,
    failures        integer not null,
    first_failed_at timestamptz not null,
    failed_at       timestamptz not null,
    correlation     text not null,
    trace_id        text not null,
    client          text not null,
    content_type    text not null,
    headers         jsonb not null,
    body            bytea not null, -- as it was, with its secrets: a replay needs them
    edited          bytea,          -- what is replayed instead of the body
    claimed_until   timestamptz,    -- until then one replica hands it to the broker
    resolved_at     timestamptz
);
create index failed_message_list on failed_message (state, failed_at desc, id desc);
create index failed_message_group on failed_message (group_key, state, failed_at desc, id desc);
create index failed_message_replaying on failed_message (claimed_until) where state = 'replaying';
create index failed_message_resolved on failed_message (resolved_at) where resolved_at is not null;

-- What happened to an entry. A failure is here once, however often the broker delivers it.
create table failed_history (
    id          bigint generated always as identity primary key,
    failed_id   uuid not null references failed_message on delete cascade,
    fingerprint text unique, -- of a failure
    at          timestamptz not null,
    what        text not null, -- failed, replay_asked, replayed, not_delivered, discarded
    by          text not null,
    note        text not null,
    told        boolean not null default true -- false until the core is told of it
);
create index failed_history_of on failed_history (failed_id, id);
create index failed_history_untold on failed_history (id) where not told;
