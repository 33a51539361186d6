-- +goose Up
-- Which legs of a trade are settled (bit 1 near, bit 2 far), and when the last one of them was.
alter table trade
    add column settled_legs smallint not null default 0,
    add column settled_at timestamptz;
