-- +goose Up
-- Which replica is to have the name next. Both are null where nothing is wished.
alter table lease add column wish text, add column wish_until timestamptz;
