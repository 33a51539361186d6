-- +goose Up
-- What the comparison of the lines after a day has found. One that is made anew replaces the earlier one.
create table line_comparison (
    day         date primary key,
    made_at     timestamptz not null, -- the bank's clock
    differences integer not null,
    named       text[] not null       -- the first ones, for a person
);
