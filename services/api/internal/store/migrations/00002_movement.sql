-- +goose Up
-- A movement is found by its id.
create index settlement_movement on settlement (movement_id);
