update calendar_review set found = found + $2, not_judged = $3 where version = $1
