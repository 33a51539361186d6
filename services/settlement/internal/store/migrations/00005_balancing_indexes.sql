-- +goose Up
-- What a desk has is added up from these indexes alone: see queries/positions.sql. The ledger grows with every trade.
create index transfer_to on transfer (to_book, currency, value_date) include (amount);
create index transfer_from on transfer (from_book, currency, value_date) include (amount);
create index obligation_contract on obligation (desk) where state = 'open' and not dealt_at_once;
