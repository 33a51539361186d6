-- +goose Up
-- A reservation is consumed, cancelled or taken over by a trade in whole or in part. A later request about it is compared with
-- what was asked for. A row that was written before this update, or by a replica of the version before that goes on beside new ones,
-- says nothing of that: it counts as one part of the amount 1, open or consumed as its state says (open_of and taken_of below).
-- So no row is rewritten, nor read: the update takes as long as a lock. "not valid" holds for what is written from now on.
alter table reservation
    add column pair          text not null default '',
    add column deal_currency text not null default '',     -- of the amounts
    add column side          text not null default 'buy',  -- of the deal currency, seen from the client
    add column amount        numeric not null default 1,
    add column open_amount   numeric,
    add column taken_amount  numeric,                        -- consumed
    add column value_date    date,                           -- the last one
    add column netted        boolean not null default false,
    add column closed        boolean not null default false, -- cancelled or withdrawn: nothing is open again
    add column from_check    uuid,                           -- the line check that a trade took over
    add column from_amount   numeric,                        -- in that check's currency
    add column from_taken    numeric;                        -- of it, what the check had consumed
alter table reservation add constraint reservation_parts
    check (amount > 0 and open_amount >= 0 and taken_amount >= 0 and open_amount + taken_amount <= amount) not valid;
alter table reservation drop constraint reservation_state_check;
alter table reservation add constraint reservation_state_check
    check (state in ('RESERVED', 'CONSUMED', 'USED', 'RELEASED', 'EXPIRED', 'CANCELLED', 'WITHDRAWN', 'REVERSED')) not valid;

-- The parts of a reservation. A replica of the version before changes only the state, and means the whole: the part that stands
-- in the row is then that of an earlier state.
-- +goose StatementBegin
create function open_of(r reservation) returns numeric language sql immutable as $$
    select case when r.state = 'RESERVED' then coalesce(r.open_amount, r.amount) else 0 end
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create function taken_of(r reservation) returns numeric language sql immutable as $$
    select case when r.state = 'RESERVED' then coalesce(r.taken_amount, 0)
                when r.state <> 'CONSUMED' then 0
                when r.open_amount = 0 and r.taken_amount > 0 then r.taken_amount
                else r.amount end
$$;
-- +goose StatementEnd

-- A replica of the version before must not resolve what is not whole, is netted, or has to go back to a line check: the usage that it
-- stores would be wrong. It is refused as if another replica had been faster, so it retries the message until a new replica takes it.
-- +goose StatementBegin
create function refuse_the_whole() returns trigger language plpgsql as $$
begin
    raise unique_violation using message = 'reservation ' || new.id || ' has parts: only a replica of a newer version can resolve it';
end
$$;
-- +goose StatementEnd
create trigger refuse_the_whole after update of state on reservation for each row
when (new.state <> 'RESERVED' and new.open_amount > 0 and (new.open_amount < new.amount or new.netted or new.from_check is not null)
      or new.state = 'CONSUMED' and new.open_amount = 0 and new.taken_amount = 0 and (new.netted or new.from_check is not null))
execute function refuse_the_whole();

-- The exposures of the deals that a netting agreement lets offset each other, by direction. See line.Netting.
create table netting_set (
    node            text collate "C" not null,
    client          text collate "C" not null,
    pair            text not null,
    value_date      date not null,
    bought_reserved numeric(24, 2) not null check (bought_reserved >= 0),
    bought_consumed numeric(24, 2) not null check (bought_consumed >= 0),
    sold_reserved   numeric(24, 2) not null check (sold_reserved >= 0),
    sold_consumed   numeric(24, 2) not null check (sold_consumed >= 0),
    primary key (node, client, pair, value_date)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

drop view recomputed_usage;
drop view recomputed_settlement;

-- +goose StatementBegin
-- The share of a figure that belongs to a part of an amount, rounded up to cents. See line.Reservation.
create function share_of(whole numeric, part numeric, amount numeric) returns numeric language sql immutable as $$
    select case when part = 0 then 0 when part = amount then whole
           else (div(whole * part * 100, amount) + case when mod(whole * part * 100, amount) > 0 then 1 else 0 end) / 100.00 end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What each reservation uses on each of its nodes. What a line check has consumed counts as open where deals are netted.
create view recomputed_part as
select n.node, r.client_node, r.pair, r.value_date, r.netted,
       (r.side = 'buy') = (r.deal_currency = split_part(r.pair, '/', 1)) as buys_base,
       share_of(r.exposure, open_of(r), r.amount)
           + case when r.netted and r.kind = 'check' then share_of(r.exposure, taken_of(r), r.amount) else 0 end as reserved,
       case when r.netted and r.kind = 'check' then 0 else share_of(r.exposure, taken_of(r), r.amount) end as consumed
from reservation r
cross join lateral (values (r.group_node), (r.desk_node), (r.client_node)) n (node)
where n.node is not null and r.state in ('RESERVED', 'CONSUMED');
-- +goose StatementEnd

-- +goose StatementBegin
-- The netting sets that the reservations add up to. They must equal netting_set, but for sets without usage.
create view recomputed_netting as
select node, substr(client_node, length('client/') + 1) as client, pair, value_date,
       coalesce(sum(reserved) filter (where buys_base), 0) as bought_reserved,
       coalesce(sum(consumed) filter (where buys_base), 0) as bought_consumed,
       coalesce(sum(reserved) filter (where not buys_base), 0) as sold_reserved,
       coalesce(sum(consumed) filter (where not buys_base), 0) as sold_consumed
from recomputed_part
where netted
group by node, client_node, pair, value_date;
-- +goose StatementEnd

-- +goose StatementBegin
-- What the reservations say that each node carries. It must equal node_usage, always.
create view recomputed_usage as
select node, sum(reserved) as reserved, sum(consumed) as consumed
from (select node, reserved, consumed from recomputed_part where not netted
      union all
      select node,
             greatest(bought_consumed + bought_reserved - sold_consumed, sold_consumed + sold_reserved - bought_consumed)
                 - abs(bought_consumed - sold_consumed),
             abs(bought_consumed - sold_consumed)
      from recomputed_netting) parts
group by node;
-- +goose StatementEnd

-- +goose StatementBegin
-- The same for settlement_usage.
create view recomputed_settlement as
select n.node, s.value_date, sum(share_of(s.receivable, open_of(r) + taken_of(r), r.amount)) as used
from reservation r
cross join lateral (values (r.group_node), (r.desk_node), (r.client_node)) n (node)
cross join lateral (values (r.near_date, r.near_receivable), (r.far_date, r.far_receivable)) s (value_date, receivable)
where n.node is not null and s.value_date is not null and r.state in ('RESERVED', 'CONSUMED')
group by n.node, s.value_date;
-- +goose StatementEnd

-- +goose StatementBegin
-- The netting sets to which a reservation belongs, one for each of its nodes.
create function netting_of(r reservation) returns json language sql stable as $$
    select json_agg(n) from netting_set n
    where n.node in (r.group_node, r.desk_node, r.client_node) and n.client = substr(r.client_node, length('client/') + 1)
      and n.pair = r.pair and n.value_date = r.value_date
$$;
-- +goose StatementEnd
