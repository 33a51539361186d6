-- +goose Up
-- The report of each day, as settlement has told it. One that is made anew replaces the earlier one.
create table day_report (
    day     date primary key,
    made_at timestamptz not null, -- the bank's clock
    report  json not null
);
