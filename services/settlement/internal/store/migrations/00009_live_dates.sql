-- +goose Up
-- Each evening's work looks at the dates to which something was booked lately, not at the whole ledger. Entries lie in the table in
-- the order in which they were booked, so an index of block ranges finds the latest ones and costs an insert nearly nothing.
create index transfer_booked on transfer using brin (booked_at) with (autosummarize = on);

-- A desk's entries by date: see queries/positions.sql.
drop index transfer_to;
drop index transfer_from;
create index transfer_to on transfer (to_book, value_date, currency) include (amount);
create index transfer_from on transfer (from_book, value_date, currency) include (amount);
