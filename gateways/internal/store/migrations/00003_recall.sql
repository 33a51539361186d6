-- +goose Up
-- Who takes a session over reads what it has to remember from here on.
alter table session add column recall_from int not null default 0; -- number of a message to the provider; 0 if nobody knows
