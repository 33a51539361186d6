-- +goose Up
-- The program's role inserts into the journal and deletes nothing. This deletes the days before one, which has to be a month ago, and of
-- each chain leaves the newest ended day. It is the owner's.
-- +goose StatementBegin
create function forget_journal(before integer) returns void language plpgsql security definer set search_path from current as $$
begin
    if session_user <> current_user then
        before := least(before, (current_date - date '1970-01-01') - 30);
    end if;
    delete from part where day < before and last_seq is not null;
    delete from journal j where day < before and not exists (select from part p where p.chain = j.chain and p.day = j.day);
end
$$;
-- +goose StatementEnd
