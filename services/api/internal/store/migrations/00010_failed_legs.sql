-- +goose Up
-- What a person who resolves a failed leg asks first: how often the mainframe was asked, until when, and since when the leg has failed.
alter table settlement
    add column attempt integer not null default 0, -- 0: of a settled leg, or told before this column was here
    add column not_after timestamptz,
    add column failed_since timestamptz,
    add column asked_command uuid, -- of a person, about its movement; null: none, or its outcome is known
    add column asked_action text not null default '',
    add column asked_by text not null default '',
    add column asked_at timestamptz;
