-- Of fixgateway.FIX.4.4:FXCORE->ALPHA the provider.
select regexp_replace(session, '^.*->|^[a-z]+gateway\.', ''), epoch, writer from oracle.session_write order by id
