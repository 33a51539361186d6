-- +goose Up
-- A comparison with a statement lasts until every page has come. The job that asked for the statement waits for it.
alter table reconciliation
    add column total    integer not null default 0,     -- movements of the statement
    add column at_end   boolean not null default false, -- every page has come
    add column complete boolean not null default false, -- the mainframe's day was over then: nothing can be added
    add column ended    text not null default '',       -- why it ended without a result: another run of the day took its place
    add column moved_at timestamptz not null default now(); -- the server's clock: when it began, or when the last page came

-- The movements that the pages of a run have named so far. Two runs share nothing. The rows go when the run ends.
create table reconciliation_found (
    day      date not null,
    attempt  integer not null,
    movement text collate "C" not null, -- its id, as the mainframe writes it
    primary key (day, attempt, movement)
);
alter table movement drop column found_on;

alter table reconciliation_difference
    add column position integer not null default 0, -- on the statement, from 1; 0 if it is not there
    drop constraint reconciliation_difference_pkey,
    add primary key (day, attempt, movement, kind, position),
    drop constraint reconciliation_difference_kind_check,
    add constraint reconciliation_difference_kind_check
        check (kind in ('missing', 'extra', 'unanswered', 'different', 'repeated', 'unbooked'));
