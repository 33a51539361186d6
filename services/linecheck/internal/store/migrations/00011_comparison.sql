-- +goose Up
-- What the job "recompute and compare" has found: how many stored figures are not what the reservations add up to, and the first of them.
create table line_comparison (
    due         timestamptz primary key, -- of the run, by the bank's clock
    made_at     timestamptz not null,
    differences integer not null,
    named       text[] not null
);
