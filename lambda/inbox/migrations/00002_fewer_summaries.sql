-- +goose Up
-- Ranges of 16 pages fill several times a second, faster than autovacuum summarises them: each range that it missed was a
-- line in the server's log. Retention reads whole days, so ranges of a megabyte do.
drop index inbox_at;
create index inbox_at on inbox using brin (at) with (pages_per_range = 128, autosummarize = on);
