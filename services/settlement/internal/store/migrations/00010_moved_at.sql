-- +goose Up
-- When the mainframe moved the money, by its clock. It is not when the row changed: a movement in conflict, which a person has found in the
-- mainframe's book, was moved on an earlier day, which the mainframe knows. Until all replicas write it, what a person has not
-- touched was moved when its row changed.
alter table movement add column moved_at timestamptz;
update movement set moved_at = changed_at where state = 'made';
drop index movement_made;
create index movement_made on movement ((coalesce(moved_at, case when acted_by = '' then changed_at end)))
    where state = 'made' and lines <> '[]';
