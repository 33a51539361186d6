-- +goose Up
-- A reversal is still the exact opposite of an entry that is there, and happens once. A trigger looks for that entry by its primary key. The
-- foreign key over all columns needed a second unique index, which every entry paid for and only reversals used. An entry cannot
-- change or vanish, so what the trigger has seen stays true.
-- +goose StatementBegin
do $$
declare
    name text;
begin
    for name in select conname from pg_constraint where conrelid = 'transfer'::regclass and contype in ('f', 'u') order by contype loop
        execute format('alter table transfer drop constraint %I', name);
    end loop;
end
$$;
-- +goose StatementEnd
create unique index transfer_reversed on transfer (reverses_posting, reverses_number) where reverses_posting is not null;

-- +goose StatementBegin
create function is_the_opposite() returns trigger language plpgsql set search_path from current as $$
begin
    perform from transfer
    where posting = new.reverses_posting and number = new.reverses_number and currency = new.currency and amount = new.amount
      and value_date = new.value_date and from_book = new.to_book and to_book = new.from_book;
    if not found then
        raise exception 'entry %/% is not the opposite of the entry that it takes back', new.posting, new.number
            using errcode = 'foreign_key_violation';
    end if;
    return new;
end
$$;
-- +goose StatementEnd
create constraint trigger transfer_reverses after insert on transfer
    for each row when (new.reverses_posting is not null) execute function is_the_opposite();
