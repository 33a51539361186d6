insert into token select * from jsonb_populate_recordset(null::token, $1::jsonb)
