-- $10 and $11 are the lowest and the highest id that a line of these times can have: they leave out the partitions of other days.
select id::text, time, sequence, level, service, instance, story, trace, message, fields
from line
where words @> $1::text[]
    and (cardinality($2::text[]) = 0 or level = any ($2))
    and ($3::text = '' or service = $3)
    and ($4::text = '' or instance = $4)
    and ($5::text = '' or story = $5)
    and ($6::text = '' or trace = $6)
    and time >= $7 and time < $8
    and ($9::uuid is null or (time, id) < ($12, $9))
    and id between $10 and $11
order by time desc, id desc
limit $13
