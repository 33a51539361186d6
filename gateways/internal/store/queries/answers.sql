select correlation, msg_type, body from answer where session = $1 and correlation = any($2::uuid[])
