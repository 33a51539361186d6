-- +goose Up
-- No foreign keys: every write of these rows goes through the fence, which reads the session's row and nobody deletes it.
-- The look-up per row took a fifth of the commit.
alter table message drop constraint message_session_fkey;
alter table answer drop constraint answer_session_fkey;

-- Ranges of 16 pages fill faster than autovacuum summarises them, and each that it missed was a line in the server's log.
drop index message_at;
drop index inbox_at;
drop index answer_at;
create index message_at on message using brin (at) with (pages_per_range = 128, autosummarize = on);
create index inbox_at on inbox using brin (at) with (pages_per_range = 128, autosummarize = on);
create index answer_at on answer using brin (at) with (pages_per_range = 128, autosummarize = on);
