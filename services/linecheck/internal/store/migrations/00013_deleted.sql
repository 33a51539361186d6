-- +goose Up
-- A reservation ends when its trade is deleted. The row has its parts, both zero. No row is rewritten, nor read. A replica of the version before never
-- changes the reservation of a registered trade, so it goes on beside new ones.
alter table reservation drop constraint reservation_state_check;
alter table reservation add constraint reservation_state_check
    check (state in ('RESERVED', 'CONSUMED', 'USED', 'RELEASED', 'EXPIRED', 'CANCELLED', 'WITHDRAWN', 'REVERSED', 'SETTLED', 'DELETED')) not valid;

-- A new replica counts what a group carries for a member itself.
create or replace trigger count_member after update of state on reservation for each row
when (new.group_node is not null and not new.netted and new.state not in ('SETTLED', 'DELETED')
      and new.open_amount is not distinct from old.open_amount and new.taken_amount is not distinct from old.taken_amount)
execute function count_member();
