-- +goose Up
-- The latest due time of each job that a run was made for. The job is due next after it.
create table job (
    name     text collate "C" primary key,
    last_due timestamptz not null
);

-- One row per run. Times are the bank's, but for those that the server fills in: these measure how long the work takes.
create table job_run (
    job         text collate "C" not null,
    due         timestamptz not null,
    attempt     int not null,                       -- 0: started by the clock; from 1: by a person
    state       text not null check (state in ('due', 'running', 'finished', 'failed')),
    part        int not null default 0,             -- the next one
    cursor      text not null default '',           -- where it begins
    done        bigint not null default 0,
    total       bigint not null default 0,          -- 0: not known
    by          text not null default '',
    reason      text not null default '',
    error       text not null default '',
    started_at  timestamptz,
    finished_at timestamptz,
    begun_at    timestamptz not null default now(), -- the server's clock: when part 0 began
    moved_at    timestamptz not null default now(), -- the server's clock: when the last part was done
    asked       int not null default 0,             -- how often the next part's message was published again
    primary key (job, due, attempt)
);

-- One run of a job at a time.
create unique index job_run_open on job_run (job) where state in ('due', 'running');
