-- +goose Up
-- A reported trade is a fact: it keeps its spot rate and points, and it may have no reference rate. Flags are notes for a
-- person: off_market, not_judged, broken_date. A replica of the release before writes 0 where it finds no reference rate, so 0 is
-- not known, either.
alter table trade
    alter column reference_rate drop not null,
    drop constraint trade_reference_rate_check,
    add constraint trade_reference_rate_check check (reference_rate >= 0),
    alter column reference_as_of drop not null,
    add column spot_rate numeric check (spot_rate > 0),
    add column flags jsonb not null default '[]';
alter table trade_leg add column forward_points numeric; -- rate less spot rate, as a report states them

-- The market's rates, one row a minute, by which a trade that is reported later is judged. Every replica writes; the first
-- one of a minute counts.
create table rate_history (
    minute timestamptz primary key,
    as_of  timestamptz not null, -- when the mainframe delivered them, within the minute
    mids   jsonb not null        -- currency -> {rate: units for one euro, as_of}
);

-- The forward points of the same market, one row an hour.
create table points_history (
    hour   timestamptz primary key,
    points jsonb not null -- pair -> tenor -> pips
);

-- The versions of the calendars by which open trades have been reviewed.
create table calendar_review (
    version     bigint primary key,
    reviewed_at timestamptz not null default now(),
    found       integer not null, -- legs on days that are no longer good
    not_judged  text[] not null default '{}' -- pairs of open trades of which a calendar is missing, each with the reason
);

-- Legs of open trades whose value date was good when they were done, and is not by later calendars. A person decides; nothing
-- moves by itself.
create table affected_trade (
    trade_id         uuid not null,
    trade_version    integer not null,
    leg              smallint not null,
    value_date       date not null,
    closure          text not null,   -- why the date is no longer good
    calendar_version bigint not null, -- by which it was found first
    found_at         timestamptz not null default now(),
    primary key (trade_id, trade_version, leg)
);
