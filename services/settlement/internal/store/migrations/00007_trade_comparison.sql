-- +goose Up
-- A comparison with the registered trades, by the story of its run.
create table trade_comparison (
    story    text collate "C" primary key,
    compared integer not null default 0,
    added    integer not null default 0,     -- trades whose legs were not here
    left_out integer not null default 0,     -- trades whose legs cannot be added now, for example because a calendar is missing
    which    text[] not null default '{}',   -- ids of the first 100 of both
    finished boolean not null default false,
    moved_at timestamptz not null default now() -- the server's clock: when it began, or when the last trades came
);
