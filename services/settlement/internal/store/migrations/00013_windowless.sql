-- +goose Up
-- A leg whose window is not known yet, because a calendar is missing. Its due_from lies before any window, so that the next run looks for it.
alter table obligation add column windowless boolean not null default false;
