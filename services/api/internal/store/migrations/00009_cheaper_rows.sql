-- +goose Up
-- A message is about one trade or check, so both together are as unique as the message. One index then does for both: messages are looked for
-- by what they are about.
alter table original drop constraint original_pkey, add primary key (subject, message_id);
drop index original_subject;

-- Lists go by these filters, those that changed last first. The trades of one batch have one place in changed: without the id their entries in
-- an index are equal, so they share a key. The order among them is found by sorting a batch.
drop index trade_desk;
drop index trade_pair;
drop index trade_state;
create index trade_desk on trade (desk, changed);
create index trade_pair on trade (pair, changed);
create index trade_state on trade (state, changed);
