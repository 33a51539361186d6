-- +goose Up
-- How late an instance runs, and how long its leases last for that.
alter table instance add column late_ms bigint not null default 0, add column lease_ms bigint not null default 0;

-- How often living instances have lost a session, and until when it is kept where it is for that.
alter table provider add column lost integer not null default 0, add column lost_since timestamptz,
    add column kept integer not null default 0, add column kept_until timestamptz;
