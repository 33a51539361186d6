-- +goose Up
-- The report of each day, as settlement has told it. One that is made anew replaces the earlier one.
create table day_report (
    day     date primary key,
    made_at timestamptz not null, -- the bank's clock
    report  json not null
);

-- Commands about movements that settlement has declined.
create table declined (
    command     uuid primary key,
    movement_id text not null,
    action      text not null,
    by          text not null,
    reason      text not null,
    text        text not null,
    at          timestamptz not null -- the bank's clock
);
create index declined_movement on declined (movement_id, at);
