-- +goose Up
-- The runs of a job that have ended, latest last: the schedule reads the last one each second, and sweeps out those that are long past.
create index job_run_ended on job_run (job, moved_at) where state in ('finished', 'failed');
