-- +goose Up
-- What auth told of a token, by its hash. The token itself is nowhere. A revocation or a refusal may come first.
-- The API had the two tables before they were a set of their own.
create table if not exists token (
    hash       text primary key, -- SHA-256, hex
    username   text not null default '',
    roles      text[] not null default '{}',
    desk       text not null default '',
    client     text not null default '',
    audience   text not null default '',
    scope      text[] not null default '{}',
    issued_at  timestamptz, -- null until it is issued
    expires_at timestamptz,
    revoked    boolean not null default false,
    code       text not null default '', -- why there is no token
    text       text not null default '',
    retry_at   timestamptz,
    noted_at   timestamptz not null default now()
);
create index if not exists token_noted on token (noted_at);

-- Tokens of the user that were issued until then are revoked.
create table if not exists revocation (
    username text primary key,
    until    timestamptz not null
);
