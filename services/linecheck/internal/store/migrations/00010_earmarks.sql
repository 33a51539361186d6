-- +goose Up
-- A consumption may name the trade for which it is, before that trade comes. What it took is kept for the trade: the trade uses it
-- first, and no other trade uses it. It is a part of what the line check has consumed, so no usage depends on it. A replica of the
-- version before goes on beside new ones and neither writes nor reads the table: it keeps nothing for the trade. If it reverses or uses
-- what was kept, less is consumed than the table says, and the smaller figure counts.
create table earmark (
    trade_id uuid not null,
    check_id uuid not null,                            -- the line check's reservation
    stated   numeric not null check (stated >= 0),     -- by consumptions that stated an amount, in the check's currency
    rest     numeric not null check (rest >= 0),       -- by one that stated none, and so took all that was open
    primary key (trade_id, check_id)
);
create index earmark_check on earmark (check_id);
