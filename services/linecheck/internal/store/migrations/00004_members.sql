-- +goose Up
-- What each group carries for each of its members, by the membership that a deal was counted under. The members of a group add
-- up to the group's usage. Collateral relieves a group of no more than that. Until the next migration the table holds what has
-- changed since this one, so an amount may be negative.
create table member_usage (
    group_node  text collate "C" not null,
    client_node text collate "C" not null,
    used        numeric(24, 2) not null,
    primary key (group_node, client_node)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- A replica of a version before goes on beside new ones and does not know the table. The trigger does for it what a new replica does
-- itself. Such a replica inserts rows without parts, and changes a state without the parts. It works from any search path: a person
-- may correct a row by hand.
-- +goose StatementBegin
create function count_member() returns trigger language plpgsql set search_path from current as $$
declare
    more numeric := share_of(new.exposure, open_of(new) + taken_of(new), new.amount);
begin
    if tg_op = 'UPDATE' then
        more := more - share_of(old.exposure, open_of(old) + taken_of(old), old.amount);
    end if;
    insert into member_usage (group_node, client_node, used) values (new.group_node, new.client_node, more)
    on conflict (group_node, client_node) do update set used = member_usage.used + excluded.used;
    return null;
end
$$;
-- +goose StatementEnd
create trigger count_new_member after insert on reservation for each row
when (new.group_node is not null and new.open_amount is null)
execute function count_member();
create trigger count_member after update of state on reservation for each row
when (new.group_node is not null and not new.netted
      and new.open_amount is not distinct from old.open_amount and new.taken_amount is not distinct from old.taken_amount)
execute function count_member();
