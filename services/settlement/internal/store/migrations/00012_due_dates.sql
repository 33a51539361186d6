-- +goose Up
-- Which value dates have an open leg that is due: see queries/lock_due.sql.
create index obligation_due on obligation (value_date, due_from) where state = 'open';
