-- +goose Up
-- Who answers for a trade. One row per trade, written once.
create table assignment (
    trade_id    uuid primary key,
    desk        text not null,
    trader      text not null,
    rule        text not null, -- which rule chose them
    assigned_at timestamptz not null default now()
);
