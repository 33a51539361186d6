-- A session's name is FIX.4.4:FXCORE->ALPHA or socket:ALPHA.
select split_part(s.name, '->', 2), a.correlation::text
from fixgateway.answer a
join fixgateway.session s on s.id = a.session
union all
select split_part(s.name, ':', 2), a.correlation::text
from socketgateway.answer a
join socketgateway.session s on s.id = a.session
