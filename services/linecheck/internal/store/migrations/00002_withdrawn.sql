-- +goose Up
-- A provider that stayed away: what it had reserved and not used is withdrawn.
alter table reservation drop constraint reservation_state_check;
alter table reservation add constraint reservation_state_check
    check (state in ('RESERVED', 'CONSUMED', 'RELEASED', 'EXPIRED', 'CANCELLED', 'WITHDRAWN'));
