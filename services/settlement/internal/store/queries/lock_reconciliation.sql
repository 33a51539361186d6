select day, attempt, compared, total, differences, at_end, complete, finished, coalesce(as_of, 'epoch'),
       extract(epoch from now() - moved_at)::float8
from reconciliation where day = $1 and attempt = $2 for update
