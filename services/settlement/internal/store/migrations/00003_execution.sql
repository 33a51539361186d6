-- +goose Up
-- Why the last run left a due leg open, and the code by which the mainframe refused to book its trade.
alter table obligation
    add column held           text not null default '',
    add column booking_refused text not null default '';

-- The mainframe made it before its value date, when a cut-off lies before that date. Its legs are settled when the date begins.
alter table movement add column early boolean not null default false;
create index movement_early on movement (value_date) where early;

-- What a run looks for, in the order in which it takes it: a client's legs of one date together. It also tells whether a leg of
-- such a set is due.
drop index obligation_open;
create index obligation_open on obligation (value_date, client, due_from, trade_id, trade_version, leg) where state = 'open';
create index obligation_held on obligation (held) where state = 'open' and held <> '';
