-- +goose Up
-- One row per log line, in one partition a day; lambda/postgres/daily makes and drops them.
create table line (
    id       uuid primary key,
    at       timestamptz not null default now(), -- when it was stored
    time     timestamptz not null,               -- when it was written
    sequence bigint not null,                    -- among the lines of its process
    level    text not null,
    service  text not null,
    instance text not null,
    story    text not null,  -- the trade, line check or other object that it is about; empty if none
    trace    text not null,
    message  text not null,
    fields   jsonb not null, -- all other fields by their ECS names
    words    text[] not null -- by which it is found; those of story and trace are among them
) partition by range (id);
create table line_rest partition of line default;
create index line_at on line using brin (at) with (pages_per_range = 128, autosummarize = on);
create index line_time on line (time, id);
create index line_words on line using gin (words);
create table line_before (like line including defaults);

-- One row per report of an instance about its health.
create table report (
    id       uuid primary key,
    at       timestamptz not null default now(),
    time     timestamptz not null, -- of the report
    instance text not null,
    program  text not null,
    version  text not null,
    host     text not null,
    started  timestamptz not null,
    ready    boolean not null,
    reasons  jsonb not null,
    every    bigint not null -- until the next report, in nanoseconds
) partition by range (id);
create table report_rest partition of report default;
create index report_at on report using brin (at) with (pages_per_range = 128, autosummarize = on);
create index report_instance on report (instance, time);
create table report_before (like report including defaults);
