-- +goose Up
-- What the next part of a run waits for, such as an answer of another program. Empty: it waits for nothing.
alter table job_run add column waits_for text not null default '';
