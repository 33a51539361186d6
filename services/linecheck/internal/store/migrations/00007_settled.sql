-- +goose Up
-- A reservation ends when its trade is settled. Which legs are settled stands in two columns; open_of and taken_of are zero for the
-- new state as they are for every other that has ended. No row is rewritten, nor read. A replica of the version before never
-- changes the reservation of a registered trade, so it goes on beside new ones.
alter table reservation
    add column near_settled boolean not null default false, -- the near leg, or the only one
    add column far_settled  boolean not null default false;
alter table reservation drop constraint reservation_state_check;
alter table reservation add constraint reservation_state_check
    check (state in ('RESERVED', 'CONSUMED', 'USED', 'RELEASED', 'EXPIRED', 'CANCELLED', 'WITHDRAWN', 'REVERSED', 'SETTLED')) not valid;

-- Only a new replica settles, and it counts what a group carries for a member itself. A row of a version before may have no parts
-- to tell the two apart.
create or replace trigger count_member after update of state on reservation for each row
when (new.group_node is not null and not new.netted and new.state <> 'SETTLED'
      and new.open_amount is not distinct from old.open_amount and new.taken_amount is not distinct from old.taken_amount)
execute function count_member();

-- +goose StatementBegin
-- What the reservations say is due on each value date. It must equal settlement_usage, always. A settled leg is due no more.
create or replace view recomputed_settlement as
select n.node, s.value_date, sum(share_of(s.receivable, open_of(r) + taken_of(r), r.amount)) as used
from reservation r
cross join lateral (values (r.group_node), (r.desk_node), (r.client_node)) n (node)
cross join lateral (values (r.near_date, r.near_receivable, r.near_settled), (r.far_date, r.far_receivable, r.far_settled))
    s (value_date, receivable, settled)
where n.node is not null and s.value_date is not null and not s.settled and r.state in ('RESERVED', 'CONSUMED')
group by n.node, s.value_date;
-- +goose StatementEnd
