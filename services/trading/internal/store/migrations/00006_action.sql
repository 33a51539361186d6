-- +goose Up
-- One row per action that a person has proposed on a version of a trade. A row never changes once it is decided.
create table action (
    id           uuid primary key,
    kind         text not null check (kind in ('delete')),
    trade_id     uuid not null,
    version      integer not null,
    state        text not null check (state in ('proposed', 'done', 'declined', 'withdrawn', 'expired', 'refused')),
    reason       text not null check (reason <> ''),
    proposed_by  text not null check (proposed_by <> ''),
    proposed_at  timestamptz not null,
    expires_at   timestamptz not null,
    decided_by   text,
    decided_at   timestamptz,
    decision     text, -- why, in the words of who decided
    code         text, -- of a refusal
    text         text,

    check ((state = 'proposed') = (decided_at is null)),
    check (state not in ('done', 'declined', 'withdrawn') or decided_by is not null),
    -- Four eyes: who proposes does not approve, and only who proposes withdraws.
    check (state <> 'done' or decided_by <> proposed_by),
    check (state <> 'withdrawn' or decided_by = proposed_by),
    check (state <> 'refused' or code is not null)
);
-- One action on a version at a time.
create unique index action_open on action (trade_id, version) where state = 'proposed';
create index action_trade on action (trade_id);
