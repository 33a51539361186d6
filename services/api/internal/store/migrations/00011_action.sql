-- +goose Up
-- One row per action on a trade, as it was told last. What has ended stays so.
create table action (
    id          uuid primary key,
    trade_id    uuid not null,
    state       text not null,
    proposed_at timestamptz not null,
    facts       json not null
);
create index action_trade on action (trade_id);
create index action_open on action (proposed_at) where state = 'proposed';
