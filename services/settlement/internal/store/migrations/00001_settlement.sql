-- +goose Up
-- One row per leg of a registered trade: what the bank and the client owe each other on a value date. Amounts are the client's:
-- what it gets is above zero, what it pays is below.
create table obligation (
    trade_id      uuid not null,
    trade_version integer not null check (trade_version > 0),
    leg           smallint not null check (leg in (1, 2)), -- 1 near, 2 far
    state         text not null check (state in ('open', 'instructed', 'settled', 'failed')),
    movement      uuid,          -- that settles it
    origin        text not null, -- of the trade's messages
    client        text collate "C" not null,
    account       text not null,
    desk          text not null,
    product       text not null,
    value_date    date not null,
    base          char(3) not null,
    base_amount   numeric not null check (base_amount <> 0),
    quote         char(3) not null,
    quote_amount  numeric not null check (quote_amount <> 0),
    due_from      timestamptz not null, -- from when until when its payments can be made
    not_after     timestamptz not null,
    dealt_at_once boolean not null,     -- the books moved at registration, as a spot's do
    primary key (trade_id, trade_version, leg),
    check (base <> quote),
    check (sign(base_amount) = -sign(quote_amount)),
    check ((state = 'open') = (movement is null))
) with (fillfactor = 70);

-- What a run looks for, in the order in which it takes it: a client's legs of one date together.
create index obligation_open on obligation (client, value_date, trade_id, trade_version, leg) where state = 'open';
create index obligation_movement on obligation (movement) where movement is not null;
create index obligation_value_date on obligation (value_date);

-- One row per instruction to the mainframe. It makes all payments of a movement at once, or none.
create table movement (
    id           uuid primary key,
    client       text collate "C" not null,
    value_date   date not null,
    netted       boolean not null,
    payments     jsonb not null, -- [{currency, amount, account}], the client's
    lines        jsonb not null, -- [{currency, amount, from, to}], as the mainframe was asked
    found_on     text not null default '', -- the statement on which it was found last, by day and run of the reconciliation
    state        text not null check (state in ('requested', 'made', 'refused', 'overdue', 'by_hand')),
    attempt      integer not null check (attempt > 0),
    not_after    timestamptz not null,
    reference    text not null, -- the mainframe's, or that of a person who settled it by hand
    code         text not null, -- of a refusal
    text         text not null,
    acted_by     text not null, -- who retried it or settled it by hand, and why
    acted_why    text not null,
    requested_at timestamptz not null,
    changed_at   timestamptz not null,
    check (state not in ('made', 'by_hand') or reference <> ''),
    check (state not in ('refused', 'overdue') or code <> ''),
    check (state <> 'by_hand' or (acted_by <> '' and acted_why <> ''))
) with (fillfactor = 70);
create index movement_unanswered on movement (not_after) where state = 'requested';
create index movement_made on movement (changed_at) where state = 'made' and lines <> '[]';
create index movement_failed on movement (value_date) where state in ('refused', 'overdue');

-- The ledger. A row is one amount that leaves one book and enters another, so every row sums to zero. Rows of one posting were
-- booked together. A reversal is the exact opposite of the row that it takes back, once.
create table transfer (
    posting          uuid not null,
    number           smallint not null check (number > 0),
    reason           text not null check (reason in ('deal', 'execution', 'by_hand', 'balancing', 'reversal')),
    currency         char(3) not null,
    amount           numeric not null check (amount > 0),
    value_date       date not null,
    from_book        text collate "C" not null check (from_book ~ '^(desk|client|account|nostro|suspense)/.'),
    to_book          text collate "C" not null check (to_book ~ '^(desk|client|account|nostro|suspense)/.'),
    reverses_posting uuid,
    reverses_number  smallint,
    booked_at        timestamptz not null, -- by the bank's clock
    primary key (posting, number),
    unique (posting, number, currency, amount, value_date, from_book, to_book), -- for the reversals' key
    unique (reverses_posting, reverses_number),
    foreign key (reverses_posting, reverses_number, currency, amount, value_date, to_book, from_book)
        references transfer (posting, number, currency, amount, value_date, from_book, to_book),
    check (from_book <> to_book),
    check ((reason = 'reversal') = (reverses_posting is not null)),
    check ((reverses_posting is null) = (reverses_number is null))
);
create index transfer_value_date on transfer (value_date, currency);

-- +goose StatementBegin
create function is_written_once() returns trigger language plpgsql as $$
begin
    raise exception 'a row of % is written once: reverse it by its opposite', tg_table_name using errcode = 'restrict_violation';
end
$$;
-- +goose StatementEnd
create trigger transfer_is_written_once before update or delete on transfer
    for each row execute function is_written_once();
create trigger transfer_is_not_emptied before truncate on transfer
    for each statement execute function is_written_once();

-- +goose StatementBegin
-- What each book holds, by currency and value date.
create view balance as
select book, currency, value_date, sum(amount) as amount
from (select to_book as book, currency, value_date, amount from transfer
      union all
      select from_book, currency, value_date, -amount from transfer) sides
group by book, currency, value_date;
-- +goose StatementEnd

-- +goose StatementBegin
-- What the ledger and the obligations do not agree about; empty if all is well. What a client is owed by the ledger must be what
-- its obligations say that were dealt and are not settled.
create view imbalance as
select coalesce(l.client, o.client) as client, coalesce(l.currency, o.currency) as currency,
       coalesce(l.value_date, o.value_date) as value_date, coalesce(l.amount, 0) as ledger, coalesce(o.amount, 0) as obligations
from (select substr(book, length('client/') + 1) as client, currency, value_date, amount from balance
      where book like 'client/%' and amount <> 0) l
full join (select client, currency, value_date, sum(amount) as amount
           from (select client, base as currency, value_date, base_amount as amount from obligation
                 where state <> 'settled' and (dealt_at_once or state <> 'open')
                 union all
                 select client, quote, value_date, quote_amount from obligation
                 where state <> 'settled' and (dealt_at_once or state <> 'open')) f
           group by client, currency, value_date having sum(amount) <> 0) o
    using (client, currency, value_date)
where coalesce(l.amount, 0) <> coalesce(o.amount, 0);
-- +goose StatementEnd

-- A comparison with the mainframe's statement of a day.
create table reconciliation (
    day         date not null,
    attempt     integer not null,           -- 0: by the clock; from 1: by a person
    compared    integer not null default 0, -- movements of the statement, in its order
    differences integer not null default 0,
    finished    boolean not null default false,
    as_of       timestamptz,                -- the mainframe's clock, of the last page
    begun_at    timestamptz not null,
    primary key (day, attempt)
);

-- What the two sides disagree about. Nobody corrects it silently: a person explains it.
create table reconciliation_difference (
    day      date not null,
    attempt  integer not null,
    movement text not null, -- its id, as the side that knows it writes it
    kind     text not null check (kind in ('missing', 'extra', 'unanswered', 'different')),
    ours     jsonb,         -- {reference, state, lines}
    theirs   jsonb,
    primary key (day, attempt, movement)
);

-- The internal deals by which a desk's positions went to another desk. Without a rate there was no deal, and the position stays.
create table balancing (
    due        timestamptz not null, -- of the run
    attempt    integer not null,
    desk       text collate "C" not null,
    into_desk  text collate "C" not null,
    currency   char(3) not null,
    value_date date not null,
    amount     numeric not null, -- what the desk had
    rate       numeric,
    counter    numeric,          -- what it got for it
    counter_currency char(3) not null,
    posting    uuid,             -- in transfer
    primary key (due, attempt, desk, value_date, currency),
    check ((rate is null) = (posting is null))
);
