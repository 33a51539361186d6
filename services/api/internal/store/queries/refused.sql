select id::text, provider, protocol, session, sequence, received_at, code, text, reference, size, left_out
from refused_message
where ($1::text is null or provider = $1) and ($2::text is null or session = $2) and ($3::text is null or code = $3)
  and ($4::timestamptz is null or received_at >= $4) and ($5::timestamptz is null or received_at < $5)
  and ($6::timestamptz is null or (received_at, id) < ($6, $7::uuid))
order by received_at desc, refused_message.id desc limit $8
