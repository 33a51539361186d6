-- +goose Up
-- What became of a day, as the job "report the day" found it last.
create table day_report (
    day     date primary key,
    report  jsonb not null,
    made_at timestamptz not null -- by the bank's clock
);
