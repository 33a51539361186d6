-- +goose Up
-- A leg of a version that a later version of the trade has replaced is withdrawn: at once if it is open, otherwise once the mainframe has
-- refused to move it. Until then it is marked. A movement whose legs went that way is withdrawn, too.
alter table obligation
    add column superseded boolean not null default false,
    drop constraint obligation_state_check,
    drop constraint obligation_check2,
    add constraint obligation_state_check check (state in ('open', 'instructed', 'settled', 'failed', 'withdrawn')),
    add constraint obligation_movement_check check (
        case state when 'open' then movement is null when 'withdrawn' then true else movement is not null end);
alter table movement
    drop constraint movement_state_check,
    add constraint movement_state_check check (state in ('requested', 'made', 'refused', 'overdue', 'by_hand', 'withdrawn'));

-- +goose StatementBegin
create or replace view imbalance as
select coalesce(l.client, o.client) as client, coalesce(l.currency, o.currency) as currency,
       coalesce(l.value_date, o.value_date) as value_date, coalesce(l.amount, 0) as ledger, coalesce(o.amount, 0) as obligations
from (select substr(book, length('client/') + 1) as client, currency, value_date, amount from balance
      where book like 'client/%' and amount <> 0) l
full join (select client, currency, value_date, sum(amount) as amount
           from (select client, base as currency, value_date, base_amount as amount from obligation
                 where state not in ('settled', 'withdrawn') and (dealt_at_once or state <> 'open')
                 union all
                 select client, quote, value_date, quote_amount from obligation
                 where state not in ('settled', 'withdrawn') and (dealt_at_once or state <> 'open')) f
           group by client, currency, value_date having sum(amount) <> 0) o
    using (client, currency, value_date)
where coalesce(l.amount, 0) <> coalesce(o.amount, 0);
-- +goose StatementEnd
