-- +goose Up
-- One row per run of a job of any service, as far as messages have told of it, and one per command that was refused.
create table job_run (
    id          uuid primary key,
    service     text collate "C" not null default '', -- '' until the run has ended
    job         text collate "C" not null,
    due         timestamptz,                    -- null: of a refused command that named none
    attempt     int not null,                   -- 0: started by the clock; from 1: by a person
    state       text not null,                  -- running, finished, failed, refused
    part        int not null,                   -- how many are done; the greatest number once the run has ended
    done        bigint not null,
    total       bigint not null,                -- 0: not known
    by          text not null,
    reason      text not null,
    error       text not null,
    command     uuid,                           -- the command that started the run, or was refused
    started_at  timestamptz,                    -- the bank's clock, as finished_at
    finished_at timestamptz,
    first_done  bigint not null,                -- done, when the API heard of the run first
    begun_at    timestamptz not null default clock_timestamp(), -- the server's clock: when that was
    moved_at    timestamptz not null default clock_timestamp()  -- the server's clock: when the API heard of it last
);
create index job_run_moved on job_run (moved_at desc, id);
create index job_run_command on job_run (command);
